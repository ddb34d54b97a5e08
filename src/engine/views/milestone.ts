/** An event as one line of a log. */
import { sayFailure } from "../../domain/attempt/failure.ts"
import type { ApprovalEvent } from "../../domain/approval/approval.ts"
import type { AttemptEvent } from "../../domain/attempt/attempt.ts"
import type { LandingEvent } from "../../domain/landing/landing.ts"
import { byNoun, type Event } from "../../domain/project/events.ts"
import type { Collected } from "../../domain/worker/job-result.ts"
import type { CallbackEvent } from "../../domain/callback/callback.ts"
import type { ClaimEvent } from "../../domain/claim/claim.ts"
import { scopeText } from "../../domain/scope/normalise.ts"
import type { SessionEvent } from "../../domain/session/session.ts"
import type { WebhookEvent } from "../../domain/webhook/webhook.ts"
import type { WorkerEvent } from "../../domain/worker/worker.ts"
import type { Stored } from "../ports/store.ts"
import type { EventView } from "../../protocol/views.ts"
import { sayRun, sayTask } from "./milestone-run.ts"

const toldCharsMax = 200

export function viewEvent({ number, at, event }: Stored<Event>): EventView {
  const task = "task" in event ? event.task : null
  const slash = task?.indexOf("/") ?? -1
  const run = "run" in event ? event.run : task === null ? null : task.slice(0, slash)
  return {
    number,
    at,
    type: event.type,
    run,
    task: task === null ? null : task.slice(slash + 1),
    session: sessionOf(event),
    message: "message" in event ? event.message : null,
    text: say(event),
  }
}

/** Of a callback, the session that it tells of; of a question, the one that asks. */
function sessionOf(event: Event): string | null {
  if ("session" in event) return event.session
  if ("from" in event) return event.from
  return event.type === "approval.opened" && event.about.kind === "permission" ? event.about.session : null
}

function say(event: Event): string {
  return byNoun(event, {
    run: sayRun,
    task: sayTask,
    attempt: sayAttempt,
    approval: sayApproval,
    landing: sayLanding,
    worker: sayWorker,
    session: saySession,
    callback: sayCallback,
    claim: sayClaim,
    discovery: (event) => `found out: ${event.text.slice(0, toldCharsMax)}`,
    webhook: sayWebhook,
    timer: () => "a wait is over",
  })
}

function sayAttempt(event: AttemptEvent): string {
  switch (event.type) {
    case "attempt.started":
      return `attempt ${event.number} with ${event.agent} on ${event.worker} (${event.reason})`
    case "attempt.prepared":
      return `workspace ${event.prepared.path}${event.prepared.reused ? " (reused)" : ""}${event.prepared.conflicted.length === 0 ? "" : `, ${event.prepared.conflicted.length} files in conflict`}`
    case "session.opened":
      return event.opened.resumed ? "session resumed" : "session opened"
    case "turn.started":
      return "the agent acknowledged the prompt"
    case "session.told":
      return `told by ${event.by}: ${event.text.length > toldCharsMax ? `${event.text.slice(0, toldCharsMax)}…` : event.text}`
    case "session.heard":
      return "the agent took the message"
    case "session.unheard":
      return sayUnheard(event.why)
    case "turn.ended":
      return `turn ${event.outcome.how}`
    case "attempt.closing":
      return "the session is being ended"
    case "attempt.closed":
      return event.swept === 0 ? "the session has ended" : `the session has ended; ${event.swept} processes left behind were ended too`
    case "attempt.collected":
      return sayCollected(event.collected, event.outside)
    case "attempt.reading":
      return "its plan is being read"
    case "attempt.measuring":
      return "is being measured"
    case "attempt.ended":
      return event.end.how === "failed" ? `attempt not accepted: ${sayFailure(event.end.failure)}` : event.end.how === "proved" ? "proved" : "attempt stopped"
  }
}

function sayUnheard(why: "cannot" | "over" | "unknown"): string {
  switch (why) {
    case "cannot":
      return "the agent cannot be told anything while it works; the message was not delivered"
    case "over":
      return "the agent's turn was over; the message was not delivered"
    case "unknown":
      return "the session ended, and nobody knows whether the agent took the message"
  }
}

function sayApproval(event: ApprovalEvent): string {
  switch (event.type) {
    case "approval.opened":
      return `${event.approval} asks: ${event.question}`
    case "approval.answered":
      return `${event.approval} ${event.allow ? "allowed" : "denied"} by ${event.by}`
    case "approval.withdrawn":
      return `${event.approval} needs no answer any more: ${event.why}`
  }
}

function sayLanding(event: LandingEvent): string {
  switch (event.type) {
    case "landing.queued":
      return "waits in the landing queue"
    case "landing.asked":
      return "waits for a person to let its wave land"
    case "landing.started":
      return "is being landed"
    case "landing.held":
      return `landing held: ${event.fault.what}: ${event.fault.why}`
    case "landing.ended":
      return `landing ${event.how}`
  }
}

