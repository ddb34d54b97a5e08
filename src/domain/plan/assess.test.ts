import fc from "fast-check"
import { expect, test } from "vitest"
import { FaultError } from "../fault.ts"
import { assess } from "./assess.ts"
import { assessLimits, type Assessment, type AssessRequest, type AssessTask, type PairAssessment } from "./assessment.ts"

interface Words {
  readonly after?: readonly string[]
  readonly title?: string
}
const task = (key: string, files: readonly string[], { after = [], title = key }: Words = {}): AssessTask => ({ key, title, files, after })
const asked = (tasks: readonly AssessTask[], rest: Partial<AssessRequest> = {}): Assessment => assess({ tasks, repository: [], concurrency: 4, ...rest })
const pairOf = (a: readonly string[], b: readonly string[], repository: readonly string[] = []): PairAssessment => {
  const [pair] = asked([task("a", a), task("b", b)], { repository }).pairs
  if (pair === undefined) throw new Error("two tasks are one pair")
  return pair
}
const batches = (answer: Assessment): string[][] => answer.batches.map((batch) => batch.tasks.map((one) => one.key))

test("different modules do not overlap: parallel, each in a worktree", () => {
  expect(pairOf(["src/auth/login.test.ts"], ["src/dashboard/style.css"])).toMatchObject({ overlap: "none", strategy: "parallel-worktree", first: null })
  expect(pairOf(["src/api/**"], ["src/api-v2/**"])).toMatchObject({ overlap: "none" })
  expect(pairOf(["packages/a/src/x.ts"], ["packages/b/src/x.ts"])).toMatchObject({ overlap: "none" })
})

test.each([
  [["src/auth.ts"], ["src/auth.ts"], "both touch src/auth.ts"],
  [["./src//auth.ts"], ["src/auth.ts"], "both touch src/auth.ts"],
  [["src/auth"], ["src/auth/login.ts"], 'src/auth/login.ts lies in src/auth, which "a" touches'],
  [["src/auth/**"], ["src/auth/*.ts"], "src/auth holds src/auth/*.ts"],
  [["**"], ["docs/a.md"], "** holds docs/a.md"],
  [["src/*.ts"], ["src/a.ts"], "src/*.ts holds src/a.ts"],
])("%j and %j surely overlap: one after the other", (a, b, reason) => {
  expect(pairOf(a, b)).toMatchObject({ overlap: "definite", strategy: "sequential-only", reasons: expect.arrayContaining([reason]) })
  expect(pairOf(b, a).overlap).toBe("definite")
})

test.each([
  ["the same directory", ["src/auth/login.ts"], ["src/auth/mfa.ts"], "both work in src/auth"],
  ["the same module", ["src/auth/login.ts"], ["src/auth/providers/google.ts"], "both work in src/auth and below it"],
  ["wildcards that can meet", ["src/**/*.test.ts"], ["src/auth/**"], "src/**/*.test.ts and src/auth can name the same file"],
  ["manifest and lock file", ["packages/a/package.json"], ["package-lock.json"], "both would change the dependencies of npm"],
  ["migrations", ["db/migrations/1/a.sql"], ["db/migrations/2/b.sql"], "both would change db/migrations"],
  ["configuration at the root", ["tsconfig.json"], ["vite.config.ts"], "both would change the configuration at the root"],
  ["CI", [".github/workflows/test.yml"], [".github/actions/setup/action.yml"], "both would change what CI runs"],
  ["shared types", ["src/types/user/a.ts"], ["src/types/order/b.ts"], "both would change src/types"],
  ["upper and lower case", ["src/App.ts"], ["src/app.ts"], "src/App.ts and src/app.ts differ only in upper and lower case"],
  ["a task of which nothing is known", [], ["src/a.ts"], 'nobody said which files "a" touches'],
])("%s: a possible overlap", (_what, a, b, reason) => {
  expect(pairOf(a, b)).toMatchObject({ overlap: "possible", strategy: "sequential-or-careful", reasons: expect.arrayContaining([reason]) })
  expect(pairOf(b, a).overlap).toBe("possible")
})

test("directories that only hold modules, and the root, do not tie tasks together; reading conflicts with nothing", () => {
  expect(pairOf(["src/app.ts"], ["src/auth/login.ts"]).overlap).toBe("none")
  expect(pairOf(["README.md"], ["package.json"]).overlap).toBe("none")
  expect(pairOf(["src/auth.ts (read-only)"], ["src/auth.ts"]).overlap).toBe("none")
})

test("the repository's files turn wildcards that can meet into ones that do, and tell files from directories", () => {
  expect(pairOf(["src/**/*.test.ts"], ["src/auth/**"], ["src/auth/a.test.ts", "src/auth/a.ts"]).reasons).toEqual([
    "src/**/*.test.ts and src/auth both name src/auth/a.test.ts",
  ])
  expect(pairOf(["src/**/*.test.ts"], ["src/auth/**"], ["src/auth/a.ts"]).overlap).toBe("possible")
  expect(pairOf(["bin/fleet"], ["bin/other"]).overlap).toBe("none")
  expect(pairOf(["bin/fleet"], ["bin/other"], ["bin/fleet", "bin/other"]).overlap).toBe("possible")
})

