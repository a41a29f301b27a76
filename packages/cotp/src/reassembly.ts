import type { DecodeError } from '@x/core'
import { fault } from './faults.js'
import { MAX_EMPTY_DATA } from './options.js'
import type { DT } from './tpdu.js'
import type { Tolerate } from './validity.js'

/**
 * Puts the user data of several DTs together to one TSDU. X.224, 6.3.
 *
 * The buffer doubles as octets come, so a peer that announces much and sends little costs little; from the second TSDU on the
 * size of the last one, up to 64 KiB, is tried first. A finished TSDU owns its buffer, and nothing is kept between TSDUs.
 */
export class Reassembly {
  /** Octets put together so far; 0: no TSDU is under way. */
  length = 0
  #buffer: Uint8Array | undefined
  #lastLength = 0
  #emptyInRow = 0
  readonly #maxTsduSize: number | (() => number)
  readonly #tolerate: Tolerate

  /** @param maxTsduSize longest TSDU taken, in octets: X.224 has no limit, so this one is ours */
  constructor(maxTsduSize: number | (() => number), tolerate: Tolerate) {
    this.#maxTsduSize = maxTsduSize
    this.#tolerate = tolerate
  }

  /** Why a DT cannot be taken: its TSDU would be too long, or it is empty where it must not be. X.224, 6.3.3. */
  faultOf({ endOfTsdu, userData }: DT): DecodeError | undefined {
    const most = typeof this.#maxTsduSize === 'number' ? this.#maxTsduSize : this.#maxTsduSize()
    if (this.length + userData.length > most) {
      return fault('COTP_TSDU_SIZE', `DT: TSDU: expected at most ${most} octets, found more`, 2, 'X.224, 6.3')
    }
    if (userData.length > 0) {
      this.#emptyInRow = 0
      return undefined
    }
    // Only the last of several may be empty.
    if (endOfTsdu && this.length > 0) return undefined
    if (++this.#emptyInRow <= MAX_EMPTY_DATA && this.#tolerate('emptyData')) return undefined
    return fault('COTP_EMPTY_DT', 'DT: expected user data, as it is not the last of several', 2, 'X.224, 6.3.3')
  }

  append(segment: Uint8Array): void {
    const length = this.length + segment.length
    let buffer = this.#buffer
    if (buffer === undefined || buffer.length < length) {
      const larger = new Uint8Array(Math.max(buffer === undefined ? this.#lastLength : 2 * buffer.length, 2 * segment.length, length))
      if (buffer !== undefined) larger.set(buffer.subarray(0, this.length))
      buffer = this.#buffer = larger
    }
    buffer.set(segment, this.length)
    this.length = length
  }

  /** The whole TSDU. */
  take(): Uint8Array {
    const tsdu = this.#buffer!.subarray(0, this.length)
    this.#lastLength = Math.min(this.length, 65_536)
    this.drop()
    return tsdu
  }

  drop(): void {
    this.#buffer = undefined
    this.length = 0
  }
}
