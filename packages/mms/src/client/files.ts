import { UsageError } from '@x/core'
import type { ApplicationReference } from '../asn1/application-reference.js'
import type { DirectoryEntry, FileDirectoryResponse, FileOpenResponse, FileReadResponse } from '../asn1/file.js'
import type { RequestOptions } from '../edge/requests.js'
import type { OpenFile } from '../server/file-store.js'
import type { MmsClient } from './client.js'
import { MemoryFile, type OwnFiles } from './own-files.js'

export interface FileReadOptions extends RequestOptions {
  /**
   * Octets to skip: where an earlier transfer broke off. fileOpen can say no more than 2³¹−1; of a larger position the rest is read and thrown
   * away. Some servers skip nothing; look at what comes. @default 0
   */
  readonly position?: number
  /** Called after each part. @param received octets so far, with `position` @param size as the server said it; a server cannot say more than 2³²−1 */
  readonly onProgress?: (received: number, size: number) => void
}

export interface FileWriteOptions {
  /** The name by which the server asks for the file. @default the destination */
  readonly name?: string
  /** Milliseconds without a read of the server, after which it is given up. @default 30_000 */
  readonly stallTimeout?: number
  readonly signal?: AbortSignal
  /** @param sent octets that the server has read @param size of the file */
  readonly onProgress?: (sent: number, size: number) => void
}

/** Unsigned32 of ISO 9506-2: what `initialPosition` can say. */
const LARGEST_POSITION = 0x7fff_ffff

/**
 * The file services of ISO 9506-1, annex D, seen from the side that asks. Each method throws a ServiceError of the class file when the server
 * refuses, and what every request of an association throws.
 */
export class MmsFiles {
  readonly #client: MmsClient
  readonly #own: OwnFiles | undefined

  /** @internal */
  constructor(client: MmsClient, own: OwnFiles | undefined) {
    this.#client = client
    this.#own = own
  }

  /** @param initialPosition octets to skip */
  fileOpen(name: string, initialPosition = 0, options?: RequestOptions): Promise<FileOpenResponse> {
    return this.#client.request('fileOpen', { fileName: [name], initialPosition }, options)
  }

  /** The next part of an open file, as long as the server makes it. */
  fileRead(frsmID: number, options?: RequestOptions): Promise<FileReadResponse> {
    return this.#client.request('fileRead', frsmID, options)
  }

  async fileClose(frsmID: number, options?: RequestOptions): Promise<void> {
    await this.#client.request('fileClose', frsmID, options)
  }

  async fileDelete(name: string, options?: RequestOptions): Promise<void> {
    await this.#client.request('fileDelete', [name], options)
  }

  async fileRename(currentFileName: string, newFileName: string, options?: RequestOptions): Promise<void> {
    await this.#client.request('fileRename', { currentFileName: [currentFileName], newFileName: [newFileName] }, options)
  }

  /** One page of a directory. `list` reads all pages. @param specification a file or a group of files; absent: all */
  fileDirectory(specification?: string, continueAfter?: string, options?: RequestOptions): Promise<FileDirectoryResponse> {
    return this.#page(specification, continueAfter === undefined ? undefined : [continueAfter], options)
  }

  /** The entries of a directory, page by page, in the server's order. */
  async *list(specification?: string, options?: RequestOptions): AsyncGenerator<DirectoryEntry, void, void> {
    let after: readonly string[] | undefined
    for (;;) {
      const page = await this.#page(specification, after, options)
      yield* page.listOfDirectoryEntry
      const last = page.listOfDirectoryEntry.at(-1)?.fileName
      // A page that promises more but holds nothing new would be asked for forever.
      if (!page.moreFollows || last === undefined || last.join('/') === after?.join('/')) return
      after = last
    }
  }

