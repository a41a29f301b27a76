import type { ConfirmedRequestPDU, ConfirmedResponsePDU, MmsPdu, UnconfirmedPDU } from './asn1/pdu.js'
import type { MAbortRequest, MInitiateResponse, MmsSubmit } from './service.js'

/** The PDU that a primitive becomes. An initiate response depends on more than its primitive, an abort is no PDU of MMS. */
export function pduOf(primitive: Exclude<MmsSubmit, MInitiateResponse | MAbortRequest>): MmsPdu {
  switch (primitive.type) {
    case 'M-INITIATE.request':
      return { type: 'initiateRequestPDU', value: primitive.initiate }
    case 'M-CONFIRMED.request': {
      const { invokeID, listOfModifiers, serviceExt } = primitive
      const service = { type: primitive.service, value: primitive.argument } as ConfirmedRequestPDU['service']
      const value: ConfirmedRequestPDU = listOfModifiers === undefined ? { invokeID, service } : { invokeID, listOfModifiers, service }
      return { type: 'confirmedRequestPDU', value: extended(value, serviceExt) }
    }
    case 'M-CONFIRMED.response': {
      const { invokeID } = primitive
      if ('error' in primitive) {
        const { error: serviceError, modifierPosition } = primitive
        return {
          type: 'confirmedErrorPDU',
          value: { invokeID, serviceError, ...(modifierPosition === undefined ? {} : { modifierPosition }) },
        }
      }
      const service = { type: primitive.service, value: primitive.response } as ConfirmedResponsePDU['service']
      return { type: 'confirmedResponsePDU', value: extended({ invokeID, service }, primitive.serviceExt) }
    }
    case 'M-REJECT.request':
      return { type: 'rejectPDU', value: { originalInvokeID: primitive.originalInvokeID, rejectReason: primitive.rejectReason } }
    case 'M-UNCONFIRMED.request': {
      const service = { type: primitive.service, value: primitive.argument } as UnconfirmedPDU['service']
      return { type: 'unconfirmedPDU', value: extended({ service }, primitive.serviceExt) }
    }
    case 'M-CANCEL.request':
      return { type: 'cancelRequestPDU', value: primitive.originalInvokeID }
    case 'M-CANCEL.response':
      return primitive.error === undefined
        ? { type: 'cancelResponsePDU', value: primitive.originalInvokeID }
        : { type: 'cancelErrorPDU', value: { originalInvokeID: primitive.originalInvokeID, serviceError: primitive.error } }
    case 'M-CONCLUDE.request':
      return { type: 'concludeRequestPDU', value: null }
    case 'M-CONCLUDE.response':
      return primitive.error === undefined
        ? { type: 'concludeResponsePDU', value: null }
        : { type: 'concludeErrorPDU', value: primitive.error }
    default:
      return primitive satisfies never
  }
}

/** Few PDUs have details; the rest keep the form that the fast writer knows. What is received must be a copy: it outlives the PDU. */
export function extended<T extends object>(value: T, serviceExt: Uint8Array | undefined): T {
  return serviceExt === undefined ? value : { ...value, serviceExt }
}
