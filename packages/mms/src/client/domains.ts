import { RejectedError, UsageError } from '@x/core'
import type {
  GetDomainAttributesResponse,
  InitiateDownloadSequenceRequest,
  InitiateUploadSequenceResponse,
  LoadData,
  LoadDomainContentRequest,
  SegmentResponse,
  StoreDomainContentRequest,
} from '../asn1/domain.js'
import type { RequestOptions } from '../edge/requests.js'
import type { LoadDataSource } from '../edge/segments.js'
import type { MmsClient } from './client.js'
import { Download, type DownloadOptions, downloadsOf } from './downloads.js'

export interface DomainDownloadOptions extends DownloadOptions {
  /** What the domain needs of the server. @default nothing, which is the choice for interoperation */
  readonly capabilities?: readonly string[]
  /** Whether it may belong to several program invocations. @default false */
  readonly sharable?: boolean
}

/** A request with the name of a file as text. */
type WithFile<R> = Omit<R, 'fileName'> & { readonly fileName: string }

/** The services of domains, ISO 9506-1, 11, seen from the side that asks. */
export class MmsDomains {
  readonly #client: MmsClient

  /** @internal */
  constructor(client: MmsClient) {
    this.#client = client
  }

  /**
   * Makes a domain of load data: the server asks for one segment after the other, each as long as a PDU allows, and the source is asked for no more
   * than it takes. Resolves when the domain is ready.
   * @param source octets, or pieces of any length as they come
   * @throws ServiceError when the server refuses or discards the domain, what the source throws, the reason of the signal, TimeoutError
   * `MMS_DOWNLOAD_STALLED`, UsageError `MMS_DOWNLOAD` while a domain of that name is being downloaded by this client
   */
  async download(name: string, source: LoadDataSource, options: DomainDownloadOptions = {}): Promise<void> {
    const { capabilities = [], sharable = false, ...more } = options
    const downloads = downloadsOf(this.#client)
    if (downloads.get(name)?.isOver === false) {
      throw new UsageError('mms', 'MMS_DOWNLOAD', `expected a domain that is not being downloaded already, found ${name}`)
    }
    const download = new Download(this.#client, name, source, more)
    if (download.isOver) return download.ended
    // The server may ask for the first segment before its response has been looked at.
    downloads.set(name, download)
    const request = { domainName: name, listOfCapabilities: capabilities, sharable }
    this.initiateDownloadSequence(request).then(
      () => download.isOver || download.watch(),
      error => {
        download.giveUp(error)
        download.leave()
        if (downloads.get(name) === download) downloads.delete(name)
      },
    )
    return download.ended
  }

  /**
   * The load data of a domain, segment by segment; no more than one is held. Leaving the loop ends the upload.
   * @throws RejectedError `MMS_LOAD_DATA` for load data that are not octets: `uploadLoadData` takes any
   */
  async *upload(name: string, options?: RequestOptions): AsyncGenerator<Uint8Array, void, void> {
    for await (const data of this.uploadLoadData(name, options)) {
      if (data.type !== 'nonCoded') throw wrongLoadData(name, `octets, found load data that are ${data.type}`)
      yield data.value
    }
  }

  /** As `upload`, with load data of any kind. */
  async *uploadLoadData(name: string, options?: RequestOptions): AsyncGenerator<LoadData, void, void> {
    const { ulsmID } = await this.initiateUploadSequence(name, options)
    try {
      for (let more = true; more; ) {
        const { loadData, moreFollows } = await this.uploadSegment(ulsmID, options)
        const isEmpty = loadData.type === 'nonCoded' && loadData.value.length === 0
        if (isEmpty && moreFollows) throw wrongLoadData(name, 'load data, found none though more follow')
        if (!isEmpty) yield loadData
        more = moreFollows
      }
    } finally {
      // However the loop ended; a server that was not asked for all of it answers with an error.
      if (!this.#client.connection.endedWith) await this.terminateUploadSequence(ulsmID).catch(() => {})
    }
  }

  /** Only announces a download: `download` does all of it. */
  async initiateDownloadSequence(request: InitiateDownloadSequenceRequest, options?: RequestOptions): Promise<void> {
    await this.#client.request('initiateDownloadSequence', request, options)
  }

  /** Only begins an upload: `upload` does all of it. */
  initiateUploadSequence(name: string, options?: RequestOptions): Promise<InitiateUploadSequenceResponse> {
    return this.#client.request('initiateUploadSequence', name, options)
  }

  /** @param ulsmID of the upload state machine */
  uploadSegment(ulsmID: number, options?: RequestOptions): Promise<SegmentResponse> {
    return this.#client.request('uploadSegment', ulsmID, options)
  }

  /** Ends an upload. @throws ServiceError before the last segment; it is over all the same */
  async terminateUploadSequence(ulsmID: number, options?: RequestOptions): Promise<void> {
    await this.#client.request('terminateUploadSequence', ulsmID, options)
  }

  /** Has the server make a domain of a file: its own, or one of a third party (`tpy`). */
  async loadDomainContent(request: WithFile<LoadDomainContentRequest>, options?: RequestOptions): Promise<void> {
    await this.#client.request('loadDomainContent', { ...request, fileName: [request.fileName] }, options)
  }

  /** Has the server make a file of a domain, in its own file store or at a third party (`tpy`). */
  async storeDomainContent(request: WithFile<StoreDomainContentRequest>, options?: RequestOptions): Promise<void> {
    await this.#client.request('storeDomainContent', { ...request, fileName: [request.fileName] }, options)
  }

  /** Deletes a domain with all that is in it; it must be ready, that is bound to no program invocation. */
  async deleteDomain(name: string, options?: RequestOptions): Promise<void> {
    await this.#client.request('deleteDomain', name, options)
  }

  /** Capabilities, state, program invocations … A state from 7 to 15 is one of d1 to d9: a service is at work on the domain. */
  getDomainAttributes(name: string, options?: RequestOptions): Promise<GetDomainAttributesResponse> {
    return this.#client.request('getDomainAttributes', name, options)
  }
}

function wrongLoadData(name: string, text: string): RejectedError {
  return new RejectedError('mms', 'MMS_LOAD_DATA', `upload of ${name}: expected ${text}`, { by: 'local provider' })
}