  /**
   * The contents of a file, part by part, each as long as the server makes it; no more than one is held. Leaving the loop closes the file.
   * @throws UsageError `MMS_FILE_POSITION` when `position` is no whole number from 0 on
   */
  async *read(name: string, options: FileReadOptions = {}): AsyncGenerator<Uint8Array, void, void> {
    const { position = 0, onProgress, ...request } = options
    if (!Number.isInteger(position) || position < 0) {
      throw new UsageError('mms', 'MMS_FILE_POSITION', `expected a position of 0 octets or more, found ${position}`)
    }
    // What the service cannot say is skipped here.
    const initialPosition = Math.min(position, LARGEST_POSITION)
    const { frsmID, fileAttributes } = await this.fileOpen(name, initialPosition, request)
    try {
      for (let received = initialPosition; ; ) {
        const { fileData, moreFollows } = await this.fileRead(frsmID, request)
        const wanted = fileData.subarray(Math.min(fileData.length, Math.max(0, position - received)))
        received += fileData.length
        onProgress?.(received, fileAttributes.sizeOfFile)
        if (wanted.length > 0) yield wanted
        if (!moreFollows) break
      }
    } finally {
      // However the reading ended, and whatever the server thinks of it.
      if (!this.#client.connection.endedWith) await this.fileClose(frsmID).catch(() => {})
    }
  }

  /**
   * A whole file.
   * @param most octets; a file that is longer is given up. @default 64 MiB
   * @throws UsageError `MMS_FILE_SIZE` for a longer file: `read` takes files of any size
   */
  async readWhole(name: string, options: FileReadOptions & { readonly most?: number } = {}): Promise<Uint8Array> {
    const { most = 64 * 1_048_576, ...reading } = options
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of this.read(name, reading)) {
      size += part.length
      if (size > most) throw new UsageError('mms', 'MMS_FILE_SIZE', `expected a file of at most ${most} octets, found more: ${name}`)
      parts.push(part)
    }
    const whole = new Uint8Array(size)
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  /**
   * Gives the server a file, by obtainFile: the server opens and reads it here, and has a whole file or none. ISO 9506-1, annex C.
   * @param source octets, or an open file (`openFile` of `@x/mms/node`), which is closed afterwards
   * @throws UsageError `MMS_FILE_OFFERED` while a file of that name is on its way already; ServiceError that says which file is at fault
   */
  async write(destination: string, source: Uint8Array | OpenFile, options: FileWriteOptions = {}): Promise<void> {
    const { name = destination, stallTimeout = 30_000, onProgress, signal } = options
    const own = this.#own
    if (own === undefined || own.isOffered(name)) {
      throw new UsageError('mms', 'MMS_FILE_OFFERED', `expected a file that is not on its way already, found ${name}`)
    }
    const file = source instanceof Uint8Array ? new MemoryFile(source) : source
    const stalled = new AbortController()
    const watch = () =>
      this.#client.after(stallTimeout, () =>
        stalled.abort(new UsageError('mms', 'MMS_FILE_STALLED', `the server has not read ${name} for ${stallTimeout} ms`)),
      )
    let stop = watch()
    const seen: OpenFile = {
      attributes: file.attributes,
      size: file.size,
      read: async (octets, position) => {
        stop()
        stop = watch()
        const count = await file.read(octets, position)
        onProgress?.(position + count, file.size)
        return count
      },
      close: async () => {},
    }
    const takeBack = own.offer(name, seen)
    try {
      const argument = { sourceFile: [name], destinationFile: [destination] }
      const signals = signal === undefined ? stalled.signal : AbortSignal.any([stalled.signal, signal])
      await this.#client.request('obtainFile', argument, { timeout: 0, cancel: true, signal: signals })
    } finally {
      stop()
      takeBack()
      await file.close()
    }
  }

  /**
   * Lets the server fetch a file by itself: from this client, which must serve it (option `files`), or from a third party. `write` gives it one.
   * @param sourceFileServer where the file is; needs `tpy`. @default this client
   */
  async obtainFile(
    sourceFile: string,
    destinationFile: string,
    sourceFileServer?: ApplicationReference,
    options?: RequestOptions,
  ): Promise<void> {
    const argument = { sourceFile: [sourceFile], destinationFile: [destinationFile], ...(sourceFileServer && { sourceFileServer }) }
    await this.#client.request('obtainFile', argument, options)
  }

  #page(
    specification: string | undefined,
    continueAfter: readonly string[] | undefined,
    options?: RequestOptions,
  ): Promise<FileDirectoryResponse> {
    const argument = {
      ...(specification === undefined ? {} : { fileSpecification: [specification] }),
      ...(continueAfter === undefined ? {} : { continueAfter }),
    }
    return this.#client.request('fileDirectory', argument, options)
  }
}
