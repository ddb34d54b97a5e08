import { expect, test } from "vitest"
import { parseScope } from "../scope/normalise.ts"
import { sharedInfrastructure } from "./shared-infrastructure.ts"

const whatOf = (text: string): string | null => {
  const parsed = parseScope(text)
  return parsed.ok ? (sharedInfrastructure([parsed.scope])[0]?.what ?? null) : "not a scope"
}

test.each([
  ["package-lock.json", "dependencies"],
  ["packages/a/package.json", "dependencies"],
  ["Cargo.lock", "dependencies"],
  ["requirements-dev.txt", "dependencies"],
  [".github/workflows/release.yml", "what CI runs"],
  [".github", "what CI runs"],
  [".gitlab-ci.yml", "what CI runs"],
  ["Dockerfile", "containers"],
  ["services/api/Dockerfile.dev", "containers"],
  ["docker-compose.override.yml", "containers"],
  ["terraform/main.tf", "infrastructure"],
  ["modules/vpc.tf", "infrastructure"],
  ["k8s", "deployment"],
  ["deploy/helm/values.yaml", "deployment"],
  ["db/migrations", "database migrations"],
  ["prisma/schema.prisma", "database migrations"],
  ["tsconfig.json", "configuration of the whole repository"],
  ["eslint.config.js", "configuration of the whole repository"],
  [".env", "configuration of the whole repository"],
  ["Makefile", "build scripts"],
  ["scripts", "build scripts"],
  ["scripts/build-release.sh", "build scripts"],
  ["*.json", "dependencies"],
  ["**/Dockerfile", "containers"],
  ["**", "the whole repository"],
])("%s is shared: %s", (text, what) => expect(whatOf(text)).toBe(what))

test.each([
  "src/api",
  "src/config.ts",
  "src/ui/index.ts",
  "docs/docker.md",
  "src/scripts",
  "packages/web/src",
  "README.md",
  "package.json (read-only)",
  "src/**/*.ts",
])("%s is nobody else's", (text) => expect(whatOf(text)).toBeNull())
