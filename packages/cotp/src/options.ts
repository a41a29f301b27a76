import { remembered, type Timers, UsageError } from '@x/core'
import type { TransportAddress } from './service.js'
import type { CR } from './tpdu.js'

/** What peers are known to do against the letter. Each is taken, and counted in `tolerated`, unless it or `strict` says no. */
export interface Leniencies {
  /** Class 0 with 4096 or 8192 octets, banned by X.224, 13.3.4 b), although the default of RFC 1006 is larger: libiec61850, S7. */
  readonly largeSizes: boolean
  /** A credit other than 0 in a CR or CC of class 0. X.224, 13.3.3 b). */
  readonly creditBits: boolean
  /** SRC-REF 0 in a CR or CC, as in the days of RFC 983. X.224, 6.5.4 a). */
  readonly zeroReference: boolean
  /** Alternative classes in a CR that prefers class 0. X.224, Table 3. */
  readonly alternativeClasses: boolean
  /** A low nibble other than 0 in the class octet of a CC of class 0. X.224, 13.3.3. */
  readonly optionBits: boolean
  /** A CC whose TPDU size is above the one proposed: ours is used. X.224, 6.5.4 j). */
  readonly largerAnswer: boolean
  /** Up to 32 octets of user data in a CR or CC, which RFC 1006, 5 allows and X.224 class 0 does not. */
  readonly connectData: boolean
  /** A DT whose number or low nibble is not 0. X.224, 13.7.3; RFC 1006, 6 has the bits ignored. */
  readonly dataNumber: boolean
  /** A DT longer than the size agreed; one Node library sends three octets more. X.224, 13.7.5. */
  readonly oversizedData: boolean
  /** A DT without user data that is not the last of several, 8 in a row at most. X.224, 6.3.3; S7. */
  readonly emptyData: boolean
}

export type Leniency = keyof Leniencies

const LENIENCIES: readonly Leniency[] = [
  'largeSizes',
  'creditBits',
  'zeroReference',
  'alternativeClasses',
  'optionBits',
  'largerAnswer',
  'connectData',
  'dataNumber',
  'oversizedData',
  'emptyData',
]

/** Empty DTs in a row that `emptyData` takes. */
export const MAX_EMPTY_DATA = 8
/** What RFC 1006, 6 makes of a size that nobody names. */
export const RFC1006_SIZE = 65_531

/** A CR that could be accepted, as `accept` sees it. */
export interface ConnectionRequest {
  readonly called: TransportAddress
  readonly calling: TransportAddress
}

export interface TransportOptions extends Partial<Leniencies> {
  /** Turns off every leniency that is not set itself, keeps to sizes up to 2048, and reads an absent size as 128. @default false */
  readonly strict?: boolean
  /**
   * Largest TPDU proposed and accepted, header included, in octets: 128, 256 … 8192, sent as parameter C0; or 65 531, for which
   * nothing is sent: it is what RFC 1006 makes of silence on both sides. @default 8192, or 2048 when large sizes are off
   */
  readonly tpduSize?: number
  /** Asks for this size with parameter F0 too, and takes F0 of others: a multiple of 128 up to 65 408. @default not used: some peers close on it */
  readonly preferredTpduSize?: number
  /** The TPDU size when a CR or CC names none, in octets: 65 531 by RFC 1006, 128 by X.224. @default 65_531 */
  readonly sizeWhenAbsent?: 128 | 65_531
  /** Longest TSDU taken, in octets. @default 1_048_576 */
  readonly maxTsduSize?: number
  /**
   * Longest TSDU taken before each side has sent one, in octets: what comes until then, such as a request to associate, is from a peer
   * that nobody has answered yet. At most `maxTsduSize`. @default maxTsduSize
   */
  readonly earlyTsduSize?: number
  /** Longest TSAP-ID sent and taken, in octets. X.224 sets no limit; two of 57 fill a CR. @default 32 */
  readonly maxSelectorLength?: number
  /**
   * The octets of a TSDU that came in segments are the user's during the delivery only; then their buffer is used again, by any
   * connection of the process that has it on too. For users who decode or copy at once. @default false: they are the user's for good
   */
  readonly reuseBuffers?: boolean
  /** Decides on a CR that could be accepted: `accept`, or the reason of the DR that refuses it. It must not throw. @default accept */
  readonly accept?: (request: ConnectionRequest) => 'accept' | number
  /** Whether the CC returns the selectors of the CR, which some peers insist on. @default true */
  readonly echoSelectors?: boolean
  /** Whether a broken TPDU is answered with an ER before the close. X.224, 6.22.1.3 leaves it to us. @default true */
  readonly sendER?: boolean
  /** SRC-REF of this side, 1 … 65 535. @default the next of a number that all machines of the process share */
  readonly reference?: number
  /** Changes the CR before it is sent; for test tools. What it then proposes is what the CC is held against. */
  readonly amendCR?: (request: CR) => CR
  /** Sees each TPDU, also a broken one: before it is handled, and before it leaves. A view, not to be changed. It must not throw. */
  readonly onTpdu?: (way: 'in' | 'out', octets: Uint8Array) => void
  /** For `ts1`, `refusalTimeout` and `tsduTimeout`. @default no timers */
  readonly timers?: Timers
  /** TS1 of X.224, 6.5.4 note 2: waiting for the answer to the CR, in milliseconds. @default 0: never ends */
  readonly ts1?: number
  /** After a refusal: time for the peer to close, or to ask again, in milliseconds. @default 1_000; without timers the close is at once */
  readonly refusalTimeout?: number
  /** From the first segment of a TSDU to its last, in milliseconds; 0: no limit. @default 30_000; without timers none */
  readonly tsduTimeout?: number
}

