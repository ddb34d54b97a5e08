import { spawn, type ChildProcessByStdio } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtempDisposable, readdir, readFile, symlink, writeFile } from "node:fs/promises"
import { createInterface } from "node:readline"
import { tmpdir } from "node:os"
import path from "node:path"
import type { Readable, Writable } from "node:stream"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { readClaims, releaseClaim, takeClaim } from "./claims.ts"
import { heartbeat, readInstances, registerInstance, unregister } from "./instances.ts"

const now = Date.UTC(2026, 10, 20, 12)
const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-claims-"))
const take = (root: string, instanceId: string, ...scope: string[]): ReturnType<typeof takeClaim> =>
  takeClaim(root, { instanceId, type: "build", scope, description: "d", claimedAt: new Date(now).toISOString() })
const folder = (root: string, of: string): string => path.join(root, ".planning/coordination", of)
async function others(root: string, name: string, text: string): Promise<string> {
  await mkdir(folder(root, "claims"), { recursive: true })
  const file = path.join(folder(root, "claims"), name)
  await writeFile(file, text)
  return file
}

interface Claimant extends AsyncDisposable {
  readonly process: ChildProcessByStdio<Writable, Readable, null>
  ask(line: string): Promise<string>
}

function claimant(root: string): Claimant {
  const program = fileURLToPath(new URL("fixtures/claimant.ts", import.meta.url))
  const child = spawn(process.execPath, ["--no-warnings", program, root], { stdio: ["pipe", "pipe", "inherit"] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    process: child,
    ask: async (line) => {
      child.stdin.write(`${line}\n`)
      const answer = await lines.next()
      return answer.done === true ? "gone" : answer.value
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill("SIGKILL")
      await once(child, "close")
    },
  }
}

test("a claim is the file that the contract says, to the key", async () => {
  await using root = await place()
  expect(await take(root.path, "agent-00aa11bb", "src/api/", "docs (read-only)")).toEqual({ taken: true, faults: [] })
  const text = await readFile(path.join(folder(root.path, "claims"), "agent-00aa11bb.json"), "utf8")
  expect(text).toBe(
    JSON.stringify(
      { instanceId: "agent-00aa11bb", type: "build", scope: ["src/api/", "docs (read-only)"], description: "d", claimedAt: "2026-11-20T12:00:00.000Z" },
      null,
      2,
    ),
  )
})

test("an instance is the file that the contract says, to the key; a heartbeat changes when it was last seen", async () => {
  await using root = await place()
  await registerInstance(root.path, { instanceId: "a", pid: null, campaignSlug: null }, now)
  expect(await heartbeat(root.path, "a", now + 1_000)).toBe(true)
  expect(JSON.parse(await readFile(path.join(folder(root.path, "instances"), "a.json"), "utf8"))).toEqual({
    instanceId: "a",
    startedAt: "2026-11-20T12:00:00.000Z",
    lastSeen: "2026-11-20T12:00:01.000Z",
    status: "active",
    pid: null,
    campaignSlug: null,
  })
  expect(await heartbeat(root.path, "nobody", now)).toBe(false)
  await take(root.path, "a", "src")
  expect(await unregister(root.path, "a")).toBe(true)
  expect(await readInstances(root.path)).toEqual({ instances: [], faults: [] })
  expect(await readClaims(root.path)).toEqual({ claims: [], faults: [] })
})

test.each([
  ["src/api", "src/api-v2", true],
  ["src/api/", "src/ui/", true],
  ["src/api (read-only)", "src/api", true],
  ["src/api/", "src/api/auth/", false],
  ["src/auth/", "src/auth/login.ts", false],
  ["./src/api", "src/api", false],
  ["src/**", "src/api", false],
])("whoever holds %s lets another take %s: %s", async (held, wanted, free) => {
  await using root = await place()
  await take(root.path, "a", held)
  const answer = await take(root.path, "b", wanted)
  expect(answer).toMatchObject(free ? { taken: true } : { taken: false, by: { instanceId: "a" }, theirs: held })
})

test("what is asked again by the same instance takes the place of what it held", async () => {
  await using root = await place()
  await take(root.path, "a", "src")
  expect(await take(root.path, "a", "src/api")).toMatchObject({ taken: true })
  expect(await take(root.path, "b", "src/ui")).toMatchObject({ taken: true })
})

test("releasing one claim leaves those whose names only begin alike", async () => {
  await using root = await place()
  await take(root.path, "a1", "src/a")
  await take(root.path, "a11", "src/b")
  expect(await releaseClaim(root.path, "a1")).toBe(true)
  expect(await releaseClaim(root.path, "a")).toBe(false)
  expect((await readClaims(root.path)).claims.map((claim) => claim.instanceId)).toEqual(["a11"])
})

test.each(["../../x", "a/b", "", ".hidden", "a\0b", "x".repeat(200)])("%j is no instance id", async (id) => {
  await using root = await place()
  await expect(take(root.path, id, "src")).rejects.toMatchObject({ fault: { code: "instance-id" } })
  await expect(releaseClaim(root.path, id)).rejects.toMatchObject({ fault: { code: "instance-id" } })
})

test.each([
  [["../other"], "scope-outside"],
  [["/etc"], "scope-outside"],
  [["src", ".git/hooks"], "scope-outside"],
  [[], "scope-invalid"],
  [[""], "scope-invalid"],
])("the scopes %j are refused, and nothing is written", async (scope, code) => {
  await using root = await place()
  await expect(take(root.path, "a", ...scope)).rejects.toMatchObject({ fault: { code } })
  expect(await readdir(root.path)).toEqual([])
})

test.each([
  ["{", "planning-unreadable"],
  ["[]", "planning-unreadable"],
  ['{"scope":7}', "planning-unreadable"],
  ['{"scope":["/etc/passwd"]}', "scope-outside"],
  ["x".repeat(300_000), "planning-unreadable"],
])("a claim file of others that says nonsense (%#) is told, keeps nobody out, and stays as it is", async (text, code) => {
  await using root = await place()
  const file = await others(root.path, "theirs.json", text)
  expect(await take(root.path, "a", "src")).toMatchObject({ taken: true, faults: [{ code }] })
  expect(await readFile(file, "utf8")).toBe(text)
})

test("an unreadable file of the instance itself is not written over", async () => {
  await using root = await place()
  const file = await others(root.path, "a.json", "half a cl")
  await expect(take(root.path, "a", "src")).rejects.toMatchObject({ fault: { code: "planning-unreadable" } })
  expect(await readFile(file, "utf8")).toBe("half a cl")
})

test("what others wrote with less in it is honoured", async () => {
  await using root = await place()
  await others(root.path, "theirs.json", '{"instanceId":"somebody else","scope":"src/api, src/ui"}')
  expect(await take(root.path, "a", "src/ui/x.ts")).toMatchObject({ taken: false, by: { instanceId: "theirs", type: "unknown" }, theirs: "src/ui" })
})

test("nothing is written or removed through a folder that leads out of the project", async () => {
  await using root = await place()
  await using outside = await place()
  await mkdir(path.join(root.path, ".planning/coordination"), { recursive: true })
  await symlink(outside.path, folder(root.path, "claims"))
  await writeFile(path.join(outside.path, "b.json"), "{}")
  await expect(take(root.path, "a", "src")).rejects.toMatchObject({ fault: { code: "leaves-project" } })
  await expect(releaseClaim(root.path, "b")).rejects.toMatchObject({ fault: { code: "leaves-project" } })
  expect(await readdir(outside.path)).toEqual(["b.json"])
})

test("of eight processes that claim overlapping scopes at the same instant exactly one wins, round after round", async () => {
  await using root = await place()
  await using group = new AsyncDisposableStack()
  const all = Array.from({ length: 8 }, () => group.use(claimant(root.path)))
  for (let round = 0; round < 12; round++) {
    // Parents, children and patterns of one another: all of them meet.
    const scopes = [`src/r${round}`, `src/r${round}/api`, `./src/r${round}/`, `src/r${round}/**`]
    const answers = await Promise.all(all.map((one, at) => one.ask(`w${at}-${round} ${at % 2 === 0 ? scopes[0] : scopes[at % scopes.length]}`)))
    const winners = answers.flatMap((answer, at) => (answer === "taken" ? [`w${at}-${round}`] : []))
    expect(winners).toHaveLength(1)
    expect(new Set(answers)).toEqual(new Set(["taken", winners[0]]))
  }
}, 60_000)

test("a process that is killed while it holds the lock keeps nobody out", async () => {
  await using root = await place()
  await using holder = claimant(root.path)
  expect(await holder.ask("hold")).toBe("held")
  const waiting = take(root.path, "a", "src")
  holder.process.kill("SIGKILL")
  expect(await waiting).toMatchObject({ taken: true })
})

test("a lock that cannot be used is a fault", async () => {
  await using root = await place()
  await mkdir(path.join(root.path, ".planning/coordination/.lock"), { recursive: true })
  await expect(take(root.path, "a", "src")).rejects.toMatchObject({ fault: { code: "coordination-locked" } })
})
