/** `fleet run`: runs a plan, makes a campaign of a direction or a specification, goes on with a session file, or looks what is to be done. */
import { givenIn } from "../campaign/given.ts"
import type { ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"

export async function run(invocation: Invocation): Promise<ExitCode> {
  const given = await givenIn(invocation)
  switch (given.kind) {
    case "nothing":
      return (await import("./run-health.ts")).runHealth(invocation)
    case "plan":
      return (await import("./run-plan.ts")).runPlan(invocation)
    case "direction":
      return (await import("./run-direction.ts")).runDirection(invocation, given.direction, null)
    case "spec":
      return (await import("./run-direction.ts")).runDirection(invocation, given.direction, given.spec)
    case "session":
      return (await import("./continue-file.ts")).continueFile(invocation, { slug: given.slug, file: given.text })
  }
}
