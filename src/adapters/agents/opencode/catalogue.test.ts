import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { cut, cutCatalogue, hasOwnConfig } from "./catalogue.ts"

const provider = (...env: string[]): object => ({ env, models: {} })
const catalogue = {
  opencode: provider("OPENCODE_API_KEY"),
  anthropic: provider("ANTHROPIC_API_KEY"),
  deepinfra: provider("DEEPINFRA_API_KEY"),
  xai: provider("XAI"),
}
const nothing = { environment: {}, configs: [], logins: [] }

test("a provider stays that has a login, a key or a place in a config; the maker's own stays in any case", () => {
  const kept = (used: object): string[] => Object.keys(cut(catalogue, { ...nothing, ...used }))
  expect(kept({})).toEqual(["opencode"])
  expect(kept({ logins: ["xai"] })).toEqual(["opencode", "xai"])
  expect(kept({ environment: { ANTHROPIC_API_KEY: "k" } })).toEqual(["opencode", "anthropic"])
  expect(kept({ configs: ['{ // a comment\n "provider": { "deepinfra": {} } }'] })).toEqual(["opencode", "deepinfra"])
  expect(kept({ configs: ["model: anthropic/claude"] })).toEqual(["opencode", "anthropic"])
})

test("where the config that goes over all others enables providers, only those stay: none when they are all the person's own", () => {
  const environment = { OPENCODE_CONFIG_CONTENT: '{"enabled_providers":["mine"]}', ANTHROPIC_API_KEY: "k" }
  expect(cut(catalogue, { ...nothing, environment })).toEqual({})
})

test("it stays whole when it was never fetched or the person names another", async () => {
  const home = await mkdtemp(path.join(tmpdir(), "fleet-catalogue-"))
  try {
    expect(await cutCatalogue({ HOME: home })).toBeNull()
    await mkdir(path.join(home, ".cache/opencode"), { recursive: true })
    await writeFile(path.join(home, ".cache/opencode/models.json"), JSON.stringify(catalogue))
    await mkdir(path.join(home, ".local/share/opencode"), { recursive: true })
    await writeFile(path.join(home, ".local/share/opencode/auth.json"), '{"xai":{"type":"api","key":"k"}}')
    expect(Object.keys((await cutCatalogue({ HOME: home })) ?? {})).toEqual(["opencode", "xai"])
    expect(await cutCatalogue({ HOME: home, OPENCODE_MODELS_PATH: "/own.json" })).toBeNull()
  } finally {
    await rm(home, { recursive: true })
  }
})

test("a directory with a config of its own is known", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "fleet-catalogue-"))
  try {
    expect(await hasOwnConfig(directory)).toBe(false)
    await writeFile(path.join(directory, "opencode.jsonc"), "{}")
    expect(await hasOwnConfig(directory)).toBe(true)
  } finally {
    await rm(directory, { recursive: true })
  }
})
