/** How many stories a property is tried with, and how long that may take. FLEET_RUNS=<number> asks for more than is usual. */
const asked = Number(process.env["FLEET_RUNS"] ?? "") || null

export const runs = (usual: number): { readonly numRuns: number } => ({ numRuns: asked ?? usual })

/** A story of more than a hundred moves takes some ten milliseconds, on a busy machine several times as long. */
export const runsLimitMs = 60_000 + (asked ?? 0) * 50
