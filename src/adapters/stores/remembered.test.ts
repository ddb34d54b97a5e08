import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, onTestFinished, test } from "vitest"
import type { Fault } from "../../domain/fault.ts"
import { rememberedConformance } from "../../engine/ports/remembered.conformance.ts"
import { MemoryRemembered } from "./remembered-memory.ts"
import { openRemembered } from "./remembered.ts"

const answer = { status: 200, headers: {}, body: "{}" }

function newPath(): string {
  const directory = mkdtempSync(path.join(tmpdir(), "fleet-remembered-"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return path.join(directory, "home", "remembered.db")
}
const never = (fault: Fault): void => {
  throw new Error(fault.why)
}

rememberedConformance("memory", async () => new MemoryRemembered())
rememberedConformance("sqlite", () => openRemembered(newPath(), never))

test("answers and cursors are there after opening again; what was running is lost, and says so", async () => {
  const file = newPath()
  {
    await using remembered = await openRemembered(file, never)
    await remembered.begin("done", "h", 1)
    await remembered.finish("done", answer, 2)
    await remembered.begin("cut off", "h", 3)
    await remembered.moveCursor("w", { after: 7, failingSince: 5, tries: 1 })
    expect(statSync(file).mode & 0o777).toBe(0o600)
  }
  await using remembered = await openRemembered(file, never)
  expect(await remembered.begin("done", "h", 4)).toEqual({ how: "same", answer })
  expect(await remembered.begin("cut off", "h", 5)).toEqual({ how: "lost" })
  expect(await remembered.begin("cut off", "another", 5)).toEqual({ how: "other" })
  expect(await remembered.cursor("w")).toEqual({ after: 7, failingSince: 5, tries: 1 })
})

test("a damaged file is put aside, said, and begun anew", async () => {
  const file = newPath()
  await (await openRemembered(file, never))[Symbol.asyncDispose]()
  writeFileSync(file, "this is no database at all".repeat(400))
  const noticed: Fault[] = []
  await using remembered = await openRemembered(file, (fault) => void noticed.push(fault))
  expect(noticed).toMatchObject([{ code: "remembered-damaged", fix: expect.any(String) }])
  expect(readdirSync(path.dirname(file)).some((name) => name.startsWith("remembered.db.damaged-"))).toBe(true)
  expect(await remembered.begin("k", "h", 1)).toEqual({ how: "fresh" })
})

test("two hubs cannot both hold it", async () => {
  const file = newPath()
  await using _held = await openRemembered(file, never)
  await expect(openRemembered(file, never)).rejects.toMatchObject({ fault: { code: "store-unusable" } })
})
