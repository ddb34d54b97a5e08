/** Which files stand between modules, so that tasks with different goals still meet in them: barrels, manifests, routes and the like. */
import type { BoundaryKind } from "./assessment.ts"

export interface Boundary {
  readonly kind: BoundaryKind
  /** Two tasks with the same one change the same thing, though perhaps in different files. */
  readonly what: string
}

/** Null for an ordinary file. `pattern` is a normalised one. */
export function boundaryOf(pattern: string): Boundary | null {
  const segments = pattern.split("/")
  const name = (segments.at(-1) ?? "").toLowerCase()
  const directory = segments.slice(0, -1).join("/")
  const dependencies = dependencyFiles.find(({ names }) => names.test(name))
  if (dependencies !== undefined) return { kind: dependencies.kind, what: `the dependencies of ${dependencies.of}` }
  const migrations = migrationsDirectory(segments)
  if (migrations !== null) return { kind: "migrations", what: migrations }
  if (ciFiles.test(pattern)) return { kind: "ci", what: "what CI runs" }
  if (barrelFiles.test(name)) return { kind: "barrel", what: pattern }
  if (routeFiles.test(name)) return { kind: "routes", what: pattern }
  if (configFiles.test(name)) return { kind: "config", what: directory === "" ? "the configuration at the root" : `the configuration in ${directory}` }
  if (typeFiles.test(name)) return { kind: "types", what: pattern }
  const shared = segments.findIndex((segment) => sharedDirectory.test(segment))
  return shared < 0 ? null : { kind: "types", what: segments.slice(0, shared + 1).join("/") }
}

export const isBarrel = (file: string): boolean => barrelFiles.test((file.split("/").at(-1) ?? "").toLowerCase())

export const boundaryAdvice: Readonly<Record<BoundaryKind, string>> = {
  barrel: "let one task own the exports, or let each next one start from what the one before has landed",
  lock: "let one task at a time install packages, and make the lock file again after each",
  manifest: "let one task at a time add packages, and make the lock file again after each",
  migrations: "let one task at a time add a migration, so that their numbers and their order hold",
  routes: "let one task register what all of them add",
  types: "let the task that changes the shared part go first; the others build on it",
  config: "let one task own the configuration",
  ci: "let one task own what CI runs",
}

interface DependencyFiles {
  readonly of: string
  readonly kind: "lock" | "manifest"
  readonly names: RegExp
}

/** Of one ecosystem all together: a manifest deep in the repository often has its lock at the root. */
const dependencyFiles: readonly DependencyFiles[] = [
  { of: "npm", kind: "lock", names: /^(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|deno\.lock)$/ },
  { of: "npm", kind: "manifest", names: /^(package\.json|pnpm-workspace\.yaml|deno\.jsonc?)$/ },
  { of: "Rust", kind: "lock", names: /^cargo\.lock$/ },
  { of: "Rust", kind: "manifest", names: /^cargo\.toml$/ },
  { of: "Go", kind: "lock", names: /^go(\.work)?\.sum$/ },
  { of: "Go", kind: "manifest", names: /^go\.(mod|work)$/ },
  { of: "Python", kind: "lock", names: /^(poetry|uv|pdm|pipfile|pixi)\.lock$/ },
  { of: "Python", kind: "manifest", names: /^(pyproject\.toml|pipfile|setup\.(py|cfg)|(.*[-_.])?requirements.*\.(txt|in)|environment\.ya?ml)$/ },
  { of: "Ruby", kind: "lock", names: /^gemfile\.lock$/ },
  { of: "Ruby", kind: "manifest", names: /^(gemfile|.*\.gemspec)$/ },
  { of: "PHP", kind: "lock", names: /^composer\.lock$/ },
  { of: "PHP", kind: "manifest", names: /^composer\.json$/ },
  { of: "Elixir", kind: "lock", names: /^mix\.lock$/ },
  { of: "Elixir", kind: "manifest", names: /^mix\.exs$/ },
  { of: "Dart", kind: "lock", names: /^pubspec\.lock$/ },
  { of: "Dart", kind: "manifest", names: /^pubspec\.yaml$/ },
  { of: "Swift", kind: "lock", names: /^(package\.resolved|podfile\.lock)$/ },
  { of: "Swift", kind: "manifest", names: /^(package\.swift|podfile)$/ },
  { of: "the JVM", kind: "lock", names: /^gradle\.lockfile$/ },
  { of: "the JVM", kind: "manifest", names: /^(pom\.xml|(build|settings)\.gradle(\.kts)?|libs\.versions\.toml|build\.sbt)$/ },
  { of: ".NET", kind: "lock", names: /^packages\.lock\.json$/ },
  { of: ".NET", kind: "manifest", names: /^(.*\.(csproj|fsproj|vbproj|sln)|directory\.(packages|build)\.props)$/ },
  { of: "Nix", kind: "lock", names: /^flake\.lock$/ },
]

const barrelFiles = /^(index\.[cm]?[jt]sx?|mod\.(rs|ts)|lib\.rs|__init__\.pyi?)$/
const routeFiles = /^((.*[-_.])?(routes?|router|routing)(\.module)?\.\w+|app\.module\.[jt]s|urls\.py)$/
const typeFiles = /^((.*[-_.])?(types|typings)\.\w+|.*\.d\.[cm]?ts|.*\.proto|schema\.(graphqls?|gql|json)|openapi\.(ya?ml|json))$/
const configFiles =
  /^(tsconfig.*\.json|jsconfig\.json|.*\.config\.[cm]?[jt]s|\.(eslint|prettier|stylelint|babel|npm|oxlint|oxfmt|swc)rc.*|\.editorconfig|\.env.*|\.gitignore|\.gitattributes|(docker-)?compose.*\.ya?ml|dockerfile.*|makefile|justfile|taskfile\.ya?ml|turbo\.json|nx\.json|lerna\.json|biome\.jsonc?|tox\.ini|settings\.py|cmakelists\.txt|config\.\w+)$/
const ciFiles =
  /(^|\/)(\.github\/(workflows|actions)(\/|$)|\.circleci(\/|$)|\.buildkite(\/|$)|\.gitlab-ci\.yml$|jenkinsfile$|azure-pipelines\.ya?ml$|\.travis\.yml$)/i
const sharedDirectory = /^(types|typings|shared|common)$/i

function migrationsDirectory(segments: readonly string[]): string | null {
  const at = segments.findIndex(
    (segment, index) => /^migrations?$/i.test(segment) || (/^(migrate|versions)$/i.test(segment) && /^(db|alembic)$/i.test(segments[index - 1] ?? "")),
  )
  if (at >= 0) return segments.slice(0, at + 1).join("/")
  return /^(schema\.(prisma|rb)|structure\.sql)$/i.test(segments.at(-1) ?? "") ? segments.join("/") : null
}
