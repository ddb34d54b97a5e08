/** What was changed in a session file beside its queue. */
import { refusal, type QueueEdit } from "./queue-edit.ts"
import type { SessionFile, SessionNotes } from "./session-file.ts"

export function resultEdits(before: SessionFile, now: SessionFile): QueueEdit[] {
  const edits: QueueEdit[] = []
  if (before.direction !== now.direction && now.direction !== "") edits.push({ kind: "direction", direction: now.direction })
  edits.push(...sharedEdits(before, now))
  const { autoContinue } = now.continuation
  if (before.continuation.autoContinue !== autoContinue) edits.push({ kind: "auto-continue", autoContinue })
  return [...edits, ...orderEdits(before, now), ...refusedParts(before, now)]
}

/** A row that is added may bring its own. */
function orderEdits(before: SessionFile, now: SessionFile): QueueEdit[] {
  const edits = before.orders.flatMap((order): QueueEdit[] => {
    const other = now.orders.find(({ row }) => row === order.row)
    if (JSON.stringify(order) === JSON.stringify(other) || !now.queue.some(({ number }) => number === order.row)) return []
    return [
      refusal(
        order.row,
        "order-changed",
        `the work order of row ${order.row} was changed`,
        "its agents are told what was agreed to when the row began",
        "add a row with the work as you want it, and set the Status of this one to skip",
      ),
    ]
  })
  const why = "they were agreed to when the campaign began"
  const fix = "stop the campaign, change the file, and say: fleet continue"
  const of = ({ rules, setup }: SessionFile): string => JSON.stringify([rules, setup])
  if (JSON.stringify(before.checks) !== JSON.stringify(now.checks))
    edits.push(refusal(null, "checks-changed", "the checks of every merge were changed", why, fix))
  if (of(before) !== of(now)) edits.push(refusal(null, "rules-changed", "what holds for every agent was changed", why, fix))
  return edits
}

function sharedEdits(before: SessionFile, now: SessionFile): QueueEdit[] {
  const added = now.shared.filter((text) => !before.shared.includes(text)).map((text): QueueEdit => ({ kind: "share", text }))
  const gone = before.shared.filter((text) => !now.shared.includes(text)).length
  if (gone === 0) return added
  return [
    ...added,
    refusal(
      null,
      "shared-removed",
      `${gone === 1 ? "a line" : `${gone} lines`} of the Shared Context ${gone === 1 ? "was" : "were"} removed or changed`,
      "agents have been told it",
      "add a line that says what is true instead",
    ),
  ]
}

/** What Fleet says, and nobody else. */
function refusedParts(before: SessionFile, now: SessionFile): QueueEdit[] {
  const { autoContinue } = before.continuation
  const parts = [
    ["name", "the session's name", before.name, now.name],
    ["status", "the session's Status", before.status, now.status],
    ["started", "the session's Started", before.started, now.started],
    ["direction", "the session's Direction", before.direction === "", now.direction === "" || before.direction === ""],
    ["results", "the results of a wave", before.waves, now.waves],
    ["comparison", "the Speculative Comparison", before.comparison, now.comparison],
    ["continuation", "the Continuation State", before.continuation, { ...now.continuation, autoContinue }],
    ["notes", "a section of Fleet's own", ownNotes(before.notes), ownNotes(now.notes)],
  ] as const
  return parts.flatMap(([code, what, was, is]) =>
    JSON.stringify(was) === JSON.stringify(is)
      ? []
      : [
          refusal(
            null,
            `${code}-changed`,
            `${what} was changed`,
            "it says what Fleet saw or did",
            "nothing to do: Fleet writes it again; notes of your own go in a section of your own",
          ),
        ],
  )
}

/** Lines that could not be read come from the reading itself. */
const ownNotes = ({ gaps, mergeConflicts, refusedEdits, warnings }: SessionNotes): readonly (readonly string[])[] => [
  gaps,
  mergeConflicts,
  refusedEdits,
  warnings,
]
