import { UsageError } from '@x/core'
import type { AdditionalServiceRequest } from '../asn1/additional-service.js'
import type { Modifier } from '../asn1/modifier.js'
import type { GetVariableAccessAttributesRequest, ListedVariable, VariableAccessSpecification } from '../asn1/variable-access.js'
import type { Negotiated } from '../service.js'
import { supportBitOf } from '../service-names.js'
import type { ConfirmedServiceName } from '../services.js'

/** The building block that a form of variable needs. */
const BLOCKS = {
  name: 'vnam',
  address: 'vadr',
  variableDescription: 'vadr',
  scatteredAccessDescription: 'vsca',
  invalidated: 'vnam',
} as const

/**
 * Refuses what the peer has not announced, before it is sent: a service, a modifier, a way to name variables. What the peer does serve although
 * it has not said so is refused as well.
 *
 * @throws UsageError `MMS_NOT_ANNOUNCED`
 */
export function checkAnnounced(
  negotiated: Negotiated,
  service: ConfirmedServiceName,
  argument: unknown,
  modifiers: readonly Modifier[] = [],
): void {
  const { servicesSupportedPeer, additionalSupportedPeer, parameterCBB } = negotiated
  if (service === 'additionalService') {
    const { type } = argument as AdditionalServiceRequest
    if (!additionalSupportedPeer.includes(type)) throw refused(type, `the service ${type}`, additionalSupportedPeer)
  } else if (!servicesSupportedPeer.includes(supportBitOf(service) ?? service)) {
    throw refused(service, `the service ${service}`, servicesSupportedPeer)
  }
  for (const { type } of modifiers) {
    const bit = type === 'eventModifier' ? 'attachToEventCondition' : 'attachToSemaphore'
    if (!servicesSupportedPeer.includes(bit)) throw refused(service, `the modifier ${bit}`, servicesSupportedPeer)
  }
  for (const block of blocksOf(service, argument)) {
    if (!parameterCBB.includes(block)) throw refused(service, `the building block ${block}`, parameterCBB)
  }
}

function refused(service: string, what: string, announced: readonly string[]): UsageError {
  const all = announced.length === 0 ? 'nothing' : announced.join(', ')
  return new UsageError('mms', 'MMS_NOT_ANNOUNCED', `${service}: the peer has not announced ${what}, but ${all}`)
}

/** The building blocks that a request needs. ISO 9506-1, 8.2; those of variables only: all others have services of their own. */
function blocksOf(service: ConfirmedServiceName, argument: unknown): readonly string[] {
  switch (service) {
    case 'read':
    case 'write': {
      const { variableAccessSpecification } = argument as { variableAccessSpecification: VariableAccessSpecification }
      return variableAccessSpecification.type === 'variableListName'
        ? ['vlis']
        : variableAccessSpecification.value.flatMap(blocksOfVariable)
    }
    case 'defineNamedVariableList':
      return ['vlis', ...(argument as { listOfVariable: readonly ListedVariable[] }).listOfVariable.flatMap(blocksOfVariable)]
    case 'getVariableAccessAttributes':
      return [BLOCKS[(argument as GetVariableAccessAttributesRequest).type]]
    default:
      return []
  }
}

function blocksOfVariable({ variableSpecification, alternateAccess }: ListedVariable): readonly string[] {
  const block = BLOCKS[variableSpecification.type]
  return alternateAccess === undefined ? [block] : [block, 'valt']
}
