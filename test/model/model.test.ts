/** The scripted model by itself: what an agent's test would show late or not at all. */
import { expect, test } from "vitest"
import { startModel, type Model } from "./model.ts"

const post = (model: Model, path: string, body: object): Promise<Response> =>
  fetch(`${model.url}${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })

const chatTools = [{ type: "function", function: { name: "bash", parameters: { properties: { command: {}, description: {} } } } }]
const messagesTools = [
  { name: "Bash", input_schema: { properties: { command: {} } } },
  { name: "Write", input_schema: { properties: { file_path: {}, content: {} } } },
  { name: "Read", input_schema: { properties: { file_path: {} } } },
]
const script = '[[run cmd="make"]] [[commit message="add it"]] [[say "ready"]]'

test("the same conversation gets the same reply, however often and from whomever", async () => {
  await using model = await startModel()
  const body = { model: "m", tools: chatTools, messages: [{ role: "user", content: script }, { role: "assistant" }, { role: "tool", content: "made" }] }
  const replies = await Promise.all([1, 2, 3].map(async () => (await post(model, "/v1/chat/completions", body)).json()))
  const committing = { name: "bash", arguments: JSON.stringify({ command: "git add -A && git commit -q -m 'add it'", description: "A step of the script" }) }
  const reply = { choices: [{ finish_reason: "tool_calls", message: { tool_calls: [{ function: committing }] } }] }
  expect(replies).toMatchObject([reply, reply, reply])
})

test("a new prompt begins its own script, whatever tools answered before", async () => {
  await using model = await startModel()
  const before = [
    { role: "user", content: script },
    { role: "tool", content: "a" },
    { role: "tool", content: "b" },
  ]
  const body = { tools: chatTools, messages: [...before, { role: "user", content: '[[if resumed]][[say "again"]][[else]][[say "first"]][[end]]' }] }
  expect(await (await post(model, "/v1/chat/completions", body)).json()).toMatchObject({ choices: [{ finish_reason: "stop", message: { content: "again" } }] })
})

test("what a tool handed over is passed on word for word", async () => {
  await using model = await startModel()
  const block = "---HANDOFF---\n- Built: it\n---"
  const told = { role: "tool", content: `run a done\n${block}\n- task` }
  const body = { tools: chatTools, messages: [{ role: "user", content: '[[run cmd="look"]] [[say "Over. @{1:HANDOFF}@{2:HANDOFF}"]]' }, told] }
  expect(await (await post(model, "/v1/chat/completions", body)).json()).toMatchObject({ choices: [{ message: { content: `Over. ${block}` } }] })
})

test("a file that the agent will not change unread is read, and then changed", async () => {
  await using model = await startModel()
  const next = async (...results: string[]): Promise<unknown> => {
    const answered = results.map((content) => ({ role: "user", content: [{ type: "tool_result", tool_use_id: "t", content }] }))
    const body = { tools: messagesTools, messages: [{ role: "user", content: '[[write path=a.txt text=x]] [[say "ready"]]' }, ...answered] }
    return (await post(model, "/v1/messages", body)).json()
  }
  expect(await next()).toMatchObject({ content: [{ name: "Write", input: { file_path: "a.txt", content: "x" } }] })
  expect(await next("File has not been read yet. Read it first.")).toMatchObject({ content: [{ name: "Read", input: { file_path: "a.txt" } }] })
  expect(await next("File has not been read yet.", "old")).toMatchObject({ content: [{ name: "Write" }] })
  expect(await next("File has not been read yet.", "old", "written")).toMatchObject({ content: [{ type: "text", text: "ready" }] })
  expect(await next("written")).toMatchObject({ content: [{ type: "text", text: "ready" }] })
})

test("a failure happens as often as it says, with the time to wait", async () => {
  await using model = await startModel()
  const body = { tools: chatTools, messages: [{ role: "user", content: '[[fail status=429 retry_after=7 times=2]] [[say "at last"]]' }] }
  const answers = [
    await post(model, "/v1/chat/completions", body),
    await post(model, "/v1/chat/completions", body),
    await post(model, "/v1/chat/completions", body),
  ]
  expect(answers.map((answer) => answer.status)).toEqual([429, 429, 200])
  expect(answers[0]?.headers.get("retry-after")).toBe("7")
})

test("a script that is wrong fails the request instead of passing for done", async () => {
  await using model = await startModel()
  const answer = await post(model, "/v1/messages", { tools: messagesTools, messages: [{ role: "user", content: "[[wirte path=a text=b]]" }] })
  expect(answer.status).toBe(400)
})

test("a dropped stream begins and breaks off, and one that hangs ends with the model", async () => {
  const model = await startModel()
  const ask = (content: string): Promise<Response> => post(model, "/v1/messages", { stream: true, tools: messagesTools, messages: [{ role: "user", content }] })
  const dropped = await ask("[[say hello]] [[drop]]")
  expect(dropped.status).toBe(200)
  await expect(dropped.text()).rejects.toThrow()
  const hanging = ask("[[hang]]")
  await expect.poll(() => model.requests.length).toBe(2)
  await Promise.all([expect(hanging).rejects.toThrow(), model[Symbol.asyncDispose]()])
})

test("what asks without tools, as for a title, is answered without the script", async () => {
  await using model = await startModel()
  const body = { messages: [{ role: "user", content: script }] }
  expect(await (await post(model, "/v1/chat/completions", body)).json()).toMatchObject({ choices: [{ message: { content: "Scripted session" } }] })
})
