import { expect, test } from "vitest"
import { fillArgv, noFilling } from "./argv.ts"

test("placeholders are filled inside their argument, and hostile values stay one argument", () => {
  const filling = { ...noFilling, workspace: "/w/a b; rm -rf $(x)", model: "m" }
  expect(fillArgv(["cli", "--dir", "{workspace}", "--model={model}"], filling)).toEqual(["cli", "--dir", "/w/a b; rm -rf $(x)", "--model=m"])
})

test("an argument without its value vanishes with the option before it", () => {
  expect(fillArgv(["cli", "run", "--model", "{model}", "--m={model}", "-x"], noFilling)).toEqual(["cli", "run", "-x"])
  expect(fillArgv(["cli", "run", "{model}"], noFilling)).toEqual(["cli", "run"])
})

test("a value that looks like a placeholder is not filled again", () => {
  expect(fillArgv(["cli", "{workspace}{model}"], { ...noFilling, workspace: "{model}", model: "$&" })).toEqual(["cli", "{model}$&"])
})
