import { Readable } from "node:stream"
import { expect, test } from "vitest"
import { readLines, type Line } from "./lines.ts"

async function linesOf(chunks: (string | Buffer)[], max = 100): Promise<Line[]> {
  const lines: Line[] = []
  await readLines(Readable.from(chunks), max, (line) => lines.push(line))
  return lines
}

test("lines are found across chunks, with the last one unterminated", async () => {
  expect((await linesOf(["a\nb", "c\r\n", "d"])).map((line) => line.text)).toEqual(["a", "bc", "d"])
})

test("a character split between two chunks stays whole", async () => {
  const bytes = Buffer.from("é\n")
  expect((await linesOf([bytes.subarray(0, 1), bytes.subarray(1)])).map((line) => line.text)).toEqual(["é"])
})

test("a line over the limit is cut, flagged, and does not take the next one with it", async () => {
  expect(await linesOf(["x".repeat(500), "y\nshort\n"], 10)).toEqual([
    { text: "x".repeat(10), cut: true },
    { text: "short", cut: false },
  ])
})
