import type { ObjectName } from '../../asn1/identifiers.js'
import type { DefineScatteredAccessRequest } from '../../asn1/variable-definition.js'
import { sameObjectName } from '../../names.js'
import { accessDenied, DELETABLE, mmsDeletable, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent } from '../errors.js'
import type { Answer } from '../handlers.js'
import { itemOf } from '../objects.js'
import { listNameFor } from './attributes.js'
import {
  ATTRIBUTES_INCONSISTENT,
  CAPABILITY_UNAVAILABLE,
  definitionError,
  isNameable,
  leansOn,
  mayDefine,
  OBJECT_EXISTS,
  RECURSION_EXCEEDED,
} from './definition.js'
import { scatteredComponentOf } from './objects.js'
import { scatteredOver } from './scattered-value.js'
import { componentsOf, isAgreedScattered } from './specification.js'
import { sizeOf } from './types.js'

/** ISO 9506-1, annex E: several variables as one. It is named in the name space of named variables. */
export function defineScatteredAccess(
  { scatteredAccessName, scatteredAccessDescription }: DefineScatteredAccessRequest,
  association: ServerAssociation,
): Answer<'defineScatteredAccess'> {
  const { vmd, own, limits, negotiated } = association
  if (!isNameable(scatteredAccessName) || !isAgreedScattered(scatteredAccessDescription, association)) return invalidArgument
  const scope = vmd.scopeOf(scatteredAccessName, own)
  if (scope === undefined) return nonExistent
  const name = itemOf(scatteredAccessName)
  if (scope.isTaken('scatteredAccess', name)) return OBJECT_EXISTS
  if (refusal(association, 'load', vmd)) return accessDenied
  for (const { variableSpecification } of scatteredAccessDescription) {
    if (scope !== own && leansOn(variableSpecification)) return ATTRIBUTES_INCONSISTENT
    // It would contain itself: whatever else it refers to is there already, so there are no longer circles.
    if (variableSpecification.type === 'name' && sameObjectName(variableSpecification.value, scatteredAccessName))
      return ATTRIBUTES_INCONSISTENT
  }
  const components = componentsOf(scatteredAccessDescription, association)
  if ('failure' in components) return definitionError(components)
  const variable = scatteredOver(components)
  if (sizeOf(variable.type) > limits.maxTypeOctets || !mayDefine(association, scope, 'scatteredAccess')) return CAPABILITY_UNAVAILABLE
  if (variable.depth > negotiated.dataStructureNestingLevel) return RECURSION_EXCEEDED
  scope.add('scatteredAccess', { ...variable, name, scope, accessControlList: DELETABLE, components })
  return { response: null }
}

/** ISO 9506-1, annex E. A component whose variable is gone is shown as invalidated. */
export function getScatteredAccessAttributes(name: ObjectName, association: ServerAssociation): Answer<'getScatteredAccessAttributes'> {
  const { vmd, own } = association
  if (!association.agreed('vsca')) return invalidArgument
  const scattered = vmd.find('scatteredAccess', name, own)
  if (scattered === undefined) return nonExistent
  return {
    response: {
      mmsDeletable: mmsDeletable(vmd, scattered),
      scatteredAccessDescription: scattered.components.map(scatteredComponentOf),
      ...listNameFor(association, scattered),
    },
  }
}
