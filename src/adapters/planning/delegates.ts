/**
 * Small scripts where Citadel's instructions look for its own (C.2), each of which calls `fleet` with what it was given. Each says in its second
 * line whose it is, and nothing else is written over or removed.
 */
import { open, rm } from "node:fs/promises"
import path from "node:path"
import { readPlain, type PlainText } from "../../runtime/plain-file.ts"
import { makeParents, writeInside } from "./atomic-write.ts"

export interface Fleet {
  /** Absolute: the runtime, and the entry file of the CLI. */
  readonly node: string
  readonly cli: string
}

export interface Placed {
  /** From the root of the project. */
  readonly file: string
  readonly what: "written" | "current" | "kept" | "removed" | "absent"
}

interface Delegate {
  readonly file: string
  readonly argv: readonly string[]
}

const delegates: readonly Delegate[] = [
  { file: ".citadel/scripts/telemetry-log.cjs", argv: ["planning", "telemetry"] },
  { file: ".citadel/scripts/momentum-read.cjs", argv: ["planning", "context"] },
  { file: ".citadel/scripts/momentum-synthesize.cjs", argv: ["planning", "momentum"] },
  { file: ".citadel/scripts/momentum-watch-start.cjs", argv: ["planning", "watch"] },
  { file: ".citadel/scripts/discovery-write.cjs", argv: ["planning", "discovery"] },
  { file: ".citadel/scripts/compress-discovery.cjs", argv: ["planning", "brief"] },
  { file: ".citadel/scripts/parse-handoff.cjs", argv: ["planning", "handoff"] },
  // The original has no such script; `npm run propagate` needs one to run.
  { file: ".citadel/scripts/propagate.cjs", argv: ["planning", "propagate"] },
  // What follows belongs to the command that is run, options and all.
  { file: "scripts/run-with-timeout.js", argv: ["planning", "timeout", "--"] },
  { file: "scripts/map-index.js", argv: ["map"] },
]

const marker = "// Written by `fleet planning scripts`, and removed by `fleet planning scripts --remove`."

/** A script that somebody else put there is kept. Rejects with a `FaultError` (`leaves-project`) where one would be written outside of the project. */
export async function placeDelegates(root: string, fleet: Fleet): Promise<readonly Placed[]> {
  const placed: Placed[] = []
  for (const { file, argv } of delegates) {
    const text = delegateText(fleet, argv)
    const there = await readPlain(path.join(root, file), bytesMax)
    if (there?.ok === true && there.text === text) placed.push({ file, what: "current" })
    else if (there === null) placed.push({ file, what: await create(root, path.join(root, file), text) })
    else if (isOurs(there)) {
      await writeInside(root, path.join(root, file), text)
      placed.push({ file, what: "written" })
    } else placed.push({ file, what: "kept" })
  }
  return placed
}

/** Rejects with a `FaultError` (`leaves-project`), as placing them does, where one of ours stands outside of the project. */
export async function removeDelegates(root: string): Promise<readonly Placed[]> {
  const placed: Placed[] = []
  for (const { file } of delegates) {
    const there = await readPlain(path.join(root, file), bytesMax)
    if (isOurs(there)) {
      await makeParents(root, path.join(root, file))
      await rm(path.join(root, file), { force: true })
    }
    placed.push({ file, what: there === null ? "absent" : isOurs(there) ? "removed" : "kept" })
  }
  return placed
}

/**
 * Runs as CommonJS and as a module (a `.js` file is one or the other by the project's package.json), so it may neither `require` nor import at
 * its top.
 */
function delegateText({ node, cli }: Fleet, argv: readonly string[]): string {
  return `#!/usr/bin/env node
${marker}
Promise.all([import("node:child_process"), import("node:fs")]).then(([{ spawn }, { existsSync }]) => {
  const [node, cli, own] = ${JSON.stringify([node, cli, argv])}
  const args = [...own, ...process.argv.slice(2)]
  const isThere = existsSync(node) && existsSync(cli)
  const fleet = isThere ? spawn(node, [cli, ...args], { stdio: "inherit" }) : spawn("fleet", args, { stdio: "inherit" })
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => fleet.kill(signal))
  fleet.on("error", (error) => {
    console.error("fleet is not where it was (" + cli + ") and not in PATH: " + error.message + "; install it, then run: fleet planning scripts")
    process.exitCode = 127
  })
  fleet.on("exit", (code) => { process.exitCode = code ?? 1 })
})
`
}

const bytesMax = 64 * 1024

/** What is no plain small file is somebody else's. */
const isOurs = (there: PlainText | null): boolean => there?.ok === true && there.text.includes(marker)

/** Never over what came in between. */
async function create(root: string, file: string, text: string): Promise<"written" | "kept"> {
  await makeParents(root, file)
  try {
    const handle = await open(file, "wx", 0o755)
    try {
      await handle.writeFile(text)
    } finally {
      await handle.close()
    }
    return "written"
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "EEXIST" || code === "EISDIR") return "kept"
    throw error
  }
}
