import type { AccessResult, Data, ListedVariable, MmsPdu, ObjectName } from '@x/mms'

/**
 * The measure for our own decoder: a cursor written by hand for just the PDUs of the bench, without a schema, in one file. It
 * checks what a decoder must check to be safe (bounds, tags, sizes) and makes the same values; it has no limits, no error paths,
 * no tolerance for rare forms, and no services but three.
 */
export function readByHand(octets: Uint8Array): MmsPdu {
  return new Cursor(octets).pdu()
}

/** `latin1Slice` of Buffer works on any Uint8Array; it costs less than a loop from about 10 octets on. */
const { latin1Slice } = Buffer.prototype as unknown as { latin1Slice(this: Uint8Array, from: number, to: number): string }

const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

class Cursor {
  readonly octets: Uint8Array
  /** The next octet to be read. */
  at = 0
  /** Behind the element whose header was read last. */
  end: number

  constructor(octets: Uint8Array) {
    this.octets = octets
    this.end = octets.length
  }

  /** @returns the tag; `at` is at the contents, `end` behind them */
  header(limit: number): number {
    const { octets } = this
    const tag = octets[this.at]!
    let length = octets[this.at + 1]!
    this.at += 2
    if (length >= 0x80) {
      let n = length & 0x7f
      if (n === 0 || n > 3) throw new RangeError('length')
      for (length = 0; n > 0; n--) length = (length << 8) | octets[this.at++]!
    }
    this.end = this.at + length
    if (!(this.end <= limit)) throw new RangeError('bounds')
    return tag
  }

  expect(tag: number, limit: number): number {
    if (this.header(limit) !== tag) throw new RangeError('tag')
    return this.end
  }

  pdu(): MmsPdu {
    const tag = this.header(this.octets.length)
    const { end } = this
    if (tag === 0xa0) {
      this.expect(0x02, end)
      const invokeID = this.integer()
      this.expect(0xa4, end)
      this.expect(0xa1, this.end)
      const listEnd = this.expect(0xa0, this.end)
      const value: ListedVariable[] = []
      while (this.at < listEnd) {
        this.expect(0x30, listEnd)
        this.expect(0xa0, this.end)
        value.push({ variableSpecification: { type: 'name', value: this.name(this.end) } })
      }
      const read = { specificationWithResult: false, variableAccessSpecification: { type: 'listOfVariable', value } } as const
      return { type: 'confirmedRequestPDU', value: { invokeID, service: { type: 'read', value: read } } }
    }
    if (tag === 0xa1) {
      this.expect(0x02, end)
      const invokeID = this.integer()
      if (this.header(end) === 0xa4) {
        const listEnd = this.expect(0xa1, this.end)
        const service = { type: 'read', value: { listOfAccessResult: this.results(listEnd) } } as const
        return { type: 'confirmedResponsePDU', value: { invokeID, service } }
      }
      const listEnd = this.expect(0xa0, this.end)
      const names: string[] = []
      while (this.at < listEnd) {
        this.expect(0x1a, listEnd)
        names.push(this.text())
      }
      let moreFollows = true
      if (this.at < end) {
        this.expect(0x81, end)
        moreFollows = this.octets[this.at++] !== 0
      }
      const service = { type: 'getNameList', value: { listOfIdentifier: names, moreFollows } } as const
      return { type: 'confirmedResponsePDU', value: { invokeID, service } }
    }
    if (tag !== 0xa3) throw new RangeError('PDU')
    this.expect(0xa0, end)
    this.expect(0xa1, end)
    const name = this.name(this.end)
    const listEnd = this.expect(0xa0, end)
    const value = {
      variableAccessSpecification: { type: 'variableListName', value: name },
      listOfAccessResult: this.results(listEnd),
    } as const
    return { type: 'unconfirmedPDU', value: { service: { type: 'informationReport', value } } }
  }

  name(limit: number): ObjectName {
    const tag = this.header(limit)
    if (tag === 0x80) return { type: 'vmdSpecific', value: this.text() }
    if (tag !== 0xa1) throw new RangeError('name')
    const { end } = this
    this.expect(0x1a, end)
    const domainID = this.text()
    this.expect(0x1a, end)
    return { type: 'domainSpecific', value: { domainID, itemID: this.text() } }
  }

  results(limit: number): AccessResult[] {
    const list: AccessResult[] = []
    while (this.at < limit) {
      const tag = this.header(limit)
      if (tag === 0x80) list.push({ type: 'failure', value: this.integer() })
      else list.push({ type: 'success', value: this.data(tag) })
    }
    return list
  }

  data(tag: number): Data {
    const { octets, at, end } = this
    switch (tag) {
      case 0xa2: {
        const value: Data[] = []
        while (this.at < end) value.push(this.data(this.header(end)))
        return { type: 'structure', value }
      }
      case 0x83:
        this.size(1)
        return { type: 'boolean', value: octets[at] !== 0 }
      case 0x84: {
        const unused = octets[at]!
        if (unused > 7 || at >= end) throw new RangeError('bits')
        const n = end - at - 1
        const copy = new Uint8Array(n)
        for (let i = 0; i < n; i++) copy[i] = octets[at + 1 + i]!
        copy[n - 1]! &= 0xff << unused
        this.at = end
        return { type: 'bitString', value: { octets: copy, size: 8 * n - unused } }
      }
      case 0x85:
        return { type: 'integer', value: this.integer() }
      case 0x86:
        return { type: 'unsigned', value: this.integer() }
      case 0x87:
        this.size(5)
        if (octets[at] !== 8) throw new RangeError('exponent')
        bits[0] = word(octets, at + 1)
        return { type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8, value: single[0]! } }
      case 0x89: {
        const n = end - at
        const value = new Uint8Array(n)
        for (let i = 0; i < n; i++) value[i] = octets[at + i]!
        this.at = end
        return { type: 'octetString', value }
      }
      case 0x8a:
        return { type: 'visibleString', value: this.text() }
      case 0x8c:
        this.size(6)
        return { type: 'binaryTime', value: { milliseconds: word(octets, at) >>> 0, days: (octets[at + 4]! << 8) | octets[at + 5]! } }
      case 0x91: {
        this.size(8)
        const fraction = (octets[at + 4]! << 16) | (octets[at + 5]! << 8) | octets[at + 6]!
        return { type: 'utcTime', value: { seconds: word(octets, at) >>> 0, fraction, quality: octets[at + 7]! } }
      }
      default:
        throw new RangeError('data')
    }
  }

  /** Contents of a fixed size; they are done with. */
  size(octets: number): void {
    if (this.end - this.at !== octets) throw new RangeError('size')
    this.at = this.end
  }

  integer(): number {
    const { octets, end } = this
    if (this.at >= end || end - this.at > 6) throw new RangeError('integer')
    let value = (octets[this.at++]! << 24) >> 24
    while (this.at < end) value = value * 256 + octets[this.at++]!
    return value
  }

  text(): string {
    const { octets, at, end } = this
    this.at = end
    if (end - at > 10) return latin1Slice.call(octets, at, end)
    let text = ''
    for (let i = at; i < end; i++) text += String.fromCharCode(octets[i]!)
    return text
  }
}

function word(octets: Uint8Array, at: number): number {
  return (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!
}
