import { Socket, type SocketConstructorOpts } from 'node:net'

/** What the system reads into, for all sockets of the process: nothing else happens between reading a chunk and hearing it. */
const SHARED = new Uint8Array(new ArrayBuffer(65_536))
/** A socket that has this says how many octets it has read into the shared buffer. */
type Listener = (this: Socket, length: number) => void
interface Readable {
  readonly _handle?: { readonly useUserBuffer?: (buffer: Uint8Array) => void } | null
  [member: symbol]: unknown
}

/** Where a socket that was made with `onread` keeps the two members of it; asked of one that is connected to nothing. */
const { buffer: BUFFER, callback: CALLBACK } = membersOfOnread()

/**
 * Lets a connected socket read into the buffer that all share, as `onread` of `net.connect` does; a server has no such option. Node makes 64 KiB
 * for each chunk otherwise, and most of the time of a large transfer goes into those pages.
 *
 * @returns false when it cannot: it is not plain TCP, has read something already, or this Node keeps such things elsewhere; it then tells `data`
 */
export function readShared(socket: Socket, heard: Listener): boolean {
  const readable = socket as unknown as Readable
  if (BUFFER === undefined || CALLBACK === undefined || socket.constructor !== Socket || socket.readableLength > 0) return false
  const handle = readable._handle
  if (typeof handle?.useUserBuffer !== 'function' || readable[BUFFER] !== null || readable[CALLBACK] !== null) return false
  handle.useUserBuffer(SHARED)
  readable[BUFFER] = SHARED
  readable[CALLBACK] = heard
  return true
}

/** What has just been read, as it lies there: the next chunk of any socket is written over it. */
export function lent(length: number): Uint8Array {
  return new Uint8Array(SHARED.buffer, 0, length)
}

/** The same, to keep. */
export function copied(length: number): Uint8Array {
  return SHARED.slice(0, length)
}

function membersOfOnread(): { readonly buffer?: symbol | undefined; readonly callback?: symbol | undefined } {
  const callback = () => true
  // An option of `connect` and of the constructor both, says the documentation.
  const probe = new Socket({ onread: { buffer: SHARED, callback } } as SocketConstructorOpts)
  const members = probe as unknown as Readable
  const holding = (what: unknown) => Object.getOwnPropertySymbols(probe).find(member => members[member] === what)
  return { buffer: holding(SHARED), callback: holding(callback) }
}
