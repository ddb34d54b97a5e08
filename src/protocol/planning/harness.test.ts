import fc from "fast-check"
import { expect, test } from "vitest"
import { emptyHarness, parseHarness } from "./harness.ts"

test("timeouts, trust, consent and commands are read from harness.json", () => {
  const text = JSON.stringify({
    agentTimeouts: { skill: 60_000, build: 3_600_000 },
    trust: { sessions_completed: 7, campaigns_completed: 2, campaigns_reverted: 1, fleet_clean_merges: 2, override: "trusted" },
    consent: { fleetSpawn: "auto-allow" },
    typecheck: { command: "npx tsc --noEmit", perFile: true },
    test: { command: null, framework: null },
    lint: "npm run lint",
  })
  expect(parseHarness(text)).toEqual({
    ok: true,
    wrong: [],
    harness: {
      timeoutsMs: { skill: 60_000, research: 900_000, build: 3_600_000 },
      trust: { sessions: 7, campaigns: 2, reverted: 1, cleanMerges: 2, override: "trusted" },
      consent: { externalActions: null, daemonSpend: null, fleetSpawn: "auto-allow" },
      commands: { typecheck: "npx tsc --noEmit", test: null, lint: "npm run lint" },
    },
  })
})

test("the defaults are 10, 15 and 30 minutes", () => {
  expect(parseHarness("{}")).toEqual({ ok: true, harness: emptyHarness, wrong: [] })
  expect(emptyHarness.timeoutsMs).toEqual({ skill: 600_000, research: 900_000, build: 1_800_000 })
})

test.each<[string, string]>([
  ['{"agentTimeouts": {"build": "30m"}}', "agentTimeouts.build is not a number of milliseconds between 1000 and seven days"],
  ['{"agentTimeouts": {"build": 30}}', "agentTimeouts.build is not a number of milliseconds between 1000 and seven days"],
  ['{"agentTimeouts": []}', "agentTimeouts is no object"],
  ['{"trust": {"sessions_completed": -1}}', "trust.sessions_completed is not a count"],
  ['{"trust": {"override": "boss"}}', "trust.override is none of novice, familiar, trusted"],
  ['{"consent": {"fleetSpawn": "yes"}}', "consent.fleetSpawn is none of always-ask, session-allow, auto-allow"],
  ['{"test": {"command": 3}}', "test.command is no command"],
])("of %s the default is used, and told", (text, wrong) => expect(parseHarness(text)).toEqual({ ok: true, harness: emptyHarness, wrong: [wrong] }))

test.each(["", "{", "[]", "null", '"text"', "{'a': 1}", "// no\n{}"])("%j is not understood at all", (text) => expect(parseHarness(text).ok).toBe(false))

test("no JSON is too odd", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void parseHarness(JSON.stringify(value))))
})
