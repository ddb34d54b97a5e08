import type { Grammar } from "./grammar.ts"

export const java: Grammar = {
  file: "java",
  outline: `
  (class_declaration name: (identifier) @class)
  (record_declaration name: (identifier) @class)
  (interface_declaration name: (identifier) @interface)
  (annotation_type_declaration name: (identifier) @interface)
  (enum_declaration name: (identifier) @enum)
  (method_declaration name: (identifier) @method)
  (constructor_declaration name: (identifier) @method)
  (program (_ name: (identifier) @export))
  (import_declaration (_) @import)`,
  decisions: `
  [(if_statement) (for_statement) (enhanced_for_statement) (while_statement) (do_statement) (catch_clause) (ternary_expression)] @decision
  (switch_label "case") @decision
  (binary_expression operator: ["&&" "||"] @decision)`,
}
