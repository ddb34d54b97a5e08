import type { Grammar } from "./grammar.ts"

export const ruby: Grammar = {
  file: "ruby",
  outline: `
  (assignment left: (constant) @constant)
  (module name: (_) @module)
  (class name: (_) @class)
  (method name: (_) @method)
  (singleton_method name: (_) @method)
  (program (method name: (_) @function))
  (call method: (identifier) @call arguments: (argument_list . (string) @import) (#match? @call "^(require|require_relative|load)$"))`,
  decisions: `
  [(if) (elsif) (unless) (while) (until) (for) (when) (in_clause) (rescue) (conditional)
   (if_modifier) (unless_modifier) (while_modifier) (until_modifier) (rescue_modifier)] @decision
  (binary operator: ["&&" "||" "and" "or"] @decision)
  (operator_assignment operator: ["&&=" "||="] @decision)`,
}
