/** The tool that waits for runs and sessions: returns when something needs the caller, or after its time. It never hangs. */
import { z } from "zod"
import { fault, FaultError } from "../../../domain/fault.ts"
import { line } from "../bounds.ts"
import type { FleetForAgents } from "../fleet-for-agents.ts"
import { runLine, runShape, sessionLine, sessionShape, shapeRun, shapeSession } from "../shapes.ts"
import { defineTool, kinds, type Tool } from "../tool.ts"
import { waitUntil } from "../waiting.ts"

const secondsMax = 50
const namesMax = 20
const heardMax = 20

const wait = defineTool({
  name: "wait",
  title: "Wait for runs and sessions",
  description: `Wait until one of these has come to rest (a run has ended, a session's turn is over) or needs a person; with for: "all", until every one has; with for: "rest", until every one has come to rest, whatever the person is asked meanwhile. Answers after timeout_s at the latest, with what is true then; call it again with what is still pending.`,
  input: z.strictObject({
    runs: z.array(z.string().min(1).max(200)).max(namesMax).default([]).describe("handles of runs"),
    sessions: z.array(z.string().min(1).max(200)).max(namesMax).default([]).describe("handles of sessions"),
    for: z.enum(["any", "all", "rest"]).default("any"),
    timeout_s: z.number().min(0).max(secondsMax).default(45).describe(`at most ${secondsMax}; 0 only looks`),
  }),
  output: z.object({
    timed_out: z.boolean().describe("true: nothing that was waited for has happened yet; call wait again"),
    runs: z.array(runShape),
    sessions: z.array(sessionShape),
    rested: z.array(z.string()).describe("handles of what has come to rest: look at it (get_diff, get_conversation, get_run)"),
    needs_you: z.array(z.string()).describe("handles of what waits for a person's answer: list_needs_you"),
    pending: z.array(z.string()).describe("handles of what goes on: what to wait for next"),
    heard: z.array(z.string()).describe("what happened to them meanwhile, newest last"),
  }),
  annotations: kinds.looks,
  call: async (fleet, { runs, sessions, for: wanted, timeout_s }, signal) => {
    if (runs.length + sessions.length === 0)
      throw new FaultError(
        fault("bad-request", "wait for what?", "neither runs nor sessions were named", "pass the handles that run_plan and create_session gave you"),
      )
    const heard: string[] = []
    const { last, timedOut } = await waitUntil({
      fleet,
      signal,
      limitMs: timeout_s * 1_000,
      look: () => lookAt(fleet, runs, sessions),
      enough: ({ rested, needs_you, pending }) => (wanted !== "rest" && needs_you.length > 0) || (wanted === "any" ? rested.length > 0 : pending.length === 0),
      concerns: ({ runs: seenRuns, sessions: seenSessions }, { run, session }) =>
        seenRuns.some((one) => one.run === run) ||
        seenSessions.some((one) => one.session === session || (run !== null && one.task?.startsWith(`${run}/`) === true)),
      heard: (event) => {
        heard.push(line(event.text))
        if (heard.length > heardMax) heard.shift()
      },
    })
    const data = { timed_out: timedOut, ...last, heard }
    const text = [
      timedOut ? `Still going on after ${timeout_s} s:` : "Something to look at:",
      ...last.runs.map(runLine),
      ...last.sessions.map(sessionLine),
      ...(last.needs_you.length > 0 ? [`needs the person: ${last.needs_you.join(", ")} (list_needs_you)`] : []),
      ...(last.pending.length > 0 ? [`still pending: ${last.pending.join(", ")}`] : ["nothing is pending any more"]),
    ]
    return { data, text: text.join("\n") }
  },
})

export const waitTools: readonly Tool[] = [wait]

interface Seen {
  readonly runs: z.input<typeof runShape>[]
  readonly sessions: z.input<typeof sessionShape>[]
  readonly rested: string[]
  readonly needs_you: string[]
  readonly pending: string[]
}

async function lookAt(fleet: FleetForAgents, runNames: readonly string[], sessionNames: readonly string[]): Promise<Seen> {
  const [runs, sessions] = await Promise.all([
    Promise.all(runNames.map(async (name) => shapeRun(await fleet.run(name)))),
    Promise.all(sessionNames.map(async (name) => shapeSession(await fleet.session(name), 400))),
  ])
  const states = [
    ...runs.map(({ run, status, needs_you }) => ({ handle: run, rests: status !== "running" && status !== "stopping", asks: needs_you > 0 })),
    ...sessions.map(({ session, status, waiting_prompts }) => ({
      handle: session,
      rests: ["idle", "asleep", "ended"].includes(status) && waiting_prompts === 0,
      asks: status === "needs-you",
    })),
  ]
  const handles = (of: (state: { rests: boolean; asks: boolean }) => boolean): string[] => states.filter(of).map(({ handle }) => handle)
  return {
    runs,
    sessions,
    rested: handles(({ rests }) => rests),
    needs_you: handles(({ rests, asks }) => asks && !rests),
    pending: handles(({ rests }) => !rests),
  }
}
