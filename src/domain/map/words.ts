/** Words of a name, a path or a sentence, so that `parseHTTPRequest`, `parse_http_requests` and "parsing HTTP requests" meet. Safe for any text. */

const charsMax = 20_000
const wordCharsMax = 40
const wordsMax = 400
const noise = new Set(
  "a an and are as at be by do for from how if in into is it its make new not of on or so that the their then there this to up use we when which who why will with".split(
    " ",
  ),
)

/** Lower case, stemmed, in order, those that say nothing left out. At most 400. */
export function wordsOf(text: string): string[] {
  const words: string[] = []
  for (const [word] of text.slice(0, charsMax).normalize("NFC").matchAll(parts)) {
    const lower = word.toLowerCase()
    if (noise.has(lower)) continue
    words.push(stem(lower.slice(0, wordCharsMax)))
    if (words.length === wordsMax) break
  }
  return words
}

/** A run of capitals up to the next word (`HTTP` in `HTTPRequest`), a word with or without its capital, other letters, a number. */
const parts = /\p{Lu}+(?![\p{Ll}])|\p{Lu}?\p{Ll}+|[\p{Lo}\p{Lm}\p{Mn}\p{Mc}]+|\p{Lu}|\p{N}+/gu

/** Light: endings of plurals and of verbs only, so that what is left may be no word, but is the same for all forms. */
export function stem(word: string): string {
  const singular = withoutPlural(word)
  const bare = withoutEnding(singular)
  return bare.length > 3 && bare.endsWith("e") ? bare.slice(0, -1) : bare
}

function withoutPlural(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`
  if (word.length > 4 && /(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2)
  return word.length > 3 && /[^sui]s$/.test(word) ? word.slice(0, -1) : word
}

function withoutEnding(word: string): string {
  const ending = /(?:ing|ed)$/.exec(word)
  if (ending === null || ending.index < 3) return word
  const bare = word.slice(0, ending.index)
  if (!/[aeiouy]/.test(bare)) return word
  // `running` is `run`, but `calling` is `call`.
  return /([bdgmnprt])\1$/.test(bare) ? bare.slice(0, -1) : bare
}
