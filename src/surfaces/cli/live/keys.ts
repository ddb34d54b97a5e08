/** Reads single keys from a terminal, and gives it back as it was. */
import type { CliInput } from "../context.ts"

export interface Keys {
  /** Safe to call twice. */
  end(): void
}

/** Calls `onKey` for each character; Ctrl-C comes as `\u0003`. Does nothing where the input is no terminal. */
export function readKeys(input: CliInput, onKey: (key: string) => void): Keys {
  if (input.isTTY !== true || input.setRawMode === undefined) return { end: () => undefined }
  const take = (chunk: Buffer | string): void => {
    for (const key of keysOf(chunk.toString())) onKey(key)
  }
  input.setRawMode(true)
  input.on("data", take)
  input.resume()
  let ended = false
  return {
    end: () => {
      if (ended) return
      ended = true
      input.off("data", take)
      input.setRawMode?.(false)
      input.pause()
      input.unref?.()
    },
  }
}

/** Arrow and function keys come as sequences that begin with escape: none of them means anything here, and their letters must not. */
function keysOf(text: string): string[] {
  return text.startsWith("\u001B") ? [] : text.split("")
}
