/** The worker's port to `.planning/`, over the files of this folder. Writes of one project go one after the other. */
import { realpath } from "node:fs/promises"
import path from "node:path"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import { gateConsent } from "../../domain/gate/consent.ts"
import { trustLevel, trustReason } from "../../domain/gate/trust.ts"
import { contextText } from "../../domain/momentum/context.ts"
import { planningFolder } from "../../domain/planning/paths.ts"
import { activeCampaignsText } from "../../domain/planning/active-campaigns.ts"
import type { HarnessFacts, PlanningLook, PlanningWrite, Recorded } from "../../protocol/planning/record.ts"
import type { LookAt, PlanningFiles } from "../../worker/ports/planning.ts"
import { Lanes } from "../../runtime/lane.ts"
import type { Clock } from "../../runtime/clock.ts"
import { compressOutput, writeBrief } from "./briefs.ts"
import { activeCampaigns, writeCampaignFile, type CampaignWrite } from "./campaign-files.ts"
import { campaignResultOf } from "./campaign-result.ts"
import { isInstanceOf, readClaims, takeClaim } from "./claims.ts"
import { hasCoordination } from "./coordination-files.ts"
import { countOnce } from "./count-once.ts"
import { appendDiscoveryOnce } from "./discovery-once.ts"
import { readHarness, readSessionAllow } from "./harness.ts"
import { markWorkspace, unmarkWorkspace } from "./instance-mark.ts"
import type { Environment } from "./instance-worktrees.ts"
import { instructionsOf } from "./instructions.ts"
import { propagateKnowledge } from "./knowledge.ts"
import { readMomentum, synthesiseMomentum } from "./momentum.ts"
import { projectCoordination } from "./projection.ts"
import { lookAtSessionFile, sessionFilesOf, writeSessionFile } from "./session-files.ts"
import { sweep } from "./sweep.ts"
import { appendTelemetry, telemetryEventId } from "./telemetry.ts"

export interface PlanningOptions {
  /** Absolute directory of Fleet's own, for what it wrote last. */
  readonly kept: string
  readonly environment: Environment
  readonly clock: Clock
}

export function openPlanning({ kept, environment, clock }: PlanningOptions): PlanningFiles {
  const lanes = new Lanes()
  /** Found where nothing can be said to anybody; told with what is recorded next. */
  const untold: Fault[] = []
  return {
    instructions: instructionsOf,
    priorContext: async (repository, told) => {
      const { momentum, told: unread } = await readMomentum(repository)
      untold.push(...unread.map(momentumUnreadable))
      const text = momentum === null ? "" : contextText(momentum, told)
      return text === "" ? null : text.trimEnd()
    },
    activeCampaigns: async (repository, except) => {
      const { campaigns, unread } = await activeCampaigns(repository, except)
      return activeCampaignsText(campaigns, unread)
    },
    harness: (repository) => harnessFacts(repository, clock.now()),
    look: (repository, at) => lanes.run(repository, () => look(repository, at, { kept, environment, clock })),
    record: (repository, writes) =>
      lanes.run(repository, async () => {
        const told: Told = { edited: [], pending: [], notices: untold.splice(0) }
        for (const write of writes) await record(repository, write, told, { kept, environment, clock })
        return told
      }),
    sessionFiles: sessionFilesOf,
    enter: async (repository, workspace, instance) => {
      await markWorkspace(workspace, instance.instanceId, environment)
      if (instance.scope.length === 0 || !(await hasCoordination(repository))) return
      const taking = await takeClaim(repository, instance, instance.ours)
      if (!taking.taken) throw new FaultError(heldByOther(taking.ours, taking.theirs, taking.by.instanceId))
    },
    leave: unmarkWorkspace,
  }
}

interface Told {
  readonly edited: Recorded["edited"][number][]
  readonly pending: Recorded["pending"][number][]
  readonly notices: Fault[]
}

