/** What a worker is asked when something is to land. */
import { id } from "../ids.ts"
import type { Run } from "../run/run.ts"
import type { Task } from "../task/task.ts"
import type { LandingItem, TryLanding } from "../worker/job.ts"
import { inLanding, type Landing } from "./landing.ts"

export function landingJob(run: Run, landing: Landing, tasks: readonly Task[]): TryLanding {
  const items = tasks.map((task) => itemOf(run, landing, task))
  const proved = tasks.flatMap((task) => inLanding(task).proof.checks.map((check) => check.command))
  // What proved each task alone must also hold once it is merged with the others and with what landed before.
  const commands = [...new Set([...proved, ...run.checks])]
  return {
    kind: "landing.try",
    key: id(`land:${landing.id}:${landing.tries + 1}`),
    landing: landing.id,
    repository: landing.repository,
    target: landing.target,
    items,
    message: items.length === 1 ? null : mergeMessage(run, landing, tasks),
    commands,
    timeoutMs: run.settings.checkTimeoutMs,
    setup: run.setup,
  }
}

function itemOf(run: Run, landing: Landing, task: Task): LandingItem {
  const { collected, checks, attempt } = inLanding(task).proof
  return {
    task: task.id,
    attempt,
    head: collected.head,
    provedTree: collected.tree,
    // A strategy may be picked though some of its checks failed; it lands when they pass.
    proved: checks.filter((check) => check.passed).map((check) => check.command),
    message: `${task.plan.title}\n\nFleet-Run: ${run.id}\nFleet-Task: ${task.key}\nFleet-Attempt: ${attempt}\n${trailerOf(landing)}`,
  }
}

/** Of the one commit on the target: reverting it takes all of them back (`git revert -m 1`). */
function mergeMessage(run: Run, landing: Landing, tasks: readonly Task[]): string {
  const { wave } = landing
  const what = wave === null ? `${tasks.length} tasks` : `Wave ${wave}`
  const list = tasks.map((task) => `- ${task.key}: ${task.plan.title}`)
  return `${what}: ${run.goal}\n\n${list.join("\n")}\n\nFleet-Run: ${run.id}\n${trailerOf(landing)}`
}

const trailerOf = ({ wave }: Landing): string => (wave === null ? "" : `Fleet-Wave: ${wave}\n`)
