import type { AccessResult, Data, MmsPdu, ObjectName } from '@x/mms'
import type { BaseBlock } from 'asn1js'
import type { Asn1js } from './asn1js.js'

const CONTEXT = 3

/** asn1js objects built by hand from the same values, and their octets. */
export function asn1jsWriter(asn1js: Asn1js): (pdu: MmsPdu) => Uint8Array {
  const { Constructed, Primitive, Integer, VisibleString, Sequence } = asn1js
  return pdu => new Uint8Array(ofPdu(pdu).toBER())

  function ofPdu(pdu: MmsPdu): BaseBlock {
    switch (pdu.type) {
      case 'confirmedRequestPDU': {
        const { invokeID, service } = pdu.value
        if (service.type !== 'read' || service.value.variableAccessSpecification.type !== 'listOfVariable') break
        const variables = service.value.variableAccessSpecification.value.map(({ variableSpecification }) => {
          if (variableSpecification.type !== 'name') throw new TypeError('no walk for this specification')
          return new Sequence({ value: [constructed(0, [ofName(variableSpecification.value)])] })
        })
        return constructed(0, [new Integer({ value: invokeID }), constructed(4, [constructed(1, [constructed(0, variables)])])])
      }
      case 'confirmedResponsePDU': {
        const { invokeID, service } = pdu.value
        const number = new Integer({ value: invokeID })
        if (service.type === 'read') {
          return constructed(1, [number, constructed(4, [constructed(1, service.value.listOfAccessResult.map(ofResult))])])
        }
        if (service.type === 'getNameList') {
          const names = constructed(
            0,
            service.value.listOfIdentifier.map(value => new VisibleString({ value })),
          )
          // moreFollows is DEFAULT TRUE.
          return constructed(1, [number, constructed(1, service.value.moreFollows ? [names] : [names, primitive(1, [0])])])
        }
        break
      }
      case 'unconfirmedPDU': {
        const { service } = pdu.value
        if (service.type !== 'informationReport' || service.value.variableAccessSpecification.type !== 'variableListName') break
        return constructed(3, [
          constructed(0, [
            constructed(1, [ofName(service.value.variableAccessSpecification.value)]),
            constructed(0, service.value.listOfAccessResult.map(ofResult)),
          ]),
        ])
      }
    }
    throw new TypeError(`no walk for ${pdu.type}`)
  }

  function ofName(name: ObjectName): BaseBlock {
    if (name.type !== 'domainSpecific') return primitive(name.type === 'vmdSpecific' ? 0 : 2, Buffer.from(name.value, 'latin1'))
    const { domainID, itemID } = name.value
    return constructed(1, [new VisibleString({ value: domainID }), new VisibleString({ value: itemID })])
  }

  function ofResult(result: AccessResult): BaseBlock {
    return result.type === 'success' ? ofData(result.value) : primitive(0, [result.value as number])
  }

  function ofData(data: Data): BaseBlock {
    switch (data.type) {
      case 'array':
        return constructed(1, data.value.map(ofData))
      case 'structure':
        return constructed(2, data.value.map(ofData))
      case 'boolean':
        return primitive(3, [data.value ? 0xff : 0])
      case 'bitString': {
        const { octets, size } = data.value
        const contents = new Uint8Array(octets.length + 1)
        contents[0] = 8 * octets.length - size
        contents.set(octets, 1)
        return primitive(4, contents)
      }
      case 'integer':
        return primitive(5, integer(data.value as number))
      case 'unsigned':
        return primitive(6, integer(data.value as number))
      case 'floatingPoint':
        return primitive(7, float(data.value.value))
      case 'octetString':
        return primitive(9, data.value)
      case 'visibleString':
        return primitive(10, Buffer.from(data.value, 'latin1'))
      case 'binaryTime': {
        const { milliseconds, days = 0 } = data.value
        return primitive(12, [milliseconds >>> 24, milliseconds >>> 16, milliseconds >>> 8, milliseconds, days >>> 8, days])
      }
      case 'utcTime': {
        const { seconds, fraction, quality } = data.value
        const time = [seconds >>> 24, seconds >>> 16, seconds >>> 8, seconds]
        return primitive(17, [...time, fraction >>> 16, fraction >>> 8, fraction, quality])
      }
      default:
        throw new TypeError(`no walk for ${data.type}`)
    }
  }

  function constructed(tagNumber: number, value: BaseBlock[]): BaseBlock {
    return new Constructed({ idBlock: { tagClass: CONTEXT, tagNumber }, value })
  }

  function primitive(tagNumber: number, octets: ArrayLike<number>): BaseBlock {
    return new Primitive({
      idBlock: { tagClass: CONTEXT, tagNumber },
      valueHex: octets instanceof Uint8Array ? octets : new Uint8Array(octets),
    })
  }
}

/** Two's complement in as few octets as it takes. */
function integer(value: number): number[] {
  const octets = [value & 0xff]
  let rest = Math.floor(value / 256)
  while (!(rest === 0 && octets[0]! < 0x80) && !(rest === -1 && octets[0]! >= 0x80)) {
    octets.unshift(rest & 0xff)
    rest = Math.floor(rest / 256)
  }
  return octets
}

const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

function float(value: number): number[] {
  single[0] = value
  const word = bits[0]!
  return [8, word >>> 24, word >>> 16, word >>> 8, word]
}
