/** What a session's agent asks and waits for. Policy answers at once; the rest waits for a person, for as long as it takes. */
import type { SessionId } from "../domain/ids.ts"
import type { PermissionRequest } from "../domain/session/turn.ts"
import type { Report } from "../domain/worker/job-result.ts"

export interface PermissionsOptions {
  readonly session: SessionId
  readonly decide: (request: PermissionRequest) => "allow" | "deny" | "ask"
  /** Tells the agent. False when it no longer waits. */
  readonly answer: (permission: string, allow: boolean, note: string | null) => Promise<boolean>
  readonly report: (report: Report) => void
  readonly transcribe: (text: string) => void
  /** The agent begins or ceases to wait for a person. */
  readonly waits: (waiting: boolean) => void
}

/** An agent that asks more than this at once is out of its mind: what comes on top is denied. */
const waitingMax = 1_000
const titleCharsMax = 2_000
const nameCharsMax = 1_000

/** What the hub can hand back in an answer. */
const isName = (permission: string): boolean => permission.length > 0 && permission.length <= nameCharsMax

export class Permissions {
  readonly #options: PermissionsOptions
  readonly #waiting = new Map<string, PermissionRequest>()

  constructor(options: PermissionsOptions) {
    this.#options = options
  }

  asked(request: PermissionRequest): void {
    const { session, decide, report, transcribe, waits } = this.#options
    const title = request.title.slice(0, titleCharsMax)
    const decision = this.#waiting.size >= waitingMax || !isName(request.permission) ? "deny" : decide(request)
    if (decision !== "ask") {
      transcribe(`${decision === "allow" ? "allowed" : "denied"} by policy: ${title}`)
      void this.#tell(request.permission, decision === "allow", decision === "deny" ? "Denied by policy." : null)
      return
    }
    if (this.#waiting.has(request.permission)) return
    this.#waiting.set(request.permission, request)
    transcribe(`asked: ${title}`)
    waits(true)
    report({ type: "permission.asked", session, request })
  }

  /** False when nobody waits for this answer. */
  async answer(permission: string, allow: boolean, note: string | null): Promise<boolean> {
    const request = this.#forget(permission)
    if (request === null) return false
    const delivered = await this.#tell(permission, allow, note)
    const outcome = allow ? "allowed" : "denied"
    this.#options.transcribe(`${delivered ? outcome : `${outcome}, but the agent no longer waited`}: ${request.title.slice(0, titleCharsMax)}`)
    return delivered
  }

  withdrawn(permission: string): void {
    const request = this.#forget(permission)
    if (request === null) return
    this.#options.transcribe(`no longer asked: ${request.title.slice(0, titleCharsMax)}`)
    this.#options.report({ type: "permission.closed", session: this.#options.session, permission, by: "agent" })
  }

  /** The turn is over: whatever was asked in it needs no answer any more. */
  withdrawAll(): void {
    for (const permission of this.#waiting.keys()) this.withdrawn(permission)
  }

  #forget(permission: string): PermissionRequest | null {
    const request = this.#waiting.get(permission)
    if (request === undefined) return null
    this.#waiting.delete(permission)
    this.#options.waits(false)
    return request
  }

  async #tell(permission: string, allow: boolean, note: string | null): Promise<boolean> {
    return this.#options.answer(permission, allow, note).catch(() => false)
  }
}
