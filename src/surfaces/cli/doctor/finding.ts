/** What a check of the doctor comes to. */
export interface Finding {
  readonly name: string
  /** `warning`: works, but somebody should know. */
  readonly status: "ok" | "warning" | "failed"
  readonly detail: string
  /** Command or sentence that mends it; null when nothing is to be mended. */
  readonly fix: string | null
  /** Mends it and says what was done; null where only a person should. */
  readonly mend: (() => Promise<string>) | null
}

export const fine = (name: string, detail: string): Finding => ({ name, status: "ok", detail, fix: null, mend: null })
export const warning = (name: string, detail: string, fix: string | null, mend: Finding["mend"] = null): Finding => ({
  name,
  status: "warning",
  detail,
  fix,
  mend,
})
export const failed = (name: string, detail: string, fix: string, mend: Finding["mend"] = null): Finding => ({ name, status: "failed", detail, fix, mend })
