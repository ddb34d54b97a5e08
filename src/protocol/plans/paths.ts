/** Finds the file paths in a sentence, for scopes. Rather too few than too many: what is missed is found when the diff is there. */
import { looksLikeFile } from "../../domain/scope/file-name.ts"

/** Paths in backticks, and bare ones that cannot be anything else, as written but without `./` and line numbers; each once. */
export function pathsIn(sentence: string): string[] {
  const found = new Set<string>()
  const bare = sentence.replace(/\[[^\]]*\]\(([^)\s]*)\)/g, " $1 ").replace(/`([^`]+)`/g, (_, code: string) => {
    const path = pathOf(code.trim(), true)
    if (path !== null) found.add(path)
    return " "
  })
  for (const word of bare.split(/\s+/)) {
    const path = pathOf(word.replace(/^[*_"'(<{]+(?!\*)|[*_"')>},.;:!?]+$/g, ""), false)
    if (path !== null) found.add(path)
  }
  return [...found].slice(0, 200)
}

function pathOf(word: string, quoted: boolean): string | null {
  const path = word.replace(/^\.\//, "").replace(/(:\d+){1,2}$/, "")
  if (path.length < 2 || path.length > 300 || !/^[\w.*([{~/+]/.test(path) || /[\s\\<>="'|:;#&%!?@$]/.test(path)) return null
  if (path.startsWith("..") && !path.includes("/")) return null
  const segments = path.split("/").filter((segment) => segment !== "")
  const name = segments.at(-1) ?? ""
  if (segments.length < 2 && !path.endsWith("/")) return isFileName(name, quoted) ? path : null
  if (looksLikeFile(name)) return path
  // An address on a server, not a place in the repository.
  if (path.startsWith("/") || mediaType.test(path)) return null
  if (path.endsWith("/") || path.includes("*")) return path
  return quoted || usualRoots.has(segments[0] ?? "") ? path : null
}

/** `Next.js` in a sentence is a product; in backticks, or as `next.config.js`, it is a file. */
function isFileName(name: string, quoted: boolean): boolean {
  if (knownName.test(name)) return true
  return looksLikeFile(name) && (quoted || !/^[a-z0-9]+\.js$/i.test(name) || /^(index|main|app|server|client|setup|config|test)\.js$/.test(name))
}

const knownName = /^(Dockerfile|Makefile|Gemfile|Rakefile|Procfile|CODEOWNERS|LICENSE|\.env|\.editorconfig|\.gitattributes|\.[a-z]+(rc|ignore))$/
const mediaType = /^(application|audio|font|image|multipart|text|video)\/[\w.+-]+$/
const usualRoots = new Set(
  "api app apps assets backend bin cli client cmd components config contracts db docs examples features frontend infra internal lib libs migrations mobile packages pkg public scripts server services shared spec specs src static test tests tools ui web".split(
    " ",
  ),
)
