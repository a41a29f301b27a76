import type { DecodeError } from '@x/core'
import { fault } from './faults.js'
import { MAX_EMPTY_DATA, type Settings } from './options.js'
import type { DT } from './tpdu.js'
import type { Tolerant } from './validity.js'

/**
 * Puts the user data of several DTs together to one TSDU. X.224, 6.3.
 *
 * The buffer doubles as octets come, so a peer that announces much and sends little costs little; from the second TSDU on the
 * size of the last one, up to 64 KiB, is tried first. A finished TSDU owns its buffer, and nothing is kept between TSDUs – unless its
 * user needs it during the delivery only: then one buffer serves all connections of the process in turn.
 */
export class Reassembly {
  /** A finished TSDU is being delivered in a buffer that is to be used again. */
  lent: Uint8Array | undefined
  /** Octets put together so far; 0: no TSDU is under way. */
  length = 0
  #buffer: Uint8Array | undefined
  #lastLength = 0
  /** DTs without user data since the last one with some. */
  emptyInRow = 0
  readonly #settings: Settings

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** @returns the whole TSDU, when this DT ends one that came in several */
  collect({ endOfTsdu, userData }: DT): Uint8Array | undefined {
    if (userData.length > 0) {
      this.append(userData)
    } else if (!endOfTsdu || this.length === 0) this.emptyInRow += 1
    return endOfTsdu && this.length > 0 ? this.#take() : undefined
  }

  append(segment: Uint8Array): void {
    this.emptyInRow = 0
    const length = this.length + segment.length
    let buffer = this.#buffer
    if (buffer === undefined || buffer.length < length) {
      const room = Math.max(buffer === undefined ? this.#lastLength : 2 * buffer.length, 2 * segment.length, length)
      const larger = (this.#settings.reuseBuffers && takeSpare(room)) || new Uint8Array(room)
      if (buffer !== undefined) larger.set(buffer.subarray(0, this.length))
      buffer = this.#buffer = larger
    }
    buffer.set(segment, this.length)
    this.length = length
  }

  #take(): Uint8Array {
    const tsdu = this.#buffer!.subarray(0, this.length)
    if (this.#settings.reuseBuffers) this.lent = this.#buffer
    this.#lastLength = Math.min(this.length, 65_536)
    this.drop()
    return tsdu
  }

  /** The delivery of what was taken is over. */
  giveBack(): void {
    if (this.lent !== undefined && this.lent.length <= LARGEST_SPARE) spare = this.lent
    this.lent = undefined
  }

  drop(): void {
    this.#buffer = undefined
    this.length = 0
  }
}

/**
 * Why a DT cannot be taken: its TSDU would be too long (X.224 has no limit, so this one is ours), or it is empty where it must not be. X.224, 6.3.3.
 * @param reassembly of the DTs before it @param known both sides have sent a TSDU
 */
export function tsduFault(
  { endOfTsdu, userData }: DT,
  reassembly: Reassembly | undefined,
  known: boolean,
  settings: Settings,
  tolerant: Tolerant,
): DecodeError | undefined {
  const most = known ? settings.maxTsduSize : settings.earlyTsduSize
  const length = reassembly?.length ?? 0
  if (length + userData.length > most) {
    return fault('COTP_TSDU_SIZE', `DT: TSDU: expected at most ${most} octets, found more`, 2, 'X.224, 6.3')
  }
  // Only the last of several may be empty.
  if (userData.length > 0 || (endOfTsdu && length > 0)) return undefined
  if ((reassembly?.emptyInRow ?? 0) < MAX_EMPTY_DATA && tolerant.tolerates('emptyData')) return undefined
  return fault('COTP_EMPTY_DT', 'DT: expected user data, as it is not the last of several', 2, 'X.224, 6.3.3')
}

/** Octets of the largest buffer that is kept. */
const LARGEST_SPARE = 131_072
let spare: Uint8Array | undefined

/** @returns the buffer that nobody uses, if there is one and it is large enough */
function takeSpare(room: number): Uint8Array | undefined {
  if (spare === undefined || spare.length < room) return undefined
  const taken = spare
  spare = undefined
  return taken
}
