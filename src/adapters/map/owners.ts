/** The CODEOWNERS file of a checkout, from the first of the places where forges look for it. */
import { constants } from "node:fs"
import { open } from "node:fs/promises"
import path from "node:path"
import type { OwnerRule } from "../../domain/map/map.ts"
import { readOwnerRules } from "../../domain/map/ownership.ts"

const bytesMax = 256 * 1024
const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]

/** None where there is none, or it is too large to be one. */
export async function readOwners(root: string): Promise<OwnerRule[]> {
  for (const place of places) {
    const handle = await open(path.join(root, place), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null)
    if (handle === null) continue
    await using opened = handle
    const found = await opened.stat()
    if (found.isFile() && found.size <= bytesMax) return readOwnerRules(await opened.readFile("utf8"))
  }
  return []
}
