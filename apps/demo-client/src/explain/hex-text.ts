import { BadUsage } from '../errors.js'

/**
 * Octets from what people paste: hex digits with or without blanks, colons, commas, line breaks and `0x`; the dumps of Wireshark, tcpdump
 * and xxd, with offsets in front and characters behind; or, from standard input, the octets themselves.
 *
 * @throws BadUsage – with what is no hex
 */
export function hexOctets(input: string | Uint8Array): Uint8Array {
  if (typeof input !== 'string' && !isText(input)) return input
  const text = typeof input === 'string' ? input : Buffer.from(input).toString('latin1')
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const digits = (isDump(lines) ? lines.map(dumpedOctets) : lines).map(digitsOf).join('')
  if (digits.length % 2 === 1) throw new BadUsage(`expected pairs of hex digits, found ${digits.length} digits`)
  return Uint8Array.from(Buffer.from(digits, 'hex'))
}

const HEX = '0123456789abcdefABCDEF'

function isText(octets: Uint8Array): boolean {
  return octets.every(octet => octet === 0x09 || octet === 0x0a || octet === 0x0d || (octet >= 0x20 && octet < 0x7f))
}

function digitsOf(text: string): string {
  let digits = ''
  for (const part of text.split(' ')) {
    const bare = part.toLowerCase().startsWith('0x') ? part.slice(2) : part
    for (const character of bare) {
      if (HEX.includes(character)) digits += character
      else if (!':,;|\t\r'.includes(character)) throw new BadUsage(`expected hex digits, found "${character}" in "${part}"`)
    }
  }
  return digits
}

/** Whether every line begins with an offset: `0000  03 00 …`, `0x0000:  0300 …`, `00000000: 0300 …`. */
function isDump(lines: readonly string[]): boolean {
  return (
    lines.length > 0 &&
    lines.every((line, i) => {
      const offset = offsetOf(line)
      return offset !== undefined && (i > 0 || offset.value === 0)
    })
  )
}

function offsetOf(line: string): { readonly value: number; readonly length: number } | undefined {
  const start = line.length - line.trimStart().length
  let at = start
  if (line.slice(at).toLowerCase().startsWith('0x')) at += 2
  const from = at
  while (at < line.length && HEX.includes(line[at]!)) at++
  const digits = line.slice(from, at)
  const colon = line[at] === ':'
  const gap = colon ? line[at + 1] === ' ' : line.slice(at, at + 2) === '  '
  return digits.length >= 4 && gap ? { value: Number.parseInt(digits, 16), length: colon ? at + 1 : at } : undefined
}

/** The octets of a dumped line: groups of hex digits, up to a wider gap with the characters behind it. */
function dumpedOctets(line: string): string {
  const rest = line.slice(offsetOf(line)!.length).trimStart()
  const groups: string[] = []
  let octets = 0
  for (const part of rest.split(' ')) {
    // One blank more in the middle of the line is usual; two blanks end the octets.
    if (part === '') {
      if (octets >= 16 || groups.at(-1) === '') break
      groups.push('')
      continue
    }
    if (part.length % 2 === 1 || ![...part].every(digit => HEX.includes(digit))) break
    groups.push(part)
    octets += part.length / 2
    if (octets >= 16) break
  }
  return groups.join(' ')
}
