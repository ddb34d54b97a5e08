/** Finds `[[name key=value "text"]]` in a text. Knows the form of a marker, not what any of them means. */

export interface Marker {
  readonly name: string
  readonly named: ReadonlyMap<string, string>
  readonly positional: readonly string[]
  /** As it stands in the prompt, cut to 120 characters. */
  readonly text: string
  /** Why its form is wrong, or null. */
  readonly fault: string | null
}

const textCharsMax = 120

/** Markers in order. `[[` followed by anything but a lower-case letter is plain text (a shell's `[[ -f x ]]`, for example). */
export function readMarkers(text: string): Marker[] {
  const markers: Marker[] = []
  const opening = /\[\[([a-z]+)/g
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const read = readMarker(text, found.index, found[1] ?? "", opening.lastIndex)
    markers.push(read.marker)
    opening.lastIndex = read.end
  }
  return markers
}

const token = /\s+|\]\]|(?:([A-Za-z_]+)=)?(?:"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|([^\s"\]=]+))/y

function readMarker(text: string, start: number, name: string, from: number): { marker: Marker; end: number } {
  const named = new Map<string, string>()
  const positional: string[] = []
  const marker = (end: number, fault: string | null): { marker: Marker; end: number } => ({
    marker: { name, named, positional, text: text.slice(start, Math.min(end, start + textCharsMax)), fault },
    end,
  })
  token.lastIndex = from
  for (let at = from; ; at = token.lastIndex) {
    const found = token.exec(text)
    if (found === null) return marker(Math.max(at, from), at >= text.length ? "it has no ]]" : `it cannot be read from "${text.slice(at, at + 20)}" on`)
    if (found[0] === "]]") return marker(token.lastIndex, null)
    if (found[0].trim() === "") continue
    const value = found[2] === undefined ? found[3] : unquote(found[2])
    if (value === undefined) return marker(token.lastIndex, "its string has a wrong escape")
    if (found[1] === undefined) positional.push(value)
    else named.set(found[1], value)
  }
}

/** A JSON string's content; raw control characters are let through, since YAML may have turned `\n` into a newline already. */
function unquote(inside: string): string | undefined {
  const controls = new RegExp(`[${String.fromCharCode(0)}-${String.fromCharCode(31)}]`, "g")
  const escaped = inside.replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
  try {
    return String(JSON.parse(`"${escaped}"`))
  } catch {
    return undefined
  }
}
