/** What of a session file its text can hold: one line for each text, bounded, without empty items. Reading what was written gives exactly this. */
import { block, flat } from "./line-text.ts"
import { unknownColumnsMax } from "./queue-columns.ts"
import { restOf } from "./sections.ts"
import { isSuccess } from "./status-meaning.ts"
import type { AgentResult, ComparedStrategy, QueueRow, SessionFile, SessionNotes, SpeculativeComparison, WaveResults, WorkOrder } from "./session-file.ts"

export const sessionFileLimits = {
  chars: 2_000_000,
  rows: 2_000,
  waves: 1_000,
  agentsOfWave: 500,
  bullets: 2_000,
  filesOfAgent: 500,
  scopesOfRow: 200,
  depsOfRow: 200,
  scopeChars: 1_024,
  nameChars: 200,
  directionChars: 20_000,
  promptChars: 50_000,
  specChars: 500_000,
  checkChars: 4_000,
  checks: 100,
  rules: 50,
  ruleChars: 4_000,
}

/** Characters of what agents say, in one place of the file. */
export const textCharsMax = 4_000

/** Where there are too many items the oldest go. `textChars` bounds what agents say. Applied twice it changes nothing more. */
export function flattened(file: SessionFile, textChars = textCharsMax): SessionFile {
  const max = sessionFileLimits
  const text = (one: string): string => flat(one, textChars)
  const queue = file.queue.slice(0, max.rows)
  const columns = file.columns.slice(0, unknownColumnsMax).map((title) => flat(title, max.nameChars) || "-")
  return {
    name: flat(file.name, max.nameChars),
    status: file.status,
    started: flat(file.started, max.nameChars),
    direction: flat(file.direction, max.directionChars),
    queue: queue.map((row) => flatRow(row, columns.length)),
    columns,
    waves: flatWaves(file.waves, text),
    shared: bullets(file.shared, text),
    notes: flatNotes(file.notes, text),
    orders: flatOrders(file.orders, queue, textChars * ordersShare),
    spec: flatSpec(file.spec),
    rules: file.rules.slice(0, max.rules).flatMap((rule) => block(rule, max.ruleChars) || []),
    setup: flatChecks(file.setup === null ? [] : [file.setup])[0] ?? null,
    checks: flatChecks(file.checks),
    comparison: file.comparison === null ? null : flatComparison(file.comparison, text),
    pendingPropagation: bullets(file.pendingPropagation, text),
    continuation: {
      nextWave: file.continuation.nextWave === null ? null : whole(file.continuation.nextWave, 1),
      blocked: listed(file.continuation.blocked, max.nameChars).slice(-max.depsOfRow),
      contextTokens: file.continuation.contextTokens === null ? null : whole(file.continuation.contextTokens / 1_000, 0) * 1_000,
      autoContinue: file.continuation.autoContinue,
    },
    rest: restOf(file.rest.join("\n\n")),
  }
}

/** How much there is of what a person may have written. */
export const wordsOf = ({ shared, orders, spec, rules, setup, checks, direction, queue, rest }: SessionFile): number =>
  JSON.stringify([shared, orders, spec, rules, setup, checks, direction, rest, queue.map(({ campaign, scope }) => [campaign, scope])]).length

/** What stands for nothing, in a cell or behind a key. */
export const isNothing = (text: string): boolean => /^(none|-|–|—|n\/a)?$/i.test(text)

function flatRow(row: QueueRow, columns: number): QueueRow {
  const max = sessionFileLimits
  return {
    number: whole(row.number, 1),
    campaign: flat(row.campaign, max.nameChars) || "-",
    // A directory of the name `none` is there all the same.
    scope: row.scope.slice(0, max.scopesOfRow).flatMap((scope) => {
      const one = flat(scope, max.scopeChars)
      return one === "" ? [] : [isNothing(one) ? `./${one}` : one]
    }),
    deps: [...new Set(row.deps.map((number) => whole(number, 1)))].slice(0, max.depsOfRow),
    status: said(row.status) ?? "pending",
    wave: row.wave === null ? null : whole(row.wave, 1),
    agent: said(row.agent) ?? "",
    branch: row.branch === null ? null : said(row.branch),
    evidence: row.evidence === null ? null : said(row.evidence),
    more: Array.from({ length: columns }, (_, at) => flat(row.more[at] ?? "", max.nameChars)),
  }
}

function flatWaves(waves: readonly WaveResults[], text: (one: string) => string): WaveResults[] {
  const byNumber = Map.groupBy(waves, (wave) => whole(wave.number, 1))
  const merged = [...byNumber].map(([number, of]) => ({
    number,
    agents: of.flatMap((wave) => wave.agents.map((agent) => flatAgent(agent, text))).slice(-sessionFileLimits.agentsOfWave),
    merges: bullets(
      of.flatMap((wave) => wave.merges),
      text,
    ),
  }))
  return merged.slice(-sessionFileLimits.waves)
}

