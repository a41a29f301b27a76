import type { UnitControlPart } from '../../asn1/error.js'
import { DELETABLE, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { deleteDomain } from '../domain/deletion.js'
import type { Refused } from '../domain/domain.js'
import { nonExistent, serviceError } from '../errors.js'
import type { AdditionalHandler } from '../handlers.js'
import { deleteProgramInvocation } from '../program-invocation/create.js'
import { addMembers, membersOf, UnitControl } from './unit-control.js'

const UNDEFINED: Refused = { error: serviceError('definition', 'object-undefined') }
const EXISTS: Refused = { error: serviceError('definition', 'object-exists') }
const CONFLICT: Refused = { error: serviceError('service', 'object-state-conflict') }
const CONSTRAINT: Refused = { error: serviceError('service', 'object-constraint-conflict') }

/** Unit controls that a VMD holds at most. */
const MOST = 1_000

export function unitControlOf(name: string, { vmd }: ServerAssociation): UnitControl | undefined {
  return vmd.vmdSpecific.get('unitControl', name)
}

/** Why no unit control of that name can be made now. */
export function newRefusal(name: string, association: ServerAssociation): Refused | undefined {
  const { vmd } = association
  const all = vmd.vmdSpecific.of('unitControl')
  if (all.has(name)) return EXISTS
  return refusal(association, 'load', vmd) ?? (all.size >= MOST ? { error: serviceError('resource', 'capability-unavailable') } : undefined)
}

/** ISO 9506-1, 13. The order of its checks is our reading, as are those of the next ones. */
export const createUC: AdditionalHandler<'createUC'> = ({ unitControl: name, ...names }, association) => {
  const { vmd } = association
  const refused = newRefusal(name, association)
  if (refused !== undefined) return refused
  const members = membersOf(vmd, names)
  if (members === undefined) return UNDEFINED
  const unitControl = new UnitControl(name, DELETABLE)
  addMembers(unitControl, members)
  vmd.vmdSpecific.add('unitControl', unitControl)
  return { response: null }
}

/** One that is a member already stays one. */
export const addToUC: AdditionalHandler<'addToUC'> = ({ unitControl: name, ...names }, association) => {
  const unitControl = unitControlOf(name, association)
  if (unitControl === undefined) return nonExistent
  const refused = refusal(association, 'load', unitControl)
  if (refused !== undefined) return refused
  const members = membersOf(association.vmd, names)
  if (members === undefined) return UNDEFINED
  addMembers(unitControl, members)
  return { response: null }
}

/** All of them or none. */
export const removeFromUC: AdditionalHandler<'removeFromUC'> = ({ unitControl: name, ...names }, association) => {
  const unitControl = unitControlOf(name, association)
  if (unitControl === undefined) return nonExistent
  const refused = refusal(association, 'load', unitControl)
  if (refused !== undefined) return refused
  const members = membersOf(association.vmd, names)
  const areMembers =
    members?.domains.every(domain => unitControl.domains.has(domain)) &&
    members.programInvocations.every(program => unitControl.programInvocations.has(program))
  if (members === undefined || !areMembers) return UNDEFINED
  for (const domain of members.domains) unitControl.domains.remove(domain)
  for (const program of members.programInvocations) unitControl.programInvocations.remove(program)
  return { response: null }
}

export const getUCAttributes: AdditionalHandler<'getUCAttributes'> = (name, association) => {
  const unitControl = unitControlOf(name, association)
  if (unitControl === undefined) return nonExistent
  return { response: { domains: unitControl.domains.names, programInvocations: unitControl.programInvocations.names } }
}

/** With all that belongs to it, or not at all: the error names the first member that resists. Our reading as a whole. */
export const deleteUC: AdditionalHandler<'deleteUC'> = (name, association) => {
  const { vmd } = association
  const unitControl = unitControlOf(name, association)
  if (unitControl === undefined) return nonExistent
  const refused = refusal(association, 'delete', unitControl)
  if (refused !== undefined) return refused
  const domains = [...unitControl.domains]
  const programs = [...unitControl.programInvocations]
  for (const program of programs) {
    const resists = refusal(association, 'delete', program) ?? (program.permits('delete') ? undefined : CONFLICT)
    const isMoved = program.controlledBy !== undefined && program.controlledBy.state !== 'idle'
    if (resists ?? isMoved) return resisting(resists ?? CONSTRAINT, { type: 'programInvocation', value: program.name })
  }
  for (const domain of domains) {
    const isUsedOutside = [...domain.programInvocations].some(user => !programs.includes(user as never))
    const resists =
      refusal(association, 'delete', domain) ??
      (domain.isUsable ? undefined : CONFLICT) ??
      (isUsedOutside || domain.uploadsInProgress > 0 ? CONSTRAINT : undefined)
    if (resists) return resisting(resists, { type: 'domain', value: domain.name })
  }
  for (const program of programs) deleteProgramInvocation(program)
  for (const domain of domains) deleteDomain(vmd, domain)
  vmd.vmdSpecific.remove('unitControl', unitControl)
  return { response: null }
}

function resisting({ error }: Refused, part: UnitControlPart): Refused {
  return {
    error: { ...error, serviceSpecificInfo: { type: 'additionalService', value: { type: 'deleteUC', value: part } } },
  }
}
