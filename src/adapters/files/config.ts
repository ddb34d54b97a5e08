/** Reads the user's config. A file that is not there is an empty config; one that cannot be read or understood is a fault, never ignored. */
import { readFile } from "node:fs/promises"
import { LineCounter, parseDocument, type Document } from "yaml"
import type { z } from "zod"
import { fault, FaultError } from "../../domain/fault.ts"
import { didYouMean } from "../../domain/plan/did-you-mean.ts"
import { config, emptyConfig, type Config } from "../../protocol/config.ts"

/** Rejects with a `FaultError` that names every line that is wrong. */
export async function readConfig(file: string): Promise<Config> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw new FaultError(fault("config-unreadable", `${file} cannot be read`, error.message, `make it readable: chmod u+r ${file}, or remove it`), {
      cause: error,
    })
  })
  return text === null ? emptyConfig : parseConfig(text, file)
}

/** `file` is only named in faults. */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [syntax] = document.errors
  if (syntax !== undefined) throw wrong(file, [`line ${lines.linePos(syntax.pos[0]).line}: ${syntax.message}`])
  const parsed = config.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {})
  if (parsed.success) return parsed.data
  throw wrong(
    file,
    parsed.error.issues.flatMap((issue) => explain(issue, document, lines)),
  )
}

function wrong(file: string, faults: readonly string[]): FaultError {
  const what = faults.length === 1 ? `${file} has a fault` : `${file} has ${faults.length} faults`
  return new FaultError(fault("config-invalid", what, faults.join("; "), `correct ${faults.length === 1 ? "it" : "them"} in ${file} and try again`))
}

function explain(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string[] {
  if (issue.code !== "unrecognized_keys") return [`${place(document, lines, issue.path, false)}: ${dotted(issue.path)} ${lower(issue.message)}`]
  const known = knownKeys(issue.path)
  return issue.keys.map((key) => {
    const path = [...issue.path, key]
    const meant = didYouMean(key, known)
    return `${place(document, lines, path, true)}: unknown key "${dotted(path)}"${meant === null ? "" : `, did you mean "${meant}"?`}`
  })
}

const dotted = (path: readonly PropertyKey[]): string => (path.length === 0 ? "the file" : path.map(String).join("."))
const lower = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1)

/** Where a value stands, or its key when `ofKey`. The nearest thing around it when it is not there at all. */
function place(document: Document, lines: LineCounter, path: readonly PropertyKey[], ofKey: boolean): string {
  for (let length = path.length; length > 0; length--) {
    const offset = ofKey && length === path.length ? keyOffset(document, path) : rangeStart(document.getIn(path.slice(0, length), true))
    if (offset !== null) return `line ${lines.linePos(offset).line}`
  }
  return "line 1"
}

function keyOffset(document: Document, path: readonly PropertyKey[]): number | null {
  const around = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const items: unknown = typeof around === "object" && around !== null && "items" in around ? around.items : null
  if (!Array.isArray(items)) return null
  const pair = (items as readonly { key?: { value?: unknown } }[]).find((item) => String(item.key?.value) === String(path.at(-1)))
  return rangeStart(pair?.key)
}

function rangeStart(node: unknown): number | null {
  const range: unknown = typeof node === "object" && node !== null && "range" in node ? node.range : null
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : null
}

/** The keys that the schema knows where an unknown one was found. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = config
  for (const step of path) schema = below(unwrapped(schema), String(step))
  const shape = shapeOf(unwrapped(schema))
  return shape === null ? [] : Object.keys(shape)
}

interface Inside {
  readonly innerType?: unknown
  readonly shape?: Readonly<Record<string, unknown>>
  readonly valueType?: unknown
  readonly element?: unknown
}
const inside = (schema: unknown): Inside => ((schema as { def?: Inside } | undefined)?.def ?? {}) as Inside
const shapeOf = (schema: unknown): Readonly<Record<string, unknown>> | null => inside(schema).shape ?? null

function unwrapped(schema: unknown): unknown {
  let inner = schema
  while (inside(inner).innerType !== undefined) inner = inside(inner).innerType
  return inner
}

function below(schema: unknown, step: string): unknown {
  const { shape, valueType, element } = inside(schema)
  return shape?.[step] ?? valueType ?? element
}
