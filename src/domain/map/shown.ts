/** Names from a repository, which anybody may have written, in a text of lines: on one line, without control characters, unlike a frame, bounded. */
export function shown(name: string, charsMax = 200): string {
  const plain = name
    .slice(0, charsMax * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/={3,}/g, "==")
    .toWellFormed()
  return plain.length <= charsMax ? plain : `${plain.slice(0, charsMax - 1).toWellFormed()}…`
}

/** As many of the lines as fit, each with its newline; the first that does not fit ends it. */
export function fitting(lines: readonly string[], charsMax: number): string[] {
  let chars = 0
  const end = lines.findIndex((line) => (chars += line.length + 1) > charsMax)
  return end < 0 ? [...lines] : lines.slice(0, end)
}

export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`
