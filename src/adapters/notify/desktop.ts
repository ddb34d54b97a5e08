/** Notices by the program that the desktop brings along: `notify-send`, or `osascript` on macOS. The text is an argument, never a script. */
import { accessSync, constants } from "node:fs"
import path from "node:path"
import type { Desktop } from "../../engine/ports/posts.ts"
import { Children } from "../../runtime/children.ts"
import { Lane } from "../../runtime/lane.ts"

export interface DesktopParts {
  readonly platform: NodeJS.Platform
  /** Of the hub: where the program is, and which desktop is the person's. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: (text: string) => void
}

/** How long the program may take; it hands over and ends. */
const limitMs = 5_000
/** Notices that wait while one is shown; more than that are left out, and that is said. */
const waitingMax = 20
const passed = ["PATH", "HOME", "USER", "LANG", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE"]

/** Null when this machine has no such program; the log says so. */
export function openDesktop({ platform, environment, log }: DesktopParts): (Desktop & AsyncDisposable) | null {
  const name = platform === "darwin" ? "osascript" : "notify-send"
  const program = find(name, environment["PATH"] ?? "")
  if (program === null) {
    log(`no notices on the desktop: ${name} is not on the PATH (install it, or set notify: { desktop: false })`)
    return null
  }
  const children = new Children()
  const lane = new Lane()
  const env = Object.fromEntries(passed.flatMap((key) => (environment[key] === undefined ? [] : [[key, environment[key]]])))
  let waiting = 0
  return {
    show: async (title, text) => {
      if (waiting >= waitingMax) return log(`a notice was left out, ${waiting} wait already: ${title}`)
      waiting += 1
      await lane.run(() => show(children, argvOf(platform, program, title, text), env, log))
      waiting -= 1
    },
    [Symbol.asyncDispose]: () => children[Symbol.asyncDispose](),
  }
}

async function show(
  children: Children,
  argv: readonly [string, ...string[]],
  env: Readonly<Record<string, string | undefined>>,
  log: (text: string) => void,
): Promise<void> {
  const child = children.start({ argv, cwd: "/", env })
  child.stdin.on("error", () => undefined).end()
  child.stdout.resume()
  child.stderr.resume()
  const timer = setTimeout(() => void child.end(0), limitMs)
  const { code, signal, failure } = await child.exited
  clearTimeout(timer)
  if (code !== 0) log(`a notice could not be shown: ${argv[0]} ${failure?.code ?? (signal === null ? `ended with code ${code}` : `was ended by ${signal}`)}`)
}

const script = ["on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run"]

function argvOf(platform: NodeJS.Platform, program: string, title: string, text: string): readonly [string, ...string[]] {
  // osascript reads what begins with a dash as its own: a space in front makes it text.
  if (platform === "darwin") return [program, ...script.flatMap((line) => ["-e", line]), ...[title, text].map((one) => (one.startsWith("-") ? ` ${one}` : one))]
  return [program, "--app-name=Fleet", "--", title, escapeMarkup(text)]
}

/** Desktops read the text as markup. */
const escapeMarkup = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

function find(name: string, searched: string): string | null {
  for (const directory of searched.split(path.delimiter).filter((each) => path.isAbsolute(each))) {
    const program = path.join(directory, name)
    try {
      accessSync(program, constants.X_OK)
      return program
    } catch {
      continue
    }
  }
  return null
}
