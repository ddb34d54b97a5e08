/** The part of the conformance suite of agent drivers that is about telling a turn something while it runs. */
import { expect, test } from "vitest"
import { opened, supported, words, type AgentSuite } from "./agent.suite.ts"

const quickMs = 15_000

export function describeSteering(suite: AgentSuite): void {
  /** Works until the test opens the gate. */
  const gated = '[[run cmd="mkfifo gate && cat gate"]] [[say "as planned"]]'

  supported(suite.supports.steer, "what is said while it works reaches the conversation of the same turn", async () => {
    await using its = await opened(suite)
    const { session, heard } = await its.session("one")
    expect(await session.steer("nothing runs yet")).toBe("over")
    const turn = session.prompt(words(suite, gated))
    await expect.poll(() => its.commands(), { timeout: quickMs }).toContain("cat")
    const steering = session.steer(words(suite, '[[write path=steered.txt text="heard"]] [[say "another way"]]'))
    await its.write("gate", "open")
    expect(await steering).toBe("taken")
    expect(await turn).toMatchObject({ how: "completed", text: expect.stringContaining("another way") })
    expect(await its.file("steered.txt")).toBe("heard")
    expect(heard.filter((event) => event.type === "started")).toHaveLength(1)
    expect(await session.steer('[[write path=late.txt text="late"]]')).toBe("over")
    const next = await session.prompt(words(suite, '[[say "next"]]'))
    expect(next).toMatchObject({ how: "completed", text: expect.stringContaining("next") })
    expect(next.text).not.toContain("another way")
    expect(await its.file("late.txt")).toBeNull()
  })

  if (suite.supports.steer === true)
    test("what is said when it has no tool to run any more is worked on in the same turn all the same", async () => {
      await using its = await opened(suite)
      const { session, waiting } = await its.session("one")
      const turn = session.prompt(words(suite, '[[sleep ms=1500]] [[say "as planned"]]'))
      await waiting.started()
      const steering = session.steer(words(suite, '[[write path=steered.txt text="heard"]] [[say "another way"]]'))
      expect(await turn).toMatchObject({ how: "completed", text: expect.stringContaining("another way") })
      expect(await steering).toBe("taken")
      expect(await its.file("steered.txt")).toBe("heard")
    })
  if (suite.supports.steer === true)
    test("what it was told ends with an interrupted turn: nothing is done about it later", async () => {
      await using its = await opened(suite)
      const { session, waiting } = await its.session("one")
      const turn = session.prompt(words(suite, "[[hang]]"))
      await waiting.started()
      const steering = session.steer(words(suite, '[[write path=late.txt text="late"]]'))
      await session.interrupt()
      expect(["taken", "over"]).toContain(await steering)
      expect(await turn).toMatchObject({ how: "interrupted" })
      expect(await session.prompt(words(suite, '[[say "next"]]'))).toMatchObject({ how: "completed" })
      expect(await its.file("late.txt")).toBeNull()
    })
  else
    test(`it says that it cannot be told anything while it works [${suite.supports.steer}]`, async () => {
      await using its = await opened(suite)
      const { session } = await its.session("one")
      const turn = session.prompt(words(suite, gated))
      await expect.poll(() => its.commands(), { timeout: quickMs }).toContain("cat")
      expect(await session.steer('[[write path=steered.txt text="heard"]]')).toBe("cannot")
      await its.write("gate", "open")
      expect(await turn).toMatchObject({ how: "completed", text: expect.stringContaining("as planned") })
      expect(await its.file("steered.txt")).toBeNull()
    })
}
