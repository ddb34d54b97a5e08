import { expect, test } from "vitest"
import type { FileChange } from "../worker/job-result.ts"
import { conflicts } from "./assess-conflicts.ts"

const change = (path: string, status: FileChange["status"] = "modified", from: string | null = null): FileChange => ({
  path,
  status,
  additions: 1,
  deletions: 1,
  from,
})

test("children that changed different files are clear", () => {
  expect(
    conflicts([
      { key: "a", files: [change("x.ts")] },
      { key: "b", files: [change("y.ts")] },
    ]),
  ).toEqual({
    clear: true,
    conflicts: [],
    tell: "None of the 2 children changed a file that another one changed.",
  })
  expect(conflicts([]).clear).toBe(true)
})

test("a file that several changed is named with all of them and what to do", () => {
  const report = conflicts([
    { key: "b", files: [change("x.ts"), change("package-lock.json")] },
    { key: "a", files: [change("x.ts"), change("package-lock.json"), change("only-a.ts", "added")] },
    { key: "c", files: [change("x.ts")] },
  ])
  expect(report.clear).toBe(false)
  expect(report.conflicts).toMatchObject([
    { path: "package-lock.json", resolution: "regenerate", children: [{ key: "a" }, { key: "b" }] },
    { path: "x.ts", resolution: "merge", children: [{ key: "a" }, { key: "b" }, { key: "c" }] },
  ])
  expect(report.tell).toContain('2 files were changed by more than one child. package-lock.json ("a", "b"): keep one side')
})

test("added by two, or removed or renamed by one and changed by another: one of them has to run again", () => {
  const resolution = (a: FileChange, b: FileChange): unknown => {
    const report = conflicts([
      { key: "a", files: [a] },
      { key: "b", files: [b] },
    ])
    expect(
      conflicts([
        { key: "b", files: [b] },
        { key: "a", files: [a] },
      ]),
    ).toEqual(report)
    return report.conflicts.map((conflict) => [conflict.path, conflict.resolution])
  }
  expect(resolution(change("x.ts", "added"), change("x.ts", "added"))).toEqual([["x.ts", "rerun"]])
  expect(resolution(change("x.ts", "deleted"), change("x.ts"))).toEqual([["x.ts", "rerun"]])
  expect(resolution(change("new.ts", "renamed", "x.ts"), change("x.ts"))).toEqual([["x.ts", "rerun"]])
  expect(resolution(change("x.ts", "deleted"), change("x.ts", "deleted"))).toEqual([["x.ts", "same"]])
})

test("what all of them removed needs nothing, and one child alone conflicts with nobody", () => {
  expect(
    conflicts([
      { key: "a", files: [change("x.ts", "deleted")] },
      { key: "b", files: [change("x.ts", "deleted")] },
    ]).clear,
  ).toBe(true)
  expect(conflicts([{ key: "a", files: [change("x.ts"), change("y.ts", "renamed", "x.ts")] }]).conflicts).toEqual([])
})
