/** Completions for fish. */
import type { Completions, OptionWord } from "./words.ts"

export function fishScript(completions: readonly Completions[]): string {
  const top = completions.find((each) => each.path.length === 0)
  const names = top?.commands.map((command) => command.word).join(" ") ?? ""
  return `# fish completion for fleet. Save it as ~/.config/fish/completions/fleet.fish
complete -c fleet -f
function __fleet_at --description 'whether the words so far name this command'
    set -l words (commandline -opc)[2..-1]
    set -l plain (string match -v -- '-*' $words)
    test (count $argv) -le (count $plain); or return 1
    test (count $argv) -eq 0; and return (test (count $plain) -eq 0)
    test "$plain[1..(count $argv)]" = "$argv"
end
# commands: ${names}
${completions.flatMap(linesOf).join("\n")}
`
}

function linesOf(each: Completions): string[] {
  const at = `-n ${quoted(["__fleet_at", ...each.path].join(" "))}`
  return [
    ...each.commands.map((command) => `complete -c fleet ${at} -a ${command.word} -d ${quoted(command.summary)}`),
    ...each.options.map((option) => `complete -c fleet ${at} ${optionWords(option)} -d ${quoted(option.summary)}`),
    ...argumentLines(each, at),
  ]
}

function argumentLines(each: Completions, at: string): string[] {
  if (typeof each.argument !== "string") return [`complete -c fleet ${at} -a ${quoted(each.argument.join(" "))}`]
  if (each.argument === "none") return []
  if (each.argument === "file") return [`complete -c fleet ${at} -F`]
  return [`complete -c fleet ${at} -a ${quoted(`(fleet __complete ${each.argument} 2>/dev/null)`)}`]
}

function optionWords(option: OptionWord): string {
  const short = option.short === null ? "" : `-s ${option.short.slice(1)} `
  const long = `-l ${option.word.slice(2)}`
  if (option.value === null) return short + long
  if (option.value === "any") return `${short}${long} -x`
  return option.value === "file" ? `${short}${long} -r -F` : `${short}${long} -x -a ${quoted(option.value.join(" "))}`
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
