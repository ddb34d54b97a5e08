/** How healthy a repository is, and the ranked work queue that follows from it (C.1.8, C.1.19). */
import { findingNames, type Finding, type FindingName } from "../../../domain/health/health.ts"
import type { PlanTask } from "../../../domain/plan/plan.ts"
import { scopeText } from "../../../domain/scope/normalise.ts"
import type { Diagnosis } from "../client.ts"
import type { Output } from "../output.ts"
import { tableLines, type Cell } from "../table.ts"
import { oneLine, wrapped } from "../text.ts"

const titles: Readonly<Record<FindingName, string>> = {
  typecheck: "type check",
  tests: "tests",
  lint: "lint",
  audit: "audit",
  todos: "TODOs",
  staleBranches: "stale branches",
}

export function findingLines({ findings, notices }: Diagnosis, { columns, paint, signs }: Output): string[] {
  const rows = findingNames.map((name): Cell[] => [{ text: titles[name] }, statusCell(findings[name], signs), { text: findings[name].why }])
  return [
    ...tableLines([{ title: "finding" }, { title: "status" }, { title: "why", grows: true }], rows, columns, paint, signs.ellipsis),
    ...notices.flatMap((notice) => wrapped(oneLine(notice), columns)).map((line) => paint("yellow", line)),
  ]
}

function statusCell({ status }: Finding, signs: Output["signs"]): Cell {
  switch (status) {
    case "ok":
      return { text: `${signs.done} ok`, tone: "green" }
    case "problem":
      return { text: `${signs.failed} problem`, tone: "red" }
    case "unknown":
      return { text: `${signs.unknown} unknown`, tone: "yellow" }
  }
}

export function queueLines({ plan, queue }: Diagnosis, { columns, paint, signs }: Output): string[] {
  const tasks = new Map((plan?.tasks ?? []).map((task) => [task.key as string, task]))
  const rank = new Map(queue.map((row) => [row.task, row.rank]))
  const rows = queue.map(({ task, rank: number, wave }): Cell[] => {
    const of = tasks.get(task)
    return [
      { text: String(number) },
      { text: of?.title ?? task },
      { text: scopeOf(of) },
      { text: depsOf(of, rank) },
      { text: String(wave) },
      { text: of?.role ?? of?.type ?? "" },
    ]
  })
  const heads = [
    { title: "#", align: "right" as const },
    { title: "Campaign", grows: true },
    { title: "Scope" },
    { title: "Deps" },
    { title: "Wave", align: "right" as const },
    { title: "Agent" },
  ]
  return [
    ...tableLines(heads, rows, columns, paint, signs.ellipsis),
    "",
    ...queue.flatMap(({ rank: number, why }) => wrapped(`${number}. ${oneLine(why)}`, columns).map((line) => paint("dim", line))),
  ]
}

const scopesShownMax = 2

function scopeOf(task: PlanTask | undefined): string {
  const scopes = (task?.scope ?? []).map(scopeText)
  if (scopes.length === 0) return "anything"
  const more = scopes.length > scopesShownMax ? `, +${scopes.length - scopesShownMax}` : ""
  return `${scopes.slice(0, scopesShownMax).join(", ")}${more}`
}

/** By the number of their rows. */
const depsOf = (task: PlanTask | undefined, rank: ReadonlyMap<string, number>): string =>
  task === undefined || task.after.length === 0 ? "none" : task.after.map(({ key }) => String(rank.get(key) ?? key)).join(",")
