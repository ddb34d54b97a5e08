/** The token that guards the TCP port: made once, readable by its owner alone. */
import { randomBytes } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"

export function readToken(file: string): string {
  try {
    const token = readFileSync(file, "utf8").trim()
    if (token.length >= 32) return token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
  }
  const token = randomBytes(32).toString("base64url")
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  return token
}
