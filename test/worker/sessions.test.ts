/** Sessions without a task: many turns, interrupts, any directory, and the questions that the hub asks of their workspaces. */
import { mkdir, readdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { id } from "../../src/domain/ids.ts"
import { findMarked } from "../../src/runtime/marked.ts"
import { stage } from "./stage.ts"

const interrupt = (session: string, number = 1) =>
  ({ kind: "session.interrupt", key: id<"job">(`interrupt:${session}:${number}`), session: id<"session">(session) }) as const
const workspace = id<"workspace">("run.s")

test("a session has many turns, one of them interrupted, and all of them are in its transcript, also after it was closed and opened again", async () => {
  await using at = await stage()
  await at.startWorker()
  await at.open("s")
  expect(await at.do(at.turn("s", '[[say "one"]]'))).toMatchObject({ outcome: { how: "completed" } })
  const hanging = at.turn("s", '[[run cmd="sleep 1000"]]')
  at.tell({ job: hanging })
  await at.report((report) => report.type === "turn.started" && report.job === hanging.key)
  expect(await at.do(interrupt("s"))).toEqual({ kind: "session.interrupt", interrupted: true })
  expect(await at.result(hanging.key)).toMatchObject({ outcome: { how: "interrupted" } })
  expect(await at.do(interrupt("s", 2))).toEqual({ kind: "session.interrupt", interrupted: false })
  expect(await at.do(at.turn("s", '[[write path="b.txt" text="b\\n"]][[say "three"]]'))).toMatchObject({ outcome: { how: "completed" } })
  await at.do({ kind: "session.close", key: id("close:s"), session: id("s") })
  await at.open("s", { resume: "again" })
  expect(await at.do(at.turn("s", '[[say "four"]]'))).toMatchObject({ outcome: { how: "completed" } })
  const answer = await at.ask({ ask: "transcript", session: id("s"), offset: 0, bytesMax: 100_000 })
  const entries = answer.ok && answer.ask === "transcript" ? answer.entries : []
  expect(entries.filter((entry) => entry.type === "turn").map((entry) => entry.text)).toEqual(["completed", "interrupted", "completed", "completed"])
  expect(entries.filter((entry) => entry.type === "prompt")).toHaveLength(4)
  expect((await at.reports()).filter((report) => report.type === "session.died")).toEqual([])
})

test("an interrupt that follows its turn at once stops it, and the session goes on", async () => {
  await using at = await stage()
  await at.startWorker()
  await at.open("s")
  for (let round = 1; round <= 3; round++) {
    const hanging = { ...at.turn("s", "[[sleep ms=600000]]"), key: id<"job">(`turn:s:${round}`) }
    at.tell({ job: hanging })
    expect(await at.do(interrupt("s", round))).toEqual({ kind: "session.interrupt", interrupted: true })
    expect(await at.result(hanging.key)).toMatchObject({ outcome: { how: "interrupted" } })
  }
  expect(await at.do(at.turn("s", '[[say "still here"]]'))).toMatchObject({ outcome: { how: "completed" } })
  expect((await at.reports()).filter((report) => report.type === "session.died")).toEqual([])
})

test("an agent that is killed while it rests is reported, what it started is gone, and a further prompt fails by a code of its own", async () => {
  await using at = await stage()
  await at.startWorker()
  await at.open("s")
  await at.do(at.turn("s", '[[run cmd="setsid sleep 1000 > /dev/null 2>&1 &"]][[say "rests"]]'))
  const agent = (await findMarked("FLEET_SESSION", "s")).toSorted((a, b) => a.startTicks - b.startTicks)[0]
  process.kill(agent?.pid ?? 0, "SIGKILL")
  expect(await at.report((report) => report.type === "session.died")).toMatchObject({ session: "s" })
  await expect.poll(() => at.living("s"), { timeout: 10_000 }).toEqual([])
  at.tell({ job: at.turn("s", "more") })
  expect(await at.report((report) => report.type === "job.failed")).toMatchObject({ fault: { code: "session.not-open" }, transient: true })
  at.tell({ job: at.turn("nobody", "more") })
  expect(await at.report((report) => report.type === "job.failed" && report.job.includes("nobody"))).toMatchObject({ fault: { code: "session.unknown" } })
})

test("a session works in a directory without a repository, and its files can be seen and edited", async () => {
  await using at = await stage()
  await at.startWorker()
  const directory = path.join(at.home, "plain")
  await mkdir(directory)
  expect(await at.open("s", { prepare: { strategy: "existing", repository: directory } })).toBe(directory)
  await at.do(at.turn("s", '[[write path="made.txt" text="made\\n"]]'))
  const survey = { kind: "workspace.survey", key: id<"job">("survey"), workspace, base: null } as const
  expect(await at.do(survey)).toEqual({ kind: "workspace.survey", survey: { files: [], tree: null } })
  expect(await at.ask({ ask: "tree", workspace })).toEqual({ ok: true, ask: "tree", entries: [{ path: "made.txt", type: "file", size: 5 }], cut: false })
  expect(await at.ask({ ask: "edit", workspace, edit: { kind: "write", path: "mine/x.txt", content: "x" } })).toEqual({ ok: true, ask: "edit" })
  expect(await at.ask({ ask: "find-files", workspace, text: "X.TX", limit: 5 })).toEqual({ ok: true, ask: "find-files", paths: ["mine/x.txt"] })
  expect(await at.ask({ ask: "file", workspace, path: "mine/x.txt" })).toMatchObject({ file: { content: "x" } })
  expect(await at.ask({ ask: "file", workspace, path: "../config.yaml" })).toMatchObject({ ok: false, fault: { code: "path-denied" } })
  expect(await at.ask({ ask: "offers", session: id("nobody") })).toEqual({ ok: true, ask: "offers", offers: { modes: [], models: [], commands: [] } })
  expect(await at.ask({ ask: "offers", session: id("s") })).toMatchObject({ ok: true, ask: "offers" })
  await at.do({ kind: "session.close", key: id("close:s"), session: id("s") })
  await at.do({ kind: "workspace.release", key: id("release"), workspace, landed: false, tag: null })
  expect(await readdir(directory)).toEqual(["made.txt", "mine"])
})

test("the largest answer to what changed fits a message", async () => {
  await using at = await stage()
  await at.startWorker()
  const directory = await at.open("s")
  const hardest = "\u0001".repeat(1 << 20)
  for (let number = 0; number < 8; number++) await writeFile(path.join(directory, `hard${number}`), hardest)
  for (let number = 0; number < 8; number++) await writeFile(path.join(directory, `full${number}`), `${number}\n`.repeat(1 << 19))
  const answer = await at.ask({ ask: "diffs", workspace, from: "main", to: null })
  expect(answer).toMatchObject({ ok: true, ask: "diffs", cut: true })
  const survey = await at.do({ kind: "workspace.survey", key: id("survey"), workspace, base: "main" })
  expect(survey.kind === "workspace.survey" ? survey.survey.files.length : 0).toBe(16)
  expect((await at.heard()).filter((line) => line.type === "disconnected")).toEqual([])
})
