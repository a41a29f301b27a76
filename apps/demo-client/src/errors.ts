/** The command line, a file or a value makes no sense. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage'
  /** What to do about it, a line each. */
  readonly advice: readonly string[]

  constructor(message: string, ...advice: readonly string[]) {
    super(message)
    this.advice = advice
  }
}

/** A command has shown its result, and the result is a failure: items refused, octets broken. Nothing more is to be said. */
export class Failed extends Error {
  override readonly name = 'Failed'
  readonly code: number

  constructor(code: number) {
    super(`failed with exit code ${code}`)
    this.code = code
  }
}

/** Something that failed while the association was being made: its exit code differs. */
export class NotAssociated extends Error {
  override readonly name = 'NotAssociated'
  override readonly cause: unknown
  /** What this side asked for, in words; the caller adds it to the message. */
  readonly offered: readonly (readonly [name: string, value: string])[]

  constructor(cause: unknown, offered: readonly (readonly [name: string, value: string])[]) {
    super(cause instanceof Error ? cause.message : String(cause))
    this.cause = cause
    this.offered = offered
  }
}

/** The device does not tell the type of a variable, so that no value can be made of text. */
export class Untyped extends Error {
  override readonly name = 'Untyped'

  constructor(item: string, failure: string) {
    super(`the type of ${item}: ${failure}`)
  }
}
