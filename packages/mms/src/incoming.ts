import type { ConfirmedErrorPDU, ConfirmedRequestPDU, ConfirmedResponsePDU, UnconfirmedPDU } from './asn1/pdu.js'
import { extended } from './outgoing.js'
import type { MConfirmedConfirm, MConfirmedIndication, MUnconfirmedIndication, Negotiated } from './service.js'

/** The primitive that a request becomes. Two shapes: nearly every request has no modifiers. */
export function indicationOf({ invokeID, service, listOfModifiers, serviceExt }: ConfirmedRequestPDU): MConfirmedIndication {
  const type = 'M-CONFIRMED.indication'
  const indication =
    listOfModifiers === undefined || listOfModifiers.length === 0
      ? { type, invokeID, service: service.type, argument: service.value }
      : { type, invokeID, listOfModifiers, service: service.type, argument: service.value }
  return extended(indication, serviceExt?.slice()) as MConfirmedIndication
}

/** The primitive that a response becomes. */
export function confirmOf({ invokeID, service, serviceExt }: ConfirmedResponsePDU): MConfirmedConfirm {
  const confirm = { type: 'M-CONFIRMED.confirm', invokeID, result: 'response', service: service.type, response: service.value }
  return extended(confirm, serviceExt?.slice()) as MConfirmedConfirm
}

/** The primitive that an error becomes. */
export function errorConfirmOf({ invokeID, serviceError, modifierPosition }: ConfirmedErrorPDU): MConfirmedConfirm {
  return {
    type: 'M-CONFIRMED.confirm',
    invokeID,
    result: 'error',
    error: serviceError,
    ...(modifierPosition === undefined ? {} : { modifierPosition }),
  }
}

/** The primitive that an unconfirmed service becomes. */
export function unconfirmedOf({ service, serviceExt }: UnconfirmedPDU): MUnconfirmedIndication {
  const indication = { type: 'M-UNCONFIRMED.indication', service: service.type, argument: service.value }
  return extended(indication, serviceExt?.slice()) as MUnconfirmedIndication
}

/** Whether requests may have a Request-Detail. ISO 9506-2, Confirmed-RequestPDU. */
export function mayBeExtended({ parameterCBB }: Negotiated): boolean {
  return parameterCBB.includes('csr') || parameterCBB.includes('cspi')
}
