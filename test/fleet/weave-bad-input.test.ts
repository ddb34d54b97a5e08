/** What must not be meant: each with the documented status and a sentence, nothing created and nothing leaked. */
import { mkdir, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { Api } from "./api.ts"
import { scenario } from "./scenario.ts"

test("bodies that cannot be meant make no session", async () => {
  await using fleet = await scenario({ environment: { ORCHESTRATOR_WORKSPACE_ROOTS: tmpdir() } })
  const api = new Api(fleet)
  const directory = fleet.repo.path
  await writeFile(path.join(fleet.home, "a-file"), "")
  await symlink("/etc", path.join(fleet.home, "out"))
  const refused: readonly (readonly [unknown, number, string | RegExp])[] = [
    ["{not json", 400, "Invalid JSON body"],
    ["[]", 400, /no JSON object/],
    [{}, 400, "directory is required"],
    [{ directory: 7 }, 400, "directory is required"],
    [{ directory: "" }, 400, "directory is required"],
    [{ directory: "relative/path" }, 400, "Directory does not exist"],
    [{ directory: path.join(fleet.home, "no-such") }, 400, "Directory does not exist"],
    [{ directory: "/no/such" }, 400, "Directory is outside the allowed workspace roots"],
    [{ directory: path.join(fleet.home, "a-file") }, 400, "Path exists but is not a directory"],
    [{ directory: "/etc" }, 400, "Directory is outside the allowed workspace roots"],
    [{ directory: path.join(fleet.home, "out") }, 400, "Directory is outside the allowed workspace roots"],
    [{ directory: `${directory}\0/x` }, 400, /NUL/],
    [{ directory, title: 7 }, 400, /^title is not usable/],
    [{ directory, title: "x".repeat(501) }, 400, /title is not usable/],
    [{ directory, isolationStrategy: "teleport" }, 400, /^isolationStrategy is not usable.*worktree/],
    [{ directory, isolationStrategy: "worktree", branch: "../evil" }, 400, /branch/],
    [{ directory, isolationStrategy: "worktree", branch: "-rf" }, 400, /branch/],
    [{ directory, harnessType: "nobody-knows" }, 400, /nobody-knows/],
    [{ directory, onComplete: "me" }, 400, /^onComplete is not usable/],
    [{ directory, onComplete: { notifySessionId: 7 } }, 400, /notifySessionId/],
    [{ directory, context: { type: "github-issue" } }, 400, /^context\./],
  ]
  for (const [body, status, error] of refused) {
    const answer = await api.call("POST", "/sessions", body)
    const said = `${JSON.stringify(body).slice(0, 80)}: ${answer.text}`
    expect(answer.status, said).toBe(status)
    if (typeof error === "string") expect(answer.json.error, said).toBe(error)
    else expect(answer.json.error, said).toMatch(error)
  }
  expect((await api.call("POST", "/sessions", { directory, isolationStrategy: "magic" })).json.hint).toBe('send one of "existing", "worktree", "clone"')
  expect(await api.ok("GET", "/sessions")).toEqual([])
  expect(await fleet.leftovers()).toEqual([])
  expect(await fleet.agentProcesses()).toEqual([])
})

test("prompts, queries and titles that cannot be meant are refused one by one", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const { session } = await api.create()
  const at = `/sessions/${session.id}`
  const data = Buffer.from("not really a picture").toString("base64")
  const prompts: readonly (readonly [unknown, number, string | RegExp])[] = [
    [{}, 400, "text or attachments required"],
    [{ text: "  " }, 400, "text or attachments required"],
    [{ text: 7 }, 400, /^text is not usable/],
    [{ text: "nul \0" }, 400, /NUL/],
    [{ text: "x", model: "gpt" }, 400, /^model is not usable/],
    [{ text: "x", model: { providerID: "a" } }, 400, /^model.modelID/],
    [{ text: "x", attachments: [{ mime: "text/html", data }] }, 400, /^attachments.0.mime/],
    [{ text: "x", attachments: [{ mime: "image/png", data: "%%%" }] }, 400, /^attachments.0.data.*base64/],
    [{ text: "x", attachments: Array.from({ length: 11 }, () => ({ mime: "image/png", data })) }, 400, /10 are the most/],
    [{ text: "x", attachments: [{ mime: "image/png", data: Buffer.alloc(5 * 1024 * 1024 + 1).toString("base64") }] }, 400, /too large/],
    ["nonsense", 400, "Invalid JSON body"],
  ]
  for (const [body, status, error] of prompts) {
    const answer = await api.call("POST", `${at}/prompt`, body)
    expect(answer.status, answer.text).toBe(status)
    if (typeof error === "string") expect(answer.json.error).toBe(error)
    else expect(answer.json.error).toMatch(error)
  }
  for (const query of ["limit=0", "limit=-1", "limit=x", "limit=1001", "offset=-1", "offset=1.5", "status=flying"])
    expect((await api.get(`/sessions?${query}`)).status, query).toBe(400)
  for (const query of ["limit=x", "limit=0"]) expect((await api.get(`${at}/messages?${query}`)).status, query).toBe(400)
  for (const body of [{}, { title: "" }, { title: 7 }])
    expect(await api.call("PATCH", at, body)).toMatchObject({ status: 400, json: { error: "title is required and must be a non-empty string" } })
  expect((await api.call("DELETE", `${at}?permanent=maybe`)).status).toBe(400)
  expect((await api.call("POST", `${at}/command`, {})).status).toBe(400)
  for (const [method, route] of [
    ["GET", ""],
    ["PATCH", ""],
    ["DELETE", ""],
    ["POST", "/abort"],
    ["POST", "/resume"],
    ["POST", "/fork"],
    ["GET", "/status"],
    ["GET", "/messages"],
    ["GET", "/diffs"],
    ["GET", "/events"],
    ["GET", "/files"],
  ] as const)
    expect(await api.call(method, `/sessions/nobody${route}`, method === "PATCH" ? { title: "x" } : undefined), route).toMatchObject({
      status: 404,
      json: { error: "Session not found" },
    })
  expect(await api.get("/instances/nobody/agents")).toMatchObject({ status: 404, json: { error: "Instance not found or unavailable" } })
  expect(await api.get("/no/such/route")).toMatchObject({ status: 404, json: { error: expect.stringContaining("no GET /api/no/such/route") } })
  expect(await api.prompts({ session } as never)).toEqual([])
})

