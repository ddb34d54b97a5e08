import { expect, test } from "vitest"
import { fleet as run, jsonLines, type Ran } from "../../src/surfaces/cli/testing/fleet.ts"
import { repository } from "../repository.ts"
import { scenario } from "./scenario.ts"

test("of six people who claim overlapping paths at once one holds them; the others are told who, until they are given back", async () => {
  await using fleet = await scenario()
  await using repo = await repository({ "a.txt": "a" })
  const person = (...args: string[]): Promise<Ran> => run(args, { home: fleet.home, cwd: repo.path, env: fleet.environment })
  const scopes = ["src/api", "src", "./src/api/auth", "src/**", "src/api/**/x.ts", "src/{api,ui}"]
  const claims = await Promise.all(scopes.map((scope, at) => person("claim", "take", scope, "--for", `work ${at}`)))
  expect(claims.filter(({ code }) => code === 0)).toHaveLength(1)
  const winner = claims.findIndex(({ code }) => code === 0)
  for (const [at, { stderr }] of claims.entries()) if (at !== winner) expect(stderr).toContain(`work ${winner}`)
  expect(jsonLines((await person("claim", "list", "--json")).stdout)[0]).toMatchObject({ items: [{ id: "c1", purpose: `work ${winner}` }] })
  expect(await person("claim", "take", "src-v2")).toMatchObject({ code: 0 })

  expect(await person("claim", "renew", "c1", "--minutes", "90")).toMatchObject({ code: 0 })
  expect((await person("claim", "release", "c1")).stdout).toBe("c1 is given back\n")
  expect(await person("claim", "release", "c1")).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no claim c1") })
  expect(await person("claim", "take", "src/api")).toMatchObject({ code: 0 })
  expect(await person("claim", "take", "../other")).toMatchObject({ code: 2, stderr: expect.stringContaining("outside of the repository") })
}, 60_000)

test("what a person discovered is there for everyone, newest first", async () => {
  await using fleet = await scenario()
  await using repo = await repository({ "a.txt": "a" })
  const person = (...args: string[]): Promise<Ran> => run(args, { home: fleet.home, cwd: repo.path, env: fleet.environment })
  expect((await person("discoveries")).stdout).toBe("Nobody has reported anything.\n")
  expect(await person("discover", "the API allows 100 requests a minute", "--path", "src/api")).toMatchObject({ code: 0 })
  expect(await person("discover", "config moved", "--everywhere")).toMatchObject({ code: 0 })
  const [list] = jsonLines((await person("discoveries", "--json")).stdout)
  expect(list).toMatchObject({
    items: [
      { text: "config moved", repository: null, paths: [] },
      { text: "the API allows 100 requests a minute", paths: ["src/api"] },
    ],
  })
})
