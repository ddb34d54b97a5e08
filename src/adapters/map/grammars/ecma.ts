/** TypeScript, TSX and JavaScript: one grammar with two dialects. */
import type { Grammar } from "./grammar.ts"

const decisions = `
  [(if_statement) (for_statement) (for_in_statement) (while_statement) (do_statement) (switch_case) (catch_clause) (ternary_expression)] @decision
  (binary_expression operator: ["&&" "||" "??"] @decision)
  (augmented_assignment_expression operator: ["&&=" "||=" "??="] @decision)`

const outline = (classes: string): string => `
  (program (lexical_declaration (variable_declarator name: (identifier) @constant)))
  (program (export_statement (lexical_declaration (variable_declarator name: (identifier) @constant))))
  (variable_declarator name: (identifier) @function value: [(arrow_function) (function_expression)])
  (function_declaration name: (identifier) @function)
  (generator_function_declaration name: (identifier) @function)
  (class_declaration name: (_) @class)
  (method_definition name: [(property_identifier) (private_property_identifier)] @method)
  ${classes}
  (export_statement declaration: (_ name: (_) @export))
  (export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @export)))
  (export_statement (export_clause (export_specifier name: (identifier) @export !alias)))
  (export_statement (export_clause (export_specifier alias: (identifier) @export)))
  (import_statement source: (string) @import)
  (export_statement source: (string) @import)
  (call_expression function: (identifier) @call arguments: (arguments . (string) @import) (#eq? @call "require"))
  (call_expression function: (import) arguments: (arguments . (string) @import))`

const types = `
  (abstract_class_declaration name: (type_identifier) @class)
  (interface_declaration name: (type_identifier) @interface)
  (type_alias_declaration name: (type_identifier) @type)
  (enum_declaration name: (identifier) @enum)
  (internal_module name: (identifier) @module)
  (function_signature name: (identifier) @function)`

export const typescript: Grammar = { file: "typescript", outline: outline(types), decisions }
export const tsx: Grammar = { file: "tsx", outline: outline(types), decisions }
export const javascript: Grammar = { file: "javascript", outline: outline(""), decisions }