test("an attachment comes to the agent as a file, and a picture that is small enough is taken", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create()
  const attachments = [{ mime: "image/png", filename: "shot.png", data: Buffer.from("\x89PNG\r\n").toString("base64") }]
  expect((await api.call("POST", `/sessions/${session.session.id}/prompt`, { text: '[[say "seen"]]', attachments })).status).toBe(204)
  await api.idle(session)
  expect((await api.item(session)).sessionStatus).toBe("idle")
})

test("files of a session: the tree, reading, writing, renaming and deleting; nothing outside, behind a link or in .git", async () => {
  await using fleet = await scenario({ files: { "README.md": "# A project\n", "src/a.ts": "export {}\n" } })
  const api = new Api(fleet)
  const session = await api.create({ isolationStrategy: "worktree" })
  const at = `/sessions/${session.session.id}/files`
  const outside = path.join(fleet.home, "outside")
  await mkdir(outside)
  await writeFile(path.join(outside, "secret.txt"), "secret")
  await symlink(outside, path.join(session.session.directory, "link"))
  expect(await api.ok("GET", `${at}/src/a.ts`)).toEqual({
    path: "src/a.ts",
    content: "export {}\n",
    size: 10,
    language: "typescript",
    isBinary: false,
    isImage: false,
    isSvg: false,
  })
  const { root, files } = await api.ok("GET", at)
  expect(root).toBe(session.session.directory)
  expect(files).toEqual(
    expect.arrayContaining([
      { path: "src", type: "directory", size: 0 },
      { path: "src/a.ts", type: "file", size: 10 },
    ]),
  )
  expect(await api.ok("POST", `${at}/docs/b%20c.md`, { content: "# B\n" })).toEqual({ success: true, path: "docs/b c.md" })
  expect(await api.ok("POST", `${at}/empty`, { type: "directory" })).toEqual({ success: true, path: "empty", type: "directory" })
  expect(await api.ok("PATCH", `${at}/docs/b%20c.md`, { newPath: "docs/d.md" })).toEqual({ success: true, oldPath: "docs/b c.md", newPath: "docs/d.md" })
  expect((await api.ok("GET", `${at}/docs/d.md`)).content).toBe("# B\n")
  expect(await api.ok("GET", `/instances/${session.instanceId}/find/files?query=d.md`)).toContain("docs/d.md")
  expect(await api.ok("DELETE", `${at}/docs/d.md`)).toEqual({ success: true, path: "docs/d.md" })
  expect(await api.get(`${at}/docs/d.md`)).toMatchObject({ status: 404, json: { error: "File not found" } })
  for (const bad of ["..%2f..%2fetc%2fpasswd", "link%2fsecret.txt", ".git%2fconfig", ".git", "%2fetc%2fpasswd", "a%00b", "src%2f..%2f..%2fx", "%ff"]) {
    expect(await api.get(`${at}/${bad}`), bad).toMatchObject({ status: 403, json: { error: "Access denied" } })
    expect((await api.call("POST", `${at}/${bad}`, { content: "x" })).status, bad).toBe(403)
    expect((await api.call("DELETE", `${at}/${bad}`)).status, bad).toBe(403)
  }
  expect((await api.call("PATCH", `${at}/src/a.ts`, { newPath: "../../out.ts" })).status).toBe(403)
  expect((await api.call("POST", `${at}/x.txt`, { content: 7 })).status).toBe(400)
  expect((await api.call("PATCH", `${at}/src/a.ts`, { newPath: "README.md" })).status).toBe(409)
})

