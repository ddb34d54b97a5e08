/** A headless command line agent: obeys the script on its stdin (or in the file that it is given), prints what it says, exits with a code. */
import { readFileSync } from "node:fs"
import { text } from "node:stream/consumers"
import { perform, ProviderFailure, type Stage } from "../../../scripted/perform.ts"
import { parseScript } from "../../../scripted/script.ts"

const exitCodes: Readonly<Record<number, number>> = { 400: 65, 401: 77, 429: 75, 500: 69 }

const stopping = new AbortController()
process.on("SIGTERM", () => stopping.abort())
const [option, value] = process.argv.slice(2)
const prompt = option === "--file" && value !== undefined ? readFileSync(value, "utf8") : await text(process.stdin)
const session = option === "--resume" ? value : `s-${process.pid}`
if (prompt.includes("[[session]]")) process.stdout.write(`session: ${session}\n`)

const nobody = async (): Promise<void> => undefined
const stage: Stage = {
  cwd: process.cwd(),
  environment: process.env,
  attempt: 1,
  turn: 1,
  signal: stopping.signal,
  say: (said) => void process.stdout.write(said),
  think: () => undefined,
  toolStarted: nobody,
  toolEnded: nobody,
  allowed: async () => true,
  used: () => undefined,
  failedBefore: async () => 0,
  drop: () => process.exit(68),
  exit: (code) => process.exit(code),
}
const alive = setInterval(() => undefined, 60_000)
try {
  await perform(parseScript(prompt.replace("[[session]]", ""), { attempt: 1, resumed: option === "--resume", conflict: false }), stage)
} catch (error) {
  process.stderr.write(`${String(error)}\n`)
  process.exitCode = error instanceof ProviderFailure ? (exitCodes[error.status] ?? 1) : 1
}
clearInterval(alive)
