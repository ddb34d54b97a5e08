import { expect, test } from "vitest"
import { parsedLanguages } from "../../domain/map/language.ts"
import { outlineOf } from "./syntax.ts"

/** A text, its symbols as `kind name line`, what it exports, what it imports. */
type Sample = readonly [text: string, symbols: readonly string[], exports: readonly string[], imports: readonly string[]]

const ecma: Sample = [
  `import { a } from "./x.ts"\nexport const answer = 42\nexport const run = () => { const inner = 1; return inner }\nexport default class Shop { #till() {} open() {} }\nfunction hidden() {}\nexport { b as c } from "y"\nconst z = require("z")\nawait import("w")`,
  ["constant answer 2", "function run 3", "class Shop 4", "method #till 4", "method open 4", "function hidden 5", "constant z 7"],
  ["answer", "run", "Shop", "c"],
  ["./x.ts", "y", "z", "w"],
]
const samples: Record<string, Sample> = {
  javascript: ecma,
  typescript: [
    `${ecma[0]}\nexport interface I {}\nexport type T = 1\nexport enum E { A }\nabstract class B {}\nnamespace N {}`,
    [...ecma[1], "interface I 9", "type T 10", "enum E 11", "class B 12", "module N 13"],
    [...ecma[2], "I", "T", "E"],
    ecma[3],
  ],
  tsx: [
    `export const Page = (): unknown => <b>{1}</b>\nexport function Other() { return <i/> }`,
    ["function Page 1", "function Other 2"],
    ["Page", "Other"],
    [],
  ],
  python: [
    "import os.path\nfrom .a import b\nLIMIT = 1\nclass Shop:\n    @property\n    def open(self): pass\n    def _till(self): pass\n@cached\ndef run(): pass\n",
    ["constant LIMIT 3", "class Shop 4", "method open 6", "method _till 7", "function run 9"],
    ["LIMIT", "Shop", "open", "run"],
    ["os.path", ".a"],
  ],
  go: [
    'package p\nimport "fmt"\ntype Shop struct{}\ntype Opener interface{}\ntype id int\nconst Limit = 1\nfunc (s *Shop) Open() {}\nfunc run() {}\n',
    ["class Shop 3", "interface Opener 4", "type id 5", "constant Limit 6", "method Open 7", "function run 8"],
    ["Shop", "Opener", "Limit", "Open"],
    ["fmt"],
  ],
  rust: [
    "use std::fmt;\npub struct Shop;\nenum E { A }\npub trait Open { fn open(&self); }\nimpl Open for Shop { fn open(&self) {} }\npub fn run() {}\nmod inner { pub fn deep() {} }\nconst LIMIT: u8 = 1;\n",
    [
      "class Shop 2",
      "enum E 3",
      "interface Open 4",
      "method open 4",
      "method open 5",
      "function run 6",
      "module inner 7",
      "function deep 7",
      "constant LIMIT 8",
    ],
    ["Shop", "Open", "run", "deep"],
    ["std::fmt"],
  ],
  java: [
    "package p;\nimport java.util.List;\npublic class Shop {\n  Shop() {}\n  void open() {}\n  enum State { A }\n}\ninterface Opener { }\nrecord Till(int a) {}\n",
    ["class Shop 3", "method Shop 4", "method open 5", "enum State 6", "interface Opener 8", "class Till 9"],
    ["Shop", "Opener", "Till"],
    ["java.util.List"],
  ],
  cpp: [
    '#include <vector>\n#include "shop.h"\n#define LIMIT 1\nnamespace n {\nclass Shop { void open(); };\nstruct Till {};\nenum State { A };\n}\nvoid n::Shop::open() {}\nint *run(void) { return 0; }\ntypedef int Id;\n',
    [
      "constant LIMIT 3",
      "module n 4",
      "class Shop 5",
      "method open 5",
      "class Till 6",
      "enum State 7",
      "method n::Shop::open 9",
      "function run 10",
      "type Id 11",
    ],
    [],
    ["vector", "shop.h"],
  ],
  csharp: [
    "using System.Text;\nnamespace Shop.Front;\npublic class Shop {\n  Shop() {}\n  void Open() {}\n}\ninterface IOpen {}\nrecord Till(int A);\nenum State { A }\ndelegate void Done();\n",
    ["module Shop.Front 2", "class Shop 3", "method Shop 4", "method Open 5", "interface IOpen 7", "class Till 8", "enum State 9", "type Done 10"],
    [],
    ["System.Text"],
  ],
  ruby: [
    'require "set"\nrequire_relative "till"\nmodule Front\n  class Shop\n    LIMIT = 1\n    def open; end\n    def self.all; end\n  end\nend\ndef run; end\n',
    ["module Front 3", "class Shop 4", "constant LIMIT 5", "method open 6", "method all 7", "function run 10"],
    [],
    ["set", "till"],
  ],
  php: [
    "<?php\nnamespace Front;\nuse Back\\Till;\nrequire 'x.php';\nclass Shop { const LIMIT = 1; function open() {} }\ninterface Opener {}\ntrait Cached {}\nenum State { case A; }\nfunction run() {}\n",
    ["module Front 2", "class Shop 5", "constant LIMIT 5", "method open 5", "interface Opener 6", "class Cached 7", "enum State 8", "function run 9"],
    [],
    ["Back\\Till", "x.php"],
  ],
  bash: [
    "source ./lib.sh\n. ./more.sh\nLIMIT=1\nrun() { :; }\nfunction stop { :; }\n",
    ["constant LIMIT 3", "function run 4", "function stop 5"],
    [],
    ["./lib.sh", "./more.sh"],
  ],
}

test("every language that is parsed has its outline here", () => {
  expect(Object.keys(samples).toSorted()).toEqual([...parsedLanguages].toSorted())
})

test.each(parsedLanguages)("the outline of %s", async (language) => {
  const [text, symbols, exports, imports] = samples[language] ?? ["", [], [], []]
  const outline = await outlineOf(text, language)
  expect(outline?.symbols.map(({ kind, name, line }) => `${kind} ${name} ${line}`)).toEqual(symbols)
  expect(outline?.exports).toEqual(exports)
  expect(outline?.imports).toEqual(imports)
})

test("an outline is bounded, in number and in the length of names", async () => {
  const many = Array.from({ length: 2_000 }, (_, at) => `function f${at}() {}`).join("\n")
  expect((await outlineOf(many, "typescript"))?.symbols).toHaveLength(300)
  expect((await outlineOf(`function ${"f".repeat(5_000)}() {}`, "typescript"))?.symbols[0]?.name).toHaveLength(120)
})
