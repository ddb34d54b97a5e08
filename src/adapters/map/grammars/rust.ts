import type { Grammar } from "./grammar.ts"

const items = "function_item struct_item enum_item trait_item type_item const_item static_item mod_item union_item".split(" ")

export const rust: Grammar = {
  file: "rust",
  outline: `
  (const_item name: (identifier) @constant)
  (static_item name: (identifier) @constant)
  (struct_item name: (type_identifier) @class)
  (union_item name: (type_identifier) @class)
  (enum_item name: (type_identifier) @enum)
  (trait_item name: (type_identifier) @interface)
  (type_item name: (type_identifier) @type)
  (mod_item name: (identifier) @module)
  (macro_definition name: (identifier) @function)
  (function_item name: (identifier) @function)
  (declaration_list (function_item name: (identifier) @method))
  (declaration_list (function_signature_item name: (identifier) @method))
  (source_file (mod_item body: (declaration_list (function_item name: (identifier) @function))))
  ${items.map((item) => `(${item} (visibility_modifier) name: (_) @export)`).join("\n  ")}
  (use_declaration argument: (_) @import)`,
  // `if let` and chains of them are if expressions; what stands in a macro's call is tokens, not a tree.
  decisions: `
  [(if_expression) (for_expression) (while_expression) (loop_expression)] @decision
  ((match_arm pattern: (match_pattern) @pattern) @decision (#not-eq? @pattern "_"))
  (let_declaration alternative: (block) @decision)
  (binary_expression operator: ["&&" "||"] @decision)
  (let_chain "&&" @decision)`,
}
