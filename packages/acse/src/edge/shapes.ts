import type { Shape } from '@x/core/async'
import type { AAbortRequest, AssociationDelivery, AssociationSubmit } from '../service.js'
import { associationEnded, refusedByClosing } from './outcomes.js'

/** What the async edge must know of the association service; release is not its affair. */
export const acceptorShape: Shape<AssociationSubmit, AssociationDelivery> = {
  layer: 'acse',
  isConnectIndication: delivery => delivery.type === 'A-ASSOCIATE.indication',
  isConnectConfirm: delivery => delivery.type === 'A-ASSOCIATE.confirm' && delivery.result === 'accepted',
  accepts: response => response.type === 'A-ASSOCIATE.response' && response.result === 'accepted',
  endedBy: associationEnded,
  abort: reason => (reason as AAbortRequest | undefined) ?? { type: 'A-ABORT.request' },
  keep: delivery =>
    delivery.type === 'P-DATA.indication'
      ? { ...delivery, userData: delivery.userData.map(values => ({ ...values, octets: values.octets.slice() })) }
      : delivery,
}
export const requestorShape: Shape<AssociationSubmit, AssociationDelivery> = {
  ...acceptorShape,
  endedBy: (delivery, opening) =>
    (opening && delivery.type === 'A-P-ABORT.indication' ? refusedByClosing(delivery) : undefined) ?? associationEnded(delivery, opening),
}
