/** `fleet speculate <n> "<direction>"`: several ways to the same end at once, of which one lands (C.1.101 to C.1.111). */
import { fault, FaultError, type Fault } from "../../../domain/fault.ts"
import { strategistPrompt } from "../../../domain/plan/planner-prompt.ts"
import { checkStrategies, strategyLimits } from "../../../domain/plan/criticise-strategies.ts"
import type { StartCampaign } from "../../../protocol/campaign-views.ts"
import { hasError, hubFor, orderOf, refusedBy, repositoryOf, startCampaign, tellRefused } from "../campaign/order.ts"
import { strategyPlan } from "../campaign/strategies.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf } from "../output.ts"
import { counted, plainLines } from "../text.ts"

export async function speculate(invocation: Invocation): Promise<ExitCode> {
  const { count, direction } = wordsOf(invocation)
  const given = invocation.texts("strategy")
  const wanted = count ?? (given.length === 0 ? null : given.length)
  const wrong = refusal(wanted, given.length, direction)
  if (wrong !== null) throw new FaultError(wrong)
  const order = orderOf(invocation, {
    mode: "speculative",
    waveSize: null,
    benchmark: invocation.text("by"),
    pickBest: invocation.text("pick") === "best",
    ...(given.length > 0 ? known(invocation, direction, given) : { strategies: wanted, direction }),
  })
  const faults = order.plan === null ? [] : checkStrategies(order.plan, given.length)
  if (hasError(faults)) return tellRefused(invocation, refusedBy("the strategies have errors", faults))
  if (invocation.flag("dryRun")) return dryRun(invocation, order)
  await repositoryOf(invocation)
  const { context, json } = invocation
  // C.1.129. The gate says it once the strategies are known; where an agent is to find them, that is later.
  if (!json && given.length === 0) outputOf(context).note(`Running ${wanted} parallel approaches to the same task. All will touch the same files.`)
  return startCampaign(invocation, await hubFor(invocation), order)
}

interface Words {
  /** Null: not said. */
  readonly count: number | null
  readonly direction: string
}

/** The number may be left out where the strategies are given. */
function wordsOf({ args }: Invocation): Words {
  const [first = "", ...others] = args
  if (/^-?\d+$/.test(first.trim())) return { count: Number(first), direction: others.join(" ") }
  return { count: null, direction: args.join(" ") }
}

function known(invocation: Invocation, direction: string, strategies: readonly string[]): Partial<StartCampaign> {
  const plan = strategyPlan({ direction, strategies, scopes: invocation.texts("scope") })
  return { plan, strategies: strategies.length, direction }
}

function refusal(count: number | null, given: number, direction: string): Fault | null {
  const { min, max } = strategyLimits
  const form = 'fleet speculate 3 "refactor the auth middleware"'
  if (count === null)
    return fault("strategies-count", "how many strategies?", `the first word says how many, ${min} to ${max}, or they are given with --strategy`, form)
  if (direction.trim() === "") return fault("direction-empty", "there is no direction", "nothing says what the strategies are for", form)
  if (count < min || count > max)
    return fault("strategies-count", `${counted(count, "strategy", "strategies")} cannot be compared`, `there must be ${min} to ${max}`, form)
  if (given > 0 && given !== count)
    return fault(
      "strategies-count",
      `${count} strategies are asked for, and ${given} are given`,
      "each `--strategy` is one",
      "leave the number out, or give as many",
    )
  return null
}

function dryRun({ context, json }: Invocation, { plan, direction, strategies }: StartCampaign): ExitCode {
  const output = outputOf(context)
  const prompt = plan === null ? strategistPrompt({ direction, count: strategies ?? strategyLimits.min }) : null
  if (json) output.json({ ok: true, direction, plan, prompt })
  else {
    const text = prompt ?? (plan?.tasks ?? []).map(({ key, prompt: way }) => `${key}: ${way}`).join("\n")
    for (const line of plainLines(text)) output.line(line)
    output.note("Nothing was started.")
  }
  return exitCodes.done
}
