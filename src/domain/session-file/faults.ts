/** What is wrong with a session file, in the words of a plan's faults, and the lines that could not be read: they are kept. */
import type { PlanFault } from "../plan/plan.ts"
import type { FileLine } from "./sections.ts"

export type SessionFault = PlanFault

const faultsMax = 200

export class SessionReading {
  readonly faults: SessionFault[] = []
  /** As `SessionNotes.kept` holds them. */
  readonly kept: string[] = []
  readonly file: string | null
  constructor(file: string | null) {
    this.file = file
  }
  error(line: number | null, code: string, what: string, why: string, fix: string): void {
    this.add({ severity: "error", code, what, why, fix, file: this.file, line })
  }
  warn(line: number | null, code: string, what: string, why: string, fix: string): void {
    this.add({ severity: "warning", code, what, why, fix, file: this.file, line })
  }
  keep(section: string, { text }: FileLine): void {
    if (text.trim() !== "") this.kept.push(`${section}: ${text.trim()}`)
  }
  /** Keeps lines that say nothing to Fleet, and says so once. */
  keepUnknown(section: string, lines: readonly FileLine[]): void {
    const said = lines.filter((line) => line.text.trim() !== "")
    for (const line of said) this.keep(section, line)
    const [first] = said
    if (first !== undefined)
      this.warn(
        first.line,
        "line-unknown",
        `${said.length === 1 ? "a line" : `${said.length} lines`} of ${JSON.stringify(section)} could not be read`,
        "nothing that Fleet reads has this form; they are kept in the section Kept Lines",
        "write prose in a section of its own: it is kept as it stands",
      )
  }
  private add(found: SessionFault): void {
    if (this.faults.length < faultsMax) this.faults.push(found)
    else if (this.faults.length === faultsMax)
      this.faults.push({
        ...found,
        code: "more-faults",
        what: "further faults are not shown",
        why: `the limit is ${faultsMax}`,
        fix: "mend these first",
        line: null,
      })
  }
}
