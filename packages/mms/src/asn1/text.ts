import { type BerReader, CONSTRUCTED, prependHeader, prependUtf8Element, readLatin1, readUtf8 } from '@x/ber'
import { DecodeError, type Sdu } from '@x/core'

/**
 * Texts that people wrote. They should be UTF-8, but vendors send what their system has. Such octets (80 to ff in a text that is no
 * UTF-8) come as U+DC80 to U+DCFF, which no proper text contains, and go out as the same octets.
 */

const ESCAPE = 0xdc00

/** Contents of a VisibleString or UTF8String as characters U+0000 to U+00FF. */
export function readEitherLatin1(reader: BerReader, tag: number): string {
  // Segments repeat the type; ours may be of either, and of neither where the tag is a context tag.
  const utf8 = (tag & CONSTRUCTED) !== 0 && (reader.octets[reader.position]! & 0x1f) === 12
  return readLatin1(reader, tag, utf8 ? 12 : 26)
}

/** Contents of an MMSString. */
export function readText(reader: BerReader, tag: number): string {
  const { position, depth } = reader
  const latin1 = readEitherLatin1(reader, tag)
  if (isAscii(latin1)) return latin1
  reader.position = position
  try {
    return readUtf8(reader, tag)
  } catch (error) {
    if (!(error instanceof DecodeError) || reader.strict) throw error
    reader.depth = depth
  }
  let text = ''
  for (const character of latin1) {
    const code = character.charCodeAt(0)
    text += code < 0x80 ? character : String.fromCharCode(ESCAPE + code)
  }
  return text
}

/** The element of an MMSString. @throws EncodeError for what is no string, and for lone surrogates that `readText` does not make */
export function prependText(sdu: Sdu, value: string, tag: number): void {
  const escaped = typeof value === 'string' ? unescaped(value) : undefined
  if (escaped === undefined) return prependUtf8Element(sdu, value, tag)
  sdu.prepend(escaped)
  prependHeader(sdu, tag, escaped.length)
}

/** The octets of a text made of ASCII and escaped octets only; undefined for every other text. */
function unescaped(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(text.length)
  let any = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x80) {
      if (code < ESCAPE + 0x80 || code > ESCAPE + 0xff) return undefined
      any = true
    }
    octets[i] = code
  }
  return any ? octets : undefined
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false
  return true
}
