/**
 * The opencode servers of one driver. It grows when the ones there are hold as many sessions as they may, gives up those that answer slowly or have
 * grown too large, and ends those that nobody needs. A session that rests can be moved: its conversation is in opencode's own home.
 */
import type { Guest, Server } from "./server.ts"

export interface PoolLimits {
  /** Sessions of one server. */
  readonly sessionsMax: number
  /** A server without a session ends after this. */
  readonly idleMs: number
  /** Between two looks at a server. */
  readonly lookMs: number
  /** A server that does not answer in this time, twice in a row, gets no new sessions. */
  readonly answerMs: number
  readonly residentBytesMax: number
}

export const usualLimits: PoolLimits = {
  sessionsMax: 24,
  idleMs: 60_000,
  lookMs: 15_000,
  answerMs: 5_000,
  residentBytesMax: 2.5 * 1024 ** 3,
}

/** One of each kind of server is told apart by it: sessions that need another configuration get another server. */
type Kind = string

interface Slot {
  readonly kind: Kind
  readonly starting: Promise<Server>
  readonly leases: Set<Guest>
  server: Server | null
  open: boolean
  slow: number
  looking: NodeJS.Timeout | null
  idle: NodeJS.Timeout | null
}

export class Pool implements AsyncDisposable {
  readonly #limits: PoolLimits
  readonly #slots = new Set<Slot>()
  readonly #ending = new Set<Promise<void>>()

  constructor(limits: PoolLimits) {
    this.#limits = limits
  }

  /** The guest hears of the server's events from here on, until it is released. `start` is called when a server is missing. */
  async lease(guest: Guest, kind: Kind, start: () => Promise<Server>): Promise<Server> {
    const slot = this.#roomFor(kind) ?? this.#add(kind, start())
    slot.leases.add(guest)
    if (slot.idle !== null) clearTimeout(slot.idle)
    slot.idle = null
    try {
      const server = await slot.starting
      if (slot.leases.has(guest)) server.guests.add(guest)
      return server
    } catch (error) {
      this.#slots.delete(slot)
      throw error
    }
  }

  /** The other takes its place; when the server is gone meanwhile, it has none. */
  handOver(from: Guest, to: Guest): void {
    const slot = [...this.#slots].find((one) => one.leases.has(from))
    if (slot === undefined) return to.leave()
    slot.leases.add(to)
    slot.server?.guests.add(to)
    this.release(from)
  }

  /** Safe to call twice. */
  release(guest: Guest): void {
    for (const slot of this.#slots) {
      if (!slot.leases.delete(guest)) continue
      slot.server?.guests.delete(guest)
      if (slot.leases.size === 0) this.#unused(slot)
    }
  }

  /** Called by a guest whose turn has ended. */
  rested(guest: Guest): void {
    for (const slot of this.#slots) if (slot.leases.has(guest) && !slot.open) this.#part(slot, guest)
  }

  get size(): number {
    return this.#slots.size
  }

  #roomFor(kind: Kind): Slot | undefined {
    return [...this.#slots].find((slot) => slot.kind === kind && slot.open && slot.slow === 0 && slot.leases.size < this.#limits.sessionsMax)
  }

  #add(kind: Kind, starting: Promise<Server>): Slot {
    const slot: Slot = { kind, starting, leases: new Set(), server: null, open: true, slow: 0, looking: null, idle: null }
    this.#slots.add(slot)
    starting.then(
      (server) => this.#started(slot, server),
      () => this.#slots.delete(slot),
    )
    return slot
  }

  #started(slot: Slot, server: Server): void {
    slot.server = server
    slot.looking = setInterval(() => void this.#look(slot, server), this.#limits.lookMs)
    slot.looking.unref()
    void server.gone.then(() => this.#forget(slot))
    // Whoever it was started for has given up meanwhile.
    if (slot.leases.size === 0) this.#unused(slot)
  }

  async #look(slot: Slot, server: Server): Promise<void> {
    const { answerMs, residentBytesMax } = this.#limits
    const answered = await server.api.get("/global/health", null, answerMs).then(
      () => true,
      () => false,
    )
    slot.slow = answered ? 0 : slot.slow + 1
    const resident = await server.residentBytes()
    if (slot.slow >= 2 || (resident !== null && resident > residentBytesMax)) this.#drain(slot)
  }

  /** No new sessions; those that rest leave at once, the others when their turn has ended. */
  #drain(slot: Slot): void {
    slot.open = false
    for (const guest of slot.leases) if (guest.rests) this.#part(slot, guest)
  }

  #part(slot: Slot, guest: Guest): void {
    slot.leases.delete(guest)
    slot.server?.guests.delete(guest)
    guest.leave()
    if (slot.leases.size === 0) this.#unused(slot)
  }

  #unused(slot: Slot): void {
    if (!slot.open) return this.#end(slot)
    if (slot.idle !== null) clearTimeout(slot.idle)
    slot.idle = setTimeout(() => this.#end(slot), this.#limits.idleMs)
    slot.idle.unref()
  }

  #end(slot: Slot): void {
    this.#forget(slot)
    const ended = slot.starting.then((server) => server.end()).catch(() => undefined)
    this.#ending.add(ended)
    void ended.then(() => this.#ending.delete(ended))
  }

  #forget(slot: Slot): void {
    slot.open = false
    this.#slots.delete(slot)
    if (slot.looking !== null) clearInterval(slot.looking)
    if (slot.idle !== null) clearTimeout(slot.idle)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const slot of this.#slots) this.#end(slot)
    await Promise.all(this.#ending)
  }
}
