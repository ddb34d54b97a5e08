import type { Grammar } from "./grammar.ts"

export const csharp: Grammar = {
  file: "c-sharp",
  outline: `
  (namespace_declaration name: (_) @module)
  (file_scoped_namespace_declaration name: (_) @module)
  (class_declaration name: (identifier) @class)
  (struct_declaration name: (identifier) @class)
  (record_declaration name: (identifier) @class)
  (interface_declaration name: (identifier) @interface)
  (enum_declaration name: (identifier) @enum)
  (delegate_declaration name: (identifier) @type)
  (method_declaration name: (identifier) @method)
  (constructor_declaration name: (identifier) @method)
  (using_directive [(identifier) (qualified_name)] @import)`,
  decisions: `
  [(if_statement) (for_statement) (foreach_statement) (while_statement) (do_statement) (catch_clause) (conditional_expression)] @decision
  (switch_section "case") @decision
  ((switch_expression_arm . (_) @pattern) @decision (#not-eq? @pattern "_"))
  (binary_expression operator: ["&&" "||" "??"] @decision)
  (assignment_expression operator: "??=" @decision)`,
}
