/** What the words of the queue's Status column mean. */

export type StatusMeaning = "success" | "runnable" | "running" | "failed" | "blocked" | "skipped" | "timed out" | "unknown"

/** Takes case, marks around the word, and what stands behind it: `**Done**`, `failed (3 errors)`, `✅ complete`. */
export function statusMeaning(text: string): StatusMeaning {
  const plain = text
    .slice(0, 200)
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .replace(/^[^a-z]+|[^a-z]+$/g, "")
  const [first = ""] = plain.split(/\s*(?:[(:,;.!—–]|\bafter\b)/, 1)
  return words.get(plain) ?? words.get(first.replace(/[^a-z]+$/, "")) ?? "unknown"
}

/** The row needs no further work. */
export const isSuccess = (status: string): boolean => statusMeaning(status) === "success"

const words = new Map<string, StatusMeaning>([
  ...["complete", "completed", "done", "success", "validated", "merge ready", "merged"].map((word) => [word, "success"] as const),
  ...["pending", "queued", "ready"].map((word) => [word, "runnable"] as const),
  ...["running", "active", "in progress"].map((word) => [word, "running"] as const),
  ["failed", "failed"],
  ["blocked", "blocked"],
  ...["skip", "skipped"].map((word) => [word, "skipped"] as const),
  ...["timed out", "timeout"].map((word) => [word, "timed out"] as const),
])
