import { constants, type Dirent, type Stats } from 'node:fs'
import { lstat, open, readdir, realpath, rename, unlink } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { DirectoryEntry } from '../asn1/file.js'
import { type FileSink, type FileStore, FileStoreError, type OpenFile } from '../server/file-store.js'
import { partsOf } from './file-name.js'
import { attributesOf, LocalFile, refuse } from './local-file.js'
import { isUnfinished, receiveFile } from './received-file.js'

export interface DirectoryStoreOptions {
  /** @default true */
  readonly readOnly?: boolean
  /** Whether a file that is received may take the place of one that is there. @default false */
  readonly overwrite?: boolean
  /** Octets of a file that is received. @default 1 GiB */
  readonly maxFileSize?: number
  /** Which files there are for clients, by their names in the store. @default all */
  readonly visible?: (name: string) => boolean
}

/**
 * The files of a folder and of the folders in it, as a server shows them. No name leaves the folder: links are not followed, and only
 * regular files are there.
 * @throws what the system says when the folder does not exist
 */
export async function directoryStore(folder: string, options: DirectoryStoreOptions = {}): Promise<FileStore> {
  return new DirectoryStore(await realpath(folder), options)
}

class DirectoryStore implements FileStore {
  readonly create?: (name: string) => Promise<FileSink>
  readonly #root: string
  readonly #readOnly: boolean
  readonly #overwrite: boolean
  readonly #maxFileSize: number
  readonly #visible: (name: string) => boolean
  readonly #inUse = new Map<string, number>()

  constructor(root: string, options: DirectoryStoreOptions) {
    this.#root = root
    this.#readOnly = options.readOnly ?? true
    this.#overwrite = options.overwrite ?? false
    this.#maxFileSize = options.maxFileSize ?? 2 ** 30
    this.#visible = options.visible ?? (() => true)
    if (!this.#readOnly) this.create = name => this.#create(name)
  }

  async open(name: string): Promise<OpenFile> {
    const path = await this.#pathOf(name)
    // Without waiting for whoever may be at the other end of a pipe, and never through a link.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch(refuse)
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) throw new FileStoreError('file-access-denied')
      this.#inUse.set(path, (this.#inUse.get(path) ?? 0) + 1)
      return new LocalFile(handle, stats, () => this.#release(path))
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  async *list(specification: string | undefined, after: string | undefined): AsyncIterable<DirectoryEntry> {
    const parts = isRoot(specification) ? [] : partsOf(specification!.endsWith('/') ? specification!.slice(0, -1) : specification!)
    const path = join(this.#root, ...parts)
    const stats = parts.length === 0 ? undefined : await this.#statOf(parts)
    const prefix = parts.map(part => `${part}/`).join('')
    if (stats === undefined || stats.isDirectory()) return yield* this.#walk(path, prefix, after)
    const name = parts.join('/')
    if (!stats.isFile() || !this.#visible(name)) throw new FileStoreError('file-non-existent')
    if (after === undefined || compareCodePoints(name, after) > 0) yield { fileName: [name], fileAttributes: attributesOf(stats) }
  }

  async delete(name: string): Promise<void> {
    const path = await this.#changeable(name)
    await unlink(path).catch(refuse)
  }

  async rename(from: string, to: string): Promise<void> {
    const source = await this.#changeable(from)
    const target = await this.#pathOf(to, true)
    const taken = await lstat(target).catch(() => undefined)
    if (taken) throw new FileStoreError('duplicate-filename')
    await rename(source, target).catch(refuse)
  }

  async #create(name: string): Promise<FileSink> {
    const path = await this.#pathOf(name, true)
    if (this.#inUse.has(path)) throw new FileStoreError('file-busy')
    const there = await lstat(path).catch(() => undefined)
    if (there && (!this.#overwrite || !there.isFile())) throw new FileStoreError('duplicate-filename')
    return receiveFile(path, { overwrite: this.#overwrite, maxFileSize: this.#maxFileSize }).catch(refuse)
  }

  /** Folder by folder in the order of the code points of whole names: that of a folder counts with the `/` that follows it. */
  async *#walk(folder: string, prefix: string, after: string | undefined): AsyncIterable<DirectoryEntry> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(refuse)
    const sorted = entries
      .flatMap(entry => (entry.isDirectory() ? [[`${entry.name}/`, entry] as const] : entry.isFile() ? [[entry.name, entry] as const] : []))
      .sort(([a], [b]) => compareCodePoints(a, b))
    for (const [name, entry] of sorted) {
      const whole = prefix + name
      if (entry.isDirectory()) {
        // Nothing in it can be behind `after`, unless `after` is in it.
        if (after === undefined || after.startsWith(whole) || compareCodePoints(whole, after) > 0)
          yield* this.#walk(join(folder, entry.name), whole, after)
      } else if (after === undefined || compareCodePoints(whole, after) > 0) {
        const found = await this.#entry(folder, entry, whole)
        if (found) yield found
      }
    }
  }

  /** Undefined: it has gone meanwhile, or a client could not name it. */
  async #entry(folder: string, entry: Dirent, name: string): Promise<DirectoryEntry | undefined> {
    if (!this.#visible(name) || !isNameable(name) || isUnfinished(entry.name)) return undefined
    const stats = await lstat(join(folder, entry.name)).catch(() => undefined)
    return stats?.isFile() ? { fileName: [name], fileAttributes: attributesOf(stats) } : undefined
  }

  async #changeable(name: string): Promise<string> {
    const path = await this.#pathOf(name)
    if (this.#readOnly) throw new FileStoreError('file-access-denied')
    if (this.#inUse.has(path)) throw new FileStoreError('file-busy')
    const stats = await lstat(path).catch(refuse)
    if (!stats.isFile()) throw new FileStoreError('file-access-denied')
    return path
  }

  /** Where a name leads. @param isNew of a file that is to be @throws FileStoreError when it leads out of the folder, or to nothing */
  async #pathOf(name: string, isNew = false): Promise<string> {
    const parts = partsOf(name)
    if (!this.#visible(parts.join('/'))) throw new FileStoreError(isNew ? 'file-access-denied' : 'file-non-existent')
    const parent = join(this.#root, ...parts.slice(0, -1))
    const real = await realpath(parent).catch(refuse)
    // A link on the way would have led elsewhere.
    if (real !== parent || !isWithin(this.#root, real)) throw new FileStoreError('file-access-denied')
    return join(real, parts.at(-1)!)
  }

  async #statOf(parts: readonly string[]): Promise<Stats> {
    const path = join(this.#root, ...parts)
    const real = await realpath(path).catch(refuse)
    if (real !== path || !isWithin(this.#root, real)) throw new FileStoreError('file-access-denied')
    return lstat(path).catch(refuse)
  }

  #release(path: string): void {
    const rest = this.#inUse.get(path)! - 1
    if (rest === 0) this.#inUse.delete(path)
    else this.#inUse.set(path, rest)
  }
}

/** As peers ask for everything. */
function isRoot(specification: string | undefined): boolean {
  return specification === undefined || ['', '/', '*', '\\'].includes(specification)
}

function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

function isNameable(name: string): boolean {
  try {
    partsOf(name)
    return true
  } catch {
    return false
  }
}

/** UTF-16 puts characters above U+FFFF before some that are below them. */
function compareCodePoints(a: string, b: string): number {
  const n = Math.min(a.length, b.length)
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return (x >= 0xd800 && x <= 0xdfff ? x + 0x10000 : x) - (y >= 0xd800 && y <= 0xdfff ? y + 0x10000 : y)
  }
  return a.length - b.length
}
