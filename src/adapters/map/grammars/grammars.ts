/** Every grammar by its language; and each one loaded when it is first needed, once in a process: WebAssembly is never unloaded. */
import { createRequire } from "node:module"
import type { Language, Parser, Query } from "@vscode/tree-sitter-wasm"
import type { ParsedLanguage } from "../../../domain/map/language.ts"
import { bash } from "./bash.ts"
import { csharp } from "./c-sharp.ts"
import { cpp } from "./cpp.ts"
import { javascript, tsx, typescript } from "./ecma.ts"
import { go } from "./go.ts"
import type { Grammar } from "./grammar.ts"
import { java } from "./java.ts"
import { php } from "./php.ts"
import { python } from "./python.ts"
import { ruby } from "./ruby.ts"
import { rust } from "./rust.ts"

export interface LoadedGrammar {
  readonly grammar: Grammar
  readonly language: Language
  readonly outline: Query
  readonly decisions: Query
  /** Shared: between setting its language and having a tree, nothing else may run. */
  readonly parser: Parser
}

const grammars: Readonly<Record<ParsedLanguage, Grammar>> = { typescript, tsx, javascript, python, go, rust, java, cpp, csharp, ruby, php, bash }
const loading = new Map<ParsedLanguage, Promise<LoadedGrammar>>()
let starting: Promise<TreeSitter> | null = null

interface TreeSitter {
  readonly library: typeof import("@vscode/tree-sitter-wasm")
  readonly parser: Parser
}

export function loadGrammar(language: ParsedLanguage): Promise<LoadedGrammar> {
  const known = loading.get(language) ?? load(grammars[language])
  loading.set(language, known)
  return known
}

async function load(grammar: Grammar): Promise<LoadedGrammar> {
  starting ??= start()
  const { library, parser } = await starting
  const path = createRequire(import.meta.url).resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar.file}.wasm`)
  const language = await library.Language.load(path)
  return { grammar, language, parser, outline: new library.Query(language, grammar.outline), decisions: new library.Query(language, grammar.decisions) }
}

/** Imported late: it is large, and most processes never read a map. */
async function start(): Promise<TreeSitter> {
  const { default: library } = await import("@vscode/tree-sitter-wasm")
  await library.Parser.init()
  return { library, parser: new library.Parser() }
}
