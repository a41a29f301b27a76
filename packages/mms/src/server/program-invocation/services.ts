import { encode } from '@x/ber'
import { DecodeError } from '@x/core'
import { encodeResponseDetail, type ProgramInvocationDetail, requestDetail } from '../../asn1/detail.js'
import {
  type CreateProgramInvocationRequest,
  executionArgument,
  type GetProgramInvocationAttributesResponse,
  type StartCount,
  type StartRequest,
  type StopRequest,
} from '../../asn1/program-invocation.js'
import { mmsDeletable, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError, valueOutOfRange } from '../errors.js'
import type { Answer, Handlers, ServedCall } from '../handlers.js'
import { andThen, type Maybe } from '../maybe.js'
import { createProgramInvocation, deleteProgramInvocation } from './create.js'
import { monitorOf, servesMonitoring } from './monitoring.js'
import type { MoveDetails, MovingService, ProgramInvocation } from './program-invocation.js'

const CONFLICT = { error: serviceError('service', 'object-state-conflict') }
const CONSTRAINT = { error: serviceError('service', 'object-constraint-conflict') }
export const INCONSISTENT = { error: serviceError('definition', 'object-attribute-inconsistent') }
const NO_ROOM = { error: serviceError('resource', 'memory-unavailable') }

/** A program invocation by its name. */
export function programOf(name: string, { vmd }: ServerAssociation): ProgramInvocation | undefined {
  return vmd.vmdSpecific.get('programInvocation', name)
}

/** A count is of at least one. */
export function isCount({ type, value }: StartCount): boolean {
  return type === 'noLimit' || value >= 1
}

/** ISO 9506-1, 12.2. */
function create(
  { programInvocationName: name, listOfDomainNames: domains, reusable, monitorType }: CreateProgramInvocationRequest,
  association: ServerAssociation,
  call: ServedCall,
): Answer<'createProgramInvocation'> {
  if (domains.length === 0) return invalidArgument
  const control = detailed(() => requestDetail('createProgramInvocation', call.serviceExt))
  if (control === WRONG || typeof control === 'number') return invalidArgument
  if (monitorType !== undefined && !servesMonitoring(association)) return invalidArgument
  const made = createProgramInvocation(
    association.vmd,
    { name, domains, reusable, ...monitorOf(monitorType), ...(control === undefined ? {} : { control }) },
    association,
  )
  return 'error' in made ? made : { response: null }
}

/** ISO 9506-1, 12.3. */
function remove(name: string, association: ServerAssociation): Answer<'deleteProgramInvocation'> {
  const program = programOf(name, association)
  if (program === undefined) return nonExistent
  const denied = refusal(association, 'delete', program)
  if (denied) return denied
  if (!program.permits('delete')) return CONFLICT
  if (program.controlledBy !== undefined && program.controlledBy.state !== 'idle') return CONSTRAINT
  deleteProgramInvocation(program)
  return { response: null }
}

/** The checks that the four moving services share, and then what the application does. */
function move(
  service: MovingService,
  name: string,
  association: ServerAssociation,
  details: (program: ProgramInvocation) => MoveDetails | { readonly error: typeof INCONSISTENT.error },
): Maybe<Answer<MovingService>> {
  const program = programOf(name, association)
  if (program === undefined) return withState(nonExistent, service, undefined)
  const denied = refusal(association, 'execute', program)
  if (denied) return withState(denied, service, program)
  // The controlling one moves those that it controls; they may still be stopped, and killed. Our own reading.
  if (program.controlledBy !== undefined && service !== 'stop') return withState(CONSTRAINT, service, program)
  if (!program.permits(service)) return withState(CONFLICT, service, program)
  const given = details(program)
  if ('error' in given) return withState(given, service, program)
  return andThen(program.move(service, given), refused => refused ?? { response: null })
}

/** The error of a moving service holds the state after it. ISO 9506-2, ServiceError. */
function withState(
  { error }: { readonly error: typeof INCONSISTENT.error },
  type: MovingService,
  program: ProgramInvocation | undefined,
): { readonly error: typeof INCONSISTENT.error } {
  return { error: { ...error, serviceSpecificInfo: { type, value: program?.state ?? 'non-existent' } } }
}

/** ISO 9506-1, 12.4: with `csr` a controlling one may begin elsewhere, and counts. */
function start(
  { programInvocationName, executionArgument }: StartRequest,
  association: ServerAssociation,
  call: ServedCall,
): Maybe<Answer<'start'>> {
  const detail = detailed(() => requestDetail('start', call.serviceExt))
  if (detail === WRONG) return invalidArgument
  const controlling = detail?.type === 'controlling' ? detail.value : undefined
  if (controlling !== undefined && !isCount(controlling.startCount)) return valueOutOfRange
  return move('start', programInvocationName, association, program => {
    const { hooks } = program
    if (controlling !== undefined && program.control !== 'controlling') return INCONSISTENT
    const startLocation = controlling?.startLocation
    if (startLocation !== undefined && !hooks.hasLocation?.(startLocation)) return INCONSISTENT
    return (
      unfit(program, executionArgument, association) ?? {
        ...(executionArgument === undefined ? {} : { executionArgument }),
        ...(startLocation === undefined ? {} : { startLocation }),
        ...(controlling === undefined ? {} : { startCount: controlling.startCount }),
      }
    )
  })
}

