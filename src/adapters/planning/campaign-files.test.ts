import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { systemClock } from "../../runtime/clock.ts"
import { activeCampaigns, writeCampaignFile } from "./campaign-files.ts"
import { openPlanning } from "./planning.ts"

const now = Date.parse("2026-04-01T10:00:00Z")

async function project(files: Readonly<Record<string, string>> = {}): Promise<{ root: string; folder: string; text: (name: string) => Promise<string> }> {
  const root = await mkdtemp(path.join(tmpdir(), "fleet-campaigns-"))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const folder = path.join(root, ".planning", "campaigns")
  if (Object.keys(files).length > 0) await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
  return { root, folder, text: (name) => readFile(path.join(folder, name), "utf8") }
}

const auth = "# Campaign: Auth\n\nStatus: active\nDirection: Move sign-in to tokens\n\n## Claimed Scope\n- src/auth/\n"
const ours = (status: string): string =>
  `---\nby: fleet\ncampaign: site\nstatus: ${status}\n---\n\n# Campaign: A site\n\nStatus: ${status}\nDirection: Build it\n`

test("only campaigns that are active are found; what cannot be read is told, and links and other files are left alone", async () => {
  const { root, folder } = await project({
    "auth.md": auth,
    "old.md": auth.replace("active", "completed"),
    "front.md": "---\nstatus: active\nbranch: feature/front\n---\n# Front\n",
    "broken.md": "---\nstatus: [\n---\n",
    "large.md": `Status: active\n${"x".repeat(300 * 1024)}`,
    "notes.txt": "Status: active",
  })
  await symlink("/etc/passwd", path.join(folder, "link.md"))
  const { campaigns, unread } = await activeCampaigns(root)
  expect(campaigns).toEqual([
    { name: "auth", title: "Auth", direction: "Move sign-in to tokens", scope: ["src/auth/"], branch: null },
    { name: "front", title: "Front", direction: null, scope: [], branch: "feature/front" },
  ])
  expect(unread.map(({ file }) => file)).toEqual(["broken.md", "large.md", "link.md"])
  expect(await activeCampaigns((await project()).root)).toEqual({ campaigns: [], unread: [] })
})

test("a campaign that is planned is told of the others and not of itself", async () => {
  const { root } = await project({ "auth.md": auth, "site.md": ours("active") })
  const kept = path.join(root, "kept")
  const planning = openPlanning({ kept, environment: {}, clock: systemClock })
  const told = await planning.activeCampaigns(root, "site")
  expect(told).toMatch(/^=== ACTIVE CAMPAIGNS ===\n[\s\S]*- Auth \(auth\): Move sign-in to tokens\n {2}claims src\/auth\/\n=== END ACTIVE CAMPAIGNS ===$/)
  expect(told).not.toContain("A site")
  expect(await planning.activeCampaigns(root, "another")).toContain("- A site (site): Build it")
})

test("a campaign's file is made with its folder, written when it changed, and is ours when it is read again", async () => {
  const { root, folder, text } = await project()
  const write = (status: string): Promise<unknown> => writeCampaignFile(root, { slug: "site", name: "site", text: ours(status) }, now)
  expect(await write("active")).toBeNull()
  const first = await text("site.md")
  expect(first).toMatch(/^---\nby: fleet\nwritten: [0-9a-f]{16}\ncampaign: site\nstatus: active\n---\n/)
  expect(await write("active")).toBeNull()
  expect(await text("site.md")).toBe(first)
  expect(await write("completed")).toBeNull()
  expect(await text("site.md")).toContain("status: completed")
  expect(await readdir(folder)).toEqual(["site.md"])
})

test("a file that Fleet did not write, or that belongs to another campaign, is left as it is and told", async () => {
  const { root, text } = await project({ "site.md": auth, "x.md": ours("active").replace("campaign: site", "campaign: other"), "y.md": "---\na: [\n---\n" })
  for (const name of ["site", "x", "y"]) {
    const before = await text(`${name}.md`)
    expect(await writeCampaignFile(root, { slug: "site", name, text: ours("active") }, now)).toMatchObject({ code: "campaign-file-taken" })
    expect(await text(`${name}.md`)).toBe(before)
  }
})

test("what a person wrote into a file of Fleet's is copied aside before it is written anew", async () => {
  const { root, folder, text } = await project()
  const write = (status: string): Promise<unknown> => writeCampaignFile(root, { slug: "site", name: "site", text: ours(status) }, now)
  await write("active")
  const edited = `${await text("site.md")}\nMy own notes\n`
  await writeFile(path.join(folder, "site.md"), edited)
  expect(await write("completed")).toMatchObject({ code: "campaign-file-edited", fix: expect.stringContaining("site.md.edited-2026-04-01T10-00-00-000Z") })
  expect(await text("site.md")).not.toContain("My own notes")
  expect(await text("site.md.edited-2026-04-01T10-00-00-000Z")).toBe(edited)
})

test("a folder that leads out of the project is not written to, and the other writes go on", async () => {
  const { root } = await project()
  const outside = await mkdtemp(path.join(tmpdir(), "fleet-outside-"))
  onTestFinished(() => rm(outside, { recursive: true, force: true }))
  await mkdir(path.join(root, ".planning"))
  await symlink(outside, path.join(root, ".planning", "campaigns"))
  const planning = openPlanning({ kept: path.join(root, "kept"), environment: {}, clock: systemClock })
  const recorded = await planning.record(root, [
    { kind: "campaign", slug: "site", name: "site", text: ours("active") },
    { kind: "campaign", slug: "site", name: "../site", text: ours("active") },
    { kind: "session-file", slug: "site", text: "# Fleet Session: site\n", over: null, keep: false },
  ])
  expect(recorded.notices.map(({ code }) => code)).toEqual(["leaves-project", "campaign-name"])
  expect(await readdir(outside)).toEqual([])
  expect(await readdir(path.join(root, ".planning", "fleet"))).toEqual(["session-site.md"])
})

test("the checks that harness.json names are its type check and then its tests, those that are there", async () => {
  const { root } = await project()
  const planning = openPlanning({ kept: path.join(root, "kept"), environment: {}, clock: systemClock })
  const checks = async (json: string): Promise<readonly string[]> => {
    await mkdir(path.join(root, ".claude"), { recursive: true })
    await writeFile(path.join(root, ".claude", "harness.json"), json)
    return (await planning.harness(root)).checks
  }
  expect(await checks('{"test": "npm test", "typecheck": {"command": "tsc --noEmit"}, "lint": "oxlint"}')).toEqual(["tsc --noEmit", "npm test"])
  expect(await checks('{"test": {"command": "npm test"}}')).toEqual(["npm test"])
  expect(await checks("{}")).toEqual([])
})
