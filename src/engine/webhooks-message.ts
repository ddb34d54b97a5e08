/** An event as a webhook is told of it: CloudEvents 1.0 with the view that the API shows. */
import type { Event } from "../domain/project/events.ts"
import { topicOf } from "../domain/webhook/topic.ts"
import type { Webhook } from "../domain/webhook/webhook.ts"
import { viewEvent } from "./views/milestone.ts"
import type { Stored } from "./ports/store.ts"

const textCharsMax = 16 * 1024

/** A webhook that is being tried is told of that whatever its topics are; the trial of another is nobody else's matter. */
export function concerns({ id, topics }: Webhook, event: Event): boolean {
  if (event.type === "webhook.tested") return event.webhook === id
  const topic = topicOf(event.type)
  return topic !== null && (topics.length === 0 || topics.includes(topic))
}

/** `source` says which hub it is, for receivers that hear several. */
export function messageOf(stored: Stored<Event>, source: string): string {
  const view = viewEvent(stored)
  const subject = view.session ?? (view.run === null ? null : view.task === null ? view.run : `${view.run}/${view.task}`)
  return JSON.stringify({
    specversion: "1.0",
    id: String(stored.number),
    source,
    type: `fleet.${view.type}`,
    ...(subject === null ? {} : { subject }),
    time: new Date(stored.at).toISOString(),
    datacontenttype: "application/json",
    data: { schema_version: 1, ...view, text: view.text.length > textCharsMax ? `${view.text.slice(0, textCharsMax)}…` : view.text },
  })
}
