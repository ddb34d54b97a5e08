/** `npm run propagate` (C.1.47, C.4.8): a script in a project's package.json, which is the person's own, so only when they ask for it. */
import path from "node:path"
import { z } from "zod"
import { readPlain } from "../../runtime/plain-file.ts"
import { writeInside } from "./atomic-write.ts"

const name = "propagate"
const bytesMax = 4 * 1024 * 1024
const command = "node .citadel/scripts/propagate.cjs"

/** A record and no object with `scripts`: the order of the keys is the person's. */
const packageFile = z.record(z.string(), z.unknown())
const packageScripts = z.record(z.string(), z.string()).default({})

export type NpmScript = "written" | "current" | "kept" | "absent" | "unreadable"

/** Nothing of somebody else is changed: neither a script of that name, nor a package.json that cannot be read. */
export async function addPropagateScript(root: string): Promise<NpmScript> {
  return change(root, (scripts) => (scripts[name] === undefined ? { ...scripts, [name]: command } : scripts[name] === command ? "current" : "kept"))
}

export async function removePropagateScript(root: string): Promise<NpmScript> {
  return change(root, (scripts) => {
    if (scripts[name] === undefined) return "absent"
    const { [name]: script, ...others } = scripts
    return script === command ? others : "kept"
  })
}

type Scripts = Readonly<Record<string, string>>

async function change(root: string, to: (scripts: Scripts) => Scripts | NpmScript): Promise<NpmScript> {
  const file = path.join(root, "package.json")
  const found = await readPlain(file, bytesMax, "followed")
  if (found?.ok !== true) return found === null ? "absent" : "unreadable"
  const { text } = found
  const read = packageFile.safeParse(json(text))
  const known = packageScripts.safeParse(read.data?.["scripts"])
  if (!read.success || !known.success) return "unreadable"
  const scripts = to(known.data)
  if (typeof scripts === "string") return scripts
  // As it was indented, with its newline at the end when it had one.
  const indent = /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? "  "
  await writeInside(root, file, `${JSON.stringify({ ...read.data, scripts }, null, indent)}${text.endsWith("\n") ? "\n" : ""}`)
  return "written"
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
