/** What the words after `fleet run` are: a plan to run, a direction that an agent makes a plan of, a specification, or a campaign to go on with. */
import { readFile, stat } from "node:fs/promises"
import path from "node:path"
import { fault, FaultError } from "../../../domain/fault.ts"
import { slugOfSessionFile } from "../../../domain/planning/paths.ts"
import { readMarks } from "../../../protocol/plans/marks.ts"
import { readPlan } from "../../../protocol/plans/read.ts"
import type { Invocation } from "../invocation.ts"
import { oneLine } from "../text.ts"

export type Given =
  | { readonly kind: "nothing" }
  /** A plan file, or tasks as sentences. */
  | { readonly kind: "plan" }
  | { readonly kind: "direction"; readonly direction: string }
  | { readonly kind: "spec"; readonly direction: string; readonly spec: string }
  | { readonly kind: "session"; readonly slug: string; readonly text: string }

const specBytesMax = 1_000_000
const titleCharsMax = 200

/**
 * `--direction` and `--task` always win. Otherwise a session file is gone on with; a file without tasks is a specification; one sentence without marks
 * (`(id: …)`, `(scope: …)`, `[Skill: …]`, `[[…]]`) is a direction; everything else is a plan.
 */
export async function givenIn(invocation: Invocation): Promise<Given> {
  const { args, context } = invocation
  const [word = "", ...others] = args
  const said = invocation.text("direction")
  const asDirection = invocation.flag("direction") || said !== null
  if (asDirection && invocation.flag("task")) throw both()
  if (args.length === 0) return said === null ? nothing(asDirection) : inWords(said)
  const file = others.length === 0 ? await fileOf(path.resolve(context.cwd, word)) : null
  if (file !== null) {
    const given = ofFile(word, file, said)
    if (given !== null) return given
  } else if (asDirection) {
    if (others.length === 0 && looksLikePath(word)) throw noSpecification(word)
    return inWords([...(said === null ? [] : [said]), ...args].join(" "))
  }
  if (invocation.flag("task") || file !== null || others.length > 0 || isMarked(word) || looksLikePath(word)) return { kind: "plan" }
  return inWords(word)
}

function nothing(asDirection: boolean): Given {
  if (asDirection) throw noDirection("no words follow it")
  return { kind: "nothing" }
}

function inWords(direction: string): Given {
  if (direction.trim() === "") throw noDirection("what was given is empty")
  return { kind: "direction", direction }
}

const noDirection = (why: string): FaultError =>
  new FaultError(fault("direction-empty", "there is no direction", why, 'say it in words: fleet run "make the API faster"'))

/** Null: it has tasks, or is to be told as a bad plan. */
function ofFile(name: string, text: string, said: string | null): Given | null {
  const slug = slugOfSessionFile(name)
  if (slug !== null) return { kind: "session", slug, text }
  if (!/\.(md|markdown|txt)$/i.test(name)) return null
  const { faults } = readPlan(text, { file: name })
  if (!faults.some(({ code }) => code === "no-tasks") || text.trim() === "") return null
  return { kind: "spec", direction: said ?? titleOf(text, name), spec: text }
}

/** Null: there is none, or it is too large to be a specification; whoever reads plans says so. */
async function fileOf(file: string): Promise<string | null> {
  const found = await stat(file).catch(() => null)
  return found?.isFile() === true && found.size <= specBytesMax ? readFile(file, "utf8") : null
}

/** The first heading, else the first line that says something. */
function titleOf(text: string, name: string): string {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/)
  const heading = lines.map((line) => /^\s{0,3}#{1,6}\s+(\S.*)$/.exec(line)?.[1]).find((title) => title !== undefined)
  const title = oneLine(heading ?? lines.find((line) => /[\p{L}\p{N}]/u.test(line)) ?? name).trim()
  return title.length > titleCharsMax ? `${title.slice(0, titleCharsMax - 1)}…` : title
}

function isMarked(word: string): boolean {
  const { pairs, parallel, story } = readMarks(word)
  return pairs.length > 0 || parallel || story !== null || word.includes("[[")
}

/** No sentence: a file that is not there, which the reader of plans says. */
const looksLikePath = (word: string): boolean => !/\s/.test(word) && (/\.[A-Za-z]{1,8}$/.test(word) || word.includes("/"))

/** Whoever misspelled a specification wants no campaign of its name. */
const noSpecification = (word: string): FaultError =>
  new FaultError(
    fault(
      "no-specification",
      `there is no file ${oneLine(word)}`,
      "a word that looks like a file, and no sentence, stands where the specification stands",
      'look at the path; a direction is a sentence: fleet run --direction "make the API faster"',
    ),
  )

const both = (): FaultError =>
  new FaultError(
    fault(
      "usage",
      "--task and --direction exclude each other",
      "one says that the words are the work itself, the other that an agent makes a plan of them",
      "give one of them",
    ),
  )
