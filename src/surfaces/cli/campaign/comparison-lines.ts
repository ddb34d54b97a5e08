/** Strategies side by side: the table that a person picks from (C.1.106), and what Fleet measured of each. */
import { comparisonTable, type StrategyFacts } from "../../../domain/planning/comparison-text.ts"
import type { Comparison, Strategy } from "../../../domain/strategy/comparison.ts"
import { lookOf } from "../live/states.ts"
import type { Paint, Signs, Tone } from "../style.ts"
import { tableLines, type Cell, type Column } from "../table.ts"
import { clockTime, columnsOf, cut, cutMiddle, oneLine, shortCount } from "../text.ts"

export interface ComparisonOptions {
  readonly columns: number
  readonly paint: Paint
  readonly signs: Signs
  /** Whether a person reads it there. Elsewhere nothing is cut. */
  readonly isTerminal: boolean
}

export function comparisonLines(comparison: Comparison, options: ComparisonOptions): string[] {
  const { paint, signs } = options
  const { strategies, direction, base, winner } = comparison
  return [
    paint("bold", oneLine(direction)),
    paint("dim", `${strategies.length} strategies${base === null ? "" : `, each from ${base.slice(0, 10)}`}`),
    "",
    ...verdictLines(strategies, options),
    "",
    ...tableLines(
      measured,
      strategies.map((one) => measuredRow(one, options)),
      options.columns,
      paint,
      signs.ellipsis,
    ),
    ...strategies.flatMap(({ key, status, why }) => (status === "failed" && why !== null ? [paint("red", `${oneLine(key)}: ${oneLine(why)}`)] : [])),
    ...(winner === null ? [] : ["", `picked: ${paint("green", oneLine(winner))}`]),
  ]
}

/** As the contract has it: whole where no person reads it on a terminal or where it fits, else with its cells cut; and in fewer columns where that would leave too little of them. */
function verdictLines(strategies: readonly Strategy[], options: ComparisonOptions): string[] {
  const facts = strategies.map((one) => ({
    strategy: one.key,
    branch: one.branch,
    typecheck: one.checks === null ? null : { passed: one.checks.failed === 0, errors: one.checks.failed === 0 ? null : one.checks.failed },
    decision: oneLine(one.decision ?? "-"),
    tradeoffs: oneLine(one.tradeoffs ?? "-"),
  }))
  const fits = (lines: readonly string[]): boolean => !options.isTerminal || lines.every((line) => columnsOf(line) <= options.columns)
  const whole = aligned(comparisonTable(facts).split("\n"))
  if (fits(whole)) return whole
  const narrower = aligned(comparisonTable(facts.map(cutTo(widthsFor(facts, options.columns), options.signs.ellipsis))).split("\n"))
  return fits(narrower) ? narrower : narrowLines(facts, options)
}

interface Widths {
  readonly branch: number
  readonly decision: number
  readonly tradeoffs: number
}

const bordersColumns = 16
const typecheckColumns = 12
const branchAtLeast = 20
const wordsAtLeast = 18

/** The branch gives way first: its end is the strategy's own name. */
function widthsFor(facts: readonly StrategyFacts[], columns: number): Widths {
  const widest = (text: (of: StrategyFacts) => string, title: string): number => Math.max(columnsOf(title), ...facts.map((of) => columnsOf(text(of))))
  const [branches, decisions, tradeoffs] = [
    widest((of) => of.branch, "Branch"),
    widest((of) => of.decision, "Key Decision"),
    widest((of) => of.tradeoffs, "Notable Tradeoffs"),
  ]
  const room = columns - bordersColumns - typecheckColumns - widest((of) => of.strategy, "Strategy")
  const branch = Math.min(branches, Math.max(branchAtLeast, room - decisions - tradeoffs))
  const half = Math.max(wordsAtLeast, Math.floor((room - branch) / 2))
  const decision = Math.min(decisions, Math.max(half, room - branch - tradeoffs))
  return { branch, decision, tradeoffs: Math.max(wordsAtLeast, room - branch - decision) }
}

const cutTo =
  ({ branch, decision, tradeoffs }: Widths, ellipsis: string) =>
  (of: StrategyFacts): StrategyFacts => ({
    ...of,
    branch: cutMiddle(of.branch, branch, ellipsis),
    decision: cut(of.decision, decision, ellipsis),
    tradeoffs: cut(of.tradeoffs, tradeoffs, ellipsis),
  })

const strategyAtMost = 16

function narrowLines(facts: readonly StrategyFacts[], { columns, paint, signs }: ComparisonOptions): string[] {
  const rows = facts.map(({ strategy, branch, typecheck, decision, tradeoffs }): Cell[] => [
    { text: cutMiddle(strategy, strategyAtMost, signs.ellipsis) },
    { text: cutMiddle(branch, branchAtLeast, signs.ellipsis) },
    { text: typecheck === null ? "-" : typecheck.passed ? signs.done : `${signs.failed} (${typecheck.errors})` },
    { text: [decision, tradeoffs].filter((text) => text !== "-").join("; ") },
  ])
  const titles = [{ title: "Strategy" }, { title: "Branch" }, { title: "Typecheck" }, { title: "Key Decision; Notable Tradeoffs", grows: true }]
  return tableLines(titles, rows, columns, paint, signs.ellipsis)
}

/** The same table with its borders below each other. */
function aligned(lines: readonly string[]): string[] {
  const rows = lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (isRule(row[at]) ? 3 : columnsOf(row[at] ?? "")))))
  return rows.map(
    (row) => `| ${row.map((cell, at) => (isRule(cell) ? "-".repeat(widths[at] ?? 3) : cell + " ".repeat((widths[at] ?? 0) - columnsOf(cell)))).join(" | ")} |`,
  )
}

const isRule = (cell: string | undefined): boolean => /^-{3,}$/.test(cell ?? "")

const measured: readonly Column[] = [
  { title: "strategy", grows: true },
  { title: "state" },
  { title: "files", align: "right" },
  { title: "lines", align: "right" },
  { title: "complexity", align: "right" },
  { title: "benchmark", align: "right" },
  { title: "tokens", align: "right" },
  { title: "time", align: "right" },
]

function measuredRow(one: Strategy, { signs }: ComparisonOptions): Cell[] {
  const { diff, complexity, benchmark, benchmarkFailed } = one
  const change = complexity === null ? 0 : complexity.after - complexity.before
  return [
    { text: one.key },
    { text: wordOf(one.status), tone: toneOf(one.status) },
    { text: diff === null ? "" : String(diff.files) },
    { text: diff === null ? "" : `+${diff.additions} -${diff.deletions}` },
    { text: complexity === null ? "" : `${complexity.after} (${change >= 0 ? "+" : ""}${change})` },
    { text: benchmark === null ? (benchmarkFailed === null ? "" : `${signs.failed} failed`) : String(benchmark) },
    { text: one.tokens === 0 ? "" : shortCount(one.tokens) },
    { text: one.elapsedMs === 0 ? "" : clockTime(one.elapsedMs) },
  ]
}

/** Before it is ready, as `fleet status` says it of its task. */
const wordOf = (status: Strategy["status"]): string => (status === "queued" || status === "needs-you" ? lookOf(status).word : status)

function toneOf(status: Strategy["status"]): Tone {
  switch (status) {
    case "queued":
    case "needs-you":
      return lookOf(status).tone
    case "working":
    case "landing":
      return "blue"
    case "ready":
      return "cyan"
    case "merged":
      return "green"
    case "failed":
      return "red"
    case "archived":
    case "stopped":
      return "dim"
  }
}
