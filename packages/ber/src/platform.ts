/**
 * The one place that knows the platform. Text of more than a few octets is made in one native call where the global `Buffer` of
 * Node is present, and by standard means elsewhere. Nothing is imported.
 */

interface NativeText {
  latin1Slice(this: Uint8Array, from: number, to: number): string
}
interface Decoder {
  decode(octets: Uint8Array): string
}
interface Encoder {
  encode(text: string): Uint8Array
}
interface Platform {
  readonly Buffer?: { readonly prototype: NativeText }
  readonly TextDecoder: new (label: string, options: { fatal: boolean; ignoreBOM: boolean }) => Decoder
  readonly TextEncoder: new () => Encoder
}

const platform = globalThis as unknown as Platform
// Not global state of ours: without the BOM rule, a text that begins with U+FEFF would lose it.
const utf8Decoder = new platform.TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf8Encoder = new platform.TextEncoder()

/** Octets as the characters U+0000 to U+00FF. */
export type Latin1 = (octets: Uint8Array, from: number, to: number) => string

/** Works everywhere; in pieces, because arguments of one call are limited. */
export function latin1Portable(octets: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at += 4096) text += String.fromCharCode.apply(null, octets.subarray(at, Math.min(to, at + 4096)) as never)
  return text
}

/** The native call, if this platform has one that takes any `Uint8Array`. */
export function nativeLatin1(from: Platform): Latin1 | undefined {
  const slice = from.Buffer?.prototype.latin1Slice
  if (typeof slice !== 'function') return undefined
  try {
    if (slice.call(new Uint8Array([0x41, 0xe9, 0x42]), 1, 3) !== '\u00e9B') return undefined
  } catch {
    return undefined
  }
  return (octets, start, end) => slice.call(octets, start, end)
}

/** The fastest way that this platform has. */
export const latin1Long: Latin1 = nativeLatin1(platform) ?? latin1Portable

/** Octets `from` to `to` as characters U+0000 to U+00FF; short ones without a native call, which costs about as much as ten octets. */
export function latin1(octets: Uint8Array, from: number, to: number): string {
  if (to - from > 8) return latin1Long(octets, from, to)
  let text = ''
  for (let i = from; i < to; i++) text += String.fromCharCode(octets[i]!)
  return text
}

/** @returns undefined where the octets are not UTF-8 */
export function utf8(octets: Uint8Array): string | undefined {
  try {
    return utf8Decoder.decode(octets)
  } catch {
    return undefined
  }
}

/** Lone surrogates become U+FFFD. */
export function utf8Octets(text: string): Uint8Array {
  return utf8Encoder.encode(text)
}
