/** The secrets that guard the TCP port: the person's token, and the key by which each session's own token is made and known again. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { id, type SessionId } from "../../domain/ids.ts"

const secretCharsMin = 32
const prefix = "fleet_"
const tokenCharsMax = 1_024

/** Made once, readable by its owner alone. A file that others could read is closed to them, and counts on. */
export function readToken(file: string): string {
  const known = readSecret(file)
  if (known !== null) return known
  const made = randomBytes(32).toString("base64url")
  try {
    writeFileSync(file, `${made}\n`, { mode: 0o600, flag: "wx" })
    return made
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    // It was empty or cut off: a secret that short is none.
    writeFileSync(file, `${made}\n`)
    return made
  }
}

function readSecret(file: string): string | null {
  try {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
    const secret = readFileSync(file, "utf8").trim()
    return secret.length < secretCharsMin ? null : secret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}

/** `FLEET_TOKEN` of a session: says who it is, and proves that this hub gave it out. */
export function agentToken(secret: string, session: SessionId): string {
  return `${prefix}${Buffer.from(session).toString("base64url")}.${seal(secret, session)}`
}

/** The session that a token was made for with this secret, or null. Whether it still lives is for others to say. */
export function agentOf(secret: string, token: string): SessionId | null {
  const dot = token.indexOf(".")
  if (!token.startsWith(prefix) || dot < 0 || token.length > tokenCharsMax) return null
  const session = Buffer.from(token.slice(prefix.length, dot), "base64url").toString("utf8")
  // The whole token is compared, not its parts: base64 has several spellings of one text.
  return session !== "" && same(token, agentToken(secret, id(session))) ? id(session) : null
}

/** In the same time wherever they differ. */
export function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const seal = (secret: string, session: string): string => createHmac("sha256", secret).update(`session\0${session}`).digest("base64url")
