import type { Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { FileAttributes } from '../asn1/file.js'
import { FileStoreError, type OpenFile } from '../server/file-store.js'
import { generalizedTimeText } from '../times.js'

/** Files of more octets than sizeOfFile can say are given as this many. */
const LARGEST_SIZE = 0x7fff_ffff

/** Opens a file of this machine, to give it to a server. @throws what the system says */
export async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path)
  return new LocalFile(handle, await handle.stat(), () => {})
}

/** A file of this machine. Its size is the one it had when it was opened. */
export class LocalFile implements OpenFile {
  readonly attributes: FileAttributes
  readonly size: number
  readonly #handle: FileHandle
  readonly #onClose: () => void

  constructor(handle: FileHandle, stats: Stats, onClose: () => void) {
    this.#handle = handle
    this.size = stats.size
    this.attributes = attributesOf(stats)
    this.#onClose = onClose
  }

  async read(octets: Uint8Array, position: number): Promise<number> {
    const wanted = Math.min(octets.length, this.size - position)
    let done = 0
    while (done < wanted) {
      const { bytesRead } = await this.#handle.read(octets, done, wanted - done, position + done)
      if (bytesRead === 0) throw new FileStoreError('file-busy')
      done += bytesRead
    }
    return done
  }

  close(): Promise<void> {
    this.#onClose()
    return this.#handle.close()
  }
}

export function attributesOf({ size, mtime }: Stats): FileAttributes {
  return { sizeOfFile: Math.min(size, LARGEST_SIZE), lastModified: generalizedTimeText(mtime) }
}

/** What the system says as a code of the class file. */
export function refuse(error: NodeJS.ErrnoException): never {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      throw new FileStoreError('file-non-existent')
    case 'EEXIST':
    case 'ENOTEMPTY':
      throw new FileStoreError('duplicate-filename')
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ELOOP':
    case 'EISDIR':
    case 'ENXIO':
      throw new FileStoreError('file-access-denied')
    case 'ENAMETOOLONG':
      throw new FileStoreError('filename-syntax-error')
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      throw new FileStoreError('insufficient-space-in-filestore')
    case 'EBUSY':
    case 'ETXTBSY':
    case 'EMFILE':
    case 'ENFILE':
      throw new FileStoreError('file-busy')
    default:
      throw new FileStoreError('other')
  }
}
