/** The CODEOWNERS file of a checkout, from the first of the places where forges look for it. */
import path from "node:path"
import type { OwnerRule } from "../../domain/map/map.ts"
import { readOwnerRules } from "../../domain/map/ownership.ts"
import { readPlain } from "../../runtime/plain-file.ts"

const bytesMax = 256 * 1024
const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]

/** None where there is none, or it is too large to be one. */
export async function readOwners(root: string): Promise<OwnerRule[]> {
  for (const place of places) {
    const found = await readPlain(path.join(root, place), bytesMax)
    if (found?.ok === true) return readOwnerRules(found.text)
  }
  return []
}
