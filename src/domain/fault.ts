/** Something that a person can meet and mend: what is wrong, why, and the fix. Expected failures are values of this shape; bugs throw. */
export interface Fault {
  readonly code: string
  readonly what: string
  readonly why: string
  readonly fix: string
}

export const fault = (code: string, what: string, why: string, fix: string): Fault => ({ code, what, why, fix })

/** A fault on its way through code that can only throw. Surfaces print `fault`; nobody reads `message` to decide. */
export class FaultError extends Error {
  readonly fault: Fault
  constructor(of: Fault, options?: ErrorOptions) {
    super(`${of.what}: ${of.why}`, options)
    this.name = "FaultError"
    this.fault = of
  }
}
