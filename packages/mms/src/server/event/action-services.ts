import type { Modifier } from '../../asn1/modifier.js'
import { supportBitOf } from '../../service-names.js'
import { mmsDeletable } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { Handlers } from '../handlers.js'
import { itemOf } from '../objects.js'
import { eventsOf } from './events.js'
import type { EventAction } from './objects.js'
import { deleteObjects, noRoom, placeFor } from './places.js'

/** Steps of sequences that a client must take part in: there is none when an action is executed. */
const NEED_A_CLIENT: ReadonlySet<string> = new Set([
  'initiateDownloadSequence',
  'initiateUploadSequence',
  'uploadSegment',
  'terminateUploadSequence',
  'requestDomainDownload',
  'requestDomainUpload',
  'obtainFile',
])

/** ISO 9506-1, 20. */
export const actionServices = {
  defineEventAction({ eventActionName, listOfModifier = [], confirmedServiceRequest, csExtension }, association) {
    const { vmd, negotiated } = association
    const { type } = confirmedServiceRequest
    if (!listOfModifier.every(modifier => isAgreed(modifier, association))) {
      return { reject: { type: 'confirmedRequestPDU', value: 'invalid-modifier' } }
    }
    if (csExtension !== undefined && !association.agreed('csr') && !association.agreed('cspi')) return invalidArgument
    const scope = placeFor(association, 'eventAction', eventActionName)
    if ('error' in scope) return scope
    const bit = type === 'unknown' ? undefined : supportBitOf(type)
    if (
      type === 'unknown' ||
      vmd.served?.handlers[type] === undefined ||
      (bit !== undefined && !negotiated.servicesSupportedOwn.includes(bit))
    ) {
      return { error: serviceError('resource', 'capability-unknown') }
    }
    const events = eventsOf(vmd)
    if (NEED_A_CLIENT.has(type) || !events.hasRoom('eventAction', scope)) return noRoom
    events.addAction(scope, {
      name: itemOf(eventActionName),
      accessControlList: 'M_Deletable',
      request: confirmedServiceRequest,
      modifiers: listOfModifier,
      csExtension,
      negotiated,
    })
    return { response: null }
  },

  deleteEventAction(scope, association) {
    const isFree = (object: unknown) => (object as EventAction).enrollments.size === 0
    return deleteObjects(eventsOf(association.vmd), association, 'eventAction', scope, isFree)
  },

  getEventActionAttributes(name, association) {
    const action = association.vmd.find('eventAction', name, association.own)
    if (action === undefined) return nonExistent
    const { modifiers, request, csExtension, accessControlList } = action
    return {
      response: {
        mmsDeletable: mmsDeletable(association.vmd, action),
        listOfModifier: modifiers,
        confirmedServiceRequest: request,
        ...(csExtension && { csExtension }),
        ...(association.agreed('aco') && { accessControlList }),
      },
    }
  },

  reportEventActionStatus(name, { vmd, own }) {
    const action = vmd.find('eventAction', name, own)
    return action === undefined ? nonExistent : { response: action.enrollments.size }
  },
} satisfies Handlers

function isAgreed({ type }: Modifier, { negotiated }: ServerAssociation): boolean {
  return negotiated.servicesSupportedOwn.includes(type === 'eventModifier' ? 'attachToEventCondition' : 'attachToSemaphore')
}
