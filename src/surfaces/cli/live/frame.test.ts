import { expect, test } from "vitest"
import type { TaskStatusName } from "../../../protocol/views.ts"
import { asciiSigns, unicodeSigns } from "../style.ts"
import { columnsOf } from "../text.ts"
import { approvalView, runView, startedAt, taskView } from "../testing/views.ts"
import { frame, type FrameOptions } from "./frame.ts"

const options: FrameOptions = { columns: 100, rows: 24, now: startedAt + 83_000, colour: false, signs: unicodeSigns, foot: ["Ctrl-C detaches"] }

const busy = runView(
  [
    taskView("docs", "queued", { reason: "waits for api" }),
    taskView("schema", "done", { reason: "landed as 0123456789" }),
    taskView("ui", "working", { reason: "edits src/ui/login.tsx" }),
    taskView("api", "needs-you", { reason: "ap-3f: run rm -rf build", attempt: 2 }),
    taskView("e2e", "failed", { reason: "check `npm test` failed (exit 1)" }),
    taskView("lint", "starting", { reason: "makes the workspace" }),
    taskView("perf", "landing", { reason: "lands on main" }),
    taskView("sec", "verifying", { reason: "runs 2 checks" }),
  ],
  { approvals: [approvalView("ap-3f", "api", { holds: ["docs"] })] },
)

test("a busy run, most urgent task first, with what is asked below", () => {
  expect(frame(busy, options)).toMatchInlineSnapshot(`
    [
      "sso-7k2f · Add SSO login → main                                                                 1:23",
      "1/8 done   ! 1 needs you   ✗ 1 failed   ● 4 working   ○ 1 queued   10.5k tokens",
      "state        task  agent                                                         time  files  tokens",
      "! needs you  api   codex  attempt 2/3: ap-3f: run rm -rf build                   1:22      3    1.5k",
      "✗ failed     e2e   codex  check \`npm test\` failed (exit 1)                       0:42      3    1.5k",
      "● working    ui    codex  edits src/ui/login.tsx                                 1:22      3    1.5k",
      "◆ verifying  sec   codex  runs 2 checks                                          1:22      3    1.5k",
      "▲ landing    perf  codex  lands on main                                          1:22      3    1.5k",
      "◐ starting   lint  codex  makes the workspace                                    1:22      3    1.5k",
      "○ queued     docs  codex  waits for api",
      "! api asks: run rm -rf build (1 task waits behind it)",
      "Ctrl-C detaches",
    ]
  `)
})

test("a narrow terminal loses columns from the right, and no line is too wide", () => {
  expect(frame(busy, { ...options, columns: 60 })).toMatchInlineSnapshot(`
    [
      "sso-7k2f · Add SSO login → main                         1:23",
      "1/8 done   ! 1 needs you   ✗ 1 failed   ● 4 working",
      "state        task  agent                                time",
      "! needs you  api   codex  attempt 2/3: ap-3f: run …     1:22",
      "✗ failed     e2e   codex  check \`npm test\` failed …     0:42",
      "● working    ui    codex  edits src/ui/login.tsx        1:22",
      "◆ verifying  sec   codex  runs 2 checks                 1:22",
      "▲ landing    perf  codex  lands on main                 1:22",
      "◐ starting   lint  codex  makes the workspace           1:22",
      "○ queued     docs  codex  waits for api",
      "! api asks: run rm -rf build (1 task waits behind it)",
      "Ctrl-C detaches",
    ]
  `)
  for (const columns of [20, 33, 47, 80, 200]) {
    for (const line of frame(busy, { ...options, columns })) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
  }
})

test("a locale without UTF-8 gets signs that it can show", () => {
  const lines = frame(busy, { ...options, signs: asciiSigns }).join("\n")
  expect(lines).toContain("! needs you")
  // oxlint-disable-next-line no-control-regex -- ASCII is what is meant
  expect(lines).toMatch(/^[\x00-\x7f]*$/)
})

test("more tasks than rows: the least urgent are counted, and the frame never reaches the last row", () => {
  const tasks = Array.from({ length: 60 }, (_, index) => taskView(`t${index}`, index === 59 ? "failed" : "queued"))
  const lines = frame(runView(tasks), { ...options, rows: 12 })
  expect(lines.length).toBeLessThanOrEqual(11)
  expect(lines.some((line) => line.includes("t59"))).toBe(true)
  expect(lines.some((line) => /and \d+ more tasks/.test(line))).toBe(true)
})

test("every state has a word of its own, so that colour is not needed", () => {
  const states: TaskStatusName[] = ["queued", "starting", "working", "needs-you", "verifying", "landing", "failed", "unknown"]
  const words = states.map((state) =>
    frame(runView([taskView("t", state)]), options)[3]
      ?.slice(0, 11)
      .trim(),
  )
  expect(new Set(words).size).toBe(states.length)
})

test("colour adds nothing but colour", () => {
  const coloured = frame(busy, { ...options, colour: true })
  expect(coloured.join("\n")).toContain("\u001B[")
  // oxlint-disable-next-line no-control-regex -- the colours are what is removed
  expect(coloured.map((line) => line.replace(/\u001B\[\d+m/g, ""))).toEqual(frame(busy, options))
})

test("wide characters and emoji keep the columns in place", () => {
  const run = runView([
    taskView("日本語の課題", "working", { reason: "読む 👩‍👩‍👧‍👦 family" }),
    taskView("plain", "working", { reason: "edits a.ts" }),
    taskView("é\u0301combining", "working", { reason: "z" }),
  ])
  const ends = frame(run, options)
    .slice(3, 6)
    .map((line) => columnsOf(line))
  expect(new Set(ends).size).toBe(1)
})

test("hostile text cannot reach the terminal, break a line or pretend to be another one", () => {
  const evil = "\u001B[2J\u001B]52;c;ZXZpbA==\u0007\u009b31mred\r\nrm -rf /\u202Egnp.exe\u001B]8;;http://x\u0007link\u001B]8;;\u0007\u0000"
  const run = runView([taskView(`k${evil}`, "needs-you", { reason: evil, agent: evil })], {
    goal: evil,
    target: evil,
    approvals: [approvalView("ap-1", `sso-7k2f/${evil}`, { question: evil })],
  })
  const lines = frame(run, { ...options, foot: [evil] })
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
  expect(lines).toHaveLength(6)
})
