import type { AccessResult, Data, GetNameListResponse, ListedVariable, MmsPdu, ObjectName, ReadRequest, ReadResponse } from '@x/mms'
import type { Asn1js, Node } from './asn1js.js'

/**
 * What a user of asn1js writes to have MMS values: a walk over its tree, by hand, no more general than the PDUs of the bench need.
 * Nothing here checks much; every check would make the baseline slower.
 */
export function asn1jsReader({ fromBER }: Asn1js): (octets: Uint8Array) => MmsPdu {
  return octets => pduOf(fromBER(octets as Uint8Array<ArrayBuffer>).result as unknown as Node)
}

/** The tree alone. */
export function asn1jsTree({ fromBER }: Asn1js): (octets: Uint8Array) => Node {
  return octets => fromBER(octets as Uint8Array<ArrayBuffer>).result as unknown as Node
}

function pduOf(node: Node): MmsPdu {
  const parts = partsOf(node)
  switch (node.idBlock.tagNumber) {
    case 0: {
      const service = { type: 'read', value: readRequestOf(parts[1]!) } as const
      return { type: 'confirmedRequestPDU', value: { invokeID: parts[0]!.valueBlock.valueDec, service } }
    }
    case 1: {
      const answer = parts[1]!
      const service =
        answer.idBlock.tagNumber === 4
          ? ({ type: 'read', value: readResponseOf(answer) } as const)
          : ({ type: 'getNameList', value: namesOf(answer) } as const)
      return { type: 'confirmedResponsePDU', value: { invokeID: parts[0]!.valueBlock.valueDec, service } }
    }
    case 3: {
      const [specification, list] = partsOf(parts[0]!) as [Node, Node]
      return {
        type: 'unconfirmedPDU',
        value: {
          service: {
            type: 'informationReport',
            value: {
              variableAccessSpecification: { type: 'variableListName', value: nameOf(partsOf(specification)[0]!) },
              listOfAccessResult: partsOf(list).map(resultOf),
            },
          },
        },
      }
    }
    default:
      throw new TypeError(`no walk for PDU ${node.idBlock.tagNumber}`)
  }
}

function readRequestOf(node: Node): ReadRequest {
  const list = partsOf(partsOf(node)[0]!)[0]!
  return { specificationWithResult: false, variableAccessSpecification: { type: 'listOfVariable', value: partsOf(list).map(variableOf) } }
}

function variableOf(node: Node): ListedVariable {
  return { variableSpecification: { type: 'name', value: nameOf(partsOf(partsOf(node)[0]!)[0]!) } }
}

function nameOf(node: Node): ObjectName {
  if (node.idBlock.tagNumber !== 1) return { type: 'vmdSpecific', value: latin1(node.valueBlock.valueHexView) }
  const [domainID, itemID] = partsOf(node) as [Node, Node]
  return {
    type: 'domainSpecific',
    value: { domainID: domainID.valueBlock.value as string, itemID: itemID.valueBlock.value as string },
  }
}

function readResponseOf(node: Node): ReadResponse {
  return { listOfAccessResult: partsOf(partsOf(node)[0]!).map(resultOf) }
}

function namesOf(node: Node): GetNameListResponse {
  const [list, more] = partsOf(node) as [Node, Node | undefined]
  return {
    listOfIdentifier: partsOf(list).map(name => name.valueBlock.value as string),
    moreFollows: more === undefined || more.valueBlock.valueHexView[0] !== 0,
  }
}

function resultOf(node: Node): AccessResult {
  if (node.idBlock.tagNumber === 0) return { type: 'failure', value: node.valueBlock.valueHexView[0]! }
  return { type: 'success', value: dataOf(node) }
}

function dataOf(node: Node): Data {
  switch (node.idBlock.tagNumber) {
    case 1:
      return { type: 'array', value: partsOf(node).map(dataOf) }
    case 2:
      return { type: 'structure', value: partsOf(node).map(dataOf) }
  }
  const octets = node.valueBlock.valueHexView
  switch (node.idBlock.tagNumber) {
    case 3:
      return { type: 'boolean', value: octets[0] !== 0 }
    case 4:
      return { type: 'bitString', value: { octets: octets.slice(1), size: 8 * (octets.length - 1) - octets[0]! } }
    case 5:
      return { type: 'integer', value: integer(octets) }
    case 6:
      return { type: 'unsigned', value: integer(octets) }
    case 7:
      return { type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8, value: float(octets) } }
    case 9:
      return { type: 'octetString', value: octets.slice() }
    case 10:
      return { type: 'visibleString', value: latin1(octets) }
    case 12:
      return { type: 'binaryTime', value: { milliseconds: uint32(octets, 0), days: (octets[4]! << 8) | octets[5]! } }
    case 17: {
      const fraction = (octets[4]! << 16) | (octets[5]! << 8) | octets[6]!
      return { type: 'utcTime', value: { seconds: uint32(octets, 0), fraction, quality: octets[7]! } }
    }
    default:
      throw new TypeError(`no walk for Data ${node.idBlock.tagNumber}`)
  }
}

function partsOf(node: Node): readonly Node[] {
  return node.valueBlock.value as readonly Node[]
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1')
}

function integer(octets: Uint8Array): number {
  let value = (octets[0]! << 24) >> 24
  for (let i = 1; i < octets.length; i++) value = value * 256 + octets[i]!
  return value
}

function uint32(octets: Uint8Array, at: number): number {
  return ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0
}

const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

function float(octets: Uint8Array): number {
  bits[0] = uint32(octets, 1)
  return single[0]!
}
