/** Sessions as lines and tables of the terminal. Everything that comes from agents is stripped on the way. */
import type { SessionStatusName, SessionView } from "../../../../protocol/session-views.ts"
import type { Output } from "../../output.ts"
import type { Tone } from "../../style.ts"
import { tableLines, type Cell } from "../../table.ts"
import { counted, oneLine, plainLines, roughly } from "../../text.ts"

const tones: Readonly<Record<SessionStatusName, Tone>> = {
  starting: "blue",
  idle: "green",
  queued: "dim",
  working: "blue",
  "needs-you": "yellow",
  asleep: "dim",
  stopping: "yellow",
  ended: "dim",
  unknown: "red",
}

const idChars = 8
const saidLinesMax = 20

/** What a person types to name it. */
export const shortId = (id: string): string => (/^[0-9a-f]{8}-/.test(id) ? id.slice(0, idChars) : id)

export function sessionTable(sessions: readonly SessionView[], output: Output, now: number): string[] {
  const columns = [
    { title: "session" },
    { title: "state" },
    { title: "agent" },
    { title: "turns", align: "right" as const },
    { title: "since", align: "right" as const },
    { title: "title", grows: true },
  ]
  return tableLines(
    columns,
    sessions.map((session) => row(session, now)),
    output.columns,
    output.paint,
    output.signs.ellipsis,
  )
}

function row(session: SessionView, now: number): Cell[] {
  const of = session.task === null ? session.title : `${session.title} (task ${session.task})`
  return [
    { text: shortId(session.id) },
    { text: session.status, tone: tones[session.status] },
    { text: session.agent },
    { text: String(session.turns) },
    { text: roughly(now - session.changedAt) },
    { text: `${of}: ${session.reason}` },
  ]
}

export function sessionLines(session: SessionView, { paint }: Output, now: number): string[] {
  const { lastTurn } = session
  const about = [
    `${paint("bold", oneLine(session.title))}  ${paint(tones[session.status], session.status)}  ${oneLine(session.reason)}`,
    `id        ${session.id}${session.agentSession === null ? "" : `  (${oneLine(session.agent)} calls it ${oneLine(session.agentSession)})`}`,
    placeLine(session),
    ...(session.released && session.salvage !== null ? [`kept      uncommitted work kept as ${oneLine(session.salvage)}`] : []),
    ...(session.parent === null ? [] : [`made for  ${shortId(session.parent)}${session.notify === null ? "" : `, which is told when a turn ends`}`]),
    ...(session.children.length === 0 ? [] : [`children  ${session.children.map(shortId).join(", ")}`]),
    ...(session.waiting === 0 ? [] : [`waiting   ${counted(session.waiting, "prompt")}`]),
  ]
  if (lastTurn === null) return about
  const files = lastTurn.files === null ? "nobody could look at the files" : `${counted(lastTurn.files.length, "file")} changed so far`
  const said = plainLines(lastTurn.text).join("\n").trim()
  return [
    ...about,
    "",
    `turn ${lastTurn.number} ${lastTurn.how} ${roughly(now - lastTurn.endedAt)} ago, ${files}${lastTurn.why === null ? "" : `: ${oneLine(lastTurn.why)}`}`,
    ...(said === "" ? [] : said.split("\n").slice(-saidLinesMax)).map((line) => paint("dim", `  ${line}`)),
  ]
}

function placeLine({ directory, strategy, branch, released }: SessionView): string {
  const what = `${strategy}${branch === null ? "" : `, branch ${oneLine(branch)}`}`
  if (directory === null) return `works in  (not made yet)  (${what})`
  return released && strategy !== "existing" ? `worked in ${oneLine(directory)}  (given back; ${what})` : `works in  ${oneLine(directory)}  (${what})`
}
