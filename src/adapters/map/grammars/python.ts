import type { Grammar } from "./grammar.ts"

export const python: Grammar = {
  file: "python",
  outline: `
  (module (expression_statement (assignment left: (identifier) @constant)))
  (class_definition name: (identifier) @class)
  (function_definition name: (identifier) @function)
  (class_definition body: (block (function_definition name: (identifier) @method)))
  (class_definition body: (block (decorated_definition definition: (function_definition name: (identifier) @method))))
  (import_statement name: [(dotted_name) @import (aliased_import name: (dotted_name) @import)])
  (import_from_statement module_name: (_) @import)`,
  decisions: `
  [(if_statement) (elif_clause) (for_statement) (while_statement) (except_clause) (conditional_expression) (boolean_operator) (if_clause) (for_in_clause)] @decision
  ((case_clause . (case_pattern) @pattern) @decision (#not-eq? @pattern "_"))`,
  exportsByName: (name) => !name.startsWith("_"),
}
