/** The real opencode behind its servers, driven by the conformance suite. Only the model is not real: a scripted one on loopback. */
import { afterAll, expect, test } from "vitest"
import { realAgent } from "../../../../scripts/real-agents.ts"
import { agentCase, type AgentCase } from "../../../worker/ports/agent.case.ts"
import { describeAgentDriver } from "../../../worker/ports/agent.conformance.ts"
import { openOpencode, removeTemplate, type OpencodeSettings } from "./testing.ts"

const opencode = realAgent("opencode")
const opened = (settings: OpencodeSettings = {}): Promise<AgentCase> => agentCase(() => openOpencode(settings))
afterAll(removeTemplate)

if ("missing" in opencode) test.skip(`the real opencode [skipped: ${opencode.missing}]`, () => undefined)
else {
  describeAgentDriver({
    name: `opencode ${opencode.version}`,
    open: (permissions) => openOpencode({ permissions }),
    supports: {
      permissions: true,
      resume: true,
      survives: true,
      interrupt: true,
      steer: true,
      acknowledges: true,
      usage: true,
      thoughts: true,
      tools: true,
      died: true,
      errors: { auth: true, "rate-limit": true, overload: true, network: true, refused: true },
      resetAt: true,
    },
  })

  test("each session's tools see the session's own environment, though they share a process", async () => {
    await using its = await opened()
    const sessions = await Promise.all([its.session("one"), its.session("two")])
    const script = '[[run cmd="printf %s $FLEET_SESSION > session.txt"]]'
    const outcomes = await Promise.all(sessions.map(({ session }) => session.prompt(script)))
    expect(outcomes).toMatchObject([{ how: "completed" }, { how: "completed" }])
    expect([await its.file("session.txt", "one"), await its.file("session.txt", "two")]).toEqual(sessions.map(({ id }) => id))
    expect((await its.commands()).filter((command) => command.includes("opencode"))).toHaveLength(1)
  })
}
