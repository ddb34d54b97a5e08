import path from "node:path"
import { expect, test } from "vitest"
import { repository } from "../../../test/repository.ts"
import type { ClaimView, DiscoveryView } from "../../protocol/coordination-views.ts"
import { FakeHub, problem } from "./testing/fake-hub.ts"
import { fleet, jsonLines } from "./testing/fleet.ts"

const claim = (id: string, more: Partial<ClaimView> = {}): ClaimView => ({
  id,
  holder: 'session s-1 "Look"',
  task: null,
  session: null,
  repository: "/home/me/app/.git",
  scopes: ["src/api"],
  purpose: "moving the routes",
  since: Date.now(),
  until: Date.now() + 1_790_000,
  ...more,
})
const discovery = (id: string, more: Partial<DiscoveryView> = {}): DiscoveryView => ({
  id,
  session: null,
  task: null,
  repository: null,
  text: "the API allows 100 requests a minute",
  paths: ["src/api"],
  at: Date.now() - 120_000,
  ...more,
})

test("claim take asks for the paths in the checkout one stands in, and says for how long they are held", async () => {
  await using hub = await FakeHub.start({ "POST /v1/claims": () => ({ status: 201, body: claim("c3") }) })
  const ran = await fleet(["claim", "take", "src/api", "docs (read-only)", "--for", "moving the routes", "--minutes", "60"], { home: hub.home })
  expect(ran).toMatchObject({ code: 0, stdout: "c3 holds src/api for 30 min\n" })
  expect(hub.asked.map(({ body }) => body)).toEqual([
    { directory: hub.home, scopes: ["src/api", "docs (read-only)"], purpose: "moving the routes", minutes: 60, session: null },
  ])
})

test("a claim that somebody else holds is refused with who it is", async () => {
  const held = problem("claim-held", "src/api cannot be claimed")
  await using hub = await FakeHub.start({ "POST /v1/claims": () => ({ status: 409, body: held }) })
  const ran = await fleet(["claim", "take", "src/api"], { home: hub.home })
  expect([ran.code, ran.stdout]).toEqual([2, ""])
  expect(ran.stderr).toContain("src/api cannot be claimed")
})

test("claims are renewed, given back and listed; what others wrote cannot forge a line", async () => {
  const claims = [claim("add-sso-7k2f/api", { until: null, holder: "task add-sso-7k2f/api" }), claim("c3", { purpose: "x\u001b[2J\nforged" })]
  await using hub = await FakeHub.start({
    "POST /v1/claims/c3/renew": () => ({ body: claim("c3") }),
    "DELETE /v1/claims/c3": () => ({ body: {} }),
    "GET /v1/claims": () => ({ body: { items: claims } }),
  })
  expect(await fleet(["claim", "renew", "c3"], { home: hub.home })).toMatchObject({ code: 0, stdout: "c3 holds src/api for 30 min\n" })
  expect(hub.asked.at(-1)?.body).toEqual({ minutes: 30 })
  expect(await fleet(["claim", "release", "c3"], { home: hub.home })).toMatchObject({ code: 0, stdout: "c3 is given back\n" })
  const { stdout } = await fleet(["claim", "list"], { home: hub.home })
  expect(stdout.trimEnd().split("\n")).toHaveLength(3)
  expect(stdout).toContain("task add-sso-7k2f/api")
  expect(stdout).not.toContain("\u001b")
  expect(jsonLines((await fleet(["claim", "list", "--json"], { home: hub.home })).stdout)[0]).toMatchObject({
    items: [{ id: "add-sso-7k2f/api" }, { id: "c3" }],
  })
})

test("discover reports for this checkout, from the command line or stdin, or for everywhere", async () => {
  await using hub = await FakeHub.start({ "POST /v1/discoveries": () => ({ status: 201, body: discovery("d1") }) })
  const ran = await fleet(["discover", "the API allows 100 requests a minute", "--path", "src/api"], { home: hub.home })
  expect(ran).toMatchObject({ code: 0, stdout: "d1 is told to those who work on src/api\n" })
  await fleet(["discover", "-", "--everywhere"], { home: hub.home, stdin: "from a file" })
  expect(hub.asked.map(({ body }) => body)).toEqual([
    { text: "the API allows 100 requests a minute", paths: ["src/api"], directory: hub.home, session: null },
    { text: "from a file", paths: [], directory: null, session: null },
  ])
})

test("discoveries are listed with who found them and what they are about", async () => {
  const hostile = discovery("d2", { task: "run/api", text: "one\ntwo\u001b[31m", paths: [] })
  await using hub = await FakeHub.start({ "GET /v1/discoveries": () => ({ body: { items: [discovery("d1"), hostile] } }) })
  const { stdout } = await fleet(["discoveries"], { home: hub.home })
  expect(stdout).toBe("d1 on src/api, everywhere, 2 min ago\n  the API allows 100 requests a minute\nd2 task run/api, everywhere, 2 min ago\n  one two\n")
  expect(jsonLines((await fleet(["discoveries", "--json"], { home: hub.home })).stdout)[0]).toMatchObject({ items: [{ id: "d1" }, { id: "d2" }] })
})

test("claims and discoveries are those of the repository one is in, or that -C names; --all has them all, and says of which each is", async () => {
  await using app = await repository({ "src/a.txt": "a" })
  const here = path.join(app.path, ".git")
  const claims = [claim("c1", { repository: here, purpose: "here" }), claim("c2", { repository: "/home/me/other/.git", purpose: "there" })]
  const found = [
    discovery("d1", { repository: here, text: "found here" }),
    discovery("d2", { repository: "/home/me/other/.git", text: "found there" }),
    discovery("d3", { text: "holds everywhere" }),
  ]
  await using hub = await FakeHub.start({ "GET /v1/claims": () => ({ body: { items: claims } }), "GET /v1/discoveries": () => ({ body: { items: found } }) })
  const said = async (...args: string[]): Promise<string> => (await fleet(args, { home: hub.home, cwd: hub.home })).stdout
  const idsOf = (text: string): unknown => jsonLines(text).flatMap((line) => (line["items"] as { id: string }[]).map(({ id }) => id))

  const inside = path.join(app.path, "src")
  expect(await said("claim", "list", "-C", inside)).not.toMatch(/there|other/)
  expect(idsOf(await said("claim", "list", "-C", inside, "--json"))).toEqual(["c1"])
  expect(jsonLines(await said("claim", "list", "-C", inside, "--json"))[0]).toMatchObject({ items: [{ repository: here }] })
  expect(await said("claim", "list", "-C", inside, "--all")).toContain("/home/me/other")
  expect(idsOf(await said("claim", "list", "--json"))).toEqual(["c1", "c2"])

  expect(idsOf(await said("discoveries", "-C", inside, "--json"))).toEqual(["d1", "d3"])
  expect(await said("discoveries", "-C", inside)).toBe("d1 on src/api, 2 min ago\n  found here\nd3 on src/api, 2 min ago\n  holds everywhere\n")
  expect(await said("discoveries", "-C", inside, "--all")).toContain("d2 on src/api, /home/me/other, 2 min ago\n")
  expect((await fleet(["discoveries", "-C", hub.home], { home: hub.home })).code).toBe(2)
})
