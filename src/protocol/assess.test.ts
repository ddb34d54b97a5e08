import { expect, test } from "vitest"
import { z } from "zod"
import { assess } from "../domain/plan/assess.ts"
import { conflicts } from "../domain/plan/assess-conflicts.ts"
import { assessment, assessRequest, conflictReport, conflictsRequest } from "./assess.ts"

test("a question in few words gets its defaults, and the answer has the shape that is promised", () => {
  const request = assessRequest.parse({ tasks: [{ key: "a", files: ["src/a.ts"] }, { key: "b" }] })
  expect(request).toEqual({
    tasks: [
      { key: "a", title: "", files: ["src/a.ts"], after: [] },
      { key: "b", title: "", files: [], after: [] },
    ],
    repository: [],
    concurrency: 4,
  })
  const answer = assess(request)
  expect(assessment.parse(answer)).toEqual(answer)
  expect(answer.pairs).toHaveLength(1)
})

test("too much is refused at the edge", () => {
  expect(assessRequest.safeParse({ tasks: Array.from({ length: 201 }, (_, at) => ({ key: `t${at}` })) }).success).toBe(false)
  expect(assessRequest.safeParse({ tasks: [{ key: "a", files: Array.from({ length: 1_001 }, (_, at) => `f${at}`) }] }).success).toBe(false)
  expect(assessRequest.safeParse({ tasks: [], concurrency: 0 }).success).toBe(false)
})

test("the check for conflicts: names and changes are enough, and no key comes twice", () => {
  const { children } = conflictsRequest.parse({
    children: [
      { key: "a", files: [{ path: "x.ts", status: "modified" }] },
      { key: "b", files: [{ path: "x.ts", status: "modified" }] },
    ],
  })
  const report = conflicts(children)
  expect(conflictReport.parse(report)).toEqual(report)
  expect(report.conflicts).toHaveLength(1)
  expect(
    conflictsRequest.safeParse({
      children: [
        { key: "a", files: [] },
        { key: "a", files: [] },
      ],
    }).success,
  ).toBe(false)
})

test("each shape can be told as JSON Schema", () => {
  for (const schema of [assessRequest, assessment, conflictsRequest, conflictReport])
    expect(z.toJSONSchema(schema, { io: "input" })).toMatchObject({ type: "object" })
})
