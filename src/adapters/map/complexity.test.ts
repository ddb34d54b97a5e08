import { expect, test } from "vitest"
import { repository } from "../../../test/repository.ts"
import { parsedLanguages } from "../../domain/map/language.ts"
import { complexityChange, complexityOf } from "./complexity.ts"
import { openGit } from "./git.ts"

/** Each line with decisions says how many, counted by hand; the sum and one more is the complexity. */
const samples: Record<string, readonly (readonly [line: string, decisions: number])[]> = {
  typescript: [
    ["export function f(a: number, b?: number): number {", 0],
    ["  if (a > 1 && b) return 1", 2],
    ["  else if (a || b) return 2", 2],
    ["  for (let i = 0; i < 3; i++) a++", 1],
    ["  for (const x of [1]) a += x", 1],
    ["  for (const x in {}) a += x.length", 1],
    ["  while (a < 3) a++", 1],
    ["  do { a-- } while (a > 9)", 1],
    ["  switch (a) { case 1: case 2: break; default: a = 3 }", 2],
    ["  try { g() } catch { a = 1 } finally { a = 2 }", 1],
    ["  b ??= a ?? 3", 2],
    ["  return a ? b : a?.x as any", 1],
    ["}", 0],
  ],
  tsx: [["const A = (p: { on: boolean }) => <div>{p.on && <b/>}{p.on ? 'a' : 'b'}</div>", 2]],
  javascript: [
    ["for await (const x of y) { x ||= 1; x &&= 2 }", 3],
    ["const f = (a) => a ? 1 : 2", 1],
  ],
  python: [
    ["def f(a, b):", 0],
    ["    if a and b or a:", 3],
    ["        pass", 0],
    ["    elif b:", 1],
    ["        pass", 0],
    ["    for x in a: pass", 1],
    ["    while a: pass", 1],
    ["    try: pass", 0],
    ["    except ValueError: pass", 1],
    ["    except KeyError: pass", 1],
    ["    else: pass", 0],
    ["    y = [z for z in a if z]", 2],
    ["    match a:", 0],
    ["        case 1: pass", 1],
    ["        case 2 | 3: pass", 1],
    ["        case _: pass", 0],
    ["    return a if b else None", 1],
  ],
  go: [
    ["package p", 0],
    ["func f(a, b bool, c chan int, x any) {", 0],
    ["  if a && b || a { } else if b { } else { }", 4],
    ["  for i := 0; i < 3; i++ { }", 1],
    ["  for range c { }", 1],
    ["  switch { case a: case b: default: }", 2],
    ["  switch x.(type) { case int: default: }", 1],
    ["  select { case <-c: default: }", 1],
    ["}", 0],
  ],
  rust: [
    ["fn f(a: Option<u8>, b: bool) -> u8 {", 0],
    ["  if b && true || b { } else if let Some(_) = a { }", 4],
    ["  if let Some(_) = a && b { }", 2],
    ["  for _ in 0..3 { }", 1],
    ["  while b { }", 1],
    ["  loop { break; }", 1],
    ["  let Some(c) = a else { return 1 };", 1],
    ["  let g = || 3;", 0],
    ["  match a { Some(1) => 1, Some(_) if b => 2, _ => 3 }", 2],
    ["}", 0],
  ],
  java: [
    ["class A { int f(int a, boolean b) {", 0],
    ["  if (b && a > 1 || b) { } else if (b) { }", 4],
    ["  for (int i = 0; i < 3; i++) { } for (int x : y) { }", 2],
    ["  while (b) { } do { } while (b);", 2],
    ["  switch (a) { case 1: case 2: break; default: }", 2],
    ["  int c = switch (a) { case 1, 2 -> 3; default -> 4; };", 1],
    ["  try { } catch (Exception e) { } finally { }", 1],
    ["  return b ? 1 : 2; } }", 1],
  ],
  cpp: [
    ["#if defined(X) && defined(Y)", 0],
    ["#endif", 0],
    ["int f(int a, bool b) {", 0],
    ["  if (b && a || b) { } else if (b and a or b) { }", 6],
    ["  for (int i = 0; i < 3; i++) { } for (auto x : y) { }", 2],
    ["  while (b) { } do { } while (b);", 2],
    ["  switch (a) { case 1: case 2: break; default: a = 1; }", 2],
    ["  try { } catch (...) { }", 1],
    ["  return b ? 1 : 2; }", 1],
  ],
  csharp: [
    ["class A { int F(int a, bool b, string s) {", 0],
    ["  if (b && a > 1 || b) { } else if (b) { }", 4],
    ["  for (int i = 0; i < 3; i++) { } foreach (var x in y) { }", 2],
    ["  while (b) { } do { } while (b);", 2],
    ["  switch (a) { case 1: case 2: break; default: break; }", 2],
    ["  var c = a switch { 1 => 2, > 3 => 4, _ => 3 };", 2],
    ["  try { } catch (Exception e) { } finally { }", 1],
    ["  s ??= t ?? u;", 2],
    ["  return b ? 1 : 2; } }", 1],
  ],
  ruby: [
    ["def f(a, b)", 0],
    ["  if a && b || a then 1 elsif b and a then 2 else 3 end", 5],
    ["  return 1 if a", 1],
    ["  return 2 unless b", 1],
    ["  unless a then 1 end", 1],
    ["  while a do end", 1],
    ["  until a do end", 1],
    ["  for x in a do end", 1],
    ["  case a", 0],
    ["  when 1 then 2", 1],
    ["  else 3", 0],
    ["  end", 0],
    ["  begin", 0],
    ["    g", 0],
    ["  rescue E", 1],
    ["    h rescue nil", 1],
    ["  end", 0],
    ["  a ||= 1", 1],
    ["  a ? 1 : 2", 1],
    ["end", 0],
  ],
  php: [
    ["<?php function f($a, $b) {", 0],
    ["  if ($a && $b || $a) { } elseif ($b) { } else if ($a) { }", 5],
    ["  for (;;) { } foreach ($a as $x) { }", 2],
    ["  while ($a) { } do { } while ($b);", 2],
    ["  switch ($a) { case 1: case 2: break; default: }", 2],
    ["  $c = match ($a) { 1, 2 => 3, default => 4 };", 1],
    ["  try { } catch (E $e) { } finally { }", 1],
    ["  $a ??= $b ?? 1;", 2],
    ["  return $a ? 1 : 2; }", 1],
  ],
  bash: [
    ["f() {", 0],
    ["  if a; then b; elif c; then d; else e; fi", 2],
    ["  for x in 1 2; do :; done", 1],
    ["  for ((i = 0; i < 3; i++)); do :; done", 1],
    ["  while a; do :; done", 1],
    ["  until a; do :; done", 1],
    ["  case $x in a) ;; b) ;; *) ;; esac", 2],
    ["  a && b || c", 2],
    ["  [[ $a && $b ]]", 1],
    ["}", 0],
  ],
}

