/** How a fault is told: what is wrong, why, and the fix; or the same as JSON. Never a stack, except with `FLEET_DEBUG`. */
import { FaultError, type Fault } from "../../domain/fault.ts"
import type { PlanFault } from "../../domain/plan/plan.ts"
import { schemaVersion } from "../../protocol/views.ts"
import type { CliContext } from "./context.ts"
import { jsonText, paintFor } from "./output.ts"
import { plainPaint, type Paint } from "./style.ts"
import { oneLine } from "./text.ts"

/** Tells the person on stderr; as one JSON object when the command was asked for JSON. */
export function tellError(context: CliContext, error: unknown, json: boolean): void {
  const fault = faultOf(error)
  const text = json ? jsonText({ schema_version: schemaVersion, ...fault }) : faultLines(fault, paintFor(context, context.stderr)).join("\n")
  context.stderr.write(`${text}\n`)
  const debug = context.env["FLEET_DEBUG"]
  if (debug !== undefined && debug !== "" && error instanceof Error) context.stderr.write(`${error.stack ?? ""}\n`)
}

export const faultLines = (fault: Fault, paint: Paint = plainPaint): string[] => told(paint("red", "error"), fault, paint)

/** Of what does not end the command: it goes on. */
export const warningLines = (fault: Fault, paint: Paint = plainPaint): string[] => told(paint("yellow", "warning"), fault, paint)

const told = (severity: string, fault: Fault, paint: Paint): string[] => [
  `${severity}: ${paint("bold", oneLine(fault.what))}`,
  ...labelled("why", fault.why, paint),
  ...labelled("fix", fault.fix, paint),
]

/** Those with the same reason and the same fix stand together, so that a plan of fifty tasks does not say it fifty times. */
export function planFaultLines(faults: readonly PlanFault[], paint: Paint): string[] {
  const alike = Map.groupBy(faults, (found) => JSON.stringify([found.severity, found.why, found.fix]))
  return [...alike.values()].flatMap((group) => {
    const shown = group.slice(0, alikeMax).map((found) => headLine(found, paint))
    const more = group.length > shown.length ? [paint("dim", `  and ${group.length - shown.length} more of the kind`)] : []
    return [...shown, ...more, ...group.slice(0, 1).flatMap((found) => [...labelled("why", found.why, paint), ...labelled("fix", found.fix, paint)])]
  })
}

const alikeMax = 5

/** `file:line` comes first, so that editors and CI can jump to it. */
function headLine(found: PlanFault, paint: Paint): string {
  const place = [found.file, found.line].filter((part) => part !== null).join(":")
  const severity = found.severity === "error" ? paint("red", "error") : paint("yellow", "warning")
  return `${place === "" ? "" : `${oneLine(place)}: `}${severity}: ${paint("bold", oneLine(found.what))}`
}

function labelled(label: string, text: string, paint: Paint): string[] {
  const [first = "", ...others] = text.split("\n").map(oneLine)
  return text === "" ? [] : [`  ${paint("dim", `${label}:`)} ${first}`, ...others.map((line) => `       ${line}`)]
}

/** A bug is told as what it is: not something that the person could mend. */
function faultOf(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault
  const message = error instanceof Error ? error.message : String(error)
  return { code: "bug", what: "fleet met a bug of its own", why: message, fix: "run it again with FLEET_DEBUG=1 and report what it prints" }
}
