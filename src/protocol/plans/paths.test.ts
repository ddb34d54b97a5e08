import { expect, test } from "vitest"
import { pathsIn } from "./paths.ts"

test.each([
  ["Create src/models/user.ts and tests/unit/test_user.py.", ["src/models/user.ts", "tests/unit/test_user.py"]],
  ["Edit `src/api/`, (see `docs/a.md:12`) and **README.md**", ["src/api/", "docs/a.md", "README.md"]],
  ["in backend/src/models, package.json; all of src/**/*.ts", ["backend/src/models", "package.json", "src/**/*.ts"]],
  ["page app/[id]/page.tsx, `src/routes/(auth)/+page.svelte`", ["app/[id]/page.tsx", "src/routes/(auth)/+page.svelte"]],
  ["see [the guide](docs/guide.md)", ["docs/guide.md"]],
  ["./src/a.ts and src/a.ts", ["src/a.ts"]],
  ["leaves ../other/x.ts alone", ["../other/x.ts"]],
  ["GET /api/users returns application/json and/or TCP/IP, CI/CD", []],
  ["uses Next.js, node.js, v1.2.3, e.g. https://x.org/a.ts, `npm test`, `@scope/pkg`, a@b.com", []],
  ["`user.name` is `null`, 3/4 of `x => y`", []],
])("%s", (sentence, paths) => expect(pathsIn(sentence).toSorted()).toEqual(paths.toSorted()))
