import type { ConfirmedRequestPDU } from './asn1/pdu.js'
import type { MConfirmedIndication } from './service.js'

/** The primitive that a request becomes. Two shapes: nearly every request has no modifiers. */
export function indicationOf({ invokeID, service, listOfModifiers }: ConfirmedRequestPDU): MConfirmedIndication {
  const type = 'M-CONFIRMED.indication'
  return (
    listOfModifiers === undefined || listOfModifiers.length === 0
      ? { type, invokeID, service: service.type, argument: service.value }
      : { type, invokeID, listOfModifiers, service: service.type, argument: service.value }
  ) as MConfirmedIndication
}
