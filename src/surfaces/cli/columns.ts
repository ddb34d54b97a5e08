/** How wide the place is that output goes to. */
import type { CliOutput } from "./context.ts"

const columnsWithoutTerminal = 120

export const columnsOfStream = (stream: CliOutput): number => (stream.columns !== undefined && stream.columns > 0 ? stream.columns : columnsWithoutTerminal)
