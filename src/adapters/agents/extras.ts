/** What comes with a prompt, for agents that cannot take it all: words in its place, and notes for the reader of the transcript. */
import { readFile } from "node:fs/promises"
import type { Attachment } from "../../domain/session/turn.ts"
import type { PromptExtras, SessionChunk } from "../../worker/ports/agent.ts"

export const noExtras: PromptExtras = { attachments: [], model: null, mode: null }

/** The text with the pictures named by their paths, so that the agent can look at the files. */
export function withPaths(text: string, attachments: readonly Attachment[]): string {
  if (attachments.length === 0) return text
  const lines = attachments.map(({ name, mime, file }) => `- ${name} (${mime}): ${file}`)
  return `${text}\n\nPictures that belong to this message, as files:\n${lines.join("\n")}`
}

export const noPictures = (agent: string): SessionChunk => note(`${agent} takes no pictures: it was given their paths`)
export const notForOneTurn = (agent: string, what: "model" | "mode", wanted: string, why: string): SessionChunk =>
  note(`${agent} works on without the ${what} "${wanted}": ${why}`)

export const effortNotTaken = (agent: string, effort: string, why: string): SessionChunk => note(`${agent} works without the effort "${effort}": ${why}`)

/** As agents name it. */
export const effortName = (effort: string | null): string | null => effort?.trim().toLowerCase() || null

export interface Picture {
  readonly attachment: Attachment
  readonly base64: string
}

/** One that cannot be read is left out, and `said` hears of it. */
export async function readPictures(attachments: readonly Attachment[], said: (chunk: SessionChunk) => void): Promise<Picture[]> {
  const read = attachments.map(async (attachment) => {
    try {
      return [{ attachment, base64: await readFile(attachment.file, "base64") }]
    } catch (error) {
      said(note(`the picture ${attachment.name} cannot be read: ${(error as Error).message}`))
      return []
    }
  })
  return (await Promise.all(read)).flat()
}

const note = (text: string): SessionChunk => ({ type: "note", text })
