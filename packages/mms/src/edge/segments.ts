import type { LoadData, SegmentResponse } from '../asn1/domain.js'
import type { Negotiated } from '../service.js'

/** Load data, piece by piece: octets of any length, which are cut to what fits a PDU, or load data that are sent as they are. */
export type LoadDataSource = Uint8Array | Iterable<Uint8Array | LoadData> | AsyncIterable<Uint8Array | LoadData>

/** Octets of a downloadSegment or uploadSegment response around the load data. */
const ENVELOPE = 32

/** Octets of load data that one segment may have. */
export function roomForLoadData({ maxPduSize }: Negotiated): number {
  return maxPduSize - ENVELOPE
}

/**
 * Load data as the segments of a download or an upload, in order, however many are asked for at a time. No more than two pieces are held: whether
 * more follow is only known when the next one is there.
 */
export class Segments {
  readonly #pieces: AsyncIterator<Uint8Array | LoadData> | Iterator<Uint8Array | LoadData>
  #next: Uint8Array | LoadData | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(source: LoadDataSource) {
    const pieces = source instanceof Uint8Array ? [source] : source
    this.#pieces = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]()
  }

  /** The next segment; behind the last one an empty last one. @param most octets @throws what the source throws */
  next(most: number): Promise<SegmentResponse> {
    const segment = this.#turn.then(() => this.#segment(most))
    this.#turn = segment.catch(() => {})
    return segment
  }

  /** No more are asked for: the source is told, unless it has come to its end. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    // What a source has to say to its end is of no interest any more.
    void this.#turn.then(() => this.#pieces.return?.()).catch(() => {})
  }

  async #segment(most: number): Promise<SegmentResponse> {
    const piece = this.#next ?? (await this.#take())
    this.#next = undefined
    if (piece === undefined) return { loadData: { type: 'nonCoded', value: new Uint8Array() }, moreFollows: false }
    if (!(piece instanceof Uint8Array)) {
      this.#next = await this.#take()
      return { loadData: piece, moreFollows: this.#next !== undefined }
    }
    let octets = piece.subarray(0, most)
    this.#next = piece.length > most ? piece.subarray(most) : await this.#take()
    const room = most - octets.length
    // What is there anyway fills the segment, as long as something is left that says that more follow.
    if (room > 0 && this.#next instanceof Uint8Array && this.#next.length > room) {
      octets = joined(octets, this.#next.subarray(0, room))
      this.#next = this.#next.subarray(room)
    }
    return { loadData: { type: 'nonCoded', value: octets }, moreFollows: this.#next !== undefined }
  }

  /** The next piece that holds something. */
  async #take(): Promise<Uint8Array | LoadData | undefined> {
    while (!this.#closed) {
      const { done, value } = await this.#pieces.next()
      if (done) {
        this.#closed = true
        return undefined
      }
      if (!(value instanceof Uint8Array) || value.length > 0) return value
    }
    return undefined
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
