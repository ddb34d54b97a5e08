import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import { rowNumbers, rowTag } from "./row-numbers.ts"

function numbers(...rows: (number | null)[]): number[] {
  const world = new World()
  const tasks = rows.map((row, at) => task(`t${at}`, { tags: row === null ? {} : { [rowTag]: String(row) } }))
  world.submit(tasks)
  return [...rowNumbers([...world.state.tasks.values()]).values()]
}

test.each<[(number | null)[], number[]]>([
  [
    [null, null, null],
    [1, 2, 3],
  ],
  [
    [1, 3],
    [1, 3],
  ],
  [
    [1, 3, null, null],
    [1, 3, 4, 5],
  ],
  [
    [null, null, 10, null],
    [1, 2, 10, 11],
  ],
  [
    [7, 2, null],
    [7, 2, 8],
  ],
])("tasks of the rows %j have the numbers %j", (rows, found) => expect(numbers(...rows)).toEqual(found))
