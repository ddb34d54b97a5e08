/** A temporary git repository for tests, on branch `main`, untouched by the machine's own git configuration. Removed when disposed. */
import { execFile } from "node:child_process"
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

export interface TestRepository extends AsyncDisposable {
  /** Absolute, symbolic links resolved. */
  readonly path: string
  /** Runs git in the repository; resolves with what it printed, without the last newline. Rejects when it fails. */
  git(...args: string[]): Promise<string>
  /** Writes a file (and its folders) in the checkout, without committing. */
  write(path: string, text: string): Promise<void>
  /** Commits everything in the checkout; resolves with the new commit. */
  commit(message: string): Promise<string>
}

/** With `files`, they are the first commit; without, the repository has no commits. `name` is that of its directory. */
export async function repository(files?: Record<string, string>, name = "repo"): Promise<TestRepository> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "fleet-repository-")))
  const path = join(parent, name)
  const git = (...args: string[]): Promise<string> => gitIn(path, ...args)
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(path, file)), { recursive: true })
    await writeFile(join(path, file), text)
  }
  const commit = async (message: string): Promise<string> => {
    await git("add", "-A")
    await git("commit", "-q", "--allow-empty", "-m", message)
    return git("rev-parse", "HEAD")
  }
  await mkdir(path)
  await git("init", "-q", "-b", "main")
  await git("config", "gc.auto", "0")
  if (files !== undefined) {
    await Promise.all(Object.entries(files).map(([file, text]) => write(file, text)))
    await commit("first")
  }
  return { path, git, write, commit, [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true, maxRetries: 3 }) }
}

/** Runs git in any directory as a person called Person would. */
export function gitIn(directory: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("git", args, { cwd: directory, env: environment(), maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`git ${args.join(" ")}: ${stderr || error.message}`))
      else resolve(stdout.replace(/\n$/, ""))
    })
  })
}

function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"))
  return {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "Person",
    GIT_AUTHOR_EMAIL: "person@example.com",
    GIT_COMMITTER_NAME: "Person",
    GIT_COMMITTER_EMAIL: "person@example.com",
  }
}
