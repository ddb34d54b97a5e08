/** The worker's program. */
import "./compiled.ts"

await import("./worker-process.ts")
