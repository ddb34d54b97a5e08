/** Makes a task's id from its title, the same for the same title. */

/** Adds the id to `taken`, which holds lower-case ids. */
export function slug(title: string, taken: Set<string>): string {
  const plain = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
  const short = (plain.length > 40 ? plain.slice(0, 40).replace(/-[^-]*$/, "") : plain).replace(/-+$/, "")
  const base = short === "" ? `task-${hash(title)}` : short
  let free = base
  for (let number = 2; taken.has(free); number++) free = `${base}-${number}`
  taken.add(free)
  return free
}

/** FNV-1a, for titles without a Latin letter: not secret, only stable. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return (value >>> 0).toString(36)
}
