/** The work orders for agents that plan: one divides a direction into tasks, one invents rival strategies. They change nothing; their answer is read as a plan. */
import { scopeText } from "../scope/normalise.ts"
import type { Scope } from "../scope/scope.ts"
import type { PlanFault } from "./plan.ts"

export interface PlannerOrder {
  /** What the person wants, in their words. */
  readonly direction: string
  /** A spec file's text; null when there is none. */
  readonly spec: string | null
  /** What others hold now. */
  readonly claims: readonly { readonly holder: string; readonly scopes: readonly Scope[] }[]
  /** What was wrong with the plan that it handed in before. */
  readonly feedback?: readonly PlanFault[]
}

const charsMax = { direction: 20_000, spec: 150_000 }
const claimsMax = 50

/** The map of the repository, its instructions and what earlier sessions found are put in front by the worker. */
export function plannerPrompt({ direction, spec, claims, feedback = [] }: PlannerOrder): string {
  return sections([
    "You are a planner. Divide the work below among several agents that work at the same time, each in a checkout of its own. Read the repository as you need. Change nothing: no edits, no commits, no installs.",
    `# The work\n\n${bounded(direction, charsMax.direction)}`,
    spec === null ? null : `# The specification\n\n${fenced(bounded(spec, charsMax.spec))}`,
    heldText(claims),
    feedbackText(feedback),
    `# What makes a good plan

- At least three streams that need nothing of each other and can begin at once.
- \`scope\` lists every path that a task will write. Scopes of tasks that may run at the same time must not overlap; a directory covers everything below it. Mark what is only read with \` (read-only)\`.
- \`after\` only where a task really needs what another one has landed.
- A prompt that stands alone: what to change, in which files and functions, what to leave alone, and how one sees that it is done. The agent sees nothing of this conversation.
- \`checks\`: commands of this repository that fail before and pass after, or at least prove that nothing broke.
- \`type\`: \`build\` changes files, \`research\` only finds out, \`skill\` is a small routine job. \`effort\`: high for building, medium for research, low for verifying.
- No task so large that an agent could not do it in about an hour; no task for what takes five minutes along with another.
- If the work cannot be divided, hand in one task and say why in the goal.`,
    answerForm(`goal: Let people sign in with their company account
checks: [npm test]
tasks:
  - id: sessions
    title: Session store
    type: build
    effort: high
    scope: [src/sessions, test/sessions]
    checks: [npm test -- sessions]
    prompt: |
      In src/sessions/store.ts add …
  - id: wiring
    title: Routes use the session store
    after: [sessions]
    scope: [src/http/routes.ts]
    prompt: |
      …`),
  ])
}

export interface StrategistOrder {
  readonly direction: string
  /** 2 to 8. */
  readonly count: number
  readonly feedback?: readonly PlanFault[]
}

/** Each task of the answer is a strategy: its id is the label, and all have the same scope. */
export function strategistPrompt({ direction, count, feedback = [] }: StrategistOrder): string {
  return sections([
    `You are a strategist. Think of exactly ${count} really different ways to do the work below. Each will be built by an agent of its own from the same commit; a person compares the results and keeps one. Read the repository as you need. Change nothing: no edits, no commits, no installs.`,
    `# The work\n\n${bounded(direction, charsMax.direction)}`,
    feedbackText(feedback),
    `# What makes good strategies

- All reach the same end in the same files: every task has the same \`scope\`.
- They differ in structure (another design, another library, another place for the state), not in style or naming.
- Each can be done by one agent in one session.
- \`id\` is a short label for a branch: lower-case letters, digits and dashes, such as \`class-based\`.
- The prompt says which way to take, what speaks for it, and what not to do because another strategy does it.
- Use the same \`checks\` for all.`,
    answerForm(`goal: Refactor the auth middleware
tasks:
  - id: class-based
    title: Class-based middleware with a container
    type: build
    effort: high
    scope: [src/auth]
    checks: [npm test -- auth]
    prompt: |
      …`),
  ])
}

const sections = (texts: readonly (string | null)[]): string => texts.filter((text) => text !== null).join("\n\n")

const answerForm = (example: string): string => `# Your answer

Answer with exactly one fenced block that begins with \`\`\`yaml, and nothing after it. Its form, with every key that you may use for a task (\`id\`, \`title\`, \`prompt\`, \`after\`, \`scope\`, \`type\`, \`role\`, \`effort\`, \`checks\`, \`estimate\` in minutes):

\`\`\`yaml
${example}
\`\`\``

function heldText(claims: PlannerOrder["claims"]): string | null {
  if (claims.length === 0) return null
  const lines = claims.slice(0, claimsMax).map(({ holder, scopes }) => `- ${oneLine(holder)}: ${scopes.slice(0, 20).map(scopeText).join(", ")}`)
  const more = claims.length > claimsMax ? [`- and ${claims.length - claimsMax} more`] : []
  return `# What others work on now\n\nThese paths are held. Plan around them, or say in a task's prompt that it has to wait.\n\n${[...lines, ...more].join("\n")}`
}

function feedbackText(feedback: readonly PlanFault[]): string | null {
  if (feedback.length === 0) return null
  const lines = feedback
    .slice(0, 50)
    .map(({ severity, what, why, fix }) => `- ${severity === "error" ? "Must be mended" : "Consider"}: ${what}. Why: ${why}. Fix: ${fix}.`)
  return `# Your last answer was not accepted\n\nHand in the whole plan again, with these points mended:\n\n${lines.join("\n")}`
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").slice(0, 200)
const bounded = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}\n[cut here: ${text.length - most} characters more]` : text

/** A fence that the text cannot close. */
function fenced(text: string): string {
  const longest = [...text.matchAll(/`{3,}/g)].reduce((most, [found]) => Math.max(most, found.length), 2)
  const fence = "`".repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}
