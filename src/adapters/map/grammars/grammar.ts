/** What is asked of a language's syntax tree. A file beside this one has a language's own; its numbers are proved by hand in `complexity.test.ts`. */
export interface Grammar {
  /** Of `@vscode/tree-sitter-wasm`, without `tree-sitter-` and `.wasm`. */
  readonly file: string
  /**
   * Captures the name of a symbol under its kind, what a file imports as `import`, what it exports as `export`. Where two patterns
   * capture one name as a symbol, the later pattern says its kind.
   */
  readonly outline: string
  /**
   * Captures one node for each decision point, as `decision`: `if`, loops, cases other than the default, `catch`, the ternary, and the
   * operators that may leave their right side out. What lies in a node captured as `outside` does not count.
   */
  readonly decisions: string
  /** Whether others can use a symbol, by its name, where the language has no other sign for it. */
  readonly exportsByName?: (name: string) => boolean
}