test("every language that has a complexity is counted by hand here", () => {
  expect(Object.keys(samples).toSorted()).toEqual([...parsedLanguages].toSorted())
})

test.each(Object.keys(samples))("the decisions of %s, as counted by hand", async (language) => {
  const lines = samples[language] ?? []
  const decisions = lines.reduce((sum, [, count]) => sum + count, 0)
  expect(await complexityOf(lines.map(([line]) => line).join("\n"), language)).toBe(1 + decisions)
})

test("a language that is not parsed has no complexity; a text without decisions has 1", async () => {
  expect(await complexityOf("if a then b", "lua")).toBeNull()
  expect(await complexityOf("", "typescript")).toBe(1)
})

test("broken and hostile code is counted as far as it goes, and the next text as ever", async () => {
  expect(await complexityOf("if (a { while (b) ]]] \u0000\ud800", "typescript")).toBeGreaterThanOrEqual(1)
  // A tree of this shape takes the query minutes.
  expect(await complexityOf(`${"(".repeat(200_000)}1`, "typescript")).toBeNull()
  expect(await complexityOf("if (a) b()", "typescript")).toBe(2)
})

test("the change between two commits is the sum over the files that differ", async () => {
  await using repo = await repository({ "a.ts": "if (a) b()\n", "gone.py": "while a: pass\n", "same.ts": "if (a && b) c()\n", "notes.md": "if\n" })
  const base = await repo.git("rev-parse", "HEAD")
  await repo.write("a.ts", "if (a && b) c()\n")
  await repo.write("new.go", "package p\nfunc f() { for {} }\n")
  await repo.write("notes.md", "while\n")
  await repo.git("rm", "-q", "gone.py")
  const head = await repo.commit("second")
  const git = openGit(process.env)
  // Before: a.ts 2, gone.py 2. After: a.ts 3, new.go 2.
  expect(await complexityChange(git, repo.path, base, head)).toEqual({ before: 4, after: 5 })
  expect(await complexityChange(git, repo.path, base, head, ["a.ts"])).toEqual({ before: 2, after: 3 })
  expect(await complexityChange(git, repo.path, base, head, ["notes.md"])).toBeNull()
  expect(await complexityChange(git, repo.path, head, head)).toBeNull()
})

test("a change is not known when a file in it is too large, and a commit that is not there is a fault", async () => {
  await using repo = await repository({ "a.ts": "if (a) b()\n" })
  await repo.write("b.ts", `// ${"x".repeat(600 * 1024)}\n`)
  const head = await repo.commit("large")
  const git = openGit(process.env)
  expect(await complexityChange(git, repo.path, "HEAD~1", head)).toBeNull()
  await expect(complexityChange(git, repo.path, "f".repeat(40), head)).rejects.toMatchObject({ fault: { code: "map-git" } })
  await expect(complexityChange(git, repo.path, "--output=x", head)).rejects.toMatchObject({ fault: { code: "map-git" } })
})
