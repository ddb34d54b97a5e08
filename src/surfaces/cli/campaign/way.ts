/** What a direction that was given to a campaign had better become: tasks side by side, where the person agrees to that; or one task (C.1.3, C.1.113, C.1.122). */
import { route } from "../../../domain/gate/routing.ts"
import { spokenTasks } from "../../../domain/gate/spoken-tasks.ts"
import type { Sequenced } from "../../../domain/plan/quick.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf } from "../output.ts"
import { directoryOf, noteLines } from "./order.ts"
import { offerConsent, type QuickConsent } from "./quick-consent.ts"
import { quickPlan, sayOrder } from "./quick-plan.ts"

export type Way =
  | { readonly to: "campaign" }
  | { readonly to: "quick"; readonly tasks: readonly string[]; readonly consent: QuickConsent }
  /** They were asked, and gave no answer. */
  | { readonly to: "nothing" }

/** Never in the way: where nobody can be asked, it stays a campaign, and a note says what else there is. */
export async function wayOf(invocation: Invocation, direction: string): Promise<Way> {
  const tasks = spokenTasks(direction)
  const { to, why } = route(direction, tasks.length < 2 ? null : tasks.length)
  if (to === "standard" || saysHow(invocation)) return { to: "campaign" }
  if (to === "single") return campaign(invocation, `${why}: one agent may do (fleet run --task). An agent makes a plan of it all the same.`)
  if (tasks.length < 2)
    return campaign(invocation, `${why}: with ; between the tasks, \`fleet quick\` would run them side by side. An agent makes a plan of it now.`)
  const plan = quickPlan(tasks)
  if (!plan.ok) return { to: "campaign" }
  return plan.beside.length < 2 ? campaign(invocation, oneByOne(plan)) : offered(invocation, { tasks, beside: plan.beside, why })
}

interface Named {
  readonly tasks: readonly string[]
  /** Titles of those that can work at the same time. */
  readonly beside: readonly string[]
  readonly why: string
}

async function offered(invocation: Invocation, { tasks, beside, why }: Named): Promise<Way> {
  const offer = await offerConsent(invocation, directoryOf(invocation), beside)
  const these = beside.length === tasks.length ? `these ${tasks.length} tasks` : `${beside.length} of these ${tasks.length} tasks`
  switch (offer.how) {
    case "left-alone":
      return { to: "campaign" }
    case "nobody-to-ask":
      return campaign(invocation, `${why}: \`fleet quick\` would run ${these} side by side. An agent makes a plan of it now.`)
    case "given-up":
      outputOf(invocation.context).note("Nothing was started.")
      return { to: "nothing" }
    case "answered":
      if (offer.why !== null) say(invocation, `${why}, and ${offer.why}: ${these} run side by side, as by \`fleet quick\`.`)
      return { to: "quick", tasks, consent: offer.consent }
  }
}

const oneByOne = ({ sequenced }: Sequenced): string =>
  `its tasks go one after the other (${sequenced.map(sayOrder).join("; ")}): one agent may do (fleet run --task). An agent makes a plan of them all the same.`

/** What these ask for, only a campaign has. */
const saysHow = (invocation: Invocation): boolean => invocation.number("waves") !== null || invocation.flag("continuous") || invocation.flag("confirmMerges")

function campaign(invocation: Invocation, note: string): Way {
  say(invocation, note)
  return { to: "campaign" }
}

function say(invocation: Invocation, note: string): void {
  if (!invocation.json) noteLines(invocation.context, [note])
}
