import type { Grammar } from "./grammar.ts"

export const php: Grammar = {
  file: "php",
  outline: `
  (const_declaration (const_element (name) @constant))
  (namespace_definition name: (namespace_name) @module)
  (class_declaration name: (name) @class)
  (trait_declaration name: (name) @class)
  (interface_declaration name: (name) @interface)
  (enum_declaration name: (name) @enum)
  (function_definition name: (name) @function)
  (method_declaration name: (name) @method)
  (namespace_use_clause [(name) (qualified_name)] @import)
  [(require_expression (string) @import) (require_once_expression (string) @import) (include_expression (string) @import) (include_once_expression (string) @import)]`,
  decisions: `
  [(if_statement) (else_if_clause) (for_statement) (foreach_statement) (while_statement) (do_statement)
   (case_statement) (catch_clause) (conditional_expression) (match_conditional_expression)] @decision
  (binary_expression operator: ["&&" "||" "??" "and" "or"] @decision)
  (augmented_assignment_expression operator: "??=" @decision)`,
}
