/** The short list of commands that are asked before they run. A convenience, not a sandbox: see `policy.ts`. Pure. */
import { relativeTo } from "./paths.ts"

/** Commands longer than this are asked without a look. */
const commandCharsMax = 20_000

/**
 * True for: becoming another user; pushing, and changing git's settings for all repositories; publishing packages; deleting recursively
 * outside the workspace; running what was just downloaded; opening files to everyone; touching keys and credentials; raw disks, shutdown.
 */
export function isRisky(command: string, workspacePath: string): boolean {
  if (command.length > commandCharsMax) return true
  return forms.some((form) => form.test(command)) || deletesOutside(command, workspacePath)
}

/** A word at the start of a command: of the line, or behind `;`, `&`, `|`, `(`, a backtick, a quote or a path. */
const start = String.raw`(?:^|[\s;&|(\x60"'/])`
/** Options between a program and its subcommand; those of git that take a word of their own with it. */
const options = String.raw`(?:\s+-[Cc]\s+[^-\s]\S*|\s+-\S+)*`
const forms: readonly RegExp[] = [
  new RegExp(`${start}(?:sudo|doas|su|pkexec)(?=\\s|$)`),
  new RegExp(`${start}git${options}\\s+push(?=\\s|$|[;&|)"'])`),
  new RegExp(`${start}git${options}\\s+config${options}\\s+--(?:global|system)\\b`),
  new RegExp(`${start}(?:npm|pnpm|yarn|cargo|gem|twine)${options}\\s+(?:publish|upload)(?=\\s|$|[;&|)"'])`),
  new RegExp(`${start}(?:curl|wget)\\s[^;\\n]{0,500}\\|\\s*(?:\\S*/)?(?:sh|bash|zsh|dash|python3?|node|perl|ruby)\\b`),
  new RegExp(`${start}(?:sh|bash|zsh|dash|eval|source)\\s[^;\\n]{0,500}(?:\\$\\(|\\x60|<\\()\\s*(?:curl|wget)\\s`),
  new RegExp(`${start}chmod${options}\\s+(?:0?777|a\\+rwx|o\\+w)(?=\\s|$)`),
  /(?:^|[\s/"'=~])\.(?:ssh|aws|gnupg|netrc|kube|docker\/config)(?:[\s/"']|$)|\bid_(?:rsa|ed25519|ecdsa)\b|\/etc\/(?:shadow|sudoers)\b/,
  new RegExp(`${start}(?:mkfs\\S*|shutdown|reboot|halt|poweroff)(?=\\s|$)`),
  /\bof=\/dev\/|>\s*\/dev\/(?:sd|nvme|vd|hd)/,
]

function deletesOutside(command: string, workspacePath: string): boolean {
  return command.split(/[;&|\n()]+/).some((part) => {
    const words = part.trim().split(/\s+/)
    const at = words.findIndex((word) => /(?:^|\/)rm$/.test(word.replace(/["'\\]/g, "")))
    if (at < 0) return false
    const rest = words.slice(at + 1).map((word) => word.replace(/["']/g, ""))
    const recursive = rest.some((word) => /^-[a-zA-Z]*[rR]/.test(word) || word === "--recursive")
    return recursive && rest.some((word) => !word.startsWith("-") && isOutside(word, workspacePath))
  })
}

/** The workspace itself counts as outside, and so does what only the shell can know. */
function isOutside(word: string, workspacePath: string): boolean {
  if (word.startsWith("~") || word.includes("$") || word.includes("`")) return true
  const relative = relativeTo(workspacePath, word)
  return relative === "." || relative.startsWith("/")
}
