/** Sessions and callbacks: what is asked of them and what is answered. */
import { z } from "zod"
import type { CallbackView, CreateSession, PromptSession, SessionView, TurnView } from "../../session-views.ts"
import type { FileContent, FileDiff, FileEdit, Offers, TranscriptEntry, TreeEntry } from "../../worker.ts"
import { count, givenDirectory, givenName, givenPath, givenText, instant, orNull, text } from "./fields.ts"
import { fileChange, usage } from "./work.ts"

const turnView: z.ZodType<TurnView> = z
  .object({
    number: count,
    how: z.enum(["completed", "stopped", "failed"]),
    why: text.nullable(),
    text: text.describe("the end of what the agent said; hostile text"),
    files: z.array(fileChange).nullable().describe("null: nobody could look"),
    tree: text.nullable().describe("git's tree of everything that was there then"),
    prompt: text.describe("id of the prompt that it answered"),
    usage,
    endedAt: instant,
  })
  .meta({ id: "Turn" })

export const sessionStatus = z.enum(["starting", "idle", "queued", "working", "needs-you", "asleep", "stopping", "ended", "unknown"])

export const sessionView: z.ZodType<SessionView> = z
  .object({
    id: text,
    title: text,
    status: sessionStatus.describe("asleep: no agent runs, the next prompt wakes it; ended: it can be resumed; unknown: its worker is away"),
    reason: text.describe("one plain line: what it waits for, does now, or why it ended"),
    agent: text,
    model: text.nullable(),
    agentSession: text.nullable().describe("the agent's own id of the conversation"),
    instance: text.describe("changes each time its agent is opened"),
    task: text.nullable().describe("`<run>/<key>` of the task that it works for; such a session takes no prompt"),
    parent: text.nullable(),
    notify: text.nullable().describe("who is told when a turn of it has ended"),
    children: z.array(text),
    worker: text,
    workspace: text,
    strategy: z.enum(["worktree", "clone", "existing"]),
    source: text.describe("directory that was named when it was made"),
    directory: text.nullable().describe("directory that its agent works in"),
    branch: text.nullable(),
    base: text.nullable().describe("commit that its changes are counted from"),
    released: z.boolean().describe("its checkout was given back"),
    salvage: text.nullable().describe("ref that holds what was uncommitted when its checkout was given back last"),
    waiting: count.describe("prompts that were not handed to the agent yet"),
    turns: count,
    lastTurn: orNull(turnView),
    usage,
    createdAt: instant,
    changedAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: "Session" })

export const callbackView: z.ZodType<CallbackView> = z
  .object({
    id: text,
    from: text,
    to: text,
    turn: count,
    how: z.enum(["completed", "error"]),
    status: z.enum(["describing", "waiting", "queued", "delivered", "dropped"]),
    reason: text.nullable().describe("why it is not delivered; null when it is"),
    text: text.describe("as its receiver reads it"),
    at: instant,
    deliveredAt: instant.nullable(),
  })
  .meta({ id: "Callback", description: "A message to the session that asked to be told of another's turns." })

const attachment = z.strictObject({
  mime: z.enum(["image/png", "image/jpeg", "image/gif", "image/webp"]),
  name: z.string().max(200).nullable().default(null),
  data: z.string().max(7_500_000).describe("base64, at most 5 MB decoded"),
})
const choice = givenName.nullable().default(null)

export const promptSession: z.ZodType<PromptSession> = z
  .strictObject({
    text: givenText,
    attachments: z.array(attachment).max(100).default([]).describe("pictures; 10 at most"),
    model: choice.describe("for this turn only"),
    mode: choice.describe("for this turn only"),
  })
  .meta({ id: "PromptSession" })

