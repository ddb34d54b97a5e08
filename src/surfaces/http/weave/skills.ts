/** `/api/skills`: the skills that come with Fleet, in the places where the person's agents look. Those of others are not fetched. */
import type { Hono } from "hono"
import { fault, FaultError } from "../../../domain/fault.ts"
import { installSkill, removeSkill, type Outcome } from "../../cli/skills/install.ts"
import { lookAt } from "../../cli/skills/look.ts"
import { shippedSkill, shippedSkills } from "../../cli/skills/shipped.ts"
import { notOffered } from "./answers.ts"
import { mustBeOwner } from "./find.ts"
import { readBody, skillBody } from "./input.ts"
import type { WeaveParts, WeaveSettings } from "./parts.ts"

/** What somebody changed is left alone. */
const wishes = { dryRun: false, force: false }

export function skillRoutes(app: Hono, { about, settings }: WeaveParts): void {
  app.get("/skills", async (context) => context.json(await installedSkills(settings)))
  app.post("/skills", async (context) => {
    mustBeOwner(context)
    const { name } = await readBody(context, skillBody)
    if (name == null)
      throw notOffered("only skills that come with Fleet are installed from here", "none of those is named", 'send {"name":"fleet-orchestration"}')
    const skill = await shippedSkill(name)
    for (const { directory } of settings.skillPlaces) refuseKept(await installSkill(skill, directory, about().version, wishes))
    return context.json({ ok: true, name })
  })
  app.delete("/skills/:name", async (context) => {
    mustBeOwner(context)
    const skill = await shippedSkill(context.req.param("name"))
    for (const { directory } of settings.skillPlaces) refuseKept(await removeSkill(skill, directory, wishes))
    return context.json({ ok: true, name: skill.name })
  })
}

/** One entry for each place that has it. */
export async function installedSkills({ skillPlaces }: WeaveSettings): Promise<readonly object[]> {
  const skills = await shippedSkills()
  const found = skills.flatMap((skill) =>
    skillPlaces.map(async (place) => {
      const { state, directory } = await lookAt(skill, place.directory)
      return state === "absent" ? [] : [{ name: skill.name, description: skill.description, path: directory, assignedAgents: place.agents }]
    }),
  )
  return (await Promise.all(found)).flat()
}

function refuseKept({ what, directory, changed }: Outcome): void {
  if (what !== "kept") return
  throw new FaultError(
    fault("skill-changed", `${directory} was left alone`, `somebody changed ${changed.join(", ")}`, "move it away, or use fleet skills install --force"),
  )
}
