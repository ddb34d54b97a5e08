import { once } from "node:events"
import http from "node:http"
import type { AddressInfo } from "node:net"
import { Webhook } from "standardwebhooks"
import { expect, test } from "vitest"
import { fleet as run, jsonLines, type Ran } from "../../src/surfaces/cli/testing/fleet.ts"
import { scenario } from "./scenario.ts"

interface Post {
  readonly headers: Record<string, string>
  readonly body: string
}

/** A program that listens, and the next post that it gets. */
async function listener(): Promise<{ url: string; next: () => Promise<Post> } & AsyncDisposable> {
  const server = http.createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk))
    request.on("end", () => {
      response.writeHead(204).end()
      server.emit("post", { headers: request.headers, body })
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fleet`,
    next: async () => ((await once(server, "post")) as [Post])[0],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

test("a person adds a webhook, tries it with the secret that was shown once, sees it in the list, and removes it", async () => {
  await using fleet = await scenario()
  await using heard = await listener()
  const person = (...args: string[]): Promise<Ran> => run(["webhook", ...args], { home: fleet.home, env: fleet.environment })
  expect((await person("list")).stdout).toContain("No webhooks.")

  const added = await person("add", heard.url, "--topic", "run", "approval")
  expect(added).toMatchObject({ code: 0 })
  const [, id = "", secret = ""] = /^(wh_\S+) is told run, approval: [\s\S]*^secret {2}(whsec_\S+)$/m.exec(added.stdout) ?? []
  const post = heard.next()
  expect((await person("test", id)).stdout).toContain("is on its way")
  const { headers, body } = await post
  expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: "fleet.webhook.tested" })

  const listed = await person("list")
  expect(listed.stdout).toMatch(new RegExp(`^${id} +active .* run, approval +${heard.url}`, "m"))
  const [json] = jsonLines((await person("list", "--json")).stdout)
  expect(json).toMatchObject({ schema_version: 1, items: [{ id, url: heard.url, topics: ["run", "approval"] }] })
  for (const said of [listed.stdout, JSON.stringify(json)]) expect(said).not.toContain(secret)

  expect((await person("enable", id)).stdout).toContain(`${id} is active`)
  expect((await person("remove", id)).stdout).toBe(`${id} is removed\n`)
  expect((await person("list")).stdout).toContain("No webhooks.")
  expect(await person("remove", id)).toMatchObject({ code: 2, stderr: expect.stringContaining(`there is no webhook ${id}`) })
  expect((await person("add", heard.url, "--topic", "weather")).stderr).toContain("Allowed choices are run")
})
