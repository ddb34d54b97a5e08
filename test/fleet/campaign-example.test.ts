/** The campaign that docs/scripted-agent.md gives to copy: it is run as it stands there. */
import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, test, vi } from "vitest"
import { scenario } from "./scenario.ts"

vi.setConfig({ testTimeout: 180_000 })

const root = new URL("../../", import.meta.url)

test("the example of a campaign runs as it stands in the documents, in two waves, and the README leads to it", async () => {
  const who = { GIT_AUTHOR_NAME: "A person", GIT_AUTHOR_EMAIL: "a@b.c", GIT_COMMITTER_NAME: "A person", GIT_COMMITTER_EMAIL: "a@b.c" }
  await using fleet = await scenario({ environment: who })
  const [, example = ""] = /^````sh\n([\s\S]*?)^````$/m.exec(await readFile(new URL("docs/scripted-agent.md", root), "utf8")) ?? []
  const env = { ...fleet.environment, PATH: `${fileURLToPath(new URL("bin", root))}:${path.dirname(process.execPath)}:${process.env["PATH"] ?? ""}` }
  const { stdout, stderr } = await promisify(execFile)("bash", ["-euc", example], { cwd: fleet.home, env })
  expect(stderr).toMatch(/wave 1 of about 2: api, page, style\n[\s\S]*wave 2 of about 2: docs\n/)
  expect(stdout).toContain("— 2 waves, 4 agents total\n- Built: the API; the page; the style; the documents\n")
  expect(await readFile(path.join(fleet.home, "try-a-campaign/site/docs/index.md"), "utf8")).toBe("The API is in api/.\n")
  expect(await readFile(new URL("README.md", root), "utf8")).toContain("(docs/scripted-agent.md#a-campaign-to-try)")
})
