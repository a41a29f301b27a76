import { contextNumber } from '../src/asn1/broken.js'
import type { MmsPdu } from '../src/asn1/pdu.js'
import { confirmedServiceName } from '../src/service-names.js'
import type { Unit } from './dissect.js'
import type { RecordedPdu } from './recordings.js'

/** What a file says of a PDU, without where and which way. */
export type Listed = Omit<RecordedPdu, 'stream' | 'dir'>

/** The names that `vectors/README.md` uses, and with them the decoder that wrote the lists. */
const pduNames: Readonly<Record<MmsPdu['type'], string>> = {
  confirmedRequestPDU: 'confirmed-Request',
  confirmedResponsePDU: 'confirmed-Response',
  confirmedErrorPDU: 'confirmed-Error',
  unconfirmedPDU: 'unconfirmed',
  rejectPDU: 'reject',
  cancelRequestPDU: 'cancel-Request',
  cancelResponsePDU: 'cancel-Response',
  cancelErrorPDU: 'cancel-Error',
  initiateRequestPDU: 'initiate-Request',
  initiateResponsePDU: 'initiate-Response',
  initiateErrorPDU: 'initiate-Error',
  concludeRequestPDU: 'conclude-Request',
  concludeResponsePDU: 'conclude-Response',
  concludeErrorPDU: 'conclude-Error',
}

/** RejectPDU: the tags of rejectReason, and the codes that occur in recordings. ISO 9506-2. */
const rejects: Readonly<Record<string, string>> = {
  'confirmedRequestPDU unrecognized-service': '1:1',
  'confirmedRequestPDU invalid-argument': '1:4',
  'pduError unknown-pdu-type': '5:0',
  'pduError invalid-pdu': '5:1',
}

/** The PDUs of a unit as our decoders name them, in the words of the lists. */
export function listed({ tpdus, spdu, apdu, mms, mmsOctets }: Unit): readonly Listed[] {
  if (tpdus[0]?.type !== 'DT') return tpdus.map(({ type }) => ({ layer: 'cotp', pdu: type }))
  const found: Listed[] = []
  if (spdu && spdu.type !== 'DT') found.push({ layer: 'spdu', pdu: spdu.type, tpdus: tpdus.length })
  if (apdu) found.push({ layer: 'acse', pdu: apdu.type, tpdus: tpdus.length })
  if (mms) found.push({ layer: 'mms', pdu: pduNames[mms.type], ...serviceOf(mms), len: mmsOctets!.length, tpdus: tpdus.length })
  return found
}

function serviceOf(pdu: MmsPdu): { readonly service?: string; readonly invokeId?: number } {
  switch (pdu.type) {
    case 'confirmedRequestPDU':
    case 'confirmedResponsePDU': {
      const { service, invokeID } = pdu.value
      const name = service.type === 'unknown' ? confirmedServiceName(contextNumber(service.value)!) : service.type
      return { ...(name === undefined ? {} : { service: name }), invokeId: invokeID }
    }
    case 'confirmedErrorPDU':
      return { invokeId: pdu.value.invokeID }
    case 'unconfirmedPDU':
      return { service: pdu.value.service.type }
    case 'rejectPDU': {
      const { originalInvokeID, rejectReason } = pdu.value
      const service = rejects[`${rejectReason.type} ${rejectReason.value}`] ?? `${rejectReason.type} ${rejectReason.value}`
      return { service, ...(originalInvokeID === undefined ? {} : { invokeId: originalInvokeID }) }
    }
    default:
      return {}
  }
}

/** A list cut where the units are: one TPDU that is no DT, or one TSDU. */
export function grouped(pdus: readonly RecordedPdu[]): readonly (readonly Listed[])[] {
  const groups: Listed[][] = []
  for (const { stream: _, dir: __, ...pdu } of pdus) {
    const last = groups.at(-1)?.at(-1)
    const inside =
      (pdu.layer === 'acse' && last?.layer === 'spdu') || (pdu.layer === 'mms' && last?.layer === 'acse' && pdu.pdu.startsWith('initiate'))
    if (inside) groups.at(-1)!.push(pdu)
    else groups.push([pdu])
  }
  return groups
}
