import type { OutcomeError } from '../errors.js'
import { Sdu } from '../octets.js'
import type { Primitive } from '../service.js'
import type { Connection } from './connection.js'

/** A connection whose data are octet strings with borders: transport and session. Made by `openTransport`, `openSession` and the like. */
export class DataConnection<Submit extends Primitive, Delivery extends Primitive, Opened = unknown>
  implements AsyncIterable<Uint8Array>, AsyncDisposable
{
  readonly connection: Connection<Submit, Delivery>
  /** The confirm or the indication with which it opened: selectors, what was negotiated. */
  readonly opened: Opened
  readonly #data: { readonly request: (userData: Sdu) => Submit; readonly octets: (delivery: Delivery) => Uint8Array | undefined }

  constructor(
    connection: Connection<Submit, Delivery>,
    opened: Opened,
    data: { readonly request: (userData: Sdu) => Submit; readonly octets: (delivery: Delivery) => Uint8Array | undefined },
  ) {
    this.connection = connection
    this.opened = opened
    this.#data = data
  }

  /** Resolves with how it ended; never rejects. */
  get ended(): Promise<OutcomeError> {
    return this.connection.ended
  }

  /** Fires when it ends. */
  get signal(): AbortSignal {
    return this.connection.signal
  }

  /** Sends one unit of data; resolves at once, or when the channel has room again. @param octets at least one */
  send(octets: Uint8Array): Promise<void> {
    return this.connection.send(this.#data.request(Sdu.of(octets)))
  }

  /** What the peer sends, one unit at a time; ends with an orderly end, throws how it ended otherwise. */
  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for await (const delivery of this.connection) {
      const octets = this.#data.octets(delivery)
      if (octets !== undefined) yield octets
    }
  }

  /** Orderly end. */
  close(): Promise<void> {
    return this.connection.close()
  }

  /** Ends it at once. */
  abort(reason?: unknown): void {
    this.connection.abort(reason)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
