/** What must not happen when a person edits a session file: nothing is taken twice, nothing lost, and one project's trouble is no other's. */
import { rm, symlink } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { eventually } from "../../../test/eventually.ts"
import { campaign, recording, type Recording } from "../../../test/world/recording.ts"
import { planOf, plainCampaign, task } from "../../../test/world/world.ts"
import { id, taskId, type TaskKey } from "../../domain/ids.ts"
import { defaultSettings } from "../../domain/run/run.ts"
import { seeClaims } from "./claims.ts"

const taskOf = (of: Recording, key: string) => of.hub.state.tasks.get(taskId(of.run, key as TaskKey))
const setStatus = (row: number, status: string) => (text: string) => text.replace(new RegExp(`(\\| ${row} \\|(?:[^|]*\\|){3})[^|]*`), `$1 ${status} `)
const addRows =
  (...rows: string[]) =>
  (text: string) =>
    text.replace(/(\| 4 \|.*\n)/, `$1${rows.join("\n")}\n`)
const beside = async (of: Recording): Promise<string[]> =>
  (await of.files(".planning/fleet")).filter((name) => name.includes(".edited-")).map((name) => `.planning/fleet/${name}`)

/** Looks again, as a hub does every two seconds. */
async function look(of: Recording, times = 1): Promise<void> {
  for (let left = times; left > 0; left--) {
    of.clock.pass(2_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test("of two new rows, the one that needs the other may stand above it", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit(addRows("| 6 | Second | b/ | 5 | pending | - | builder |", "| 5 | First | a/ | none | pending | - | builder |"))
  await of.record()
  const text = await of.session()
  expect(text).not.toContain("Refused Edits")
  expect(text).toMatch(/\| 6 \| Second \| b \| 5 \|/)
})

test("a row may be made to need one that is added with it", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) => addRows("| 5 | First | a/ | none | pending | - | builder |")(text).replace(/(\| 4 \| Wire it \|[^|]*\|)[^|]*/, "$1 1,2,5 "))
  await of.record()
  expect(await of.session()).not.toContain("Refused Edits")
  expect(taskOf(of, "wire")?.plan.after).toHaveLength(3)
})

test("where an edit is refused, all that the person had written stays beside the file", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) => text.replace(/(### Row 4[^\n]*\n\n```prompt\n)[^\n]*/, "$1My careful words."))
  await of.record()
  expect(await of.session()).toContain("the file as it was edited is kept beside this one")
  const [copy] = await beside(of)
  expect(await of.read(copy ?? "")).toContain("My careful words.")
})

test("what cannot be read of the queue is said with its reason", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit(addRows("| 4 | Twice | t/ | none | pending | - | builder |", "| x | No number | n/ | none | pending | - | builder |"))
  await of.record()
  const [, refused = ""] = /## Refused Edits\n((?:- .*\n)+)/.exec(await of.session()) ?? []
  expect(refused).toMatch(/- .*row 4.*\n/i)
  expect(refused).toMatch(/- .*number.*\n/)
  await of.record()
  expect(await of.session()).toContain(refused)
})

test("a second work order of a row is said with its reason", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) => `${text.trimEnd()}\n\n### Row 4: Wire it\n\n\`\`\`prompt\nAnother way.\n\`\`\`\n`)
  await of.record()
  expect(await of.session()).toContain("- row 4 has a second work order: the first one counts.")
  const [copy] = await beside(of)
  expect(await of.read(copy ?? "")).toContain("Another way.")
})

test("a line that is longer than the file has room for stays whole beside it", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) => text.replace(/(## Shared Context[^\n]*\n)/, `$1- ${"long ".repeat(1_500)}the end\n`))
  await of.record()
  const [copy] = await beside(of)
  expect(await of.read(copy ?? "")).toContain("the end")
})

test.each([
  ["a scope", (text: string) => text.replace("| Wire it | src/api,src/ui |", "| Wire it | web/ |")],
  ["a row that is skipped", setStatus(4, "skip")],
  ["a need", (text: string) => text.replace(/(\| 4 \| Wire it \|[^|]*\|)[^|]*/, "$1 3 ")],
])("%s that was taken over before the hub died is not refused afterwards", async (_what, change) => {
  await using of = await campaign()
  await of.record()
  await of.edit(change)
  of.refuse = (write) => write.kind === "session-file" && write.over !== null
  await of.record()
  of.refuse = () => false
  await of.record()
  expect(await of.session()).not.toContain("Refused Edits")
  expect(await beside(of)).toEqual([])
})

test("a row that was set back to pending is tried once, though its file cannot be written", async () => {
  await using of = await campaign()
  await using _ = of.recorder()
  await eventually("the file is there", () => of.session().catch(() => null))
  await of.endTurn("api", { how: "failed", error: { class: "auth", message: "no key", resetAt: null } } as never)
  await eventually("the failure is written", async () => /\| 1 \|[^\n]*failed/.test(await of.session()))
  of.refuse = (write) => write.kind === "session-file"
  await of.edit(setStatus(1, "pending"))
  await eventually("it is tried again", async () => {
    await look(of)
    return taskOf(of, "api")?.state.name === "running"
  })
  await of.goOn()
  await of.endTurn("api", { how: "failed", error: { class: "auth", message: "no key", resetAt: null } } as never)
  await eventually("the files are given up", async () => {
    await look(of)
    return of.complaints.some((one) => String((one as Error).message).includes("cannot be written"))
  })
  await look(of, 20)
  expect(taskOf(of, "api")?.attempts).toHaveLength(2)
  expect(of.complaints.map((one) => String((one as Error).message)).filter((said) => said.includes("cannot be written"))).toHaveLength(1)
  of.refuse = () => false
  await eventually("what came of it is written, when it can be again", async () => {
    await look(of)
    return /\| 1 \|[^\n]*failed/.test(await of.session())
  })
})

test("who plans a second campaign in a repository neither frees the claims of the first nor takes its agents for strangers", async () => {
  await using of = await campaign()
  await of.record()
  await of.endTurn("api")
  await of.record()
  const before = await of.files(".planning/coordination/claims")
  await seeClaims(of.hub, { root: of.root, commonDirectory: path.join(of.root, ".git"), ignoreCase: false }, { sweep: true, files: [] })
  expect(await of.files(".planning/coordination/claims")).toEqual(before)
  expect([...of.hub.state.taken.values()]).toEqual([])
})

test("a project that cannot be looked at does not keep another's edits from being taken", async () => {
  await using of = await campaign()
  await using other = await recording()
  await of.hub.send({
    type: "run.submit",
    run: id("run-bbbb"),
    plan: planOf([task("b", { scope: ["b"] })]),
    repository: other.root,
    commonDirectory: path.join(other.root, ".git"),
    ignoreCase: false,
    target: "main",
    settings: { ...defaultSettings, agent: "scripted", waveSize: 3 },
    campaign: { ...plainCampaign("run-bbbb"), record: true, wavesBefore: 0 },
  })
  const claims = path.join(of.root, ".planning/coordination/claims")
  await rm(claims, { recursive: true })
  await symlink(claims, claims)
  await using _ = of.recorder()
  const session = await eventually("the other's file is there", () => other.read(".planning/fleet/session-run-bbbb.md").catch(() => null))
  await other.write(".planning/fleet/session-run-bbbb.md", session.replace("Auto-continue: true", "Auto-continue: false"))
  await eventually("its edit is taken", async () => {
    await look(of)
    return of.hub.state.runs.get(id("run-bbbb"))?.autoContinue === false
  })
  await rm(claims)
})
