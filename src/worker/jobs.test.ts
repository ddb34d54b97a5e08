import { expect, test } from "vitest"
import { FaultError, fault } from "../domain/fault.ts"
import { id } from "../domain/ids.ts"
import type { Job } from "../domain/worker/job.ts"
import type { JobResult, Report } from "../domain/worker/job-result.ts"
import { Jobs } from "./jobs.ts"

const job: Job = { kind: "repository.tidy", key: id("tidy:x"), repository: "/r" }

function world(perform: (job: Job) => Promise<JobResult>) {
  const at = { reports: [] as Report[], acknowledged: 0, performed: 0 }
  const jobs = new Jobs({
    perform: (given) => {
      at.performed++
      return perform(given)
    },
    report: (report) => at.reports.push(report),
    acknowledged: () => at.acknowledged,
  })
  return { at, jobs, ended: () => jobs.close() }
}

const tidied = async (): Promise<JobResult> => ({ kind: "repository.tidy", removed: 1 })
const failing = (code: string) => async (): Promise<JobResult> => {
  throw new FaultError(fault(code, "w", "y", "f"))
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test("a job that runs is not begun again", async () => {
  const gate = Promise.withResolvers<void>()
  const { at, jobs, ended } = world(async () => {
    await gate.promise
    return { kind: "repository.tidy", removed: 1 }
  })
  jobs.take(job)
  jobs.take(job)
  gate.resolve()
  await ended()
  expect(at.performed).toBe(1)
  expect(at.reports).toHaveLength(1)
})

test("a finished job whose report is on its way is not reported twice; one that the hub has, is told again", async () => {
  const { at, jobs } = world(tidied)
  jobs.take(job)
  await settled()
  jobs.take(job)
  expect(at.reports).toHaveLength(1)
  at.acknowledged = 1
  jobs.take(job)
  expect(at.reports).toEqual([at.reports[0], at.reports[0]])
  jobs.take(job)
  expect(at.reports).toHaveLength(2)
  expect(at.performed).toBe(1)
})

test("a job that failed for good is told again; one that failed for the moment is tried again", async () => {
  const good = world(failing("workspace.gone"))
  good.jobs.take(job)
  await settled()
  good.at.acknowledged = 1
  good.jobs.take(job)
  await settled()
  expect(good.at.performed).toBe(1)
  expect(good.at.reports[1]).toMatchObject({ type: "job.failed", transient: false })
  const moment = world(failing("worker.no-ports"))
  moment.jobs.take(job)
  await settled()
  moment.at.acknowledged = 1
  moment.jobs.take(job)
  await settled()
  expect(moment.at.performed).toBe(2)
})

test("a bug in a job is a report, not the end of the worker", async () => {
  const { at, jobs } = world(async () => {
    throw new TypeError("x is not a function")
  })
  jobs.take(job)
  await settled()
  expect(at.reports).toMatchObject([{ type: "job.failed", fault: { code: "worker.bug" }, transient: false }])
})
