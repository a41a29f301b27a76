import type { DirectoryEntry, FileDirectoryResponse, FileReadResponse } from '../asn1/file.js'
import type { MmsPeer } from '../edge/peer.js'
import { FileReadMachine, nextFrsmState } from './file-read-machine.js'
import { type FileStore, FileStoreError, type OpenFile } from './file-store.js'

/**
 * The file read state machines of one association (ISO 9506-1, annex D), and the directory that it is paging through. All are gone with the
 * association.
 */
export class OpenFiles {
  readonly #store: FileStore
  readonly #options: OpenFilesOptions
  readonly #association: MmsPeer
  readonly #machines = new Map<number, FileReadMachine>()
  #last = 0
  #listing: Listing | undefined
  /** Being opened. */
  #opening = 0

  constructor(association: MmsPeer, store: FileStore, options: OpenFilesOptions) {
    this.#association = association
    this.#store = store
    this.#options = options
    association.signal.addEventListener('abort', () => this.#closeAll(), { once: true })
  }

  get size(): number {
    return this.#machines.size + this.#opening
  }

  async open(name: string, initialPosition: number): Promise<{ frsmID: number; file: OpenFile }> {
    this.#opening += 1
    let file: OpenFile
    try {
      file = await this.#store.open(name)
    } finally {
      this.#opening -= 1
    }
    if (initialPosition > file.size || this.#association.signal.aborted) {
      await file.close()
      throw new FileStoreError('position-invalid')
    }
    // Never one that was used before on this association: a late fileRead must not reach another file.
    this.#last += 1
    const frsmID = this.#last
    const { idleTimeout, readsAhead } = this.#options
    const startIdle = () => this.#association.after(idleTimeout, () => this.#drop(frsmID, 'idle'))
    this.#machines.set(frsmID, new FileReadMachine(file, initialPosition, startIdle, readsAhead))
    return { frsmID, file }
  }

  /** @param most octets of data in one response */
  async read(frsmID: number, most: number): Promise<FileReadResponse> {
    return this.#machine(frsmID, 'fileRead, more left').read(most)
  }

  async close(frsmID: number): Promise<void> {
    const machine = this.#machine(frsmID, 'fileClose')
    this.#machines.delete(frsmID)
    await machine.close('fileClose')
  }

  /** Entries behind `after`, as many as fit; asked for the next page, it goes on where the last one ended without looking again. */
  async page(specification: string | undefined, after: string | undefined, room: number): Promise<FileDirectoryResponse> {
    let listing = this.#listing
    this.#listing = undefined
    if (listing === undefined || after === undefined || listing.specification !== specification || listing.last !== after) {
      await listing?.entries.return?.()
      listing = { specification, last: after, next: undefined, entries: this.#store.list(specification, after)[Symbol.asyncIterator]() }
    }
    const page: DirectoryEntry[] = []
    let left = room
    for (;;) {
      const entry = listing.next ?? (await listing.entries.next()).value
      listing.next = undefined
      if (entry === undefined) return { listOfDirectoryEntry: page, moreFollows: false }
      left -= sizeOf(entry)
      if (left < 0 && page.length > 0) {
        listing.next = entry
        this.#keep(listing)
        return { listOfDirectoryEntry: page, moreFollows: true }
      }
      page.push(entry)
      listing.last = entry.fileName.join('/')
    }
  }

  /** One directory at a time; nothing of it is held by the system between pages. */
  #keep(listing: Listing): void {
    if (!this.#association.signal.aborted) this.#listing = listing
  }

  /** @throws FileStoreError as the table has it for a machine that is not there */
  #machine(frsmID: number, event: 'fileRead, more left' | 'fileClose'): FileReadMachine {
    const machine = this.#machines.get(frsmID)
    if (machine === undefined) nextFrsmState('none', event)
    return machine!
  }

  #drop(frsmID: number, why: 'association ends' | 'idle'): void {
    const machine = this.#machines.get(frsmID)
    this.#machines.delete(frsmID)
    machine?.close(why).catch(() => {})
  }

  #closeAll(): void {
    this.#listing = undefined
    for (const frsmID of this.#machines.keys()) this.#drop(frsmID, 'association ends')
  }
}

export interface OpenFilesOptions {
  readonly idleTimeout: number
  readonly readsAhead: boolean
}

interface Listing {
  readonly specification: string | undefined
  readonly entries: AsyncIterator<DirectoryEntry, undefined>
  /** Name of the last entry that was given. */
  last: string | undefined
  /** Found, and did not fit. */
  next: DirectoryEntry | undefined
}

/** Octets of an entry at most: name, size, time and the headers around them. */
function sizeOf({ fileName }: DirectoryEntry): number {
  return fileName.reduce((sum, part) => sum + 3 * part.length + 4, 0) + 48
}

const known = new WeakMap<MmsPeer, OpenFiles>()

/** Those of an association, made when it first asks for a file. */
export function openFilesOf(association: MmsPeer, store: FileStore, options: OpenFilesOptions): OpenFiles {
  let files = known.get(association)
  if (files === undefined) {
    files = new OpenFiles(association, store, options)
    known.set(association, files)
  }
  return files
}
