/** The hub's program. */
import "./compiled.ts"

await import("./hub-process.ts")
