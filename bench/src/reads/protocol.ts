/** Who answers and asks: the stack, or bare sockets that send what is due after a chunk in one buffer, or message by message. */
export const subjects = ['mms', 'one buffer per chunk', 'one write per message'] as const
export type Subject = (typeof subjects)[number] | typeof SWAPPED
/** The stack with asn1js in the place of its own codec. */
export const SWAPPED = 'mms on asn1js'

/** Whether it is the stack, with whichever codec. */
export function isStack(subject: Subject): boolean {
  return subject === 'mms' || subject === SWAPPED
}

/** One case, as the parent asks a client for it. Times are in milliseconds. */
export interface Case {
  readonly connections: number
  /** On each connection. */
  readonly outstanding: number
  readonly warm: number
  readonly measured: number
}

/** What a client counted in the measured time. */
export interface Count {
  /** Reads per second. */
  readonly rate: number
  /** Microseconds of this process for one read, user and system. */
  readonly cpu: number
  /** Reads answered since the process began. */
  readonly total: number
}

/** Octets of a TPKT with a read of one variable, and of its answer: those of `vectors/bench`. */
export const REQUEST = 62
export const RESPONSE = 54

export const DOMAIN = 'IED1LD0'
export const ITEM = 'MMXU1$MX$TotW'
/** Outstanding requests that both sides propose. */
export const MOST_OUTSTANDING = 50
/** More than any case has. */
export const MOST_CONNECTIONS = 20_000
