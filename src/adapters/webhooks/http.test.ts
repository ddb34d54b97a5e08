import { Webhook } from "standardwebhooks"
import { expect, test } from "vitest"
import type { Message } from "../../engine/ports/posts.ts"
import { mayReach } from "./addresses.ts"
import { httpPosts } from "./http.ts"
import { Receiver } from "./testing/receiver.ts"

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`
const posts = httpPosts({ privateAddresses: false, version: "1.2.3", limitMs: 5_000 })
const forever = new AbortController().signal
const message = (url: string): Message => ({
  url,
  id: "wh_1.7",
  secret,
  at: Date.now(),
  body: JSON.stringify({ type: "fleet.run.settled", data: { number: 7, text: "é \u{1F680}" } }),
})

test("a message comes signed by Standard Webhooks, as the library itself checks it", async () => {
  await using receiver = await new Receiver(secret).start()
  expect(await posts.post(message(receiver.url), forever)).toEqual({ how: "taken", status: 204 })
  expect(receiver.received).toMatchObject([{ id: "wh_1.7", type: "fleet.run.settled", number: 7 }])
  const { headers = {}, body = "" } = receiver.last ?? {}
  expect(new Webhook(secret).verify(body, headers)).toMatchObject({ data: { text: "é \u{1F680}" } })
  expect(headers["content-type"]).toBe("application/cloudevents+json")
  expect(() => new Webhook(`whsec_${Buffer.alloc(32, 8).toString("base64")}`).verify(body, headers)).toThrow()
})

test("what is answered is told apart: taken, gone, failed, and when to come back", async () => {
  await using receiver = await new Receiver(secret).start()
  const answered = async (status: number, headers: Record<string, string> = {}) => {
    receiver.behaves = { status, headers }
    return posts.post(message(receiver.url), forever)
  }
  expect(await answered(200)).toEqual({ how: "taken", status: 200 })
  expect(await answered(410)).toEqual({ how: "gone" })
  expect(await answered(500)).toEqual({ how: "failed", why: "it answered 500", retryAfterMs: null })
  expect(await answered(503, { "retry-after": "7" })).toMatchObject({ how: "failed", retryAfterMs: 7_000 })
  expect(await answered(429, { "retry-after": "999999" })).toMatchObject({ retryAfterMs: 3_600_000 })
  expect(await answered(429, { "retry-after": "Fri, 31 Dec 2027" })).toMatchObject({ retryAfterMs: null })
  const before = receiver.tries.length
  expect(await answered(302, { location: receiver.url })).toMatchObject({ how: "failed", why: expect.stringContaining("redirects are not followed") })
  expect(receiver.tries).toHaveLength(before + 1)
})

test("a receiver that hangs is given up after its time, one that is not there at once, and one that is called off says so", async () => {
  await using receiver = await new Receiver(secret).start()
  receiver.behaves = "hangs"
  const hasty = httpPosts({ privateAddresses: false, version: "1", limitMs: 50 })
  expect(await hasty.post(message(receiver.url), forever)).toMatchObject({ how: "failed", why: "it did not answer in time" })
  const stop = new AbortController()
  const cut = posts.post(message(receiver.url), stop.signal)
  await receiver.until("tries", receiver.tries.length + 1)
  stop.abort()
  await expect(cut).rejects.toThrow()
  await receiver.stop()
  expect(await posts.post(message(receiver.url), forever)).toMatchObject({ how: "failed", why: "it could not be reached (ECONNREFUSED)" })
})

test("only this machine and the internet are reached; private networks when the person says so; http never leaves the machine", () => {
  for (const address of ["127.0.0.1", "127.1.2.3", "::1"]) for (const secure of [true, false]) expect(mayReach(address, secure, false), address).toBe(true)
  for (const address of ["1.1.1.1", "93.184.216.34", "2606:4700::1111"]) {
    expect(mayReach(address, true, false), address).toBe(true)
    expect(mayReach(address, false, true), address).toBe(false)
  }
  const inner = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "fd00::1",
    "fe80::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:1",
    "2002:a00:1::1",
  ]
  for (const address of inner) {
    expect(mayReach(address, true, false), address).toBe(false)
    expect(mayReach(address, false, true), address).toBe(false)
  }
  expect(mayReach("10.1.2.3", true, true)).toBe(true)
  for (const none of ["", "example.com", "127.0.0.1.evil.example"]) expect(mayReach(none, true, true)).toBe(false)
})

test("a private address is refused before a byte is sent, as an address and as a name", async () => {
  expect(await posts.post(message("https://10.0.0.1:1/"), forever)).toMatchObject({ how: "failed", why: expect.stringContaining("where webhooks may not go") })
  expect(await posts.post(message("https://[fd00::1]:1/"), forever)).toMatchObject({ how: "failed", why: expect.stringContaining("where webhooks may not go") })
  // Loopback by a name: looked up, and let through.
  await using receiver = await new Receiver(secret).start()
  expect(await posts.post(message(receiver.url.replace("127.0.0.1", "localhost")), forever)).toMatchObject({ how: "taken" })
})
