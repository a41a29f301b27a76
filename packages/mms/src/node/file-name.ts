import { FileStoreError } from '../server/file-store.js'

/** Octets of UTF-8 that one part of a path may have in the file systems there are. */
const LONGEST_PART = 255
/** Names that are devices on Windows, with any extension. */
const DEVICES = new Set(['con', 'prn', 'aux', 'nul', ...[1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap(n => [`com${n}`, `lpt${n}`])])

/**
 * The parts of a file name that a peer gave, each fit to be a name inside a folder and nothing else. A leading `/` is the root of the store.
 * @throws FileStoreError `filename-syntax-error` for an empty name or part, `.`, `..`, a backslash, a colon, control characters, a dot or a
 * space at the end of a part, more than 255 octets, text that is not in normal form C, and on Windows the names of devices
 */
export function partsOf(name: string): string[] {
  const parts = name.split('/')
  if (parts.length > 1 && parts[0] === '') parts.shift()
  for (const part of parts) if (!isFit(part)) throw new FileStoreError('filename-syntax-error')
  return parts
}

function isFit(part: string): boolean {
  if (part === '' || part === '.' || part === '..') return false
  for (let i = 0; i < part.length; i++) {
    const code = part.charCodeAt(i)
    if (code < 0x20 || code === 0x7f || code === 0x5c || code === 0x3a) return false
  }
  const last = part.at(-1)
  const octets = Buffer.from(part)
  // Halves of a character, and octets that are no UTF-8, do not come back.
  if (last === '.' || last === ' ' || octets.length > LONGEST_PART || octets.toString() !== part.normalize('NFC')) return false
  return process.platform !== 'win32' || !DEVICES.has(part.split('.')[0]!.toLowerCase())
}
