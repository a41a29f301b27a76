import { MemoryFile } from '../src/client/own-files.js'
import { type FileStore, FileStoreError } from '../src/server/file-store.js'

/** A file store in memory. `log` has what became of files that were received. */
export function memoryStore(files: Record<string, Uint8Array> = {}): FileStore & { readonly log: string[]; readonly files: typeof files } {
  const log: string[] = []
  return {
    log,
    files,
    open: async name => {
      const octets = files[name]
      if (octets === undefined) throw new FileStoreError('file-non-existent')
      const file = new MemoryFile(octets)
      return Object.assign(file, { close: async () => void log.push(`${name} closed`) })
    },
    list: async function* () {},
    delete: async () => {},
    rename: async () => {},
    create: async name => {
      if (files[name] !== undefined) throw new FileStoreError('duplicate-filename')
      const parts: Uint8Array[] = []
      return {
        write: async octets => void parts.push(octets.slice()),
        commit: async () => {
          files[name] = Buffer.concat(parts)
          log.push(`${name} committed`)
        },
        discard: async () => void log.push(`${name} discarded`),
      }
    },
  }
}
