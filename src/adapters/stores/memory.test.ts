import { storeConformance } from "../../engine/ports/store.conformance.ts"
import { MemoryStore } from "./memory.ts"

storeConformance("memory", async () => new MemoryStore())
