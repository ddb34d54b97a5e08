/** C++ and C. */
import type { Grammar } from "./grammar.ts"

export const cpp: Grammar = {
  file: "cpp",
  outline: `
  (preproc_def name: (identifier) @constant)
  (preproc_function_def name: (identifier) @function)
  (namespace_definition name: (namespace_identifier) @module)
  (class_specifier name: (type_identifier) @class body: (_))
  (struct_specifier name: (type_identifier) @class body: (_))
  (union_specifier name: (type_identifier) @class body: (_))
  (enum_specifier name: (type_identifier) @enum body: (_))
  (type_definition declarator: (type_identifier) @type)
  (alias_declaration name: (type_identifier) @type)
  (function_declarator declarator: (identifier) @function)
  (function_declarator declarator: (field_identifier) @method)
  (function_declarator declarator: (qualified_identifier) @method)
  (preproc_include path: (_) @import)`,
  // Conditions of the preprocessor decide before there is a program.
  decisions: `
  [(preproc_if condition: (_) @outside) (preproc_elif condition: (_) @outside)]
  [(if_statement) (for_statement) (for_range_loop) (while_statement) (do_statement) (catch_clause) (conditional_expression)] @decision
  (case_statement "case") @decision
  (binary_expression operator: ["&&" "||" "and" "or"] @decision)`,
}
