import { type FileStore, FileStoreError, type OpenFile } from '../server/file-store.js'

/**
 * The files that a client lets its server fetch: those of an `obtainFile` that is under way, and those of a store, if it has one. There is
 * nothing else to be had.
 */
export class OwnFiles implements FileStore {
  readonly #offered = new Map<string, OpenFile>()
  readonly #store: FileStore | undefined

  constructor(store: FileStore | undefined) {
    this.#store = store
  }

  /** @returns takes it back */
  offer(name: string, file: OpenFile): () => void {
    this.#offered.set(name, file)
    return () => {
      if (this.#offered.get(name) === file) this.#offered.delete(name)
    }
  }

  isOffered(name: string): boolean {
    return this.#offered.has(name)
  }

  async open(name: string): Promise<OpenFile> {
    const offered = this.#offered.get(name)
    if (offered !== undefined) return offered
    if (this.#store === undefined) throw new FileStoreError('file-non-existent')
    return this.#store.open(name)
  }

  list(): never {
    throw new FileStoreError('file-access-denied')
  }

  async delete(): Promise<never> {
    throw new FileStoreError('file-access-denied')
  }

  async rename(): Promise<never> {
    throw new FileStoreError('file-access-denied')
  }
}

/** Octets in memory as a file. */
export class MemoryFile implements OpenFile {
  readonly attributes
  readonly #octets: Uint8Array

  constructor(octets: Uint8Array) {
    this.#octets = octets
    this.attributes = { sizeOfFile: octets.length }
  }

  get size(): number {
    return this.#octets.length
  }

  async read(octets: Uint8Array, position: number): Promise<number> {
    const part = this.#octets.subarray(position, position + octets.length)
    octets.set(part)
    return part.length
  }

  async close(): Promise<void> {}
}
