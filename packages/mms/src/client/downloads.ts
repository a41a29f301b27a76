import { RejectedError, TimeoutError } from '@x/core'
import { whenAborted } from '@x/core/async'
import type { ServiceError } from '../asn1/error.js'
import { type LoadDataSource, roomForLoadData, Segments } from '../edge/segments.js'
import { nonExistent, serviceError } from '../server/errors.js'
import type { Answer, Handlers } from '../server/handlers.js'
import type { MmsClient } from './client.js'
import { outcomeOf } from './errors.js'

const OUT_OF_SEQUENCE = { error: serviceError('service', 'primitives-out-of-sequence') }
const GIVEN_UP = { error: serviceError('vmdState', 'domain-transfer-problem') }

export interface DownloadOptions {
  /** Gives the download up: the server's next downloadSegment is answered with an error, and it discards the domain. */
  readonly signal?: AbortSignal
  /** Called for each segment. @param sent octets of load data handed over so far */
  readonly onProgress?: (sent: number) => void
  /** Milliseconds without a request of the server after which the download is given up. @default 60_000 */
  readonly stallTimeout?: number
}

/** A download as its client sees it: the server asks for segments, and says how it ends. ISO 9506-1, 11.2 to 11.4. */
export class Download {
  /** Resolves when the domain is ready. */
  readonly ended: Promise<void>
  /** Resolves when the server has no such sequence any more, however it ended; it agrees to no conclude before. */
  readonly left: Promise<void>
  readonly leave: () => void
  readonly #client: MmsClient
  readonly #name: string
  readonly #segments: Segments
  readonly #options: DownloadOptions
  readonly #unwatch: (() => void)[] = []
  #state: 'waiting' | 'sending' | 'sent' | 'over' = 'waiting'
  #sent = 0
  #stopStall: () => void = () => {}
  #settle!: { resolve: () => void; reject: (error: unknown) => void }

  constructor(client: MmsClient, name: string, source: LoadDataSource, options: DownloadOptions) {
    this.#client = client
    this.#name = name
    this.#segments = new Segments(source)
    this.#options = options
    this.ended = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    let leave!: () => void
    this.left = new Promise(resolve => {
      leave = resolve
    })
    this.leave = leave
    // Whoever began it may still be waiting for the answer to its initiate.
    this.ended.catch(() => {})
    this.#unwatch.push(whenAborted(client.signal, () => this.giveUp(client.signal.reason)))
    if (options.signal) this.#unwatch.push(whenAborted(options.signal, () => this.giveUp(options.signal!.reason)))
    if (options.signal?.aborted) this.giveUp(options.signal.reason)
    else this.watch()
  }

  get isOver(): boolean {
    return this.#state === 'over'
  }

  /** Waits for the server from now on. */
  watch(): void {
    const { stallTimeout = 60_000 } = this.#options
    this.#stopStall()
    this.#stopStall = this.#client.after(stallTimeout, () =>
      this.giveUp(
        new TimeoutError('mms', 'MMS_DOWNLOAD_STALLED', `the server has not asked for a segment of ${this.#name} for ${stallTimeout} ms`, {
          by: 'user',
        }),
      ),
    )
  }

  /** It has failed here; the server learns of it when it asks the next time. */
  giveUp(error: unknown): void {
    if (this.#end()) this.#settle.reject(error)
  }

  /** downloadSegment. One at a time, and none behind the last. */
  async segment(): Promise<Answer<'downloadSegment'>> {
    if (this.#state === 'over') return GIVEN_UP
    if (this.#state !== 'waiting') return OUT_OF_SEQUENCE
    this.#state = 'sending'
    this.#stopStall()
    try {
      const response = await this.#segments.next(roomForLoadData(this.#client.negotiated))
      // Given up while the source was asked.
      if (this.isOver) return GIVEN_UP
      this.#state = response.moreFollows ? 'waiting' : 'sent'
      if (response.loadData.type === 'nonCoded') this.#sent += response.loadData.value.length
      this.watch()
      this.#options.onProgress?.(this.#sent)
      return { response }
    } catch (error) {
      this.giveUp(error)
      return GIVEN_UP
    }
  }

  /** terminateDownloadSequence. */
  terminate(discard: ServiceError | undefined): Answer<'terminateDownloadSequence'> {
    this.leave()
    const hasSentAll = this.#state === 'sent'
    const isLive = this.#end()
    if (discard !== undefined) {
      this.#settle.reject(outcomeOf(`download of ${this.#name}`, this.#name, { ...CONFIRM, result: 'error', error: discard }))
      return { response: null }
    }
    if (!isLive) return GIVEN_UP
    if (!hasSentAll) {
      const text = `download of ${this.#name}: the server ended it before the last segment`
      this.#settle.reject(new RejectedError('mms', 'MMS_DOWNLOAD_SEQUENCE', text, { by: 'local provider' }))
      return OUT_OF_SEQUENCE
    }
    this.#settle.resolve()
    return { response: null }
  }

  #end(): boolean {
    if (this.#state === 'over') return false
    this.#state = 'over'
    this.#stopStall()
    this.#segments.close()
    for (const stop of this.#unwatch) stop()
    return true
  }
}

const CONFIRM = { type: 'M-CONFIRMED.confirm', invokeID: 0 } as const

const known = new WeakMap<MmsClient, Map<string, Download>>()

/** The downloads that a client serves, by the name of the domain. */
export function downloadsOf(client: MmsClient): Map<string, Download> {
  const downloads = known.get(client) ?? new Map<string, Download>()
  known.set(client, downloads)
  return downloads
}

/** Resolves when the server has ended every download that it knows of; undefined: it knows of none. */
export function downloadsLeft(client: MmsClient): Promise<unknown> | undefined {
  const downloads = known.get(client)
  return downloads?.size ? Promise.all([...downloads.values()].map(({ left }) => left)) : undefined
}

/** What every client serves, so that it can download. */
export const downloadHandlers: Handlers<MmsClient> = {
  downloadSegment: (name, client) => known.get(client)?.get(name)?.segment() ?? nonExistent,
  terminateDownloadSequence: ({ domainName, discard }, client) => {
    const downloads = known.get(client)
    const download = downloads?.get(domainName)
    if (download === undefined) return nonExistent
    downloads?.delete(domainName)
    return download.terminate(discard)
  },
}
