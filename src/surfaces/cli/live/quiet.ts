/** Says nothing until the end. */
import type { Display } from "./display.ts"

export const quietDisplay: Display = { run: () => undefined, milestone: () => undefined, notice: () => undefined, end: () => undefined }
