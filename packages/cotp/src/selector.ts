import { EncodeError, hex } from '@x/core'

/** A TSAP-ID from text, one octet per character. For hex there is `unhex` of `@x/core`. @throws EncodeError COTP_SELECTOR: not ASCII */
export function asciiSelector(text: string): Uint8Array {
  const octets = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) {
      throw new EncodeError('cotp', 'COTP_SELECTOR', `TSAP-ID: expected ASCII, found "${text[i]}" at character ${i}`, { path: 'TSAP-ID' })
    }
    octets[i] = code
  }
  return octets
}

/** A TSAP-ID for people: hex, and the text it spells, if any. Absent and nil ones are told apart. */
export function formatSelector(selector: Uint8Array | undefined): string {
  if (selector === undefined) return 'absent'
  if (selector.length === 0) return 'nil'
  const isText = selector.every(octet => octet >= 0x20 && octet < 0x7f)
  return isText ? `${hex(selector)} "${String.fromCharCode(...selector)}"` : hex(selector)
}
