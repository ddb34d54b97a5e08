import { expect, test } from "vitest"
import type { CallbackView } from "../../src/protocol/session-views.ts"
import { eventually } from "../eventually.ts"
import { generator } from "../random.ts"
import { api } from "./conductor.ts"
import { scenario, type Scenario } from "./scenario.ts"

const seed = Number(process.env["FLEET_SEED"] ?? "778946") || Math.floor(Math.random() * 1_000_000)
const children = 5
const prompts = 3

test(
  "hub, worker, conductor and children are killed again and again, and each turn calls back, exactly one callback a turn",
  { timeout: 600_000 },
  async () => {
    console.log(`seed of the kills: ${seed}`)
    const random = generator(seed)
    await using fleet = await scenario({ slots: 3 })
    const conductor = await create(fleet, { title: "conductor" })
    const onComplete = { notifySessionId: conductor.id, notifyInstanceId: conductor.instance }
    const made = []
    for (let n = 0; n < children; n++) made.push(await create(fleet, { title: `child ${n}`, isolationStrategy: "worktree", onComplete }))
    for (let n = 0; n < prompts; n++)
      for (const { id } of made)
        await api(fleet, "POST", `/sessions/${id}/prompt`, {
          text: `[[append path="n.txt" text="${n}"]] [[sleep ms=${100 + ((n * 53) % 200)}]] [[say "did ${n}"]]`,
        })
    for (let kill = 0; kill < 10; kill++) {
      const before = (await told(fleet)).length
      await fleet.killSomething(random)
      // The next one strikes when something has moved, wherever that finds everyone.
      await eventually(
        "something moved",
        async () => (await told(fleet)).length > before || (await told(fleet)).length === children * prompts || random() < 0.2,
      )
    }
    const all = await eventually(
      "every turn was told",
      async () => {
        const callbacks = await told(fleet)
        return callbacks.length === children * prompts && callbacks.every(({ status }) => status === "delivered") && callbacks
      },
      240_000,
    )
    const turns = all.map(({ from, turn }) => `${from} ${turn}`)
    expect(new Set(turns).size).toBe(children * prompts)
    const heard = await fleet.wholeTranscript(conductor.db)
    for (const { db } of made) expect(heard.split(`Session ID: ${db}`).length - 1).toBeGreaterThanOrEqual(prompts)
    for (const { id } of made) await api(fleet, "DELETE", `/sessions/${id}?cleanupWorkspace=true&permanent=true`)
    // What the children left uncommitted is kept aside; nothing else of theirs stays.
    await eventually("the worktrees are gone", async () => (await fleet.leftovers()).every((left) => left.startsWith("refs/fleet/salvage/")))
  },
)

async function told(fleet: Scenario): Promise<readonly CallbackView[]> {
  return (await fleet.client.callbacks().catch(() => null)) ?? []
}

async function create(fleet: Scenario, body: object): Promise<{ id: string; db: string; instance: string }> {
  const made = (await api(fleet, "POST", "/sessions", { directory: fleet.repo.path, ...body })) as { instanceId: string; session: { id: string } }
  const listed = (await api(fleet, "GET", "/sessions")) as { session: { id: string }; dbId: string }[]
  return { id: made.session.id, instance: made.instanceId, db: listed.find(({ session }) => session.id === made.session.id)?.dbId ?? "" }
}