/** ISO 9506-1, 12.6: with `csr` a controlling one may go on with another count. */
function resume(
  { programInvocationName, executionArgument }: StartRequest,
  association: ServerAssociation,
  call: ServedCall,
): Maybe<Answer<'resume'>> {
  const detail = detailed(() => requestDetail('resume', call.serviceExt))
  if (detail === WRONG) return invalidArgument
  const mode = detail?.type === 'controlling' ? detail.value.modeType : undefined
  if (mode?.type === 'changeMode' && !isCount(mode.value)) return valueOutOfRange
  return move('resume', programInvocationName, association, program => {
    if (mode !== undefined && program.control !== 'controlling') return INCONSISTENT
    return (
      unfit(program, executionArgument, association) ?? {
        ...(executionArgument === undefined ? {} : { executionArgument }),
        ...(mode?.type === 'changeMode' ? { startCount: mode.value } : {}),
      }
    )
  })
}

function stop({ programInvocationName }: StopRequest, association: ServerAssociation): Maybe<Answer<'stop'>> {
  return move('stop', programInvocationName, association, () => ({}))
}

function reset({ programInvocationName }: StopRequest, association: ServerAssociation): Maybe<Answer<'reset'>> {
  return move('reset', programInvocationName, association, () => ({}))
}

/** ISO 9506-1, 12.8: in any state. */
function kill({ programInvocationName }: StopRequest, association: ServerAssociation): Maybe<Answer<'kill'>> {
  const program = programOf(programInvocationName, association)
  if (program === undefined) return nonExistent
  const denied = refusal(association, 'execute', program)
  if (denied) return denied
  return andThen(program.kill(), refused => refused ?? { response: null })
}

/** ISO 9506-1, 12.9; what `csr` adds is beside it. */
function attributes(name: string, association: ServerAssociation): Answer<'getProgramInvocationAttributes'> {
  const program = programOf(name, association)
  if (program === undefined) return nonExistent
  const response: GetProgramInvocationAttributesResponse = {
    state: program.state,
    listOfDomainNames: program.domains.map(domain => domain.name),
    mmsDeletable: mmsDeletable(association.vmd, program),
    reusable: program.reusable,
    monitor: program.monitor !== undefined,
    executionArgument: program.executionArgument,
    ...(association.agreed('aco') && association.negotiated.versionNumber >= 3 ? { accessControlList: program.accessControlList } : {}),
  }
  if (!association.agreed('csr')) return { response }
  return { response, serviceExt: encodeResponseDetail('getProgramInvocationAttributes', detailOf(program)) }
}

function detailOf(program: ProgramInvocation): ProgramInvocationDetail {
  const { control, controlledBy, controlled, remaining, errorCode, programLocation } = program
  switch (control) {
    case 'normal':
      return { errorCode, control: { type: 'normal', value: null } }
    case 'controlled':
      return {
        errorCode,
        control: {
          type: 'controlled',
          value: controlledBy === undefined ? { type: 'none', value: null } : { type: 'controllingPI', value: controlledBy.name },
        },
      }
    case 'controlling':
      return {
        errorCode,
        control: {
          type: 'controlling',
          value: {
            controlledPI: controlled.map(({ name }) => name),
            ...(programLocation === '' ? {} : { programLocation }),
            runningMode:
              remaining.type === 'noLimit'
                ? { type: 'freeRunning', value: null }
                : { type: remaining.type === 'cycleCount' ? 'cycleLimited' : 'stepLimited', value: remaining.value },
          },
        },
      }
    default:
      return control satisfies never
  }
}

/** Why an argument cannot be given to a program. */
function unfit(program: ProgramInvocation, argument: StartRequest['executionArgument'], association: ServerAssociation) {
  if (argument === undefined) return undefined
  if (encode(Argument, argument).length > association.limits.maxExecutionArgument) return NO_ROOM
  return (program.hooks.accepts?.(argument) ?? true) ? undefined : INCONSISTENT
}

const Argument = executionArgument(1)

const WRONG = Symbol()

/** A detail that cannot be read, or of another service, is a wrong argument. */
function detailed<T>(read: () => T): T | typeof WRONG {
  try {
    return read()
  } catch (error) {
    if (error instanceof DecodeError) return WRONG
    throw error
  }
}

export const programHandlers: Handlers = {
  createProgramInvocation: create,
  deleteProgramInvocation: remove,
  start,
  stop,
  resume,
  reset,
  kill,
  getProgramInvocationAttributes: attributes,
}
