import { expect, test } from "vitest"
import { sharedEnvironment } from "./environment.ts"

test("the shared process carries the marks of its worker and of its home, by which it is found, and none of a session", () => {
  const given = { PATH: "/bin", FLEET_SESSION: "s", FLEET_WORKSPACE: "w", FLEET_WORKER: "boot", FLEET_HOME_ID: "home" }
  expect(sharedEnvironment(given, { CODEX_HOME: "/c" })).toEqual({ PATH: "/bin", FLEET_WORKER: "boot", FLEET_HOME_ID: "home", CODEX_HOME: "/c" })
})