function sayWebhook(event: WebhookEvent): string {
  switch (event.type) {
    case "webhook.added":
      return `webhook ${event.webhook} is told of ${event.topics.length === 0 ? "everything" : event.topics.join(", ")}`
    case "webhook.tested":
      return `webhook ${event.webhook} is tried`
    case "webhook.disabled":
      return `webhook ${event.webhook} is told no more: ${event.reason}`
    case "webhook.enabled":
      return `webhook ${event.webhook} is told again`
    case "webhook.removed":
      return `webhook ${event.webhook} is removed`
  }
}

function sayWorker(event: WorkerEvent): string {
  switch (event.type) {
    case "worker.joined":
      return `worker ${event.worker} connected with ${event.offer.slots} slots`
    case "worker.heard":
      return `report ${event.sequence} of ${event.worker} was heard`
    case "worker.away":
      return `worker ${event.worker} is away`
    case "worker.lost":
      return `worker ${event.worker} is lost: its attempts are fenced`
    case "agent.cooling":
      return `the provider of ${event.agent} asks to wait`
  }
}

function saySession(event: SessionEvent): string {
  switch (event.type) {
    case "session.created":
      return `session "${event.terms.title}" with ${event.terms.agent}, asked for by ${event.by}`
    case "session.preparing":
      return "its checkout is being made"
    case "session.prepared":
      return `works in ${event.prepared.path}`
    case "session.opening":
      return "its agent is being opened"
    case "session.ready":
      return event.opened.resumed ? "its agent is open, with the conversation that it had" : "its agent is open"
    case "session.undoing":
    case "session.failed":
      return `could not be made: ${event.fault.what}: ${event.fault.why}`
    case "session.queued":
      return `prompted by ${event.prompt.by}`
    case "session.prompted":
      return `turn ${event.turn} is handed to its agent`
    case "session.working":
      return "the agent acknowledged the prompt"
    case "session.stopping":
      return event.why === "limit" ? "its turn takes too long and is being stopped" : `its turn is being stopped, asked by ${event.by}`
    case "session.cut":
      return `its turn was cut off and goes on: ${event.why}`
    case "session.turned":
      return `turn ${event.end.number} ${event.end.how}${event.end.why === null ? "" : `: ${event.end.why}`}`
    case "session.surveyed":
      return event.survey === null ? "what it changed could not be seen" : `${event.survey.files.length} files changed so far`
    case "session.renamed":
      return `is now called "${event.title}"`
    case "session.closing":
      return "its agent is being ended"
    case "session.asleep":
      return `sleeps: ${event.why}`
    case "session.clinging":
      return `has not ended yet: ${event.fault.what}: ${event.fault.why}`
    case "session.extended":
      return "gets more time, because a person is asked"
    case "session.ended":
      return `ended by ${event.by}`
    case "session.releasing":
      return "its checkout is being given back"
    case "session.kept":
      return `its checkout could not be given back: ${event.fault.what}: ${event.fault.why}`
    case "session.released":
      return event.salvage === null ? "its checkout is given back" : `what was on no branch is kept as ${event.salvage}`
    case "session.handed-off":
      return `hands off: ${event.items.join("; ").slice(0, toldCharsMax)}`
    case "session.removed":
      return "deleted"
  }
}

function sayClaim(event: ClaimEvent): string {
  switch (event.type) {
    case "claim.taken":
      return `${event.holder} claims ${event.scopes.map(scopeText).join(", ")} as ${event.claim}`
    case "claim.renewed":
      return `${event.claim} is held longer`
    case "claim.ended":
      return event.how === "lapsed" ? `the lease of ${event.claim} ran out` : `${event.claim} was given back`
  }
}

function sayCallback(event: CallbackEvent): string {
  switch (event.type) {
    case "callback.due":
      return `${event.callback} tells ${event.to} that turn ${event.turn} ${event.news.how === "completed" ? "completed" : "failed"}`
    case "callback.described":
      return `${event.callback} is ready`
    case "callback.queued":
      return `${event.callback} is among the prompts of its receiver`
    case "callback.returned":
      return `${event.callback} was not heard, and waits`
    case "callback.delivered":
      return `${event.callback} was acknowledged by its receiver`
    case "callback.dropped":
      return `${event.callback} will not be heard: ${event.why}`
  }
}

function sayCollected(collected: Collected, outside: readonly string[]): string {
  return [
    `${collected.commits} commits, ${collected.files.length} files`,
    collected.committedByFleet ? "what was left uncommitted was committed by Fleet" : null,
    outside.length === 0 ? null : `${outside.length} outside the scope`,
    collected.embedded.length === 0 ? null : `left out repositories that were made inside: ${collected.embedded.slice(0, 5).join(", ")}`,
  ]
    .filter((part) => part !== null)
    .join("; ")
}
