/** Which scopes touch what everything else in a repository stands on: what such a change breaks, it breaks for all (C.1.130). */
import { boundaryOf } from "../plan/assess-boundary.ts"
import { scopeText } from "../scope/normalise.ts"
import { covers } from "../scope/overlap.ts"
import type { Scope } from "../scope/scope.ts"

export interface SharedPlace {
  /** As written. */
  readonly scope: string
  /** What it is, for a sentence: `dependencies`, `what CI runs` … */
  readonly what: string
}

/** Each scope once, with the first thing that makes it one. What is only read changes nothing. */
export function sharedInfrastructure(scopes: readonly Scope[]): SharedPlace[] {
  const found = new Map<string, string>()
  for (const scope of scopes) {
    const what = scope.access === "read" ? null : placeOf(scope)
    if (what !== null && !found.has(scope.pattern)) found.set(scope.pattern, what)
  }
  return [...found].map(([pattern, what]) => ({ scope: scopeText({ pattern, access: "write" }), what }))
}

/** A name tells most; a wildcard, or a directory above, is asked whether it holds one of the usual places. */
function placeOf(scope: Scope): string | null {
  if (scope.pattern === "**") return "the whole repository"
  return byName(scope.pattern.replace(/\/\*\*$/, "")) ?? usualPlaces.find(([path]) => covers(scope, path))?.[1] ?? null
}

function byName(pattern: string): string | null {
  const folder = folders.find(([path]) => path.test(pattern))
  if (folder !== undefined) return folder[1]
  const name = (pattern.split("/").at(-1) ?? "").toLowerCase()
  const file = files.find(([names]) => names.test(name))
  if (file !== undefined) return file[1]
  switch (boundaryOf(pattern)?.kind) {
    case "lock":
    case "manifest":
      return "dependencies"
    case "migrations":
      return "database migrations"
    case "ci":
      return "what CI runs"
    case "config":
      // Only that at the root is everybody's; `src/config.ts` belongs to its module.
      return pattern.includes("/") ? null : "configuration of the whole repository"
    case "barrel":
    case "routes":
    case "types":
    case undefined:
      return null
  }
}

const folders: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)(terraform|infra|infrastructure|pulumi|ansible)(\/|$)/i, "infrastructure"],
  [/(^|\/)(k8s|kubernetes|helm|charts|deploy|deployments?|manifests)(\/|$)/i, "deployment"],
  [/(^|\/)(docker|\.docker|\.devcontainer)(\/|$)/i, "containers"],
  [/^\.(github|circleci|buildkite|gitlab|husky|githooks)(\/|$)/i, "what CI runs"],
  [/^(build|tools|scripts|bin)$/i, "build scripts"],
  [/^(scripts|tools)\/.*(build|release|deploy|publish|ci)[^/]*$/i, "build scripts"],
]
const files: readonly (readonly [RegExp, string])[] = [
  [/^(dockerfile.*|.*\.dockerfile|containerfile|\.dockerignore|(docker-)?compose.*\.ya?ml)$/, "containers"],
  [/\.(tf|tfvars|hcl)$/, "infrastructure"],
  [/^(chart\.ya?ml|kustomization\.ya?ml|skaffold\.ya?ml|serverless\.ya?ml|vercel\.json|netlify\.toml|fly\.toml|app\.yaml|procfile)$/, "deployment"],
  [/^(makefile|gnumakefile|justfile|taskfile\.ya?ml|rakefile|build\.(sh|zig|rs)|cmakelists\.txt|gradlew|.*\.bazel|workspace)$/, "build scripts"],
]
/** One of each, where a repository usually has it. */
const usualPlaces: readonly (readonly [string, string])[] = [
  ["package-lock.json", "dependencies"],
  ["package.json", "dependencies"],
  ["Cargo.lock", "dependencies"],
  ["go.sum", "dependencies"],
  ["pyproject.toml", "dependencies"],
  ["pnpm-lock.yaml", "dependencies"],
  ["yarn.lock", "dependencies"],
  [".github/workflows/ci.yml", "what CI runs"],
  ["Dockerfile", "containers"],
  ["docker-compose.yml", "containers"],
  ["Makefile", "build scripts"],
  ["tsconfig.json", "configuration of the whole repository"],
  ["vite.config.ts", "configuration of the whole repository"],
  [".env", "configuration of the whole repository"],
  ["migrations/0001_init.sql", "database migrations"],
  ["db/migrations/0001_init.sql", "database migrations"],
  ["main.tf", "infrastructure"],
]
