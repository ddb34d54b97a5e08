/** The words that an agent gets. Everything that it must know is in them: it has no other context. */
import { findingsText, type Finding } from "../discovery/relay.ts"
import type { Run } from "../run/run.ts"
import { scopesOf, type Task } from "../task/task.ts"
import type { Attempt } from "./attempt.ts"
import { simplified } from "./simplify.ts"

/** `findings`: what others found that may matter to this task. */
export function composePrompt(run: Run, task: Task, attempt: Attempt, resumed: boolean, findings: readonly Finding[]): string {
  return [opening(attempt, resumed), attempt.simplified ? simplified(order(task)) : order(task), attempt.feedback, findingsText(findings), rules(run, task)]
    .filter((part) => part !== null)
    .join("\n\n")
}

/** A title that was made from the first words of the prompt is not said twice. */
function order({ plan }: Task): string {
  const prompt = plan.prompt.trim()
  return prompt.startsWith(plan.title.replace(/…$/, "").trim()) ? prompt : `# ${plan.title}\n\n${prompt}`
}

function opening(attempt: Attempt, resumed: boolean): string | null {
  switch (attempt.reason) {
    case "first":
      return null
    case "resume":
      return resumed
        ? "You were cut off while you worked on this task. The workspace is as you left it. Look at what is there and go on."
        : "Another agent began this task and was cut off. Its work is in the workspace: look at it first (`git status`, `git log`), then finish the task."
    case "retry":
      return "Your work on this task was not accepted yet. It is still in the workspace; what was wrong is said below."
    case "repair":
      return "Your work on this task was accepted, but it does not go together with what others landed meanwhile. What to do is said below; the task itself is repeated only as a reminder."
  }
}

function rules(run: Run, task: Task): string {
  const writable = scopesOf(task)
    .filter((scope) => scope.access === "write")
    .map((scope) => `\`${scope.pattern}\``)
  return [
    "## Rules",
    "- You are in a git worktree of your own, on a branch of your own. Stay in it. Do not push, do not switch branches, do not touch other worktrees.",
    writable.length === 0 ? null : `- Change only: ${writable.join(", ")}. Other agents work on the rest at the same time.`,
    task.plan.checks.length === 0
      ? null
      : `- These checks will be run on your commit, and must pass: ${task.plan.checks.map((check) => `\`${check}\``).join(", ")}.`,
    ...run.guardrails.map((guardrail) => `- ${guardrail}`),
    "- Nobody will answer questions in this conversation. Decide, and say in the handoff what you decided.",
    "- Commit your work with a message that says what it does.",
    "- End with a block of this form, on lines of its own:",
    "",
    "---HANDOFF---",
    "- {what you built, decided and found, one line each}",
    "---",
  ]
    .filter((line) => line !== null)
    .join("\n")
}
