import { writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { fleet as cli, jsonLines } from "../../src/surfaces/cli/testing/fleet.ts"
import { task } from "../world/world.ts"
import { scenario } from "./scenario.ts"

test("an agent that cannot be told anything while it works: fleet says so, on the command line and in the transcript, and the work goes on", async () => {
  await using fleet = await scenario()
  const gate = path.join(fleet.home, "gate")
  const options = { home: fleet.home, env: fleet.environment }
  await fleet.submit([task("api", { prompt: `[[run cmd="mkfifo ${gate}; cat ${gate}"]] [[write path="api.txt" text="api"]] [[commit message="api"]]` })])
  await fleet.untilProgram("cat")
  const told = await cli(["tell", "api", "keep the old endpoint"], options)
  expect(told).toMatchObject({ code: 1, stderr: expect.stringContaining("waiting for its agent to take it") })
  expect(told.stdout).toContain("the agent cannot be told anything while it works; the message was not delivered")
  const json = await cli(["tell", "api", "-", "--json"], { ...options, stdin: "from stdin\nline two\n" })
  expect(json.code).toBe(1)
  expect(jsonLines(json.stdout)).toMatchObject([{ schema_version: 1, key: "api", taken: false, text: expect.stringContaining("not delivered") }])
  const { session } = await fleet.task("api")
  expect(await fleet.transcript(session ?? "")).toContain("[not delivered: this agent takes nothing while it works] from stdin\nline two")
  expect(await cli(["tell", "api", "x".repeat(20_001)], options)).toMatchObject({ code: 2, stderr: expect.stringContaining("20000 are the most") })
  await writeFile(gate, "open")
  expect((await fleet.settled()).status).toBe("done")
  const late = await cli(["tell", "api", "too late"], options)
  expect(late).toMatchObject({ code: 2, stderr: expect.stringContaining("no turn of an agent runs: it is done") })
})
