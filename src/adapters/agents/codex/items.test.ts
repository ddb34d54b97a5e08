import { expect, test } from "vitest"
import { plainCommand } from "./command.ts"
import { decisionOf, permissionOf, toolChunk, usageOf } from "./items.ts"

test("a command is shown without the shell that codex wraps it in", () => {
  // Recorded from codex 0.169.
  expect(plainCommand(`/bin/bash -lc "git add -A && git commit -q -m 'c'"`)).toBe("git add -A && git commit -q -m 'c'")
  expect(plainCommand(`/bin/bash -lc "OLD='x' NEW='y' perl -0pi -e 's/\\\\Q"'$ENV{OLD}'"\\\\E/"'$ENV{NEW}/'"' -- 'a.txt'"`)).toBe(
    "OLD='x' NEW='y' perl -0pi -e 's/\\Q$ENV{OLD}\\E/$ENV{NEW}/' -- 'a.txt'",
  )
})

test("a command that is no wrapped script stays as it is", () => {
  for (const command of ["ls -l", "bash script.sh", "bash -c 'open", "/bin/bash -lc a b", ""]) expect(plainCommand(command)).toBe(command)
})

test("questions are told by what they let happen", () => {
  const run = permissionOf("7", "item/commandExecution/requestApproval", { command: "/bin/bash -lc 'rm a\nrm b'" }, {})
  expect(run).toEqual({ permission: "7", kind: "run", title: "rm a", paths: [], command: "rm a\nrm b" })
  const reach = permissionOf("7", "item/commandExecution/requestApproval", { networkApprovalContext: { host: "example.com", protocol: "https" } }, {})
  expect(reach).toMatchObject({ kind: "fetch", title: "reach example.com", command: null })
  const edit = permissionOf("7", "item/fileChange/requestApproval", {}, { changes: [{ path: "/w/a.txt" }, { path: "/w/b.txt" }] })
  expect(edit).toMatchObject({ kind: "edit", paths: ["/w/a.txt", "/w/b.txt"] })
  expect(permissionOf("7", "item/tool/requestUserInput", {}, {})).toBeNull()
})

test("a wish for more permissions is granted as asked, or not at all", () => {
  const params = { permissions: { network: { enabled: true } } }
  expect(decisionOf("item/permissions/requestApproval", params, true)).toEqual({ permissions: { network: { enabled: true } }, scope: "turn" })
  expect(decisionOf("item/permissions/requestApproval", params, false)).toEqual({ permissions: {}, scope: "turn" })
})

test("a declined command has failed, and text is no tool", () => {
  expect(toolChunk({ type: "commandExecution", id: "i", command: "ls", status: "declined" }, true)).toMatchObject({ status: "failed" })
  expect(toolChunk({ type: "agentMessage", id: "i", text: "hello" }, true)).toBeNull()
})

test("cached tokens are not counted twice", () => {
  expect(usageOf({ inputTokens: 100, cachedInputTokens: 60, outputTokens: 5 })).toEqual({ inputTokens: 40, cachedTokens: 60, outputTokens: 5, costUsd: null })
})
