/** Changes one value in a JSON text that a person wrote, and leaves every other character as it stands: order, indentation, numbers. */
import { isMap, isNode, parseDocument, type Document, type YAMLMap } from "yaml"

export type JsonScalar = string | number | boolean | null

/**
 * `text` is a JSON object; what is missing on the way to `path` is made, and what stands in its way is replaced. Where the place cannot
 * be told from the text (a key that is there twice), the whole is written anew with the same indentation.
 */
export function setInJson(text: string, path: readonly [string, ...string[]], value: JsonScalar): string {
  const wanted = setIn(JSON.parse(text), path, value)
  const spliced = splice(text, path, value)
  if (spliced !== null && same(spliced, wanted)) return spliced
  return `${JSON.stringify(wanted, null, indentOf(text) || 2)}\n`
}

function same(text: string, wanted: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(wanted)
  } catch {
    return false
  }
}

function setIn(of: unknown, [key, ...rest]: readonly string[], value: JsonScalar): unknown {
  if (key === undefined) return value
  const object = isObject(of) ? of : {}
  const held = Object.hasOwn(object, key) ? object[key] : undefined
  // By entries, so that a key called `__proto__` stays a key.
  const inside = setIn(held, rest, value)
  const entries = Object.entries(object).map(([name, old]): [string, unknown] => [name, name === key ? inside : old])
  return Object.fromEntries(Object.hasOwn(object, key) ? entries : [...entries, [key, inside]])
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value)

/** Null when the text's own structure cannot be found. */
function splice(text: string, path: readonly string[], value: JsonScalar): string | null {
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, version: "1.2" })
  if (document.errors.length > 0) return null
  for (let depth = path.length; depth > 0; depth--) {
    const node = nodeAt(document, path.slice(0, depth))
    // A map on the way is gone into; anything else that stands there is replaced.
    if (node !== null) return replace(text, node, rendered(text, path.slice(depth), value, depth))
    const around = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true)
    if (isMap(around)) return insert(text, around, path.slice(depth - 1), value, depth)
  }
  return null
}

type Range = readonly [number, number]

function nodeAt(document: Document, path: readonly string[]): Range | null {
  const node: unknown = document.getIn(path, true)
  return isNode(node) && node.range ? [node.range[0], node.range[1]] : null
}

const replace = (text: string, [from, to]: Range, by: string): string => text.slice(0, from) + by + text.slice(to)

function insert(text: string, map: YAMLMap, path: readonly string[], value: JsonScalar, depth: number): string | null {
  const [key = ""] = path
  const entry = `${JSON.stringify(key)}: ${rendered(text, path.slice(1), value, depth)}`
  if (!map.range) return null
  const last = map.items.at(-1)?.value
  const lineStart = `${newline(text)}${indent(text).repeat(depth)}`
  if (!isNode(last) || !last.range) {
    const isEmpty = map.items.length === 0
    return isEmpty ? replace(text, [map.range[0], map.range[1]], `{${lineStart}${entry}${newline(text)}${indent(text).repeat(depth - 1)}}`) : null
  }
  const isOneLine = !text.slice(map.range[0], map.range[1]).includes("\n")
  return replace(text, [last.range[1], last.range[1]], isOneLine ? `, ${entry}` : `,${lineStart}${entry}`)
}

/** The value inside of the objects that are still missing around it. */
function rendered(text: string, missing: readonly string[], value: JsonScalar, depth: number): string {
  const [key, ...rest] = missing
  if (key === undefined) return JSON.stringify(value)
  const line = (level: number): string => `${newline(text)}${indent(text).repeat(level)}`
  return `{${line(depth + 1)}${JSON.stringify(key)}: ${rendered(text, rest, value, depth + 1)}${line(depth)}}`
}

const newline = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n")
const indentOf = (text: string): string => /\n([ \t]+)"/.exec(text)?.[1] ?? ""
const indent = (text: string): string => indentOf(text) || "  "
