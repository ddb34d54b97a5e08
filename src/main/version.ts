/** The version of this package, read where it is written. */
import { readFileSync } from "node:fs"

export function fleetVersion(): string {
  const { version: written } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }
  return written
}