async function record(root: string, write: PlanningWrite, told: Told, { kept, clock }: PlanningOptions): Promise<void> {
  switch (write.kind) {
    case "session-file": {
      const edited = await writeSessionFile({ kept }, root, write)
      if (edited !== null) told.edited.push(edited)
      return
    }
    case "campaign":
      return campaign(root, write, told, clock.now())
    case "telemetry": {
      const { id, at, ...entry } = write.entry
      const { warning } = await appendTelemetry(root, { ...entry, campaignSlug: entry.session, eventId: telemetryEventId(...id) }, at)
      if (warning !== null) told.notices.push(fault("telemetry-invalid", "a line of telemetry is not as it should be", warning, "it was written all the same"))
      return
    }
    case "discovery":
      return appendDiscoveryOnce(root, write.record)
    case "brief": {
      const { slug, wave, agent, status, text } = write
      const brief = await compressOutput(root, { text, agent, status }, clock.now())
      await writeBrief(root, { session: slug, wave, agent }, brief)
      return
    }
    case "coordination": {
      const { slug, claims, instances } = write
      const projected = await projectCoordination(root, { claims, instances }, { slugs: [slug], create: false })
      told.notices.push(...projected.faults)
      return
    }
    case "knowledge": {
      const { pending } = await propagateKnowledge(root, write.result, clock.now())
      told.pending.push(...pending.map(({ slug, why }) => ({ slug, why })))
      return
    }
    case "propagate": {
      const result = await campaignResultOf(root, write.slug)
      if (result === null) told.pending.push({ slug: write.slug, why: "nothing is known of it any more" })
      else told.pending.push(...(await propagateKnowledge(root, result, clock.now())).pending.map(({ slug, why }) => ({ slug, why })))
      return
    }
    case "count": {
      const notice = await countOnce(path.join(kept, "counted.json"), root, write)
      if (notice !== null) told.notices.push(notice)
      return
    }
    case "momentum": {
      const synthesis = await synthesiseMomentum(root, clock.now())
      told.notices.push(...synthesis.told.map(momentumUnreadable))
      return
    }
  }
}

/** For the tools of others only: what cannot be written there holds nothing else up. */
async function campaign(root: string, write: CampaignWrite, told: Told, now: number): Promise<void> {
  try {
    const notice = await writeCampaignFile(root, write, now)
    if (notice !== null) told.notices.push(notice)
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    told.notices.push(error.fault)
  }
}

/** Claims of our own campaigns are Fleet's business already. */
async function look(root: string, { slugs, files, sweep: sweeps }: LookAt, { kept, environment, clock }: PlanningOptions): Promise<PlanningLook> {
  const isOurs = (id: string): boolean => isInstanceOf(slugs, id)
  const swept = sweeps ? await sweep(root, { now: clock.now(), environment, spare: isOurs }) : { requeue: [], faults: [] }
  const { claims, faults } = await readClaims(root)
  // Whoever is about to start work is told of it: later it is read where nobody can be told.
  const momentum = sweeps ? (await readMomentum(root)).told.map(momentumUnreadable) : []
  const edited = await Promise.all(files.map((slug) => lookAtSessionFile({ kept }, root, slug)))
  return {
    edited: edited.filter((one) => one !== null),
    claims: claims
      .filter(({ instanceId }) => !isOurs(instanceId))
      .map(({ instanceId, scope, type, description }) => ({ instance: instanceId, scopes: scope, purpose: description || type })),
    orphans: swept.requeue.map(({ instanceId, scope, description }) => ({
      instance: instanceId,
      scopes: scope,
      purpose: description,
      warning: `Dead instance ${instanceId} left orphaned claim on ${scope.join(", ")}`,
    })),
    notices: [...(await leadsOut(root)), ...faults, ...swept.faults, ...momentum],
  }
}

/** Nothing is ever written through it: a campaign would go on, and nobody would know afterwards what it did. */
async function leadsOut(root: string): Promise<Fault[]> {
  const folder = path.join(root, planningFolder)
  const [real, top] = await Promise.all([realpath(folder).catch(() => null), realpath(root).catch(() => root)])
  if (real === null || real === top || real.startsWith(top + path.sep)) return []
  const fix = "put a directory in its place; until then no session file is written, and fleet continue begins from what stands there"
  return [fault("leaves-project", `nothing is kept in ${folder}`, `it leads out of the project, to ${real}`, fix)]
}

async function harnessFacts(root: string, now: number): Promise<HarnessFacts> {
  const { trust, consent, timeoutsMs, commands, notice } = await readHarness(root)
  return {
    trust: trustLevel(trust),
    trustWhy: trustReason(trust),
    consent: gateConsent({ stored: consent.fleetSpawn, sessionAllowedAt: await readSessionAllow(root, "fleetSpawn"), now }),
    timeoutMs: timeoutsMs,
    checks: [commands.typecheck, commands.test].filter((command) => command !== null),
    notice,
  }
}

const momentumUnreadable = (text: string): Fault => fault("momentum-unreadable", "momentum.json could not be understood", text, "look at what was put aside")

const heldByOther = (ours: string, theirs: string, instance: string): Fault =>
  fault(
    "claim-held",
    `${ours} cannot be worked on now`,
    ours === theirs ? `${instance} has claimed it` : `it overlaps ${theirs}, which ${instance} has claimed`,
    "it is taken up in a later wave; fleet planning sweep frees what dead instances left",
  )
