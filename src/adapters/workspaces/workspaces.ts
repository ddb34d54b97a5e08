/** The worker's `Workspaces` port over real git. One worker owns a home; what it holds there is found again after a restart. */
import { mkdir, realpath } from "node:fs/promises"
import { fault, FaultError } from "../../domain/fault.ts"
import { Children } from "../../runtime/children.ts"
import { Lane, Lanes } from "../../runtime/lane.ts"
import type { Workspaces } from "../../worker/ports/workspaces.ts"
import { broughtBy, changesOf, patchOf } from "./changes.ts"
import { collect } from "./collect.ts"
import type { Context } from "./context.ts"
import { edit } from "./edit.ts"
import { placeOfAdopted } from "./existing.ts"
import { file, tree } from "./files.ts"
import { findFiles } from "./find.ts"
import { Git, withoutGit } from "./git.ts"
import { inspect } from "./inspect.ts"
import { Journal, type Adopted, type Place } from "./journal.ts"
import { exists } from "./lane.ts"
import { land } from "./landing.ts"
import { prepare } from "./prepare.ts"
import { release } from "./release.ts"
import { commitOf, commonDirectoryOf, tipOf } from "./repository.ts"
import { removeLeftCopies } from "./snapshot.ts"
import { diffs, survey } from "./survey.ts"
import { tidy } from "./tidy.ts"
import { isWhole, reconnect } from "./worktree.ts"

export interface WorkspacesOptions {
  /** Directory for checkouts and their journal, outside of every repository. */
  readonly home: string
  /** What git and setup commands inherit; `GIT_*` is left out. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /**
   * Added to the environment of setup commands only, so that what they started is found and ended when the worker was
   * killed. git is left to finish by itself: ended in the middle, it would leave the person's checkout half written.
   */
  readonly marks?: Readonly<Record<string, string>>
}

export async function openWorkspaces(options: WorkspacesOptions): Promise<Workspaces> {
  const context = await contextOf(options)
  const { git, workspaces, landings, repositories } = context
  const placed = <T>(workspace: string, work: (place: Place) => Promise<T>): Promise<T> =>
    workspaces.run(workspace, async () => work(await placeOf(context, workspace)))
  return {
    prepare: (job, signal) => workspaces.run(job.workspace, () => prepare(context, job, signal)),
    locate: async (workspace) => (await lookedUp(context, workspace)).path,
    collect: (job, signal) => placed(job.workspace, (place) => collect(context, place, job, signal)),
    changes: async (workspace, target) => changesOf(context, await placeOf(context, workspace), target),
    patch: async (workspace, target, bytesMax) => patchOf(context, await placeOf(context, workspace), target, bytesMax),
    survey: async (workspace, base) => survey(context, await lookedUp(context, workspace), base),
    diffs: async (workspace, from, to) => diffs(context, await lookedUp(context, workspace), from, to),
    tree: async (workspace) => tree((await lookedUp(context, workspace)).path),
    file: async (workspace, path) => file((await lookedUp(context, workspace)).path, path),
    findFiles: async (workspace, text, limit) => findFiles(git, (await lookedUp(context, workspace)).path, text, limit),
    edit: async (workspace, wanted) => edit((await lookedUp(context, workspace)).path, wanted),
    landed: (repository, commit, bytesMax) => broughtBy(git, repository, commit, bytesMax),
    land: async (job, runChecks, signal) => {
      const common = await commonDirectoryOf(git, job.repository)
      return landings.run(common, () => land(context, common, job, runChecks, signal))
    },
    release: (workspace, landed, tag) => workspaces.run(workspace, () => release(context, workspace, landed, tag)),
    tidy: async (repository) => {
      const common = await commonDirectoryOf(git, repository)
      return landings.run(common, () => repositories.run(common, () => tidy(context, common)))
    },
    holds: async (repository, branch, commits) => {
      const tip = await tipOf(git, repository, branch)
      const held = await Promise.all(commits.map((commit) => holdsCommit(git, repository, tip, commit)))
      return commits.filter((_, at) => held[at] === true)
    },
    inspect: (directory, ref) => inspect(git, directory, ref),
    [Symbol.asyncDispose]: () => context.children[Symbol.asyncDispose](),
  }
}

async function holdsCommit(git: Git, repository: string, tip: string | null, named: string): Promise<boolean> {
  const commit = /^[0-9a-f]{7,64}$/i.test(named) ? await commitOf(git, repository, named) : null
  return tip !== null && commit !== null && (await git.holds(repository, ["merge-base", "--is-ancestor", commit, tip]))
}

async function contextOf({ home: named, environment, marks }: WorkspacesOptions): Promise<Context> {
  const home = await makeHome(named)
  const children = new Children()
  return {
    home,
    git: new Git(children, environment),
    setupEnvironment: { ...withoutGit(environment), ...marks },
    children,
    journal: new Journal(home),
    repositories: new Lanes(),
    workspaces: new Lanes(),
    folders: new Lane(),
    landings: new Lanes(),
  }
}

/** Makes the home and removes what a killed worker left half used. Returns its path with links resolved, as git writes it down. */
async function makeHome(named: string): Promise<string> {
  try {
    await mkdir(named, { recursive: true })
    const home = await realpath(named)
    await removeLeftCopies(home)
    return home
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new FaultError(
      fault("home-unwritable", `Fleet cannot work in ${named}`, why, "make the directory writable, free some space, or choose another home"),
      { cause: error },
    )
  }
}

async function placeOf(context: Context, workspace: string): Promise<Place> {
  const found = await lookedUp(context, workspace)
  return "strategy" in found ? found : placeOfAdopted(found)
}

async function lookedUp(context: Context, workspace: string): Promise<Place | Adopted> {
  const record = await context.journal.find(workspace)
  if (record?.state === "ready") await reconnect(record)
  if (record?.state === "ready" && (await isWhole(record))) return record
  if (record?.state === "adopted" && (await exists(record.path))) return record
  const why =
    record === null
      ? "it was never prepared here, or it was released"
      : record.state === "ready" || record.state === "adopted"
        ? `its directory ${record.path} is gone`
        : `it is ${record.state}`
  throw new FaultError(fault("no-workspace", `there is no workspace ${workspace}`, why, "prepare it again; what was committed is still on its branch"))
}