export const createSession: z.ZodType<CreateSession> = z
  .strictObject({
    directory: givenDirectory.describe("absolute path"),
    title: z.string().max(1_000).nullable().default(null),
    strategy: z.enum(["worktree", "clone", "existing"]).default("worktree"),
    branch: choice.describe("null: a new one; one that exists is worked on"),
    base: choice.describe("branch or commit that a new branch starts from; null: what is checked out in the directory"),
    agent: choice.describe("null: that of the parent, else the default"),
    model: choice,
    parent: choice.describe("session, by any of its ids, that it is made for"),
    notify: choice.describe("session that is told when a turn of it has ended; the parent too, when none is named"),
    prompt: orNull(promptSession).default(null),
    timeoutMinutes: z.number().positive().max(100_000).nullable().default(null).describe("of one turn; null: the default"),
  })
  .meta({ id: "CreateSession" })

export const renameSession = z.strictObject({ title: z.string().min(1).max(1_000) }).meta({ id: "RenameSession" })
export const forkSession = z
  .strictObject({
    title: z.string().max(1_000).nullable().default(null),
    prompt: orNull(promptSession).default(null),
    notify: choice.describe("null: whoever is told of the session that it is forked from"),
  })
  .meta({ id: "ForkSession" })

export const promptedView = z
  .object({ session: text, prompt: text.describe("its id"), after: count.describe("number of an event before it, to read the milestones from") })
  .meta({ id: "Prompted" })
export const endedView = z.object({ session: text, cleanup: z.boolean(), forget: z.boolean() }).meta({ id: "Ended" })

const transcriptEntry: z.ZodType<TranscriptEntry> = z
  .object({ at: instant, type: z.enum(["prompt", "text", "thought", "tool", "note", "permission", "turn"]), text: text.describe("hostile text") })
  .meta({ id: "TranscriptEntry" })
export const transcriptPage = z
  .object({
    entries: z.array(transcriptEntry),
    next: count.describe("offset of the next page"),
    ended: z.boolean().describe("the session has ended: nothing comes after the last page"),
  })
  .meta({ id: "TranscriptPage" })

const fileDiff: z.ZodType<FileDiff> = z
  .object({
    path: text,
    status: z.enum(["added", "modified", "deleted", "renamed"]),
    additions: count.nullable(),
    deletions: count.nullable(),
    from: text.nullable(),
    before: text.nullable().describe("null: binary, or longer than what is sent"),
    after: text.nullable(),
  })
  .meta({ id: "FileDiff" })
export const diffView = z.object({ files: z.array(fileDiff), patch: text, cut: z.boolean().describe("there is more than what is here") }).meta({ id: "Diff" })

const treeEntry: z.ZodType<TreeEntry> = z.object({ path: text, type: z.enum(["file", "directory"]), size: count }).meta({ id: "TreeEntry" })
export const treeView = z.object({ entries: z.array(treeEntry), cut: z.boolean() }).meta({ id: "Tree" })
export const fileContent: z.ZodType<FileContent> = z
  .object({ path: text, content: text.nullable().describe("null for a binary file"), size: count })
  .meta({ id: "FileContent" })
export const foundFiles = z.object({ paths: z.array(text) }).meta({ id: "FoundFiles" })
export const fileEdit: z.ZodType<FileEdit> = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("write"), path: givenPath, content: z.string().max(7_500_000) }),
    z.strictObject({ kind: z.literal("directory"), path: givenPath }),
    z.strictObject({ kind: z.literal("delete"), path: givenPath }),
    z.strictObject({ kind: z.literal("rename"), path: givenPath, to: givenPath }),
  ])
  .meta({ id: "FileEdit" })
export const editedView = z.object({ session: text, path: text }).meta({ id: "Edited" })

const described = { description: text }
export const offersView: z.ZodType<Offers> = z
  .object({
    modes: z.array(z.object({ name: text, ...described })),
    models: z.array(z.object({ id: text, title: text })),
    commands: z.array(z.object({ name: text, ...described })),
  })
  .meta({ id: "Offers", description: "What the session's agent offers to choose from." })
