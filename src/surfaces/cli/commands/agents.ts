/** `fleet agents`: which agents are known, and which of them can work here. */
import { probeAgents, type AgentReport } from "../agent-probe.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { tableLines, type Cell } from "../table.ts"
import { oneLine } from "../text.ts"

export async function agents(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const reports = await probeAgents(invocation.context)
  if (invocation.json) output.list(reports)
  else for (const line of agentLines(reports, output)) output.line(line)
  return exitCodes.done
}

function agentLines(reports: readonly AgentReport[], output: Output): string[] {
  const here = reports.filter((report) => report.program !== null)
  const missing = reports.filter((report) => report.program === null)
  const columns = [{ title: "agent" }, { title: "starts" }, { title: "version" }, { title: "logged in" }, { title: "found at, or what is wrong", grows: true }]
  return [
    ...tableLines(
      columns,
      here.map((report) => row(report, output)),
      output.columns,
      output.paint,
      output.signs.ellipsis,
    ),
    ...here
      .filter((report) => report.login === "unknown")
      .map((report) => output.paint("dim", `${report.name}: ${report.loginWhy}. To log in: ${oneLine(report.loginHint)}`)),
    ...(missing.length === 0 ? [] : ["", output.paint("dim", "not installed:"), ...missing.map((report) => missingLine(report, output))]),
  ]
}

function row(report: AgentReport, { signs }: Output): Cell[] {
  return [
    { text: report.name, tone: "bold" },
    report.canStart ? { text: `${signs.done} yes`, tone: "green" } : { text: `${signs.failed} no`, tone: "red" },
    { text: report.version ?? "unknown" },
    { text: report.login, tone: report.login === "yes" ? "green" : "yellow" },
    { text: report.problem ?? report.program ?? "" },
  ]
}

function missingLine(report: AgentReport, output: Output): string {
  return `  ${report.name.padEnd(12)} ${output.paint("dim", oneLine(report.install))}`
}
