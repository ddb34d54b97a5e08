/** Which events a client of the event stream wants, and from where on. */
import type { Context } from "hono"
import { fault, FaultError } from "../../domain/fault.ts"
import { topicOf, topics, type Topic } from "../../domain/webhook/topic.ts"
import type { Event } from "../../domain/project/events.ts"
import type { EventView } from "../../protocol/views.ts"

export interface Wanted {
  /** Null: all. */
  readonly topics: ReadonlySet<Topic> | null
  readonly run: string | null
  readonly session: string | null
}

export function wantedBy({ req }: Context): Wanted {
  const names = (req.queries("topics") ?? []).flatMap((text) => text.split(",")).filter((name) => name !== "")
  for (const name of names)
    if (!isTopic(name))
      throw new FaultError(
        fault("bad-topic", `there is no topic "${name}"`, `topics are ${topics.join(", ")}`, "name some of them, separated by commas, or none for all"),
      )
  return { topics: names.length === 0 ? null : new Set(names.filter(isTopic)), run: req.query("run") ?? null, session: req.query("session") ?? null }
}

/** The number of the last event that the client has seen; null: it wants those that come. What a reconnecting client sends counts more than its address. */
export function cursorOf({ req }: Context): number | null {
  const given = req.header("last-event-id") || req.query("after")
  if (given === undefined || given === "") return null
  if (!/^\d{1,15}$/.test(given))
    throw new FaultError(
      fault(
        "bad-cursor",
        `"${given.slice(0, 50)}" is no place in the events`,
        "it is not a number",
        "send the id of the last event that you saw, or leave it out",
      ),
    )
  return Number(given)
}

/** Clients that want the same have the same key. */
export function keyOf({ topics: of, run, session }: Wanted): string {
  return JSON.stringify([of === null ? null : [...of].toSorted(), run, session])
}

export function isWanted(wanted: Wanted, type: Event["type"], view: EventView): boolean {
  const topic = topicOf(type)
  if (topic === null || (wanted.topics !== null && !wanted.topics.has(topic))) return false
  if (wanted.run !== null && view.run !== wanted.run) return false
  return wanted.session === null || view.session === wanted.session || isOfTask(wanted.session, view)
}

/** The session of an attempt is called for its task: `<run>.<task>.<number>`. */
const isOfTask = (session: string, { run, task }: EventView): boolean => run !== null && task !== null && session.startsWith(`${run}.${task}.`)

function isTopic(name: string): name is Topic {
  return (topics as readonly string[]).includes(name)
}
