/** The client's types from an OpenAPI document. Apart from the rest because openapi-typescript prints by TypeScript's compiler API, which TypeScript 7.0 does not ship. */
import openapiTypes, { astToString } from "openapi-typescript"

const head = "/** Made from schema/openapi.json by scripts/generate-api.ts: not to be changed by hand. */\n"

export async function typesOf(document: string): Promise<string> {
  return `${head}${astToString(await openapiTypes(document, { alphabetize: false, defaultNonNullable: false }))}`
}
