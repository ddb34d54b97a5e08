import { expect, test } from "vitest"
import { World } from "../../../test/world/world.ts"
import { id } from "../ids.ts"
import { freeze, thaw } from "../project/state.ts"
import { readAddress } from "./address.ts"
import { topicOf } from "./topic.ts"
import type { WebhookCommand } from "./webhook.ts"

const hook = id<"webhook">("wh_1")
const secret = `whsec_${"A".repeat(43)}=`
const add = (more: Partial<WebhookCommand & { type: "webhook.add" }> = {}): WebhookCommand & { type: "webhook.add" } => ({
  type: "webhook.add",
  webhook: hook,
  url: "https://example.com/hook",
  topics: ["run", "run", "approval"],
  secret,
  after: 7,
  ...more,
})

test("a webhook is added, disabled with its reason, enabled again and removed", () => {
  const world = new World()
  expect(world.tell(add())).toBeNull()
  expect(world.state.webhooks.get(hook)).toEqual({
    id: hook,
    url: "https://example.com/hook",
    topics: ["run", "approval"],
    secret,
    after: 7,
    addedAt: world.now,
    status: { name: "active" },
  })
  expect(world.tell({ type: "webhook.disable", webhook: hook, reason: "it never answered" })).toBeNull()
  expect(world.state.webhooks.get(hook)?.status).toMatchObject({ name: "disabled", reason: "it never answered" })
  expect(world.tell({ type: "webhook.test", webhook: hook })).toMatchObject({ code: "webhook-disabled", why: "it never answered" })
  world.tell({ type: "webhook.enable", webhook: hook })
  expect(world.tell({ type: "webhook.test", webhook: hook })).toBeNull()
  expect(thaw(JSON.parse(JSON.stringify(freeze(world.state)))).webhooks.toJS()).toEqual(world.state.webhooks.toJS())
  world.tell({ type: "webhook.remove", webhook: hook })
  expect(world.state.webhooks.size).toBe(0)
  expect(world.tell({ type: "webhook.remove", webhook: hook })).toMatchObject({ code: "unknown-webhook" })
  expect(world.log.map(({ event }) => event.type)).toEqual(["webhook.added", "webhook.disabled", "webhook.enabled", "webhook.tested", "webhook.removed"])
})

test("disabling what is disabled, and enabling what is active, changes nothing", () => {
  const world = new World()
  world.tell(add())
  world.tell({ type: "webhook.enable", webhook: hook })
  world.tell({ type: "webhook.disable", webhook: hook, reason: "first" })
  world.tell({ type: "webhook.disable", webhook: hook, reason: "second" })
  expect(world.state.webhooks.get(hook)?.status).toMatchObject({ reason: "first" })
  expect(world.log).toHaveLength(2)
})

test("an id is used once, a secret has a form, and there is an end to how many there may be", () => {
  const world = new World()
  world.tell(add())
  expect(world.tell(add())).toMatchObject({ code: "webhook-exists" })
  for (const wrong of ["", "secret", "whsec_", "whsec_short", `whsec_${"!".repeat(40)}`])
    expect(world.tell(add({ webhook: id("wh_2"), secret: wrong }))).toMatchObject({ code: "bad-webhook-secret" })
  for (let n = 2; n <= 50; n++) expect(world.tell(add({ webhook: id(`wh_${n}`) }))).toBeNull()
  expect(world.tell(add({ webhook: id("wh_51") }))).toMatchObject({ code: "too-many-webhooks" })
})

test("an address is https, or http to this very machine, and holds no password", () => {
  for (const good of [
    "https://example.com/a?b=c",
    "https://10.0.0.1/",
    "http://localhost:8080/x",
    "http://127.0.0.1/",
    "http://127.9.9.9:1/",
    "http://[::1]:5/",
  ])
    expect(readAddress(good)).toBe(new URL(good).href)
  expect(readAddress("https://example.com/a#secret")).toBe("https://example.com/a")
  // Other spellings of loopback are this machine, too.
  expect(readAddress("http://2130706433/")).toBe("http://127.0.0.1/")
  for (const bad of [
    "",
    "example.com",
    "ftp://example.com",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://example.com/",
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://localhost.evil.example/",
    "http://127.0.0.1.evil.example/",
    "https://user:pass@example.com/",
    "http://user@localhost/",
    `https://example.com/${"x".repeat(3_000)}`,
  ])
    expect(readAddress(bad), bad.slice(0, 50)).toMatchObject({ code: "bad-webhook-url", fix: expect.any(String) })
})

test("each event belongs to a noun, and bookkeeping to none", () => {
  expect(topicOf("run.settled")).toBe("run")
  expect(topicOf("attempt.started")).toBe("task")
  expect(topicOf("turn.started")).toBe("session")
  expect(topicOf("webhook.disabled")).toBe("webhook")
  expect(topicOf("timer.rang")).toBeNull()
  expect(topicOf("worker.heard")).toBeNull()
  expect(topicOf("worker.away")).toBe("worker")
})
