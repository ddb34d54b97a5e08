/** The version of this installation, read from its package.json so that it is written in one place only. */
import { readFileSync } from "node:fs"

export function fleetVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
  if (typeof manifest === "object" && manifest !== null && "version" in manifest && typeof manifest.version === "string") return manifest.version
  throw new Error("package.json has no version")
}
