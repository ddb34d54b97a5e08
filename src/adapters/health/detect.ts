/** Finds the commands with which a repository checks itself, from its own files. What only mends instead of reporting is not among them. */
import { readdir } from "node:fs/promises"
import path from "node:path"
import { z } from "zod"
import { readPlain } from "../../runtime/plain-file.ts"

export interface OwnCommands {
  readonly typecheck: string | null
  readonly test: string | null
  readonly lint: string | null
}
type Kind = keyof OwnCommands

export interface Detected extends OwnCommands {
  /** Null: it is none of Node. */
  readonly packageManager: PackageManager | null
}
export type PackageManager = "npm" | "pnpm" | "yarn" | "bun"

/** `configured` (harness.json) goes first; then package.json, tsconfig.json, Python, Rust, Go, and a Makefile, each for what is still missing. */
export async function detectCommands(root: string, configured: OwnCommands): Promise<Detected> {
  const files = new Set(await readdir(root).catch(() => []))
  const packageManager = managerOf(files)
  const found: Record<Kind, string | null> = { ...configured }
  const add = (of: Partial<Record<Kind, string | null>>): void => {
    for (const kind of kinds) found[kind] ??= of[kind] ?? null
  }
  if (packageManager !== null) add(await nodeCommands(root, packageManager, files))
  add(await pythonCommands(root, files))
  if (files.has("Cargo.toml")) add({ typecheck: "cargo check --all-targets", test: "cargo test", lint: "cargo clippy --all-targets -- -D warnings" })
  if (files.has("go.mod"))
    add({ typecheck: "go vet ./...", test: "go test ./...", lint: [...files].some((file) => file.startsWith(".golangci.")) ? "golangci-lint run" : null })
  add(await makeTargets(root, files))
  return { ...found, packageManager }
}

const kinds: readonly Kind[] = ["typecheck", "test", "lint"]
const bytesMax = 1 << 20

function managerOf(files: ReadonlySet<string>): PackageManager | null {
  if (!files.has("package.json")) return null
  if (files.has("pnpm-lock.yaml")) return "pnpm"
  if (files.has("yarn.lock")) return "yarn"
  return files.has("bun.lock") || files.has("bun.lockb") ? "bun" : "npm"
}

const manifest = z.object({ scripts: z.record(z.string(), z.string()).catch({}) })

const scriptNames: Readonly<Record<Kind, readonly string[]>> = {
  typecheck: ["typecheck", "type-check", "types", "check-types", "check:types", "tsc"],
  test: ["test", "tests", "test:unit"],
  lint: ["lint", "lint:check", "check:lint", "eslint"],
}

async function nodeCommands(root: string, manager: PackageManager, files: ReadonlySet<string>): Promise<Partial<Record<Kind, string | null>>> {
  const parsed = manifest.safeParse(jsonOf(await textOf(path.join(root, "package.json"))))
  const scripts = parsed.success ? parsed.data.scripts : {}
  const line = (kind: Kind): string | null => {
    const name = scriptNames[kind].find((each) => Object.hasOwn(scripts, each) && reports(scripts[each] ?? ""))
    return name === undefined ? null : name === "test" && manager !== "bun" ? `${manager} test` : `${manager} run ${name}`
  }
  return { typecheck: line("typecheck") ?? (files.has("tsconfig.json") ? "node_modules/.bin/tsc --noEmit" : null), test: line("test"), lint: line("lint") }
}

/** npm's own placeholder tests nothing; a script that mends files, or that watches them for ever, reports nothing. */
const reports = (script: string): boolean =>
  script.trim() !== "" && !/no test specified/.test(script) && !/(^|\s)(--fix|--write|--watch|--watchAll|-w)(\s|=|$)/.test(script)

async function pythonCommands(root: string, files: ReadonlySet<string>): Promise<Partial<Record<Kind, string | null>>> {
  if (!["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "pytest.ini", "tox.ini"].some((file) => files.has(file))) return {}
  const project = (await textOf(path.join(root, "pyproject.toml"))) ?? ""
  const within = files.has("uv.lock") ? "uv run " : files.has("poetry.lock") ? "poetry run " : ""
  const hasTests = files.has("pytest.ini") || files.has("conftest.py") || /^\[tool\.pytest/m.test(project) || files.has("tests")
  return {
    typecheck: files.has("mypy.ini") || /^\[tool\.mypy/m.test(project) ? `${within}mypy .` : files.has("pyrightconfig.json") ? `${within}pyright` : null,
    test: hasTests ? `${within}pytest -q` : null,
    lint:
      files.has("ruff.toml") || files.has(".ruff.toml") || /^\[tool\.ruff/m.test(project)
        ? `${within}ruff check .`
        : files.has(".flake8")
          ? `${within}flake8`
          : null,
  }
}

async function makeTargets(root: string, files: ReadonlySet<string>): Promise<Partial<Record<Kind, string | null>>> {
  const name = ["GNUmakefile", "makefile", "Makefile"].find((file) => files.has(file))
  const text = name === undefined ? null : await textOf(path.join(root, name))
  if (text === null) return {}
  const targets = new Set([...text.matchAll(/^([A-Za-z][\w -]*):(?!=)/gm)].flatMap((found) => (found[1] ?? "").split(/\s+/)))
  const line = (...names: readonly string[]): string | null => {
    const target = names.find((each) => targets.has(each))
    return target === undefined ? null : `make ${target}`
  }
  return { typecheck: line("typecheck", "type-check", "types"), test: line("test", "tests"), lint: line("lint") }
}

async function textOf(file: string): Promise<string | null> {
  const read = await readPlain(file, bytesMax, "followed")
  return read?.ok === true ? read.text : null
}

function jsonOf(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
