/** Completions for zsh. */
import type { Completions, OptionWord, Word } from "./words.ts"

export function zshScript(completions: readonly Completions[]): string {
  return `#compdef fleet
# zsh completion for fleet. Load it with: eval "$(fleet completion zsh)", or save it as _fleet in a directory of $fpath.
_fleet_names() {
  local -a names
  names=(\${(f)"$(fleet __complete $1 2>/dev/null)"})
  compadd -a names
}
${completions.toReversed().map(functionOf).join("\n")}
if [ "$funcstack[1]" = "_fleet" ]; then _fleet "$@"; else compdef _fleet fleet; fi
`
}

function functionOf(each: Completions): string {
  const options = each.options.flatMap(optionSpecs)
  return each.commands.length > 0 ? groupFunction(each, options) : leafFunction(each, options)
}

const functionName = (path: readonly string[]): string => ["_fleet", ...path].join("_").replaceAll("-", "_")

function leafFunction(each: Completions, options: readonly string[]): string {
  const specs = [...options, ...argumentSpec(each)].map((spec) => ` \\\n    ${quoted(spec)}`).join("")
  return `${functionName(each.path)}() {\n  _arguments -s${specs}\n}`
}

function groupFunction(each: Completions, options: readonly string[]): string {
  const specs = [...options, "1: :->command", "*:: :->rest"].map((spec) => ` \\\n    ${quoted(spec)}`).join("")
  const words = each.commands.map((word) => `      ${quoted(described(word))}`).join("\n")
  const cases = each.commands.map((word) => `      ${word.word}) ${functionName([...each.path, word.word])} ;;`).join("\n")
  return `${functionName(each.path)}() {
  local state line
  _arguments -s -C${specs}
  case $state in
    command)
      local -a commands
      commands=(
${words}
      )
      _describe command commands ;;
    rest) case $line[1] in
${cases}
    esac ;;
  esac
}`
}

function argumentSpec(each: Completions): string[] {
  if (typeof each.argument !== "string") return [`1: :(${each.argument.join(" ")})`]
  if (each.argument === "none") return []
  return each.argument === "file" ? ["*: :_files"] : [`1: :{_fleet_names ${each.argument}}`]
}

function optionSpecs(option: OptionWord): string[] {
  const names = option.short === null ? [option.word] : [option.short, option.word]
  return names.map((name) => `${name}[${plain(option.summary)}]${valueSpec(option)}`)
}

function valueSpec(option: OptionWord): string {
  if (option.value === null) return ""
  if (option.value === "any") return ": : "
  return option.value === "file" ? ": :_files" : `: :(${option.value.join(" ")})`
}

const described = (word: Word): string => `${word.word}:${plain(word.summary)}`
/** Without what has a meaning in zsh's specifications. */
const plain = (text: string): string => text.replace(/[[\]:\\]/g, " ")
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
