/** docs/reference/api.md, from the registry and its OpenAPI document. */
import type { Exposure, Operation, Tag } from "../../../protocol/api/operation.ts"
import { allOperations } from "../../../protocol/api/registry.ts"
import { openapiDocument } from "./document.ts"

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly description?: string
  readonly default?: unknown
}
interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
  readonly description?: string
}
interface Entry {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: Schema } } }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>
}
interface Document {
  readonly info: { readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Entry>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const tags: readonly Tag[] = ["hub", "plans", "runs", "campaigns", "tasks", "sessions", "approvals", "coordination", "events", "webhooks"]

export function apiReference(): string {
  // Of our own making: the parts that are read here are there.
  const document = openapiDocument() as unknown as Document
  const table = allOperations.map(
    ([id, of]) =>
      `| [\`${of.method.toUpperCase()} ${of.path}\`](#${id.toLowerCase()}) | ${of.permission} | ${exposed(of.cli, "fleet ")} | ${exposed(of.mcp, "")} |`,
  )
  return [
    "# The native API",
    "<!-- Made by scripts/generate-api.ts from src/protocol/api: not to be changed by hand. -->",
    document.info.description,
    'The same as a document for programs: [schema/openapi.json](../../schema/openapi.json), and `GET /openapi.json` of a hub. A typed client comes with the package: `import { fleetClient } from "agent-fleet/client"`.',
    "## Operations",
    ["| operation | permission | command | MCP tool |", "|---|---|---|---|", ...table].join("\n"),
    ...tags.flatMap((tag) => sectionOf(tag, document)),
    "## Schemas",
    ...Object.entries(document.components.schemas).flatMap(([name, schema]) => schemaOf(name, schema)),
    "",
  ].join("\n\n")
}

const exposed = (exposure: Exposure, before: string): string => (typeof exposure === "string" ? `\`${before}${exposure}\`` : "")

function sectionOf(tag: Tag, document: Document): string[] {
  const heading = `## ${tag.slice(0, 1).toUpperCase()}${tag.slice(1)}`
  return [heading, ...allOperations.filter(([, of]) => of.tag === tag).flatMap(([id, of]) => operationOf(id, of, document))]
}

function operationOf(id: string, of: Operation, { paths }: Document): string[] {
  const entry = paths[of.path]?.[of.method]
  if (entry === undefined) throw new Error(`the document has no ${of.method} ${of.path}`)
  const parameters = (entry.parameters ?? []).filter((parameter) => parameter.in !== "header").map(parameterLine)
  const body =
    entry.requestBody === undefined
      ? []
      : [`Body: ${typeOf(entry.requestBody.content["application/json"].schema)}${of.bodyOptional ? ", may be left out" : ""}.`]
  return [
    `### ${id}`,
    `\`${of.method.toUpperCase()} ${of.path}\` · ${of.permission}. ${of.summary}. ${of.description}`,
    ...(parameters.length === 0 ? [] : [parameters.join("\n")]),
    ...body,
    answerLine(of, entry),
    ...notExposed(of),
  ]
}

function answerLine({ answer }: Operation, { responses }: Entry): string {
  const [schema] = Object.values(responses[String(answer.status)]?.content ?? {}).map((content) => content.schema)
  const located = answer.kind === "json" && answer.location !== null ? ", with `Location`" : ""
  const what = schema === undefined ? "" : ` ${typeOf(schema.allOf?.[1] ?? schema)}`
  return `Answer: ${answer.status}${answer.kind === "events" ? " `text/event-stream` of" : ""}${what}${located}.`
}

function notExposed({ cli, mcp }: Operation): string[] {
  const reasons = [...(typeof cli === "string" ? [] : [`No command: ${cli.none}.`]), ...(typeof mcp === "string" ? [] : [`No MCP tool: ${mcp.none}.`])]
  return reasons.length === 0 ? [] : [reasons.join(" ")]
}

const parameterLine = ({ name, schema, required, description }: Parameter): string =>
  `- \`${name}\` ${typeOf(schema)}${required === true ? "" : schema.default === undefined ? ", optional" : `, default \`${JSON.stringify(schema.default)}\``}${
    description === undefined ? "" : `: ${description}`
  }`

function schemaOf(name: string, schema: Schema): string[] {
  const fields = Object.entries(schema.properties ?? {}).map(([field, of]) => {
    const may = schema.required?.includes(field) === true ? "" : of.default === undefined ? ", optional" : `, default \`${JSON.stringify(of.default)}\``
    return `- \`${field}\` ${typeOf(of)}${may}${of.description === undefined ? "" : `: ${of.description}`}`
  })
  const choices = (schema.oneOf ?? []).map((one) => `- ${typeOf(one)}`)
  return [
    `### ${name}`,
    ...(schema.description === undefined ? [] : [schema.description]),
    ...([...fields, ...choices].length === 0 ? [] : [[...fields, ...choices].join("\n")]),
  ]
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)
    return `[${name}](#${name.toLowerCase()})`
  }
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${JSON.stringify(one)}\``).join(" or ")
  const several = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (several !== undefined) return several.map(typeOf).join(schema.allOf === undefined ? " or " : " and ")
  const names = typeof schema.type === "string" ? [schema.type] : (schema.type ?? ["anything"])
  return names.map((name) => named(name, schema)).join(" or ")
}

function named(name: string, { items, properties }: Schema): string {
  if (name === "array" && items !== undefined) return `array of ${typeOf(items)}`
  if (name === "object" && properties !== undefined)
    return `object (${Object.entries(properties)
      .map(([field, of]) => `\`${field}\` ${typeOf(of)}`)
      .join(", ")})`
  return name
}
