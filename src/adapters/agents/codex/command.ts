/** Takes a command out of the shell that codex wraps it in (`/bin/bash -lc '…'`): a person and a policy want to see the command itself. Pure. */

export function plainCommand(command: string): string {
  const words = shellWords(command)
  const [shell = "", flags = "", script] = words ?? []
  const wrapped = words?.length === 3 && /(^|\/)(ba|z|da)?sh$/.test(shell) && /^-l?c$/.test(flags)
  return wrapped && script !== undefined ? script : command
}

/** The words of a command line that was joined by quoting, null when a quote stays open. */
function shellWords(line: string): string[] | null {
  const words: string[] = []
  const part = /([^\s'"\\]+)|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|(\s+)/y
  let word: string | null = null
  while (part.lastIndex < line.length) {
    const found = part.exec(line)
    if (found === null) return null
    const [, plain, single, double, escaped, space] = found
    if (space === undefined) word = (word ?? "") + (plain ?? single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? "")
    else if (word !== null) {
      words.push(word)
      word = null
    }
  }
  return word === null ? words : [...words, word]
}
