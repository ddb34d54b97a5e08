/** Long lists in pages. A cursor names the last item that was given, not a place, so what comes and goes between two pages shifts nothing. */
import { fault, FaultError } from "../../../domain/fault.ts"
import type { Page } from "../../../protocol/api/schemas/fields.ts"

export interface Asked {
  readonly limit: number
  readonly cursor?: string | undefined
}
/** By a number, then by an id: together they must be unique. */
export interface Order<Item> {
  readonly number: (item: Item) => number
  readonly id: (item: Item) => string
  readonly first: "highest" | "lowest"
}

export function pageOf<Item>(items: Iterable<Item>, { limit, cursor }: Asked, order: Order<Item>): Page<Item> {
  const last = cursor === undefined ? null : readCursor(cursor)
  const sorted = [...items].map((item) => ({ item, key: [order.number(item), order.id(item)] as const }))
  sorted.sort((a, b) => compare(a.key, b.key, order.first))
  const rest = last === null ? sorted : sorted.filter(({ key }) => compare(key, last, order.first) > 0)
  const page = rest.slice(0, limit)
  const end = page.at(-1)
  return { items: page.map(({ item }) => item), next_cursor: end === undefined || rest.length <= limit ? null : writeCursor(end.key) }
}

/** The same with what is shown of each. */
export const shown = <Item, View>({ items, next_cursor }: Page<Item>, view: (item: Item) => View): Page<View> => ({ items: items.map(view), next_cursor })

/** Of a list that is always short. */
export const whole = <Item>(items: readonly Item[]): Page<Item> => ({ items, next_cursor: null })

type Key = readonly [number: number, id: string]

function compare([a, idA]: Key, [b, idB]: Key, first: "highest" | "lowest"): number {
  const ascending = a - b || (idA < idB ? -1 : idA > idB ? 1 : 0)
  return first === "lowest" ? ascending : -ascending
}

const writeCursor = (key: Key): string => Buffer.from(JSON.stringify(key)).toString("base64url")

function readCursor(cursor: string): Key {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"))
    if (Array.isArray(key) && key.length === 2 && typeof key[0] === "number" && typeof key[1] === "string") return [key[0], key[1]]
  } catch {
    // Said below: it is no cursor, however it fails to be one.
  }
  throw new FaultError(fault("bad-cursor", "the cursor is none", "it was not made by this hub", "send `next_cursor` back as it came, or leave it out"))
}
