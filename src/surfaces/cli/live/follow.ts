/** Follows a run until it has settled, the person leaves, or nothing can go on without one. Survives a hub that is killed and comes back. */
import { existsSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import { fault, FaultError } from "../../../domain/fault.ts"
import type { ApprovalView, EventView, RunView } from "../../../protocol/views.ts"
import { HubClient, hubOf, socketOf } from "../client.ts"
import type { CliContext } from "../context.ts"
import { noHubCodes } from "../exit-codes.ts"
import type { ServerEvent } from "../server-events.ts"
import { ensureHub, hubNow } from "../start-hub.ts"
import type { Controls, Display } from "./display.ts"
import { waitsForPerson } from "./stuck.ts"

export interface FollowRequest {
  readonly context: CliContext
  readonly run: string
  /** Whether somebody sits there who can answer; if not, following ends where only a person can help. */
  readonly attended: boolean
  /** Following ends where this holds, because the person is asked about the run as a whole. */
  readonly pausesAt?: (run: RunView) => boolean
  /** What leaving means, where it is not to let the run go on. */
  readonly leaving?: string
  readonly display: (controls: Controls) => Display
}
export type FollowEnd =
  | { readonly how: "settled"; readonly run: RunView }
  | { readonly how: "needs-person"; readonly run: RunView }
  | { readonly how: "paused"; readonly run: RunView }
  /** `again` is false when the process was told to end, and no second Ctrl-C is to be waited for. */
  | { readonly how: "detached"; readonly again: boolean }

const certainMs = 1_000
const likelyMs = 60_000
const awayLimitMs = 15_000
const lookAgainMs = 200

export async function follow(request: FollowRequest): Promise<FollowEnd> {
  const { context } = request
  const client = hubOf(context)
  const leaving = new AbortController()
  const early = Promise.withResolvers<FollowEnd>()
  const leave = (end: FollowEnd): void => {
    early.resolve(end)
    leaving.abort()
  }
  const interrupt = (): void => leave({ how: "detached", again: true })
  const terminate = (): void => leave({ how: "detached", again: false })
  context.signals.on("SIGINT", interrupt)
  context.signals.on("SIGTERM", terminate)
  context.signals.on("SIGHUP", terminate)
  const answered = new Set<string>()
  const display = request.display({ interrupt, leaving: request.leaving ?? "detach", answer: (approval, allow) => answer(approval, allow) })
  const answer = (approval: ApprovalView, allow: boolean): void => {
    if (answered.has(approval.id)) return
    answered.add(approval.id)
    display.notice(`${allow ? "allowing" : "denying"} ${approval.id}`)
    client.answer(approval.id, allow, null).catch((error: unknown) => {
      answered.delete(approval.id)
      display.notice(error instanceof FaultError ? `${error.fault.what}: ${error.fault.why}` : String(error))
    })
  }
  const watch = new StuckWatch(request.attended, (run) => leave({ how: "needs-person", run }))
  const pause = (run: RunView): void => leave({ how: "paused", run })
  try {
    return await Promise.race([early.promise, untilSettled({ request, client, display, watch, pause }, leaving.signal)])
  } finally {
    leaving.abort()
    watch.end()
    display.end()
    context.signals.off("SIGINT", interrupt)
    context.signals.off("SIGTERM", terminate)
    context.signals.off("SIGHUP", terminate)
  }
}

interface Following {
  readonly request: FollowRequest
  readonly client: HubClient
  readonly display: Display
  readonly watch: StuckWatch
  readonly pause: (run: RunView) => void
}

async function untilSettled({ request, client, display, watch, pause }: Following, signal: AbortSignal): Promise<FollowEnd> {
  let after: number | null = null
  const take = (event: ServerEvent): boolean => {
    if (event.event === "end") return true
    if (event.event === "run") {
      const run = JSON.parse(event.data) as RunView
      watch.see(run)
      display.run(run)
      if (request.pausesAt?.(run) === true) pause(run)
    }
    if (event.event === "milestone") {
      after = Number(event.id)
      display.milestone(JSON.parse(event.data) as EventView)
    }
    return false
  }
  for (;;) {
    try {
      for await (const event of client.live(request.run, after, signal)) if (take(event)) return { how: "settled", run: await client.run(request.run) }
    } catch (error) {
      if (!isAway(error) || signal.aborted) throw error
    }
    display.notice("the hub is away: looking for it again")
    await hubBack(request, signal)
    display.notice("the hub is back")
  }
}

const isAway = (error: unknown): boolean => error instanceof FaultError && noHubCodes.has(error.fault.code)

/** A hub that was killed leaves its socket behind and is started again. One that was stopped takes it away: that was somebody's wish. */
async function hubBack(request: FollowRequest, signal: AbortSignal): Promise<void> {
  const { home } = request.context
  const limitAt = performance.now() + awayLimitMs
  while (performance.now() < limitAt) {
    if ((await hubNow(home)) !== null) return
    if (existsSync(socketOf(home))) return void (await ensureHub(request.context))
    await delay(lookAgainMs, undefined, { signal })
  }
  throw new FaultError(
    fault(
      "hub-absent",
      "the hub was stopped while the run was followed",
      "the run waits until a hub runs again",
      `start it and come back: fleet hub start && fleet watch ${request.run}`,
    ),
  )
}

/** Waits a moment before it says that only a person can help: what is queued may be about to start. */
class StuckWatch {
  readonly #stuck: (run: RunView) => void
  readonly #attended: boolean
  #seen: "no" | "likely" | "certain" = "no"
  #timer: NodeJS.Timeout | null = null
  constructor(attended: boolean, stuck: (run: RunView) => void) {
    this.#attended = attended
    this.#stuck = stuck
  }
  see(run: RunView): void {
    const now = this.#attended ? "no" : waitsForPerson(run)
    if (now === this.#seen && now === "no") return
    this.end()
    this.#seen = now
    if (now !== "no") this.#timer = setTimeout(() => this.#stuck(run), now === "certain" ? certainMs : likelyMs)
  }
  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
