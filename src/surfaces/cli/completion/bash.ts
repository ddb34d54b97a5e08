/** Completions for bash. */
import type { Completions } from "./words.ts"

export function bashScript(completions: readonly Completions[]): string {
  const paths = completions.filter((each) => each.path.length > 0).map((each) => each.path.join(" "))
  return `# bash completion for fleet. Load it with: eval "$(fleet completion bash)"
_fleet() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
${paths.map((path) => `      "${path}") path="${path}" ;;`).join("\n")}
    esac
  done
  local words="" kind=""
  case "$path" in
${completions.map(caseOf).join("\n")}
  esac
  case "$kind" in
    file) COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null; [[ $current == -* ]] || return ;;
    run|task|approval) [[ $current == -* ]] || words="$words $(fleet __complete "$kind" 2>/dev/null)" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _fleet fleet
`
}

function caseOf(each: Completions): string {
  const options = each.options.flatMap((option) => (option.short === null ? [option.word] : [option.short, option.word]))
  const listed = typeof each.argument === "string" ? [] : each.argument
  const kind = typeof each.argument === "string" && each.argument !== "none" ? ` kind=${each.argument}` : ""
  const words = [...each.commands.map((command) => command.word), ...listed, ...options].join(" ")
  return `    "${each.path.join(" ")}") words="${words}"${kind}${valueCases(each)} ;;`
}

/** After an option that takes a value, only its values. */
function valueCases(each: Completions): string {
  const cases = each.options.flatMap((option) => {
    if (option.value === null) return []
    const names = option.short === null ? option.word : `${option.short}|${option.word}`
    if (option.value === "file") return [`${names}) words="" kind=file ;;`]
    return [`${names}) words="${option.value === "any" ? "" : option.value.join(" ")}" kind="" ;;`]
  })
  return cases.length === 0 ? "" : `; case "$previous" in ${cases.join(" ")} esac`
}