function flatAgent(agent: AgentResult, text: (one: string) => string): AgentResult {
  const orNull = (one: string | null): string | null => (one === null ? null : text(one) || null)
  return {
    name: flat(agent.name, sessionFileLimits.nameChars),
    row: agent.row === null ? null : whole(agent.row, 1),
    status: flat(agent.status, sessionFileLimits.nameChars) || "unknown",
    built: orNull(agent.built),
    decisions: orNull(agent.decisions),
    discoveries: orNull(agent.discoveries),
    files: listed(agent.files, sessionFileLimits.scopeChars).slice(0, sessionFileLimits.filesOfAgent),
    commit: agent.commit === null ? null : said(agent.commit),
    timeout: agent.timeout === null ? null : { durationMs: whole(agent.timeout.durationMs, 0), retried: agent.timeout.retried },
    failures: orNull(agent.failures),
  }
}

/** So many times the characters of one text have all work orders together. */
const ordersShare = 75

/** Of rows that are there, in the order of the queue. Where there is not room for all, those of complete rows go first. */
function flatOrders(orders: readonly WorkOrder[], queue: readonly QueueRow[], charsMax: number): WorkOrder[] {
  const byRow = new Map(orders.toReversed().map((order) => [whole(order.row, 1), order]))
  const numbers = queue.map((row) => whole(row.number, 1))
  const done = new Set(queue.filter(({ status }) => isSuccess(status)).map((row) => whole(row.number, 1)))
  const room = { chars: charsMax }
  const fitting = new Map<number, WorkOrder>()
  for (const row of [...numbers.filter((one) => !done.has(one)), ...numbers.filter((one) => done.has(one))]) {
    const order = byRow.get(row)
    if (order === undefined || fitting.has(row)) continue
    const prompt = block(order.prompt, sessionFileLimits.promptChars)
    const checks = flatChecks(order.checks)
    const chars = prompt.length + checks.reduce((sum, check) => sum + check.length, 0)
    if (prompt.trim() === "" || chars > room.chars) continue
    room.chars -= chars
    fitting.set(row, { row, prompt, checks })
  }
  return [...new Set(numbers)].flatMap((row) => fitting.get(row) ?? [])
}

function flatSpec(spec: string | null): string | null {
  const text = block(spec ?? "", sessionFileLimits.specChars)
  return text.trim() === "" ? null : text
}

/** Half a command would be another one: what is too long is left out. */
const flatChecks = (checks: readonly string[]): string[] =>
  checks
    .slice(0, sessionFileLimits.checks)
    .map((check) => block(check, Infinity))
    .filter((check) => check.trim() !== "" && check.length <= sessionFileLimits.checkChars)

function flatNotes(notes: SessionNotes, text: (one: string) => string): SessionNotes {
  return {
    gaps: bullets(notes.gaps, text),
    mergeConflicts: bullets(notes.mergeConflicts, text),
    refusedEdits: bullets(notes.refusedEdits, text),
    warnings: bullets(notes.warnings, text),
    kept: bullets(notes.kept, text),
  }
}

function flatComparison(comparison: SpeculativeComparison, text: (one: string) => string): SpeculativeComparison {
  const name = (one: string): string => flat(one, sessionFileLimits.nameChars)
  return {
    direction: flat(comparison.direction, sessionFileLimits.directionChars),
    strategies: whole(comparison.strategies, 0),
    rows: comparison.rows.slice(0, sessionFileLimits.bullets).map((row): ComparedStrategy => ({
      strategy: name(row.strategy),
      branch: name(row.branch),
      status: name(row.status),
      typecheck: name(row.typecheck),
      notes: text(row.notes),
    })),
    winner: comparison.winner === null ? null : name(comparison.winner) || null,
    merged: comparison.merged === null ? null : name(comparison.merged) || null,
  }
}

const bullets = (texts: readonly string[], text: (one: string) => string): string[] =>
  texts
    .map(text)
    .filter((one) => !isNothing(one))
    .slice(-sessionFileLimits.bullets)

const listed = (items: readonly string[], charsMax: number): string[] => items.map((item) => flat(item, charsMax)).filter((item) => !isNothing(item))

const said = (text: string): string | null => {
  const one = flat(text, sessionFileLimits.nameChars)
  return isNothing(one) ? null : one
}

const whole = (number: number, least: number): number => (Number.isFinite(number) ? Math.min(Math.max(Math.round(number), least), 999_999_999) : least)
