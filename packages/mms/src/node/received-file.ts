import { randomBytes } from 'node:crypto'
import { type FileHandle, link, open, rename, unlink, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type FileSink, FileStoreError } from '../server/file-store.js'
import { generalizedTimeToDate } from '../times.js'
import { refuse } from './local-file.js'

const PREFIX = '.receiving-'

/** Whether a name is that of a file that is being received, or was when the program ended. */
export function isUnfinished(name: string): boolean {
  return name.startsWith(PREFIX)
}

/** A file that is received beside its place, and put there when it is whole and on the disk. */
export async function receiveFile(path: string, options: { readonly overwrite: boolean; readonly maxFileSize: number }): Promise<FileSink> {
  const temporary = join(dirname(path), `${PREFIX}${randomBytes(6).toString('hex')}-${basename(path)}`.slice(0, 120))
  return new ReceivedFile(await open(temporary, 'wx'), temporary, path, options)
}

class ReceivedFile implements FileSink {
  readonly #handle: FileHandle
  readonly #temporary: string
  readonly #path: string
  readonly #options: { readonly overwrite: boolean; readonly maxFileSize: number }
  #size = 0

  constructor(handle: FileHandle, temporary: string, path: string, options: { readonly overwrite: boolean; readonly maxFileSize: number }) {
    this.#handle = handle
    this.#temporary = temporary
    this.#path = path
    this.#options = options
  }

  async write(octets: Uint8Array): Promise<void> {
    this.#size += octets.length
    if (this.#size > this.#options.maxFileSize) throw new FileStoreError('insufficient-space-in-filestore')
    await this.#handle.writeFile(octets).catch(refuse)
  }

  async commit(lastModified?: string): Promise<void> {
    try {
      await this.#handle.sync()
      await this.#handle.close()
      const time = lastModified === undefined ? undefined : generalizedTimeToDate(lastModified)
      if (time !== undefined) await utimes(this.#temporary, time, time)
      if (this.#options.overwrite) await rename(this.#temporary, this.#path)
      else {
        // Unlike rename, this does not replace a file that has come meanwhile.
        await link(this.#temporary, this.#path)
        await unlink(this.#temporary)
      }
      await syncFolder(dirname(this.#path))
    } catch (error) {
      refuse(error as NodeJS.ErrnoException)
    }
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {})
    await unlink(this.#temporary).catch(() => {})
  }
}

/** So that the name is on the disk, too. Not every system can do it. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
