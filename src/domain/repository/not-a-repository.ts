import { fault, type Fault } from "../fault.ts"

/** Of a directory in which git knows of no repository, whoever looked. */
export const notARepository = (directory: string): Fault =>
  fault(
    "not-a-repository",
    `${directory} is not a git repository`,
    "Fleet gives every agent a checkout of its own, which needs git",
    `git -C '${directory}' init, and commit something`,
  )

/** Of a directory that is not there. */
export const noDirectory = (directory: string): Fault =>
  fault("directory-missing", `there is no directory ${directory}`, "it was looked for and not found", "check the path")
