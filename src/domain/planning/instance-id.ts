/** The name of one agent of one wave, in claims, telemetry and `.fleet-instance-id` (C.1.85). The form of the contract's example (C.4.9). */

export interface InstanceOf {
  readonly slug: string
  /** 1 or more. */
  readonly wave: number
  /** Of the agent in its wave, from 1. */
  readonly index: number
}

/** `fleet-auth-refactor-w1-a3`. */
export const instanceId = (slug: string, wave: number, index: number): string => `fleet-${slug}-w${wave}-a${index}`

/** Null for the ids of others. */
export function parseInstanceId(text: string): InstanceOf | null {
  const found = /^fleet-([A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?)-w([1-9]\d{0,8})-a([1-9]\d{0,8})$/.exec(text)
  return found === null ? null : { slug: found[1] ?? "", wave: Number(found[2]), index: Number(found[3]) }
}
