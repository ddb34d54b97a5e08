import { expect, test } from "vitest"
import { findingFrom } from "./audit.ts"

const counts = (of: object): object => ({ vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0, ...of } })

test("npm's report is counted, the worst packages first", () => {
  const stdout = JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: { minimist: { severity: "moderate" }, lodash: { severity: "critical" }, noise: { severity: "info" } },
    metadata: counts({ moderate: 1, critical: 1 }),
  })
  expect(findingFrom("npm audit --json", stdout)).toMatchObject({
    status: "problem",
    why: "1 critical, 1 moderate vulnerabilities",
    packages: [
      { name: "lodash", severity: "critical" },
      { name: "minimist", severity: "moderate" },
    ],
  })
})

test("pnpm's report is counted", () => {
  const stdout = JSON.stringify({ advisories: { "1": { module_name: "ws", severity: "high" } }, metadata: counts({ high: 1 }) })
  expect(findingFrom("pnpm audit --json", stdout)).toMatchObject({
    status: "problem",
    why: "1 high vulnerability",
    packages: [{ name: "ws", severity: "high" }],
  })
})

test("no vulnerability is ok only when it was counted", () => {
  expect(findingFrom("npm audit --json", JSON.stringify({ metadata: counts({}) }))).toMatchObject({ status: "ok" })
})

test.each([
  ["", "it gave no answer that can be read"],
  ["{}", "it gave no answer that can be read"],
  ['{"metadata": {}}', "it gave no answer that can be read"],
  ['{"message": "request to https://registry failed", "error": {"summary": "", "detail": ""}}', "it gave no answer: request to https://registry failed"],
  ['{"error": {"code": "ENOLOCK", "summary": "This command requires an existing lockfile."}}', "there is no lock file"],
])("of %j nothing is known", (stdout, why) => expect(findingFrom("npm audit --json", stdout)).toMatchObject({ status: "unknown", why }))