test("nothing that is sent to any route makes it fail", async () => {
  await using fleet = await scenario({ environment: { ORCHESTRATOR_WORKSPACE_ROOTS: tmpdir() } })
  const api = new Api(fleet)
  const { session, instanceId } = await api.create()
  const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`
  const bodies = [
    "",
    "null",
    "7",
    '"x"',
    "[]",
    "{}",
    "{",
    deep,
    `{"directory":${deep}}`,
    '{"__proto__":{"directory":"/"},"constructor":7}',
    `"${"x".repeat(100_000)}"`,
  ]
  const values = [null, 7, -1, 1e308, "", " ", "\0", "../..", "x".repeat(10_000), "\u{1F600}\ud800", [], {}, true]
  const fields =
    "directory title isolationStrategy branch initialPrompt context onComplete harnessType text agent model attachments command args newPath content type displayName path name"
  const odd = fields.split(" ").flatMap((field) => values.map((value) => JSON.stringify({ directory: "/no/such", [field]: value })))
  const names = [session.id, "nobody", "%00", "%ff", "..%2f..", "x".repeat(500), "__proto__"]
  const routes: readonly (readonly [string, string])[] = [
    ["POST", "/sessions"],
    ...names.flatMap((name) => [
      ...["prompt", "command", "resume"].map((verb) => ["POST", `/sessions/${name}/${verb}`] as const),
      ["PATCH", `/sessions/${name}`] as const,
      ["POST", `/sessions/${name}/files/a%2fb`] as const,
      ["PATCH", `/sessions/${name}/files/a`] as const,
      ["PATCH", `/workspaces/${name}`] as const,
    ]),
    ["PUT", "/config"],
    ["POST", "/skills"],
    ["POST", "/workspace-roots"],
  ]
  for (const [method, route] of routes)
    for (const body of route.includes(session.id) || route === "/sessions" ? [...bodies, ...odd] : bodies) {
      if (route === `/sessions/${session.id}/prompt` && body.includes('"text":"x')) continue
      const { status, text, json } = await api.asOwner(method, route, body)
      expect([200, 204, 400, 403, 404, 409, 413, 501], `${method} ${route} ${body.slice(0, 80)}: ${status} ${text}`).toContain(status)
      if (status > 299) expect(json.error, `${method} ${route} ${body.slice(0, 80)}`).toEqual(expect.any(String))
    }
  for (const name of names)
    for (const route of ["", "/status", "/messages?before=%00&limit=1", "/messages?after=msg_000000000", "/diffs?messageID=%00", "/files", "/files/%2e%2e%2f"])
      expect((await api.asOwner("GET", `/sessions/${name}${route}`)).status, `${name}${route}`).toBeLessThan(500)
  for (const query of ["?limit=1e3", "?offset=99999999999", "?status=%00", "?status=__proto__", "?limit[]=1"])
    expect((await api.get(`/sessions${query}`)).status, query).toBeLessThan(500)
  for (const route of [
    "/directories?path=%00",
    "/directories?path=x",
    "/repositories/info",
    "/repositories/detail?path=%2f",
    `/instances/${instanceId}/find/files?query=%00`,
  ])
    expect((await api.get(route)).status, route).toBeLessThan(500)
})
