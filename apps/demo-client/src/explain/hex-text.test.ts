import { describe, expect, test } from 'vitest'
import { hexOctets } from './hex-text.js'

const octets = Uint8Array.from({ length: 40 }, (_, i) => (i * 7) % 256)
const digits = Buffer.from(octets).toString('hex')

/** A dump in the manner of Wireshark, `xxd` or tcpdump. */
function dump(style: 'wireshark' | 'xxd' | 'tcpdump'): string {
  const lines: string[] = []
  for (let at = 0; at < octets.length; at += 16) {
    const row = octets.subarray(at, at + 16)
    const pairs = [...row].map(octet => octet.toString(16).padStart(2, '0'))
    const ascii = [...row].map(octet => (octet > 32 && octet < 127 ? String.fromCharCode(octet) : '.')).join('')
    const groups = Array.from({ length: Math.ceil(pairs.length / 2) }, (_, i) => pairs.slice(2 * i, 2 * i + 2).join('')).join(' ')
    if (style === 'xxd') lines.push(`${at.toString(16).padStart(8, '0')}: ${groups.padEnd(41)}${ascii}`)
    if (style === 'tcpdump') lines.push(`\t0x${at.toString(16).padStart(4, '0')}:  ${groups.padEnd(41)}${ascii}`)
    const halves = `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`
    if (style === 'wireshark') lines.push(`${at.toString(16).padStart(4, '0')}  ${halves.padEnd(50)}${ascii}`)
  }
  return `${lines.join('\n')}\n`
}

describe('hexOctets', () => {
  test.each([
    ['digits', digits],
    ['upper case in lines', `${digits.slice(0, 30).toUpperCase()}\r\n${digits.slice(30)}\n`],
    [
      'blanks, colons, commas',
      [...octets]
        .map((octet, i) => octet.toString(16).padStart(2, '0') + [' ', ':', ', '][i % 3])
        .join('')
        .slice(0, -1),
    ],
    ['0x in front of each', [...octets].map(octet => `0x${octet.toString(16).padStart(2, '0')}`).join(' ')],
    ['a dump of Wireshark', dump('wireshark')],
    ['a dump of xxd', dump('xxd')],
    ['a dump of tcpdump', dump('tcpdump')],
  ])('%s', (_, text) => {
    expect(hexOctets(text)).toEqual(octets)
    expect(hexOctets(Buffer.from(text))).toEqual(octets)
  })

  test('octets that are no text are taken as they are', () => {
    expect(hexOctets(octets)).toEqual(octets)
  })

  test('what is no hex is said', () => {
    expect(() => hexOctets('03 0g')).toThrow('expected hex digits, found "g" in "0g"')
    expect(() => hexOctets('030')).toThrow('expected pairs of hex digits, found 3 digits')
  })
})
