import type { FileError } from '../asn1/error.js'

/** ISO 9506-1, annex D: a file read state machine. `none`: there is none of that number, or it is another association's. */
export type FrsmState = 'none' | 'reading' | 'at end'

/** What happens to one. What a fileRead is, is known when it has been carried out. */
export type FrsmEvent = 'fileOpen' | 'fileRead, more left' | 'fileRead, last part' | 'fileClose' | 'association ends' | 'idle'

/** The next state, or the code of the class file that is the answer. */
export type FrsmCell = { readonly next: FrsmState } | { readonly error: FileError }

const absent: FrsmCell = { error: 'file-non-existent' }
const gone: FrsmCell = { next: 'none' }
const nothing: FrsmCell = { next: 'none' }

/**
 * Every state and event. Open, read, close and deletion are those of the standard; that reading at the end gives nothing more, that idle ones
 * are closed, and the code for a number that is not there, are our own reading.
 */
export const frsmTable: { readonly [S in FrsmState]: { readonly [E in FrsmEvent]: FrsmCell } } = {
  none: {
    fileOpen: { next: 'reading' },
    'fileRead, more left': absent,
    'fileRead, last part': absent,
    fileClose: absent,
    'association ends': nothing,
    idle: nothing,
  },
  reading: {
    // A number is given once: nobody opens one that is open.
    fileOpen: { error: 'file-busy' },
    'fileRead, more left': { next: 'reading' },
    'fileRead, last part': { next: 'at end' },
    fileClose: gone,
    'association ends': gone,
    idle: gone,
  },
  'at end': {
    fileOpen: { error: 'file-busy' },
    // The size is the one it had when it was opened: nothing comes after the end.
    'fileRead, more left': { error: 'position-invalid' },
    'fileRead, last part': { next: 'at end' },
    fileClose: gone,
    'association ends': gone,
    idle: gone,
  },
}
