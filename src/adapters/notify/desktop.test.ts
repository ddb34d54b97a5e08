import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { World, task } from "../../../test/world/world.ts"
import { id } from "../../domain/ids.ts"
import type { Event } from "../../domain/project/events.ts"
import { noticeOf, sendNotices } from "../../engine/notices.ts"
import type { Stored } from "../../engine/ports/store.ts"
import { Broadcast } from "../../runtime/broadcast.ts"
import { openDesktop } from "./desktop.ts"

interface FakeDesktop {
  readonly environment: Record<string, string>
  readonly log: string[]
  /** Arguments of each call. */
  calls(): string[][]
}

/** A program of that name that writes down what it was called with. */
function fake(name: string, ends = "exit 0"): FakeDesktop {
  const directory = mkdtempSync(path.join(tmpdir(), "fleet notify "))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const said = path.join(directory, "calls")
  const program = path.join(directory, name)
  writeFileSync(program, `#!/bin/sh\nfor a in "$@"; do printf '%s\\037' "$a"; done >> '${said}'\nprintf '\\036' >> '${said}'\n${ends}\n`)
  chmodSync(program, 0o755)
  return {
    environment: { PATH: `${directory}:/usr/bin:/bin`, DISPLAY: ":9", FLEET_TOKEN: "secret" },
    log: [],
    calls: () =>
      existsSync(said)
        ? readFileSync(said, "utf8")
            .split("\u001e")
            .filter((call) => call !== "")
            .map((call) => call.split("\u001f").slice(0, -1))
        : [],
  }
}
const open = (of: FakeDesktop, platform: NodeJS.Platform = "linux") =>
  openDesktop({ platform, environment: of.environment, log: (text) => void of.log.push(text) })

test("what an agent wrote reaches the desktop as plain text, and is nobody's option, markup or command", async () => {
  const of = fake("notify-send")
  await using desktop = open(of)
  if (desktop === null) throw new Error("it was not found")
  const published = new Broadcast<Stored<Event>>()
  const world = new World()
  using _notices = sendNotices({ state: world.state, published }, desktop)
  const question = "--icon=/etc/passwd $(touch x) `id` <b>run</b> & \u001b[31mred\u001b[0m\nsecond line \u202egnp.exe"
  published.send({ number: 1, at: 1, event: { type: "approval.opened", approval: id("a1"), task: id("r/api"), about: { kind: "gate" }, question, detail: "" } })
  await desktop.show("last", "-x")
  expect(of.calls()).toEqual([
    [
      "--app-name=Fleet",
      "--",
      "Fleet needs you",
      "r/api: --icon=/etc/passwd $(touch x) `id` &lt;b&gt;run&lt;/b&gt; &amp; red second line gnp.exe (fleet inbox)",
    ],
    ["--app-name=Fleet", "--", "last", "-x"],
  ])
  expect(of.log).toEqual([])
})

test("on macOS the text is an argument of the script, not a part of it", async () => {
  const of = fake("osascript")
  await using desktop = open(of, "darwin")
  await desktop?.show("title", '" & (do shell script "id") & "')
  expect(of.calls()[0]?.slice(-2)).toEqual(["title", '" & (do shell script "id") & "'])
  await desktop?.show("-e", "-e")
  expect(of.calls()[1]?.slice(-2)).toEqual([" -e", " -e"])
})

test("a run that has settled is said with its goal and what was done", () => {
  const world = new World()
  world.join(2)
  const run = world.submit([task("a"), task("b")])
  world.runDry()
  expect(noticeOf(world.state, { type: "run.settled", run, outcome: "done" })).toEqual({ title: "Fleet: run done", text: "a plan: 2 of 2 tasks done" })
  expect(noticeOf(world.state, { type: "run.stopping", run, by: "me" })).toBeNull()
})

test("a machine without the program has no notices, and the log says why", () => {
  const of = { ...fake("something-else"), environment: { PATH: "/nonexistent:relative" } }
  expect(open(of)).toBeNull()
  expect(of.log).toEqual([expect.stringContaining("notify-send is not on the PATH")])
})

test("a program that fails is said, and never an error", async () => {
  const of = fake("notify-send", "exit 3")
  await using desktop = open(of)
  await desktop?.show("a", "b")
  expect(of.log).toEqual([expect.stringMatching(/could not be shown: .*ended with code 3/)])
})

test("a flood of notices is cut, and said", async () => {
  const of = fake("notify-send")
  await using desktop = open(of)
  if (desktop === null) throw new Error("it was not found")
  await Promise.all(Array.from({ length: 30 }, (_, n) => desktop.show(`n${n}`, "x")))
  expect(of.calls()).toHaveLength(20)
  expect(of.log).toHaveLength(10)
  await desktop.show("later", "x")
  expect(of.calls()).toHaveLength(21)
})
