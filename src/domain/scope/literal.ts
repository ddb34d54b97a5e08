/** A path taken as it is: characters that patterns give a meaning to are put into classes of their own. */
export function escapePattern(path: string): string {
  return path.replace(/[*?[{\\]/g, (character) => (character === "\\" ? "[\\\\]" : `[${character}]`))
}
