import { createServer } from "node:net"
import { once } from "node:events"
import { expect, test } from "vitest"
import { id } from "../domain/ids.ts"
import { agentEnvironment, type EnvironmentParts } from "./environment.ts"
import { PortBlocks, portsPerBlock } from "./port-blocks.ts"

const parts: EnvironmentParts = {
  base: {
    PATH: "/bin",
    HOME: "/home/me",
    LC_ALL: "C.UTF-8",
    https_proxy: "http://proxy",
    GIT_DIR: "/somewhere/.git",
    FLEET_SESSION: "the parent's",
    FLEET_TASK: "the parent's",
    AWS_SECRET_ACCESS_KEY: "secret",
    OPENAI_API_KEY: "sk",
  },
  passed: ["OPENAI_API_KEY", "GIT_SSH_COMMAND"],
  added: { FLEET_TASK: "api", FLEET_SESSION: "forged", GIT_DIR: "/elsewhere" },
  session: id("run.api.1"),
  workspace: id("run.api"),
  boot: id("b1"),
  homeId: "h1",
  agent: "codex",
  personKnown: true,
  ports: { base: 20_000, count: 10 },
}

test("an agent gets a clean base, its provider's variables, and marks that nobody can forge", () => {
  expect(agentEnvironment(parts)).toEqual({
    PATH: "/bin",
    HOME: "/home/me",
    LC_ALL: "C.UTF-8",
    https_proxy: "http://proxy",
    OPENAI_API_KEY: "sk",
    FLEET_TASK: "api",
    FLEET_SESSION: "run.api.1",
    FLEET_WORKSPACE: "run.api",
    FLEET_WORKER: "b1",
    FLEET_HOME_ID: "h1",
    FLEET_PORT_BASE: "20000",
    FLEET_PORT_COUNT: "10",
    GIT_AUTHOR_NAME: "codex",
    GIT_AUTHOR_EMAIL: "codex@agents.fleet.invalid",
  })
})

test("the agent stands in as committer only where git does not know the person", () => {
  expect(agentEnvironment({ ...parts, personKnown: false })).toMatchObject({ GIT_COMMITTER_NAME: "codex", GIT_COMMITTER_EMAIL: "codex@agents.fleet.invalid" })
})

test("two sessions never share a port, a block in use is passed over, and one given back is leased again", async () => {
  const taken = createServer().listen({ port: 20_003, host: "127.0.0.1" })
  await once(taken, "listening")
  const ports = new PortBlocks(0)
  const leased = await Promise.all([ports.lease(), ports.lease(), ports.lease()])
  taken.close()
  await once(taken, "close")
  const bases = leased.map((block) => block.base)
  expect(new Set(bases).size).toBe(3)
  expect(bases).not.toContain(20_000)
  expect(leased.every((block) => block.count === portsPerBlock)).toBe(true)
})
