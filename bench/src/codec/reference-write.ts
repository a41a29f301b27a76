import type { AccessResult, Data, MmsPdu, ObjectName } from '@x/mms'

/** The measure for our own encoder: written backwards by hand, for just the PDUs of the bench. */
export function writeByHand(pdu: MmsPdu): Uint8Array {
  if (at < LARGEST) {
    buffer = new Uint8Array(SLAB)
    at = SLAB
  }
  const end = at
  switch (pdu.type) {
    case 'confirmedRequestPDU': {
      const { invokeID, service } = pdu.value
      if (service.type !== 'read' || service.value.variableAccessSpecification.type !== 'listOfVariable') break
      const list = service.value.variableAccessSpecification.value
      for (let i = list.length - 1; i >= 0; i--) {
        const { variableSpecification } = list[i]!
        if (variableSpecification.type !== 'name') throw new TypeError('specification')
        const before = at
        name(variableSpecification.value)
        header(0xa0, before)
        header(0x30, before)
      }
      header(0xa0, end)
      header(0xa1, end)
      header(0xa4, end)
      integer(0x02, invokeID)
      header(0xa0, end)
      return buffer.subarray(at, end)
    }
    case 'confirmedResponsePDU': {
      const { invokeID, service } = pdu.value
      if (service.type === 'read') {
        results(service.value.listOfAccessResult)
        header(0xa1, end)
        header(0xa4, end)
      } else if (service.type === 'getNameList') {
        const { listOfIdentifier, moreFollows } = service.value
        if (!moreFollows) octets(0x81, [0])
        const before = at
        for (let i = listOfIdentifier.length - 1; i >= 0; i--) text(0x1a, listOfIdentifier[i]!)
        header(0xa0, before)
        header(0xa1, end)
      } else break
      integer(0x02, invokeID)
      header(0xa1, end)
      return buffer.subarray(at, end)
    }
    case 'unconfirmedPDU': {
      const { service } = pdu.value
      if (service.type !== 'informationReport' || service.value.variableAccessSpecification.type !== 'variableListName') break
      results(service.value.listOfAccessResult)
      header(0xa0, end)
      const before = at
      name(service.value.variableAccessSpecification.value)
      header(0xa1, before)
      header(0xa0, end)
      header(0xa3, end)
      return buffer.subarray(at, end)
    }
  }
  throw new TypeError(pdu.type)
}

const SLAB = 65_536
/** No PDU of the bench is longer, so that nothing needs to be checked while one is written. */
const LARGEST = 8_192
let buffer = new Uint8Array(SLAB)
let at = SLAB

const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

function header(tag: number, end: number): void {
  let length = end - at
  if (length < 0x80) buffer[--at] = length
  else {
    let n = 0
    for (; length > 0; length >>>= 8, n++) buffer[--at] = length
    buffer[--at] = 0x80 | n
  }
  buffer[--at] = tag
}

function results(list: readonly AccessResult[]): void {
  for (let i = list.length - 1; i >= 0; i--) {
    const result = list[i]!
    if (result.type === 'success') data(result.value)
    else integer(0x80, result.value as number)
  }
}

function data(value: Data): void {
  switch (value.type) {
    case 'structure': {
      const end = at
      for (let i = value.value.length - 1; i >= 0; i--) data(value.value[i]!)
      return header(0xa2, end)
    }
    case 'boolean':
      return octets(0x83, [value.value ? 0xff : 0])
    case 'bitString': {
      const { octets: all, size } = value.value
      const end = at
      at -= all.length
      for (let i = 0; i < all.length; i++) buffer[at + i] = all[i]!
      buffer[--at] = 8 * all.length - size
      return header(0x84, end)
    }
    case 'integer':
      return integer(0x85, value.value as number)
    case 'unsigned':
      return integer(0x86, value.value as number)
    case 'floatingPoint':
      single[0] = value.value.value
      word(bits[0]!)
      buffer[--at] = 8
      return header(0x87, at + 5)
    case 'octetString':
      return octets(0x89, value.value)
    case 'visibleString':
      return text(0x8a, value.value)
    case 'binaryTime': {
      const { milliseconds, days = 0 } = value.value
      buffer[--at] = days
      buffer[--at] = days >>> 8
      word(milliseconds)
      return header(0x8c, at + 6)
    }
    case 'utcTime': {
      const { seconds, fraction, quality } = value.value
      buffer[--at] = quality
      buffer[--at] = fraction
      buffer[--at] = fraction >>> 8
      buffer[--at] = fraction >>> 16
      word(seconds)
      return header(0x91, at + 8)
    }
    default:
      throw new TypeError(value.type)
  }
}

function name(value: ObjectName): void {
  if (value.type !== 'domainSpecific') return text(value.type === 'vmdSpecific' ? 0x80 : 0x82, value.value)
  const end = at
  text(0x1a, value.value.itemID)
  text(0x1a, value.value.domainID)
  header(0xa1, end)
}

function word(value: number): void {
  buffer[--at] = value
  buffer[--at] = value >>> 8
  buffer[--at] = value >>> 16
  buffer[--at] = value >>> 24
}

function integer(tag: number, value: number): void {
  const end = at
  let rest = value
  do {
    buffer[--at] = rest
    rest = Math.floor(rest / 256)
  } while (!(rest === 0 && buffer[at]! < 0x80) && !(rest === -1 && buffer[at]! >= 0x80))
  header(tag, end)
}

function text(tag: number, value: string): void {
  const end = at
  at -= value.length
  for (let i = 0; i < value.length; i++) buffer[at + i] = value.charCodeAt(i)
  header(tag, end)
}

function octets(tag: number, value: ArrayLike<number>): void {
  const end = at
  at -= value.length
  for (let i = 0; i < value.length; i++) buffer[at + i] = value[i]!
  header(tag, end)
}
