import type { Grammar } from "./grammar.ts"

export const bash: Grammar = {
  file: "bash",
  outline: `
  (program (variable_assignment name: (variable_name) @constant))
  (function_definition name: (word) @function)
  (command name: (command_name) @call . argument: (word) @import (#match? @call "^(source|\\\\.)$"))`,
  // The grammar reads `until` as a while statement.
  decisions: `
  [(if_statement) (elif_clause) (for_statement) (c_style_for_statement) (while_statement) (ternary_expression)] @decision
  ((case_item . value: (_) @pattern) @decision (#not-eq? @pattern "*"))
  (list ["&&" "||"] @decision)
  (binary_expression operator: ["&&" "||"] @decision)`,
}
