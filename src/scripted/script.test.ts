import { expect, test } from "vitest"
import { handoffBlock, holdsConflictNote, parseScript, type ScriptContext, type Step } from "./script.ts"

const first: ScriptContext = { attempt: 1, resumed: false, conflict: false }
const steps = (prompt: string, context: Partial<ScriptContext> = {}): Step[] => parseScript(prompt, { ...first, ...context })
const errors = (prompt: string): string[] => steps(prompt).flatMap((step) => (step.kind === "error" ? [step.message] : []))

test("every marker of the language is read, in order, and the text between them is ignored", () => {
  const prompt = String.raw`Please. [[write path="a b.txt" text="line \"one\"\n"]] then
    [[edit path=a.txt old=x new="y z"]][[append path=a text=b]] [[delete path=c]] [[resolve path=d text="e"]]
    [[run cmd="npm test"]] [[ask cmd="rm -rf build"]] [[commit message="add a"]] [[say "hello"]] [[think "hm"]]
    [[handoff "one" "two, too"]] [[sleep ms=100]] [[hang]] [[fail status=429 retry_after=2]] [[drop]] [[exit code=3]] [[usage in=100 out=20]]`
  expect(steps(prompt)).toEqual([
    { kind: "write", path: "a b.txt", text: 'line "one"\n' },
    { kind: "edit", path: "a.txt", old: "x", new: "y z" },
    { kind: "append", path: "a", text: "b" },
    { kind: "delete", path: "c" },
    { kind: "resolve", path: "d", text: "e" },
    { kind: "run", cmd: "npm test" },
    { kind: "ask", cmd: "rm -rf build" },
    { kind: "commit", message: "add a" },
    { kind: "say", text: "hello" },
    { kind: "think", text: "hm" },
    { kind: "handoff", items: ["one", "two, too"] },
    { kind: "sleep", ms: 100 },
    { kind: "hang" },
    { kind: "fail", status: 429, retryAfter: 2, times: 1, marker: "[[fail status=429 retry_after=2]]" },
    { kind: "drop" },
    { kind: "exit", code: 3 },
    { kind: "usage", input: 100, output: 20 },
  ])
})

test("a prompt without markers has no steps, and a shell's brackets are no marker", () => {
  expect(steps("if [[ -f x ]]; then [[ $y ]]")).toEqual([])
})

test("a failure can be for always or for a number of times", () => {
  expect(steps("[[fail status=500 times=always]] [[fail status=401 times=3]]")).toMatchObject([{ times: Infinity }, { times: 3 }])
})

test("branches follow the attempt, the resume and the conflict, also nested", () => {
  const script = "[[if attempt=1]][[say a]][[if resumed]][[say r]][[else]][[say f]][[end]][[else]][[say b]][[end]][[say z]]"
  const said = (context: Partial<ScriptContext>): string =>
    steps(script, context)
      .map((step) => (step.kind === "say" ? step.text : "?"))
      .join("")
  expect(said({})).toBe("afz")
  expect(said({ resumed: true })).toBe("arz")
  expect(said({ attempt: 2 })).toBe("bz")
  expect(steps("[[if conflict]][[hang]][[end]]", { conflict: true })).toEqual([{ kind: "hang" }])
})

test("what is wrong becomes an error step that names the marker", () => {
  expect(errors("[[wirte path=a text=b]]")).toEqual(['[[wirte path=a text=b]]: there is no marker "wirte"'])
  expect(errors("[[write path=a]]")).toEqual(["[[write path=a]]: text= is missing"])
  expect(errors("[[sleep ms=soon]]")).toEqual(["[[sleep ms=soon]]: ms= is not a number"])
  expect(errors("[[run cmd=a shell=b]]")).toEqual(["[[run cmd=a shell=b]]: it knows no shell="])
  expect(errors("[[run ls]]")).toEqual(['[[run ls]]: cmd= is missing, "ls" is not a key=value'])
  expect(errors("[[say]]")).toEqual(["[[say]]: it needs a text"])
  expect(errors('[[say "a\\q"]]')).toEqual(['[[say "a\\q": its string has a wrong escape'])
  expect(errors("[[run cmd=a")).toEqual(["[[run cmd=a: it has no ]]"])
  expect(errors("[[if friday]][[say a]][[end]]")).toEqual(["[[if friday]]: the conditions are attempt=N, resumed and conflict"])
  expect(errors("[[if attempt=1]]")).toEqual(["[[if]] without [[end]]"])
  expect(errors("[[end]]")).toEqual(["[[end]] without [[if]]"])
})

test("mistakes in a branch that is not taken do not fail the turn", () => {
  expect(steps("[[if attempt=2]][[nonsense]][[end]]")).toEqual([])
})

test("what a fenced block quotes is not obeyed", () => {
  expect(steps("[[say a]]\n```\n[[exit code=1]]\n```\n[[say b]]\n~~~\n[[drop]]")).toEqual([
    { kind: "say", text: "a" },
    { kind: "say", text: "b" },
  ])
})

test("a raw newline inside a string is kept, as YAML makes them", () => {
  expect(steps('[[write path=a text="one\n\ttwo"]]')).toEqual([{ kind: "write", path: "a", text: "one\n\ttwo" }])
})

test("a conflict note is a line of the prompt, not a marker or a quotation", () => {
  expect(holdsConflictNote("Do it.\n\n## Merge conflict\nsrc/a.ts")).toBe(true)
  expect(holdsConflictNote("Conflict: both changed a.txt")).toBe(true)
  expect(holdsConflictNote("[[if conflict]] [[end]] avoid a conflict\n```\nconflict\n```")).toBe(false)
})

test("the handoff block stands on lines of its own", () => {
  expect(handoffBlock(["a", "b"])).toBe("---HANDOFF---\n- a\n- b\n---")
})
