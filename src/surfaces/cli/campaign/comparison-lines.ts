/** Strategies side by side: the table that a person picks from (C.1.106), and what Fleet measured of each. */
import { comparisonTable } from "../../../domain/planning/comparison-text.ts"
import type { Comparison, Strategy } from "../../../domain/strategy/comparison.ts"
import type { Paint, Signs } from "../style.ts"
import { tableLines, type Cell, type Column } from "../table.ts"
import { clockTime, columnsOf, oneLine, shortCount } from "../text.ts"

export interface ComparisonOptions {
  readonly columns: number
  readonly paint: Paint
  readonly signs: Signs
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

/** As the contract has it, where the terminal is wide enough; else in columns that fit. What agents say of themselves nobody has checked. */
function verdictLines(strategies: readonly Strategy[], { columns, paint, signs }: ComparisonOptions): string[] {
  const facts = strategies.map((one) => ({
    strategy: one.key,
    branch: one.branch,
    typecheck: one.checks === null ? null : { passed: one.checks.failed === 0, errors: one.checks.failed === 0 ? null : one.checks.failed },
    decision: oneLine(one.decision ?? "-"),
    tradeoffs: oneLine(one.tradeoffs ?? "-"),
  }))
  const written = comparisonTable(facts).split("\n")
  if (written.every((line) => columnsOf(line) <= columns)) return aligned(written)
  const rows = facts.map(({ strategy, branch, typecheck, decision, tradeoffs }): Cell[] => [
    { text: strategy },
    { text: typecheck === null ? "-" : typecheck.passed ? signs.done : `${signs.failed} (${typecheck.errors})` },
    { text: decision === "-" && tradeoffs === "-" ? branch : [decision, tradeoffs].filter((text) => text !== "-").join("; ") },
  ])
  return tableLines(
    [{ title: "Strategy" }, { title: "Typecheck" }, { title: "Key Decision; Notable Tradeoffs", grows: true }],
    rows,
    columns,
    paint,
    signs.ellipsis,
  )
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
    { text: one.status, tone: toneOf(one.status) },
    { text: diff === null ? "" : String(diff.files) },
    { text: diff === null ? "" : `+${diff.additions} -${diff.deletions}` },
    { text: complexity === null ? "" : `${complexity.after} (${change >= 0 ? "+" : ""}${change})` },
    { text: benchmark === null ? (benchmarkFailed === null ? "" : `${signs.failed} failed`) : String(benchmark) },
    { text: one.tokens === 0 ? "" : shortCount(one.tokens) },
    { text: clockTime(one.elapsedMs) },
  ]
}

function toneOf(status: Strategy["status"]): "blue" | "green" | "red" | "dim" | "cyan" {
  switch (status) {
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
