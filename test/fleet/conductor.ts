/**
 * A conductor that does what the seed's skill says, with nothing but curl: finds itself, makes children in worktrees, prompts them, is called back, looks at diffs and conversation, and sends a retry
 * prompt to the one that failed. What its model would think is scripted: the titles of the children hold what it does when their callback comes.
 */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { eventually } from "../eventually.ts"
import type { Scenario } from "./scenario.ts"

export interface Led {
  /** What the conductor wrote down after the last callback. */
  readonly good: { readonly diffs: readonly Diff[]; readonly conversation: string }
  readonly bad: { readonly diffs: readonly Diff[]; readonly conversation: string }
  /** The callbacks, in the order in which its agent got them. */
  readonly callbacks: readonly string[]
}
interface Diff {
  readonly file: string
  readonly after: string
  readonly status: string
}

/** Starts a conductor with that agent in the scenario's checkout, and resolves when it has seen both children through. */
export async function lead(fleet: Scenario, agent: string): Promise<Led> {
  const notes = path.join(fleet.home, "notes")
  await mkdir(notes)
  const begin = await script(notes, "begin.sh", beginning(notes, fleet.repo.path, agent))
  await script(notes, "hear-good.sh", hearGood(notes))
  await script(notes, "hear-bad.sh", hearBad(notes))
  const conductor = await api(fleet, "POST", "/sessions", { directory: fleet.repo.path, title: "The conductor", harnessType: agent })
  const { session, instanceId } = conductor as { session: { id: string }; instanceId: string }
  await api(fleet, "POST", `/sessions/${session.id}/prompt`, {
    instanceId,
    text: `[[run cmd="sh ${begin}"]] [[say "I've spawned 2 child sessions. Waiting for them to complete..."]]`,
  })
  await eventually(
    "both children were seen through",
    () => Promise.all(["good.done", "bad.done"].map((name) => readFile(path.join(notes, name)))).catch(() => false),
    240_000,
  )
  const seen = async (name: string): Promise<Led["good"]> => ({
    diffs: JSON.parse(await readFile(path.join(notes, `${name}.diffs`), "utf8")) as Diff[],
    conversation: await readFile(path.join(notes, `${name}.conversation`), "utf8"),
  })
  const { messages } = (await api(fleet, "GET", `/sessions/${session.id}/messages?limit=200`)) as {
    messages: { info: { role: string }; parts: { text?: string }[] }[]
  }
  const told = messages.filter(({ info }) => info.role === "user").map(({ parts }) => parts.map(({ text }) => text ?? "").join("\n"))
  return { good: await seen("good"), bad: await seen("bad"), callbacks: told.filter((text) => text.startsWith("[Fleet Callback]")) }
}

export async function api(fleet: Scenario, method: string, route: string, body?: unknown): Promise<unknown> {
  const { port } = await fleet.client.hub()
  const response = await fetch(`http://127.0.0.1:${port}/api${route}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`)
  return text === "" ? null : (JSON.parse(text) as unknown)
}

async function script(notes: string, name: string, text: string): Promise<string> {
  const file = path.join(notes, name)
  await writeFile(file, text)
  await chmod(file, 0o700)
  return file
}

const pick = (expression: string): string =>
  `node -e 'let t="";process.stdin.on("data",(c)=>t+=c).on("end",()=>{const d=JSON.parse(t);console.log(${expression})})'`

/** Steps 1 to 3 of the skill. */
const beginning = (notes: string, repository: string, agent: string): string => `set -eu
cd ${notes}
curl -s http://localhost:\${FLEET_PORT:-3000}/api/sessions > sessions.json
ME=$(${pick(`d.find((s)=>s.workspaceDirectory==="${repository}").session.id`)} < sessions.json)
INSTANCE=$(${pick(`d.find((s)=>s.workspaceDirectory==="${repository}").instanceId`)} < sessions.json)
child() {
  curl -s -X POST http://localhost:\${FLEET_PORT:-3000}/api/sessions \\
    -H "Content-Type: application/json" \\
    -d "{\\"directory\\": \\"${repository}\\", \\"title\\": \\"$1 [[run cmd=\\\\\\"sh ${notes}/hear-$1.sh\\\\\\"]]\\", \\"isolationStrategy\\": \\"worktree\\", \\"harnessType\\": \\"${agent}\\", \\"onComplete\\": {\\"notifySessionId\\": \\"$ME\\", \\"notifyInstanceId\\": \\"$INSTANCE\\"}}" > $1.json
  ${pick("d.session.id")} < $1.json > $1.id
  ${pick("d.instanceId")} < $1.json > $1.instance
}
prompt() {
  curl -s -X POST http://localhost:\${FLEET_PORT:-3000}/api/sessions/$(cat $1.id)/prompt \\
    -H "Content-Type: application/json" \\
    -d "{\\"instanceId\\": \\"$(cat $1.instance)\\", \\"text\\": \\"$2\\"}"
}
child good
child bad
prompt good '[[write path=\\"good.txt\\" text=\\"good\\"]] [[handoff \\"Built: good.txt\\"]]'
prompt bad '[[fail status=400 times=always]]'
`

const look = (
  name: string,
): string => `curl -s "http://localhost:\${FLEET_PORT:-3000}/api/sessions/$(cat ${name}.id)/diffs?instanceId=$(cat ${name}.instance)" > ${name}.diffs
curl -s "http://localhost:\${FLEET_PORT:-3000}/api/sessions/$(cat ${name}.id)?instanceId=$(cat ${name}.instance)" > ${name}.conversation
`

const hearGood = (notes: string): string => `set -eu
cd ${notes}
${look("good")}touch good.done
`

/** The first callback tells of the failure, and a follow-up prompt goes to the same child; the second tells that it worked. */
const hearBad = (notes: string): string => `set -eu
cd ${notes}
if [ -e bad.retried ]; then
${look("bad")}touch bad.done
else
touch bad.retried
curl -s -X POST http://localhost:\${FLEET_PORT:-3000}/api/sessions/$(cat bad.id)/prompt \\
  -H "Content-Type: application/json" \\
  -d "{\\"instanceId\\": \\"$(cat bad.instance)\\", \\"text\\": \\"[[write path=\\\\\\"bad.txt\\\\\\" text=\\\\\\"better\\\\\\"]]\\"}"
fi
`
