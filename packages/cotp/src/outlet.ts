import { type DecodeError, Sdu } from '@x/core'
import type { NetworkService } from '@x/tpkt'
import { codeOf, rejection } from './connect.js'
import { encodeTpdu, prependDT } from './encode.js'
import { LenientMachine } from './lenient.js'
import type { Settings } from './options.js'
import { TpduCode } from './tpdu.js'
import { MAX_CR } from './validity.js'

/** Header of a class 0 DT. X.224, 13.7.1 a). */
const DT_HEADER = 3
/** Longest TPKT taken before sizes are agreed, in octets: no CR or CC comes near it. */
const EARLY_PACKET = 16_384
/** An ER has a header and nothing else. */
const MAX_ER = 255
/** Octets that DT and TPKT put in front of a segment. */
const HEADROOM = 7

/** Where TPDUs leave: each is an N-DATA request of its own, and none leaves unseen by `onTpdu`. X.224, 6.2, 6.3. */
export abstract class OutletMachine extends LenientMachine {
  readonly #network: NetworkService
  /** Longest TPKT that whoever made the network service takes; undefined when it knows no such limit. */
  readonly #longestPacket: number | undefined

  protected constructor(network: NetworkService, settings: Settings) {
    super(settings)
    this.#network = network
    this.#longestPacket = network.maxLength
    this.limitPackets(EARLY_PACKET)
  }

  /** A longer packet of the peer is not read from now on, in octets; the limit the network service came with stays. RFC 1006, 6. */
  protected limitPackets(most: number): void {
    if (this.#longestPacket !== undefined) this.#network.maxLength = Math.min(this.#longestPacket, most)
  }

  protected transmit(tpdu: Uint8Array): void {
    this.#submit(Sdu.of(tpdu, HEADROOM))
  }

  protected transmitDR(destinationReference: number, sourceReference: number, reason: number): void {
    this.transmit(encodeTpdu({ type: 'DR', destinationReference, sourceReference, reason, parameters: [] }))
  }

  /** The ER that answers an invalid TPDU, unless there must be none. @param octets of that TPDU */
  protected transmitER(octets: Uint8Array, error: DecodeError, reference: number): void {
    // X.224 bounds the DR that answers a CR, and says nothing of the ER: the same bound is safe.
    const longest = codeOf(octets) === TpduCode.CR ? MAX_CR : MAX_ER
    const er = this.settings.sendER ? rejection(octets, error, reference, longest) : undefined
    if (er !== undefined) this.transmit(er)
  }

  /** One TSDU, in DTs of at most `tpduSize` octets; one copy per segment. Not OPEN any more in between, the rest stays. */
  protected transmitTsdu(userData: Sdu, tpduSize: number): void {
    const most = tpduSize - DT_HEADER
    const { length } = userData
    if (length <= most) {
      prependDT(userData, true)
      this.#submit(userData)
      return
    }
    const { buffer, start } = userData
    // All segments in one buffer, each with its room in front, so that what leaves together also lies together.
    const image = new Uint8Array(length + HEADROOM * Math.ceil(length / most))
    for (let from = 0, end = 0; from < length && this.state === 'OPEN'; from += most) {
      const limit = end
      const n = Math.min(most, length - from)
      end += HEADROOM + n
      image.set(buffer.subarray(start + from, start + from + n), limit + HEADROOM)
      const segment = Sdu.within(image, limit, limit + HEADROOM, end)
      prependDT(segment, from + n === length)
      this.#submit(segment)
    }
  }

  /** Over TCP a close that flushes: nothing that was sent before is lost. */
  protected closeOutlet(): void {
    this.#network.submit({ type: 'N-DISCONNECT.request' })
  }

  #submit(userData: Sdu): void {
    const { onTpdu } = this.settings
    if (onTpdu !== undefined) onTpdu('out', userData.octets())
    this.#network.submit({ type: 'N-DATA.request', userData })
  }
}
