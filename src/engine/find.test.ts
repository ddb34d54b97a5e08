import { expect, test } from "vitest"
import { FaultError, type Fault } from "../domain/fault.ts"
import { id, type SessionId } from "../domain/ids.ts"
import { emptyState, type State } from "../domain/project/state.ts"
import type { Session } from "../domain/session/session.ts"
import { find } from "./find.ts"

function faultOf(state: State, name: string): Fault | null {
  try {
    find(state, name)
    return null
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
}

test("a name that nothing has: where there are sessions, it is not said that there is nothing, and both lists are named", () => {
  // Of a session, only that there is one matters here.
  const session = id<"session">("5a0e7f3c-0000-4000-8000-000000000000") satisfies SessionId
  const state = { ...emptyState, sessions: emptyState.sessions.set(session, {} as Session) }
  expect(faultOf(state, "nope")).toMatchObject({ code: "not-found", why: "no run, task, branch or session has that name" })
  expect(faultOf(emptyState, "nope")?.why).toBe("there is no run and no session here")
  for (const command of ["fleet status", "fleet session list"]) expect(faultOf(emptyState, "nope")?.fix).toContain(command)
})
