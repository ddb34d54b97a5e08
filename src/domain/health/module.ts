/** The part of a repository that a file belongs to: the first two directories above it, `src/api` of `src/api/auth/login.ts`; the file itself at the root. */
export function moduleOf(file: string): string {
  const directories = file.split("/").slice(0, -1)
  return directories.length === 0 ? file : directories.slice(0, 2).join("/")
}
