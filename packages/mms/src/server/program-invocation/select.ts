import type { AlterProgramInvocationAttributesRequest, SelectRequest } from '../../asn1/program-invocation.js'
import { refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError, valueOutOfRange } from '../errors.js'
import type { AdditionalAnswer, AdditionalHandlers } from '../handlers.js'
import type { Vmd } from '../vmd.js'
import type { ProgramInvocation } from './program-invocation.js'
import { INCONSISTENT, isCount, programOf } from './services.js'

const CONFLICT = { error: serviceError('service', 'object-state-conflict') }
const CONSTRAINT = { error: serviceError('service', 'object-constraint-conflict') }
const UNDEFINED = { error: serviceError('definition', 'object-undefined') }

const selections = new WeakMap<Vmd, ProgramInvocation>()

/** The program invocation that is selected, with `csr`; undefined: none. ISO 9506-1, 12.10. */
export function selectedProgram(vmd: Vmd): ProgramInvocation | undefined {
  const selected = selections.get(vmd)
  return selected?.scope === undefined ? undefined : selected
}

/** ISO 9506-1, 12.10: nothing of it happens when a check fails. */
function select({ controlling, controlled = [] }: SelectRequest, association: ServerAssociation): AdditionalAnswer<'select'> {
  const { vmd } = association
  if (controlling === undefined && controlled.length > 0) return invalidArgument
  const program = controlling === undefined ? undefined : programOf(controlling, association)
  if (controlling !== undefined && program === undefined) return nonExistent
  const denied = refusal(association, 'execute', vmd)
  if (denied) return denied
  const members: ProgramInvocation[] = []
  for (const name of new Set(controlled)) {
    const member = programOf(name, association)
    if (member === undefined) return UNDEFINED
    members.push(member)
  }
  if (program !== undefined && program.control !== 'controlling') return INCONSISTENT
  if (members.some(({ control }) => control !== 'controlled')) return INCONSISTENT
  const before = selectedProgram(vmd)
  if ((program !== undefined && program.state !== 'idle') || (before !== undefined && before.state !== 'idle')) return CONFLICT
  if (members.some(({ controlledBy }) => controlledBy !== undefined && controlledBy !== program)) return CONSTRAINT
  if (program === undefined) {
    selections.delete(vmd)
  } else {
    for (const member of program.controlled) member.controlledBy = undefined
    for (const member of members) member.controlledBy = program
    program.controlled = members
    selections.set(vmd, program)
  }
  return { response: null }
}

/** ISO 9506-1, 12.11: of one that runs it takes effect at once. */
function alterPI(
  { programInvocation, startCount }: AlterProgramInvocationAttributesRequest,
  association: ServerAssociation,
): AdditionalAnswer<'alterPI'> {
  if (!isCount(startCount)) return valueOutOfRange
  const program = programOf(programInvocation, association)
  if (program === undefined) return nonExistent
  const denied = refusal(association, 'load', program)
  if (denied) return denied
  if (program.control !== 'controlling') return INCONSISTENT
  program.remaining = startCount
  return { response: null }
}

export const selectionHandlers: AdditionalHandlers = { select, alterPI }
