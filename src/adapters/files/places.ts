/** A person's roots and names of workspaces in one small JSON file, replaced as a whole. */
import { createHash } from "node:crypto"
import { readFile, rename, writeFile } from "node:fs/promises"
import { z } from "zod"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Places } from "../../engine/ports/places.ts"
import { Lane } from "../../runtime/lane.ts"

const kept = z.object({ roots: z.array(z.string()).default([]), names: z.record(z.string(), z.string()).default({}) })
type Kept = z.output<typeof kept>

const rootsMax = 100
const namesMax = 5_000

/** Rejects with a `FaultError` when the file is there and cannot be understood. */
export async function openPlaces(file: string, configured: readonly string[]): Promise<Places> {
  let state = await readPlaces(file)
  const lane = new Lane()
  const change = (to: (state: Kept) => Kept): Promise<void> =>
    lane.run(async () => {
      const next = to(state)
      await writeFile(`${file}.new`, JSON.stringify(next), { mode: 0o600 })
      await rename(`${file}.new`, file)
      state = next
    })
  return {
    roots: () => [
      ...configured.map((path) => ({ id: null, path, source: "env" as const })),
      ...state.roots.map((path) => ({ id: rootId(path), path, source: "user" as const })),
    ],
    addRoot: async (path) => {
      if (!state.roots.includes(path) && state.roots.length >= rootsMax) throw tooMany("roots", rootsMax)
      await change(({ roots, ...rest }) => ({ ...rest, roots: [...new Set([...roots, path])] }))
      return { id: rootId(path), path }
    },
    removeRoot: async (id) => {
      const found = state.roots.some((path) => rootId(path) === id)
      if (found) await change(({ roots, ...rest }) => ({ ...rest, roots: roots.filter((path) => rootId(path) !== id) }))
      return found
    },
    nameOf: (workspace) => (Object.hasOwn(state.names, workspace) ? (state.names[workspace] ?? null) : null),
    name: async (workspace, name) => {
      if (name !== null && Object.keys(state.names).length >= namesMax) throw tooMany("names of workspaces", namesMax)
      await change(({ names, ...rest }) => {
        const others = Object.fromEntries(Object.entries(names).filter(([of]) => of !== workspace))
        return { ...rest, names: name === null ? others : { ...others, [workspace]: name } }
      })
    },
  }
}

const rootId = (path: string): string => createHash("sha256").update(path).digest("hex").slice(0, 16)

async function readPlaces(file: string): Promise<Kept> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}"
    throw error
  })
  const parsed = kept.safeParse(parse(text))
  if (parsed.success) return parsed.data
  throw new FaultError(fault("places-unreadable", `${file} cannot be understood`, "it was changed by something else than Fleet", "correct it, or remove it"))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

const tooMany = (what: string, most: number): FaultError =>
  new FaultError(fault("too-many-places", `no further ${what} can be kept`, `${most} are the most`, "remove some"))
