import { expect, test } from "vitest"
import { create, session, settle } from "../../../test/world/sessions.ts"
import { theWorker, World } from "../../../test/world/world.ts"
import { viewSession } from "./session.ts"

test("of a session whose worker is away nothing is known, and the reason says so", () => {
  const world = new World()
  world.join(1)
  create(world, "child")
  settle(world)
  const seen = () => viewSession(world.state, session(world, "child"), new Map(), world.now)
  expect(seen()).toMatchObject({ status: "idle", reason: "waits for a prompt" })
  world.tell({ type: "worker.leave", worker: theWorker, boot: world.boot })
  expect(seen()).toMatchObject({ status: "unknown", reason: "its worker is away" })
})