test("shared boundaries are named with the tasks that meet there and what to do; a barrel is found where the files lie", () => {
  const answer = asked([task("a", ["src/auth/login.ts"]), task("b", ["src/auth/mfa.ts", "package.json"]), task("c", ["Cargo.toml", "yarn.lock"])], {
    repository: ["src/auth/index.ts", "src/auth/login.ts"],
  })
  expect(answer.boundaries.map(({ kind, what, tasks }) => ({ kind, what, tasks }))).toEqual([
    { kind: "barrel", what: "src/auth/index.ts", tasks: ["a", "b"] },
    { kind: "manifest", what: "the dependencies of npm", tasks: ["b", "c"] },
  ])
  expect(answer.boundaries.every((boundary) => boundary.advice.length > 0)).toBe(true)
})

test.each([
  "src/index.ts",
  "src/mod.rs",
  "pkg/__init__.py",
  "src/app.module.ts",
  "src/app-routing.module.ts",
  "src/routes.ts",
  "app/router.js",
  "shop/urls.py",
  "go.sum",
  "Cargo.lock",
  "pnpm-lock.yaml",
  "src/user.types.ts",
  "api/v1.proto",
  "db/migrate/1_a.rb",
  "alembic/versions/1.py",
  "prisma/schema.prisma",
  "Dockerfile",
  ".gitlab-ci.yml",
])("%s is a boundary when two tasks change it", (file) => {
  expect(asked([task("a", [file]), task("b", [file])]).boundaries).toMatchObject([{ tasks: ["a", "b"] }])
})

test("mixed work: what is independent runs first and together, what overlaps or comes after is queued, and the user is told why", () => {
  const answer = asked([
    task("auth", ["src/auth/session.ts", "src/types/user.ts"], { title: "Fix the session" }),
    task("dash", ["src/dashboard/**"], { title: "Redo the dashboard" }),
    task("types", ["src/types/user.ts"], { title: "Split the user type" }),
    task("docs", ["docs/types.md"], { title: "Document the types", after: ["types"] }),
  ])
  expect(answer.orchestrate).toBe(true)
  expect(batches(answer)).toEqual([
    ["dash", "types"],
    ["auth", "docs"],
  ])
  expect(answer.tell).toBe(
    'I compared what the 4 tasks touch. First "Redo the dashboard" and "Split the user type" run in parallel, each in a worktree of its own, because they touch different files in different directories. ' +
      'Then "Fix the session" and "Document the types" run in parallel, each in a worktree of its own, because they touch different files in different directories; ' +
      '"Fix the session" waits because it overlaps with "Split the user type": both touch src/types/user.ts; "Document the types" waits because it needs "Split the user type".',
  )
})

test("nothing is handed out when there is one task, none, when all overlap, or when each comes after another", () => {
  expect(asked([])).toMatchObject({ orchestrate: false, batches: [], tell: "There are no tasks to look at." })
  expect(asked([task("a", ["x.ts"])])).toMatchObject({ orchestrate: false, why: "there is only one task" })
  const overlapping = asked([task("a", ["src/x.ts"]), task("b", ["src/x.ts"])])
  expect(overlapping).toMatchObject({ orchestrate: false, why: "all of them touch the same files or may do so" })
  expect(overlapping.tell).toBe("I do the 2 tasks one after the other in this session: all of them touch the same files or may do so.")
  expect(asked([task("a", ["a/x.ts"]), task("b", ["b/x.ts"], { after: ["a"] })])).toMatchObject({
    orchestrate: false,
    pairs: [{ first: "a", strategy: "sequential-only", reasons: ['"b" needs "a"'] }],
  })
  expect(asked([task("a", ["a/x.ts"]), task("b", ["b/x.ts"])], { concurrency: 1 })).toMatchObject({ orchestrate: false, why: "only one may run at once" })
})

test("no more run at once than allowed, and it says so", () => {
  const answer = asked(["a", "b", "c", "d", "e", "f"].map((key) => task(key, [`m-${key}/x.ts`])))
  expect(batches(answer)).toEqual([
    ["a", "b", "c", "d"],
    ["e", "f"],
  ])
  expect(answer.batches[1]?.tasks[0]?.waits).toEqual(["no more than 4 run at once"])
})

test.each([
  ["a key twice", [task("a", []), task("a", [])], 'two tasks have the key "a"'],
  ["an unknown need", [task("api", []), task("b", [], { after: ["apo"] })], 'task "b" comes after "apo", which is not there'],
  ["a circle", [task("a", [], { after: ["b"] }), task("b", [], { after: ["a"] })], 'task "a" comes after itself'],
  ["a path outside", [task("a", ["../x"])], 'task "a": scope "../x" is outside of the repository'],
  ["an absolute path", [task("a", ["/etc/x"])], 'task "a": scope "/etc/x" is outside of the repository'],
  [
    "too many files",
    Array.from({ length: 21 }, (_, at) =>
      task(
        `t${at}`,
        Array.from({ length: 1_000 }, () => "a.ts"),
      ),
    ),
    "too many files in all: 21000",
  ],
  ["too many tasks", Array.from({ length: 201 }, (_, at) => task(`t${at}`, [])), "too many tasks: 201"],
])("%s is refused with the fix", (_what, tasks, what) => {
  const refused = (): unknown => asked(tasks)
  expect(refused).toThrow(FaultError)
  expect(refused).toThrow(what)
})

