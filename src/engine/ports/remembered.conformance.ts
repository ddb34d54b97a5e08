/** What every `Remembered` must do, as tests. Run by the tests of each adapter, the one in memory included. */
import { expect, test } from "vitest"
import { answerCharsMax, answersCharsMax, keysMax, rememberedMs, type KeptAnswer, type Remembered } from "./remembered.ts"

const answer: KeptAnswer = { status: 201, headers: { "content-type": "application/json", location: "/v1/runs/é" }, body: '{"id":"\u{1F680} \' \\" \\n"}' }

export function rememberedConformance(name: string, create: () => Promise<Remembered>): void {
  const check = (what: string, body: (remembered: Remembered) => Promise<void>): void =>
    test(`${name}: ${what}`, async () => {
      await using remembered = await create()
      await body(remembered)
    })

  check("a request is fresh once, runs until it is answered, and has the same answer ever after", async (remembered) => {
    expect(await remembered.begin("k", "h", 1)).toEqual({ how: "fresh" })
    expect(await remembered.begin("k", "h", 2)).toEqual({ how: "running" })
    await remembered.finish("k", answer, 3)
    expect(await remembered.begin("k", "h", 4)).toEqual({ how: "same", answer })
    expect(await remembered.begin("k", "h", 5)).toEqual({ how: "same", answer })
    expect(await remembered.begin("other key", "h", 6)).toEqual({ how: "fresh" })
  })

  check("the same key for another request is told apart, running or answered", async (remembered) => {
    await remembered.begin("k", "h", 1)
    expect(await remembered.begin("k", "another", 2)).toEqual({ how: "other" })
    await remembered.finish("k", answer, 3)
    expect(await remembered.begin("k", "another", 4)).toEqual({ how: "other" })
  })

  check("what came to nothing may be tried again", async (remembered) => {
    await remembered.begin("k", "h", 1)
    await remembered.forget("k")
    expect(await remembered.begin("k", "another", 2)).toEqual({ how: "fresh" })
  })

  check("an answer is forgotten after a day", async (remembered) => {
    await remembered.begin("k", "h", 1_000)
    await remembered.finish("k", answer, 2_000)
    expect(await remembered.begin("k", "h", 999 + rememberedMs)).toEqual({ how: "same", answer })
    expect(await remembered.begin("k", "another", 1_000 + rememberedMs)).toEqual({ how: "fresh" })
  })

  check("what nobody began has no answer", async (remembered) => {
    await remembered.finish("k", answer, 1)
    await remembered.forget("k")
    expect(await remembered.begin("k", "h", 2)).toEqual({ how: "fresh" })
  })

  check("of very many keys the newest are kept", async (remembered) => {
    for (let n = 0; n < keysMax + 10; n++) {
      await remembered.begin(`k${n}`, "h", n)
      await remembered.finish(`k${n}`, answer, n)
    }
    expect(await remembered.begin(`k${keysMax + 9}`, "h", keysMax + 10)).toEqual({ how: "same", answer })
    expect(await remembered.begin("k0", "h", keysMax + 11)).toEqual({ how: "fresh" })
  })

  check("of very large answers the newest are kept", async (remembered) => {
    const large = { ...answer, body: "x".repeat(answerCharsMax) }
    const count = answersCharsMax / answerCharsMax + 4
    for (let n = 0; n < count; n++) {
      await remembered.begin(`k${n}`, "h", n)
      await remembered.finish(`k${n}`, large, n)
    }
    expect(await remembered.begin(`k${count - 1}`, "h", count)).toEqual({ how: "same", answer: large })
    expect(await remembered.begin("k0", "h", count)).toEqual({ how: "fresh" })
  })

  check("a cursor is where it was put, and gone when it is dropped", async (remembered) => {
    expect(await remembered.cursor("w")).toBeNull()
    await remembered.moveCursor("w", { after: 3, failingSince: null, tries: 0 })
    await remembered.moveCursor("w", { after: 4, failingSince: 1_800_000_000_000, tries: 2 })
    await remembered.moveCursor("v", { after: 9, failingSince: null, tries: 0 })
    expect(await remembered.cursor("w")).toEqual({ after: 4, failingSince: 1_800_000_000_000, tries: 2 })
    await remembered.dropCursor("w")
    expect(await remembered.cursor("w")).toBeNull()
    expect(await remembered.cursor("v")).toEqual({ after: 9, failingSince: null, tries: 0 })
  })
}
