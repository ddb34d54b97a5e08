/** What is said when following ends: the table of what became of each task, what landed, and which command comes next. */
import type { ApprovalView, RunView, TaskView } from "../../../protocol/views.ts"
import { addUsage, noUsage } from "../../../domain/session/turn.ts"
import { clockTime, counted, cutMiddle, oneLine, shellWord, shortCount } from "../text.ts"
import type { Paint, Signs } from "../style.ts"
import { tableLines, type Cell, type Column } from "../table.ts"
import { answersOf, askerIn, openApprovals } from "./display.ts"
import { elapsedOf } from "./rows.ts"
import { byAttention, lookOf } from "./states.ts"
import { tryText } from "./tries.ts"

export interface ClosingOptions {
  readonly columns: number
  readonly now: number
  readonly signs: Signs
  readonly paint: Paint
}

const columns: readonly Column[] = [
  { title: "state" },
  { title: "task" },
  { title: "agent" },
  { title: "reason", grows: true },
  { title: "time", align: "right" },
  { title: "files", align: "right" },
  { title: "tokens", align: "right" },
]

const keyAtLeast = 20
/** What the other columns need, the reason at its shortest. */
const othersColumns = 62

export function runTable(run: RunView, options: ClosingOptions): string[] {
  const rows = byAttention(run.tasks).map((task) => rowOf(task, options))
  return tableLines(columns, rows, options.columns, options.paint, options.signs.ellipsis)
}

function rowOf(task: TaskView, options: ClosingOptions): Cell[] {
  const look = lookOf(task.status)
  const elapsed = elapsedOf(task, options.now)
  const usage = task.attempts.map((attempt) => attempt.usage).reduce(addUsage, noUsage)
  const tokens = Math.max(usage.inputTokens + usage.outputTokens, task.usage.inputTokens + task.usage.outputTokens)
  return [
    { text: `${options.signs[look.sign]} ${look.word}`, tone: look.tone },
    { text: cutMiddle(oneLine(task.key), Math.max(keyAtLeast, options.columns - othersColumns), options.signs.ellipsis) },
    { text: task.agent },
    { text: [tryText(task), task.reason].filter((text) => text !== "").join(": ") },
    { text: elapsed === null ? "" : clockTime(elapsed) },
    { text: task.files === null ? "" : String(task.files) },
    { text: tokens === 0 ? "" : shortCount(tokens) },
  ]
}

export function closingLines(run: RunView, options: ClosingOptions): string[] {
  const next = nextCommands(run)
  return [
    ...runTable(run, options),
    "",
    summaryLine(run, options),
    ...landedLines(run, options),
    ...openApprovals(run).map((ask) => options.paint("yellow", `${options.signs.needsYou} ${askerIn(ask)} asks: ${oneLine(ask.question)}`)),
    ...(next.length === 0 ? [] : ["", ...next.map(([command, why]) => `next: ${command}${why === "" ? "" : options.paint("dim", `   # ${why}`)}`)]),
  ]
}

/** One line that says how it stands: also all that `--progress quiet` prints. */
export function summaryLine(run: RunView, options: ClosingOptions): string {
  const { counts } = run
  const parts = [
    `${counts.done}/${counts.total} done`,
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.cancelled > 0 ? [`${counts.cancelled} cancelled`] : []),
    ...(counts.archived > 0 ? [`${counts.archived} archived`] : []),
    ...(openApprovals(run).length > 0 ? [`${openApprovals(run).length} need you`] : []),
    `in ${clockTime((run.endedAt ?? options.now) - run.startedAt)}`,
    ...(run.workMs > 0 ? [`work ${clockTime(run.workMs)}`] : []),
    ...(run.lowerBoundMs === null ? [] : [`lower bound ${clockTime(run.lowerBoundMs)}`]),
  ]
  const reason = run.reason === null ? "" : ` ${options.signs.dash} ${oneLine(run.reason)}`
  return `${options.paint(toneOf(run), `run ${run.id} ${run.status}`)}: ${parts.join(", ")}${reason}`
}

function toneOf(run: RunView): "green" | "red" | "yellow" | "blue" {
  switch (run.status) {
    case "done":
      return "green"
    case "failed":
      return "red"
    case "cancelled":
    case "stopping":
      return "yellow"
    case "running":
      return "blue"
  }
}

/** Only what the hub says is on the target. */
function landedLines(run: RunView, options: ClosingOptions): string[] {
  const landed = run.tasks.filter((task) => task.landed !== null)
  if (landed.length === 0) return run.status === "running" ? [] : [`nothing landed on ${oneLine(run.target)}`]
  const files = new Set(landed.flatMap((task) => task.proof?.files.map((file) => file.path) ?? []))
  const extent = files.size === 0 ? "" : `, ${counted(files.size, "file")}`
  const each = landed.map((task) => `${oneLine(task.key)} ${task.landed?.slice(0, 8) ?? ""}`).join(", ")
  return [`landed on ${oneLine(run.target)}: ${counted(landed.length, "task")}${extent}${options.paint("dim", ` (${each})`)}`]
}

function answerCommand(ask: ApprovalView): readonly [string, string] {
  const [yes = "", no = ""] = answersOf(ask)
  return [yes, `or: ${no}`]
}

/** The commands that bring the run further, most pressing first. */
export function nextCommands(run: RunView): (readonly [command: string, why: string])[] {
  const name = (task: TaskView): string => shellWord(`${run.id}/${task.key}`)
  const failed = run.tasks.filter((task) => task.status === "failed")
  return [
    ...openApprovals(run).map((ask) => answerCommand(ask)),
    ...failed.slice(0, 3).flatMap((task): [string, string][] => [
      [`fleet logs ${name(task)}`, "what its agent did"],
      [`fleet retry ${name(task)}`, "once more"],
    ]),
    ...(failed.length > 3 ? [[`fleet status ${run.id}`, `${failed.length - 3} more failed`] as const] : []),
    ...(run.tasks.some((task) => task.status === "cancelled") && run.status === "cancelled"
      ? [[`fleet continue ${run.id}`, "go on where it was stopped"] as const]
      : []),
    ...(run.status === "running" ? [[`fleet watch ${run.id}`, "come back to it"] as const] : []),
  ]
}
