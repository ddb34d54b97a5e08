/** Paths among keywords, and how near a file lies to them: what an agent may write, and what stands beside it, is what it has to know first. */

/** Directories or files, relative to the root, without a pattern's tail; as written. */
export function placesIn(keywords: readonly string[]): readonly string[] {
  const words = keywords.flatMap((keyword) => keyword.split(/[\s,;"'`()]+/).filter((word) => word.includes("/") || word === keyword.trim()))
  return [...new Set(words.map(literal).filter((place) => place !== ""))]
}

/** 2: it is one of the places, or lies in it. 1: it lies in the directory that a place stands in, the root's apart. 0: elsewhere. */
export function nearness(places: readonly string[], path: string): 0 | 1 | 2 {
  if (places.some((place) => path === place || path.startsWith(`${place}/`))) return 2
  return places.some((place) => place.includes("/") && path.startsWith(place.slice(0, place.lastIndexOf("/") + 1))) ? 1 : 0
}

/** `./src/api/**` is `src/api`. */
function literal(word: string): string {
  const segments = word.split("/").filter((segment) => segment !== "." && segment !== "")
  const pattern = segments.findIndex((segment) => /[*?[\]{}]/.test(segment))
  return segments.slice(0, pattern < 0 ? segments.length : pattern).join("/")
}
