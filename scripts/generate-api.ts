/** Writes schema/openapi.json, the types of src/client and docs/reference/api.md from the registry of operations. Run by hand; a test says when it has to be. */
import { writeFileSync } from "node:fs"
import path from "node:path"
import { openapiDocument } from "../src/surfaces/http/native/document.ts"
import { apiReference } from "../src/surfaces/http/native/reference.ts"
import { typesOf } from "./client-types/types-of.ts"

const root = path.resolve(import.meta.dirname, "..")

export interface Generated {
  readonly file: string
  readonly text: string
}

export async function generated(): Promise<readonly Generated[]> {
  const document = `${JSON.stringify(openapiDocument(), null, 2)}\n`
  return [
    { file: "schema/openapi.json", text: document },
    { file: "src/client/openapi.ts", text: await typesOf(document) },
    { file: "docs/reference/api.md", text: apiReference() },
  ]
}

if (import.meta.main)
  for (const { file, text } of await generated()) {
    writeFileSync(path.join(root, file), text)
    console.log(`wrote ${file}`)
  }
