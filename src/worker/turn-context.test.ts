import { expect, test } from "vitest"
import { id } from "../domain/ids.ts"
import type { RunTurn, TurnContext } from "../domain/worker/job.ts"
import { withContext } from "./turn-context.ts"

const context: TurnContext = { workspace: id("w"), repository: "/repo", campaign: "auth", map: "slice", keywords: ["auth"] }
const job = (of: TurnContext | null): RunTurn => ({
  kind: "session.turn",
  key: id("turn:x"),
  session: id("s"),
  prompt: "Do it",
  attachments: [],
  model: null,
  mode: null,
  stallMs: 1,
  context: of,
})

type Parts = Parameters<typeof withContext>[2]
type Told = { readonly [Name in "instructions" | "map" | "prior" | "campaigns"]?: string | null | Error }

const asked: string[] = []
/** Each answers, has nothing, or cannot. */
function parts(told: Told, directory: string | null = "/w"): Parts {
  const say = async (name: keyof Told, of: string): Promise<string | null> => {
    asked.push(of)
    const answer = told[name] ?? null
    if (answer instanceof Error) throw answer
    return answer
  }
  const of = {
    workspaces: { locate: async () => directory },
    maps: {
      overview: (at: string) => say("map", `overview ${at}`),
      slice: (at: string, words: readonly string[], max: number) => say("map", `slice ${at} ${words.join(" ")} ${max}`),
    },
    planning: {
      instructions: (at: string) => say("instructions", `instructions ${at}`),
      priorContext: (at: string) => say("prior", `prior ${at}`),
      activeCampaigns: (at: string, except: string) => say("campaigns", `campaigns ${at} ${except}`),
    },
  }
  return of as unknown as Parts
}

const prompt = async (of: TurnContext, told: Told): Promise<string> => (await withContext(job(of), of, parts(told))).prompt

// C.1.24 to C.1.28, C.1.69
test("in front of a campaign's prompt stand the project's instructions, the part of the map that matters, and what was found before", async () => {
  expect(await prompt(context, { instructions: "INSTRUCTIONS", map: "MAP", prior: "PRIOR", campaigns: "CAMPAIGNS" })).toBe(
    "INSTRUCTIONS\n\nMAP\n\nPRIOR\n\nDo it",
  )
})

// C.1.12
test("a planner gets the overview of the repository, and what other campaigns have in hand", async () => {
  expect(await prompt({ ...context, map: "overview" }, { map: "OVERVIEW", campaigns: "CAMPAIGNS" })).toBe("OVERVIEW\n\nCAMPAIGNS\n\nDo it")
})

// C.1.26
test("the map is asked in the agent's own workspace for at most 15 files, and what was found before in the repository", async () => {
  asked.length = 0
  await prompt(context, {})
  expect(asked).toEqual(["instructions /w", "slice /w auth 15", "prior /repo"])
})

// C.1.15, C.1.26
test("what is not there or cannot be had is left out without a word", async () => {
  expect(await prompt(context, { instructions: "", map: new Error("no grammar"), prior: null })).toBe("Do it")
})

test("a turn in a workspace that is gone is left as it is", async () => {
  expect((await withContext(job(context), context, parts({ instructions: "INSTRUCTIONS" }, null))).prompt).toBe("Do it")
})
