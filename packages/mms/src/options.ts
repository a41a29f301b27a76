import { remembered, type Timers } from '@x/core'
import type { rejectCodes } from './asn1/error.js'
import type { Announced, InitiateParameters } from './negotiation.js'
import {
  type AdditionalServiceName,
  type AnyConfirmedServiceName,
  additionalServiceNames,
  type ServiceSupportBit,
  sinceVersion,
  supportBitOf,
} from './service-names.js'

/** The names of the reject codes, by the kind of PDU that is rejected. */
export type RejectCodes = { readonly [K in keyof typeof rejectCodes]: keyof (typeof rejectCodes)[K] & string }

export interface MmsOptions {
  /** For the reject budget alone. */
  readonly timers: Timers
  /** What this side offers and accepts in an initiate. */
  readonly initiate?: InitiateParameters
  /** Services that this side answers: confirmed ones by name, others by the names of their support bits. @default none but conclude and cancel */
  readonly serves?: readonly Served[]
  /** Reject PDUs sent in a minute before the association is aborted. @default 10 */
  readonly maxRejects?: number
  /**
   * Answers and reports with arrays and structures deeper inside each other than negotiated are read, up to 24 levels: libiec61850 and
   * others agree on a level and do not keep to it. @default true
   */
  readonly deeperData?: boolean
  /** Turns off every leniency that is not set itself. @default false */
  readonly strict?: boolean
}

/** A confirmed service by its name, one inside additionalService, or another by that of its support bit. */
export type Served = AnyConfirmedServiceName | AdditionalServiceName | ServiceSupportBit

function isAdditional(name: Served): name is AdditionalServiceName {
  return (additionalServiceNames as readonly string[]).includes(name)
}

/** What a machine answers: its support bits for the initiate, and the names for looking up. One for all machines that are given these options. */
export const servicesOf = remembered((options: MmsOptions) => {
  const served = new Set<Served>([...(options.serves ?? []), 'conclude', 'cancel'])
  const exists = (name: Served, version: number) => {
    const bit = isAdditional(name) ? undefined : supportBitOf(name)
    return bit === undefined || sinceVersion(bit) <= version
  }
  const byVersion = [1, 2, 3].map(version => new Set<string>([...served].filter(name => exists(name, version))))
  return {
    serves: [...served].flatMap((name): Announced[] | Announced => (isAdditional(name) ? name : (supportBitOf(name) ?? []))),
    /** What is answered where that minor version is in force. */
    servedIn: (version: number): ReadonlySet<string> => byVersion[Math.min(version, 3) - 1]!,
  }
})