/** The options with their defaults. */
export interface Settings extends Leniencies {
  readonly tpduSize: number
  readonly preferredTpduSize: number | undefined
  readonly sizeWhenAbsent: number
  readonly maxTsduSize: number
  readonly earlyTsduSize: number
  readonly maxSelectorLength: number
  readonly accept: (request: ConnectionRequest) => 'accept' | number
  readonly reuseBuffers: boolean
  readonly reference: number | undefined
  readonly echoSelectors: boolean
  readonly sendER: boolean
  readonly amendCR: (request: CR) => CR
  readonly onTpdu: TransportOptions['onTpdu']
  readonly timers: Timers | undefined
  readonly ts1: number
  readonly refusalTimeout: number
  readonly tsduTimeout: number
}

/** One for all machines that are given these options. @throws UsageError COTP_OPTION: a value that is not allowed */
export const settingsOf = remembered(makeSettings)

function makeSettings(options: TransportOptions): Settings {
  const lenient = options.strict !== true
  const leniencies = Object.fromEntries(LENIENCIES.map(name => [name, options[name] ?? lenient])) as unknown as Leniencies
  const { tpduSize = leniencies.largeSizes ? 8192 : 2048, preferredTpduSize, maxTsduSize = 1_048_576, maxSelectorLength = 32 } = options
  const power = Math.log2(tpduSize)
  const most = leniencies.largeSizes ? 13 : 11
  if (tpduSize !== RFC1006_SIZE && !(Number.isInteger(power) && power >= 7 && power <= most)) {
    throw wrong('tpduSize', `128, 256 … ${2 ** most}, or 65531`, tpduSize)
  }
  if (preferredTpduSize !== undefined && !(preferredTpduSize % 128 === 0 && preferredTpduSize >= 128 && preferredTpduSize <= 65_408)) {
    throw wrong('preferredTpduSize', 'a multiple of 128 up to 65408', preferredTpduSize)
  }
  if (!(maxTsduSize >= 1)) throw wrong('maxTsduSize', 'at least 1', maxTsduSize)
  const earlyTsduSize = Math.min(options.earlyTsduSize ?? maxTsduSize, maxTsduSize)
  if (!(earlyTsduSize >= 1)) throw wrong('earlyTsduSize', 'at least 1', earlyTsduSize)
  if (!(maxSelectorLength >= 0)) throw wrong('maxSelectorLength', 'at least 0', maxSelectorLength)
  const { reference } = options
  if (reference !== undefined && !(Number.isInteger(reference) && reference >= 1 && reference <= 65_535)) {
    throw wrong('reference', '1 to 65535', reference)
  }
  return {
    ...leniencies,
    tpduSize,
    preferredTpduSize,
    sizeWhenAbsent: options.sizeWhenAbsent ?? (lenient ? RFC1006_SIZE : 128),
    maxTsduSize,
    earlyTsduSize,
    maxSelectorLength,
    accept: options.accept ?? (() => 'accept'),
    reuseBuffers: options.reuseBuffers ?? false,
    reference,
    echoSelectors: options.echoSelectors ?? true,
    sendER: options.sendER ?? true,
    amendCR: options.amendCR ?? (request => request),
    onTpdu: options.onTpdu,
    timers: options.timers,
    ts1: options.timers ? (options.ts1 ?? 0) : 0,
    refusalTimeout: options.timers ? (options.refusalTimeout ?? 1_000) : 0,
    tsduTimeout: options.timers ? (options.tsduTimeout ?? 30_000) : 0,
  }
}

function wrong(name: string, expected: string, found: number): UsageError {
  return new UsageError('cotp', 'COTP_OPTION', `${name}: expected ${expected}, found ${found}`)
}
