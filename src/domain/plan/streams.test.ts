import { expect, test } from "vitest"
import { planOf, type TaskWords } from "./plan.fixture.ts"
import { independentStreams } from "./streams.ts"

test.each<[number, TaskWords[]]>([
  [0, []],
  [
    3,
    [
      { key: "a", scope: ["a"] },
      { key: "b", scope: ["b"] },
      { key: "c", scope: ["c"] },
    ],
  ],
  [
    2,
    [
      { key: "a", scope: ["src"] },
      { key: "b", scope: ["src/b"] },
      { key: "c", scope: ["c"] },
    ],
  ],
  [1, [{ key: "a" }, { key: "b", after: ["a"] }, { key: "c", after: ["b"] }]],
  [3, [{ key: "a" }, { key: "b", after: ["a"], scope: ["b"] }, { key: "c", after: ["a"], scope: ["c"] }, { key: "d", after: ["a"], scope: ["d"] }]],
  [
    2,
    [
      { key: "a", scope: ["src"] },
      { key: "b", scope: ["src (read-only)"] },
      { key: "c", ticked: true },
    ],
  ],
])("%i tasks can work at the same time in %j", (count, tasks) => expect(independentStreams(planOf(...tasks))).toBe(count))
