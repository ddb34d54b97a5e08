/** A file that cannot be understood is never written over: it is moved beside, for somebody to look at. */
import { rename } from "node:fs/promises"

/** Resolves to where it is now; null when it is gone already. */
export async function setAside(file: string, nowMs: number): Promise<string | null> {
  const aside = `${file}.unreadable-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, "-")}`
  try {
    await rename(file, aside)
    return aside
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}