test("the largest request, however it is written, is answered in bounded time; what was not looked at counts as possible", () => {
  const many = (files: (at: number, file: number) => string): AssessTask[] =>
    Array.from({ length: assessLimits.tasks }, (_, at) =>
      task(
        `t${at}`,
        Array.from({ length: assessLimits.filesOfAll / assessLimits.tasks }, (_one, file) => files(at, file)),
      ),
    )
  expect(batches(asked(many((at, file) => `m${at}/x${file}.ts`)))[0]).toHaveLength(4)
  const deep = (file: number): string => `${"d/".repeat(file % 60)}f${file}`
  for (const tasks of [many((_at, file) => deep(file)), many((at, file) => `**/*${at}${file}*`)]) {
    const answer = asked(tasks)
    expect(answer.pairs).toHaveLength((200 * 199) / 2)
    expect(answer.pairs.every((pair) => pair.overlap !== "none")).toBe(true)
  }
})

const someTasks = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), { maxLength: 7 }).chain((keys) =>
  fc.tuple(
    ...keys.map((key, at) =>
      fc.record({
        key: fc.constant(key),
        title: fc.constant(key),
        files: fc.array(
          fc.constantFrom(
            "src/a/x.ts",
            "src/a/y.ts",
            "src/b/x.ts",
            "src/b/**",
            "src/**/*.ts",
            "lib/c/d/e.py",
            "lib/c",
            "package.json",
            "yarn.lock",
            "README.md",
            "m/1/z.go",
          ),
          { maxLength: 4 },
        ),
        // Only on earlier keys, so there is no circle.
        after: fc.subarray(keys.slice(0, Math.min(at, 2))),
      }),
    ),
  ),
)
const request = fc.record({
  tasks: someTasks,
  repository: fc.subarray(["src/a/x.ts", "src/b/x.ts", "src/b/index.ts", "lib/c/d/e.py"]),
  concurrency: fc.integer({ min: 1, max: 4 }),
})

test("every task is in exactly one batch, after what it needs, beside nothing that it may overlap with, and never more than allowed", () => {
  fc.assert(
    fc.property(request, (given) => {
      const answer = assess(given)
      const order = batches(answer)
      expect(order.flat().toSorted()).toEqual(given.tasks.map((one) => one.key).toSorted())
      const number = new Map(order.flatMap((keys, at) => keys.map((key) => [key, at])))
      for (const one of given.tasks) for (const need of one.after) expect(number.get(need)).toBeLessThan(number.get(one.key) ?? -1)
      for (const pair of answer.pairs) if (pair.overlap !== "none" || pair.first !== null) expect(number.get(pair.a)).not.toBe(number.get(pair.b))
      for (const keys of order) expect(keys.length).toBeLessThanOrEqual(given.concurrency)
      expect(answer.orchestrate).toBe(order.some((keys) => keys.length > 1))
      for (const batch of answer.batches.slice(1)) for (const one of batch.tasks) expect(one.waits.length).toBeGreaterThan(0)
    }),
  )
})

test("the answer is the same for every order of the tasks, their files, their needs and the repository's files", () => {
  fc.assert(
    fc.property(request, fc.infiniteStream(fc.nat()), (given, numbers) => {
      const shuffled = <T>(items: readonly T[]): T[] =>
        items
          .map((item) => ({ item, at: numbers.next().value as number }))
          .toSorted((x, y) => x.at - y.at)
          .map(({ item }) => item)
      const tasks = shuffled(given.tasks).map((one) => ({ ...one, files: shuffled(one.files), after: shuffled(one.after) }))
      expect(assess({ ...given, tasks, repository: shuffled(given.repository) })).toEqual(assess(given))
    }),
  )
})

test("the class of a pair does not depend on which of the two comes first, and more files never make it smaller", () => {
  const rank = { none: 0, possible: 1, definite: 2 }
  fc.assert(
    fc.property(request, fc.constantFrom("src/a/x.ts", "lib/c"), ({ tasks: [a, b], repository }, more) => {
      fc.pre(a !== undefined && b !== undefined && a.files.length > 0 && b.files.length > 0)
      const there = pairOf(a?.files ?? [], b?.files ?? [], repository).overlap
      expect(pairOf(b?.files ?? [], a?.files ?? [], repository).overlap).toBe(there)
      expect(rank[pairOf([...(a?.files ?? []), more], b?.files ?? [], repository).overlap]).toBeGreaterThanOrEqual(rank[there])
    }),
  )
})
