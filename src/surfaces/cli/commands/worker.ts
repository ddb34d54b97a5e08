/** `fleet worker start`: a worker in the foreground. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { makeHomeDirectory } from "../../../runtime/home.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf } from "../output.ts"

export async function workerStart(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const slots = invocation.number("slots")
  const name = invocation.text("name")
  makeHomeDirectory(context.home)
  const args = [
    context.programs.worker,
    "--home",
    context.home,
    ...(slots === null ? [] : ["--slots", String(slots)]),
    ...(name === null ? [] : ["--name", name]),
  ]
  const worker = spawn(context.programs.node, args, {
    cwd: context.home,
    env: { ...context.env, FLEET_HOME: context.home, FLEET_CONFIG: context.config },
    stdio: ["ignore", "inherit", "inherit"],
  })
  if (invocation.json) outputOf(context).json({ pid: worker.pid ?? null })
  // A Ctrl-C of the terminal reaches the worker by itself; what is sent to this process alone is handed on.
  const handOn = (): void => void worker.kill("SIGTERM")
  const stay = (): void => undefined
  context.signals.on("SIGTERM", handOn)
  context.signals.on("SIGHUP", handOn)
  context.signals.on("SIGINT", stay)
  try {
    const [code] = (await once(worker, "exit")) as [number | null]
    return code === 0 ? exitCodes.done : exitCodes.failed
  } finally {
    context.signals.off("SIGTERM", handOn)
    context.signals.off("SIGHUP", handOn)
    context.signals.off("SIGINT", stay)
  }
}
