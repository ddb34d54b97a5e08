import type { Grammar } from "./grammar.ts"

export const go: Grammar = {
  file: "go",
  outline: `
  (source_file (const_declaration (const_spec name: (identifier) @constant)))
  (source_file (var_declaration (var_spec name: (identifier) @constant)))
  (type_spec name: (type_identifier) @type)
  (type_spec name: (type_identifier) @class type: (struct_type))
  (type_spec name: (type_identifier) @interface type: (interface_type))
  (function_declaration name: (identifier) @function)
  (method_declaration name: (field_identifier) @method)
  (import_spec path: (_) @import)`,
  decisions: `
  [(if_statement) (for_statement) (expression_case) (type_case) (communication_case)] @decision
  (binary_expression operator: ["&&" "||"] @decision)`,
  exportsByName: (name) => /^\p{Lu}/u.test(name),
}
