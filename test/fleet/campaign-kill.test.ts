/** Hub, worker and agents are killed in the middle of campaigns: they end as if nothing had been, and nothing is told twice. */
import { expect, test } from "vitest"
import { generator } from "../random.ts"
import { task } from "../world/world.ts"
import { campaignOf, handsOff, leftBehind, module, plan, section, sessionFileWith, telemetry, tidied } from "./campaigns.ts"
import { describe as told, scenario, type Scenario } from "./scenario.ts"

/** The same kills each time, as far as processes allow; FLEET_SEED=<number> for others, FLEET_SEED=random to look for more. */
const given = process.env["FLEET_SEED"] ?? "271828"
const seed = given === "random" ? Math.floor(Math.random() * 1_000_000) : Number(given)

async function killsWhileItRuns(fleet: Scenario, kills: number, random: () => number): Promise<void> {
  for (let number = 0; number < kills && !(await fleet.settlesWithin(2 + Math.floor(random() * 10))); number++) await fleet.killSomething(random)
}

const slowly = (key: string, at: number): string =>
  `[[write path="src/${key}/${key}.txt" text="${key}"]] [[sleep ms=${100 + at * 70}]] [[commit message="${key}"]] ${handsOff(`Discovered: ${key} is there`)}`

/** No line of telemetry is there twice, whoever died while it was written. */
async function expectToldOnce(fleet: Scenario): Promise<void> {
  const lines = await telemetry(fleet)
  expect(new Set(lines.map(({ event_id: id }) => id)).size).toBe(lines.length)
  for (const event of ["campaign-start", "campaign-complete"]) expect(lines.filter((line) => line.event === event)).toHaveLength(1)
}

test(
  "a campaign of two waves whose processes are killed again and again ends done, in one merge for each wave, and is written down once",
  { timeout: 300_000 },
  async () => {
    console.log(`seed of the kills: ${seed}`)
    await using fleet = await scenario({ slots: 4 })
    const first = ["api", "web", "docs"].map((key, at) => module(key, { does: slowly(key, at) }))
    const second = ["tests", "site"].map((key, at) => module(key, { does: slowly(key, at), after: ["api", "web"] }))
    const slug = await fleet.start(campaignOf(fleet, { plan: plan([...first, ...second]) }))
    await killsWhileItRuns(fleet, 6, generator(seed))
    const run = await fleet.settled()
    expect(run.status, told(run)).toBe("done")
    expect(run.waves.map(({ tasks }) => tasks)).toEqual([
      ["api", "web", "docs"],
      ["tests", "site"],
    ])
    const merges = (await fleet.repo.git("log", "--first-parent", "--format=%s", "main")).split("\n").map((line) => line.split(":")[0])
    expect(merges).toEqual(["Wave 2", "Wave 1", "first"])
    for (const key of ["api", "web", "docs", "tests", "site"]) expect(await fleet.file(`src/${key}/${key}.txt`)).toBe(key)
    const text = await sessionFileWith(fleet, slug, "Status: completed", "## Wave 2 Results")
    expect(section(text, "Shared Context (Discovery Relay)").match(/^- /gm)).toHaveLength(5)
    await expectToldOnce(fleet)
    expect(await tidied(fleet)).toEqual([])
  },
)

test(
  "a speculative campaign whose processes are killed is compared and picked all the same, and exactly one strategy lands",
  { timeout: 300_000 },
  async () => {
    await using fleet = await scenario({ slots: 4 })
    const ways = ["flat", "class", "table"].map((key, at) =>
      task(key, {
        scope: ["src/way.txt"],
        prompt: `Go the ${key.repeat(3)} way. [[write path="src/way.txt" text="${key}"]] [[sleep ms=${150 + at * 50}]] [[commit message="${key}"]] ${handsOff(`Decision: ${key}`)}`,
        checks: ["test -s src/way.txt"],
        retries: 3,
      }),
    )
    const slug = await fleet.start(
      campaignOf(fleet, { mode: "speculative", strategies: 3, waveSize: null, plan: plan(ways), benchmark: "wc -c < src/way.txt", pickBest: true }),
    )
    await killsWhileItRuns(fleet, 4, generator(seed + 1))
    const run = await fleet.settled()
    expect(run.status, told(run)).toBe("done")
    expect(await fleet.landed()).toEqual(["flat"])
    const { strategies } = await fleet.client.comparison(run.id)
    expect(strategies.map(({ key, status }) => [key, status])).toEqual([
      ["flat", "merged"],
      ["class", "archived"],
      ["table", "archived"],
    ])
    await sessionFileWith(fleet, slug, "Status: completed", "Winner: flat")
    await expectToldOnce(fleet)
    expect(await tidied(fleet)).toEqual([])
    expect(await leftBehind(fleet)).toEqual([])
  },
)
