import { statSync } from "node:fs"
import { appendFile, mkdtemp, readdir, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { id } from "../domain/ids.ts"
import type { TranscriptEntry } from "../protocol/worker.ts"
import { transcriptLimits, Transcripts, type TranscriptLimits } from "./transcript.ts"

const session = id<"session">("run.api/../ä.1")
const said = (text: string, type: TranscriptEntry["type"] = "text"): TranscriptEntry => ({ at: 1, type, text })

async function world(limits: Partial<TranscriptLimits> = {}) {
  const directory = await mkdtemp(join(tmpdir(), "fleet transcripts-"))
  const open = () => new Transcripts(join(directory, "t"), { ...transcriptLimits, ...limits })
  const file = async (): Promise<string> => join(directory, "t", (await readdir(join(directory, "t")))[0] ?? "")
  return { directory: join(directory, "t"), open, file, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) }
}

test("what was said is read back in order, in parts, and what comes later from there on", async () => {
  await using at = await world()
  const transcripts = at.open()
  transcripts.add(session, said("do it", "prompt"))
  transcripts.add(session, said("Hel"))
  transcripts.add(session, said("lo"))
  const first = await transcripts.read(session, 0, 10)
  expect(first.entries.slice(0, 1)).toEqual([said("do it", "prompt")])
  const second = await transcripts.read(session, first.next, 1_000)
  expect([...first.entries, ...second.entries].map((entry) => entry.text)).toEqual(["do it", "Hello"])
  expect(second.atEnd).toBe(true)
  transcripts.add(session, said("bye", "note"))
  expect((await transcripts.read(session, second.next, 1_000)).entries).toEqual([said("bye", "note")])
})

test("a transcript survives the worker, and half a line that it left is passed over", async () => {
  await using at = await world()
  const before = at.open()
  before.add(session, said("one"))
  await before.close(session)
  await appendFile(await at.file(), '{"at":2,"type":"te')
  const after = at.open()
  after.add(session, said("two", "note"))
  expect((await after.read(session, 0, 1_000)).entries.map((entry) => entry.text)).toEqual(["one", "two"])
})

test("a flood ends in a note, not in a full disk; how the turn ended is still told", async () => {
  await using at = await world({ bytesMax: 10_000, textCharsMax: 1_000 })
  const transcripts = at.open()
  for (let number = 0; number < 200; number++) {
    transcripts.add(session, said("x".repeat(5_000), number % 2 === 0 ? "text" : "tool"))
    await transcripts.written(session)
  }
  transcripts.add(session, said("completed", "turn"))
  const { entries } = await transcripts.read(session, 0, 1_000_000)
  expect(entries.at(-2)).toMatchObject({ type: "note" })
  expect(entries.at(-1)).toMatchObject({ type: "turn", text: "completed" })
  expect((await stat(await at.file())).size).toBeLessThan(13_000)
})

test("an agent that is faster than the disk loses words, and that is said", async () => {
  await using at = await world({ waitingCharsMax: 2_000 })
  const transcripts = at.open()
  for (let number = 0; number < 100; number++) transcripts.add(session, said("x".repeat(100)))
  transcripts.add(session, said("completed", "turn"))
  const { entries } = await transcripts.read(session, 0, 1_000_000)
  expect(entries.map((entry) => entry.type)).toEqual(["text", "note", "turn"])
  expect(entries[1]?.text).toContain("8000 characters")
})

test("a session that never said anything has an empty transcript", async () => {
  await using at = await world()
  expect(await at.open().read(session, 0, 100)).toEqual({ entries: [], next: 0, atEnd: true })
})

test("what is said at any moment of the write before it is written too", async () => {
  await using at = await world()
  const transcripts = at.open()
  const lost: number[] = []
  for (let number = 0; number < 300; number++) {
    const one = id<"session">(`s${number}`)
    transcripts.add(one, said("first", "note"))
    // From when it can be seen in the file, each turn of the event loop is another moment until the file is closed.
    while (!isThere(join(at.directory, `s${number}.jsonl`))) await new Promise(setImmediate)
    for (let turns = 0; turns < number % 10; turns++) await new Promise(setImmediate)
    transcripts.add(one, said("completed", "turn"))
    await transcripts.close(one)
    if ((await transcripts.read(one, 0, 1_000)).entries.length < 2) lost.push(number)
  }
  expect(lost).toEqual([])
})

const isThere = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0
