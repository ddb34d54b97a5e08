import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { detectCommands, type OwnCommands } from "./detect.ts"

const nothing: OwnCommands = { typecheck: null, test: null, lint: null }

async function detect(files: Readonly<Record<string, string>>, configured: Partial<OwnCommands> = {}): Promise<OwnCommands> {
  const root = await mkdtemp(path.join(tmpdir(), "fleet-detect-"))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), text)
  }
  const { typecheck, test: tests, lint } = await detectCommands(root, { ...nothing, ...configured })
  return { typecheck, test: tests, lint }
}
const scripts = (of: Readonly<Record<string, string>>): string => JSON.stringify({ scripts: of })

test.each<[string, Readonly<Record<string, string>>, Partial<OwnCommands>]>([
  [
    "npm scripts",
    { "package.json": scripts({ typecheck: "tsc", test: "vitest run", lint: "eslint ." }) },
    { typecheck: "npm run typecheck", test: "npm test", lint: "npm run lint" },
  ],
  ["pnpm", { "package.json": scripts({ test: "jest" }), "pnpm-lock.yaml": "" }, { test: "pnpm test" }],
  ["yarn", { "package.json": scripts({ "lint:check": "eslint ." }), "yarn.lock": "" }, { lint: "yarn run lint:check" }],
  ["bun", { "package.json": scripts({ test: "bun test" }), "bun.lock": "" }, { test: "bun run test" }],
  ["a tsconfig without a script", { "package.json": "{}", "tsconfig.json": "{}" }, { typecheck: "node_modules/.bin/tsc --noEmit" }],
  [
    "scripts that mend, watch or do nothing",
    { "package.json": scripts({ lint: "eslint --fix .", test: 'echo "Error: no test specified" && exit 1', typecheck: "tsc --watch" }) },
    {},
  ],
  ["a package.json that cannot be read", { "package.json": "{" }, {}],
  ["Python", { "pyproject.toml": "[tool.pytest.ini_options]\n[tool.ruff]\n[tool.mypy]\n" }, { typecheck: "mypy .", test: "pytest -q", lint: "ruff check ." }],
  ["Python with uv", { "pyproject.toml": "[tool.ruff]\n", "uv.lock": "", "tests/test_a.py": "" }, { test: "uv run pytest -q", lint: "uv run ruff check ." }],
  ["Rust", { "Cargo.toml": "" }, { typecheck: "cargo check --all-targets", test: "cargo test", lint: "cargo clippy --all-targets -- -D warnings" }],
  ["Go", { "go.mod": "", ".golangci.yml": "" }, { typecheck: "go vet ./...", test: "go test ./...", lint: "golangci-lint run" }],
  ["a Makefile", { Makefile: "CC := gcc\ntest lint: build\n\t./x\nbuild:\n" }, { test: "make test", lint: "make lint" }],
  ["nothing", { "README.md": "" }, {}],
])("%s", async (_, files, found) => expect(await detect(files)).toEqual({ ...nothing, ...found }))

test("harness.json goes before what is found, each for itself", async () => {
  expect(await detect({ "package.json": scripts({ test: "x", lint: "y" }) }, { test: "make check" })).toEqual({
    typecheck: null,
    test: "make check",
    lint: "npm run lint",
  })
})
