import type { Negotiated } from '../service.js'
import type { ConfirmedServiceName, ConfirmedServices } from '../services.js'
import type { RequestOptions } from './requests.js'

/** An association as whoever serves the peer's requests sees it. The same on both sides: either may ask. */
export interface MmsPeer {
  readonly negotiated: Negotiated
  /** Fires when the association ends. */
  readonly signal: AbortSignal
  /** Where the peer is, such as `192.0.2.7:49152`. */
  readonly remote: string
  /** Asks the peer for a confirmed service. @throws what every request throws: ServiceError, RejectedError, how the association ended */
  request<S extends ConfirmedServiceName>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options?: RequestOptions,
  ): Promise<ConfirmedServices[S]['response']>
  /** Runs something once, unless stopped before. @param delay in milliseconds @returns stops it @internal */
  after(delay: number, run: () => void): () => void
}
