import type { ServiceError } from '../../asn1/error.js'
import type { ExecutionArgument } from '../../asn1/program-invocation.js'
import { refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import type { Refused } from '../domain/domain.js'
import { nonExistent, serviceError } from '../errors.js'
import type { AdditionalHandler } from '../handlers.js'
import type { MovingService, ProgramInvocation } from '../program-invocation/program-invocation.js'
import { nextState, type ProgramState } from '../program-invocation/states.js'
import { unitControlOf } from './services.js'

const CONFLICT = serviceError('service', 'object-state-conflict')

/**
 * What startUC and stopUC do with an invocation, by its state: a service, nothing (`leave`), or they fail because of it. ISO 9506-1, 13.6; that
 * stopUC leaves all others alone is our reading.
 */
export const unitControlTable: Readonly<Record<'startUC' | 'stopUC', Readonly<Record<ProgramState, MovingService | 'leave' | 'fail'>>>> = {
  startUC: {
    unrunnable: 'fail',
    idle: 'start',
    resetting: 'start',
    stopped: 'resume',
    stopping: 'resume',
    running: 'leave',
    starting: 'leave',
    resuming: 'leave',
  },
  stopUC: {
    unrunnable: 'leave',
    idle: 'leave',
    resetting: 'leave',
    stopped: 'leave',
    stopping: 'leave',
    running: 'stop',
    starting: 'stop',
    resuming: 'stop',
  },
}

/** ISO 9506-1, 13.6: one invocation after the other. Those that were started before one fails stay started. */
export const startUC: AdditionalHandler<'startUC'> = ({ unitControlName, executionArgument }, association) =>
  moveAll('startUC', unitControlName, association, executionArgument)

/** ISO 9506-1, 13.7. */
export const stopUC: AdditionalHandler<'stopUC'> = (name, association) => moveAll('stopUC', name, association)

function moveAll(service: 'startUC' | 'stopUC', name: string, association: ServerAssociation, executionArgument?: ExecutionArgument) {
  const unitControl = unitControlOf(name, association)
  if (unitControl === undefined) return nonExistent
  const refused = refusal(association, 'execute', unitControl)
  if (refused !== undefined) return refused
  const programs = [...unitControl.programInvocations]
  for (const program of programs) {
    const denied = refusal(association, 'execute', program)
    if (denied !== undefined) return failed(service, program, denied.error)
  }
  const work = async () => {
    for (const program of programs) {
      const error = await moveOne(service, program, executionArgument)
      if (error !== undefined) return failed(service, program, error)
    }
    return { response: null }
  }
  return work()
}

async function moveOne(service: 'startUC' | 'stopUC', program: ProgramInvocation, executionArgument?: ExecutionArgument) {
  const { state } = program
  const cell = state === 'non-existent' ? 'fail' : unitControlTable[service][state]
  if (cell === 'leave') return undefined
  if (cell === 'fail') return CONFLICT
  // One that is between two states is moved when it has come to the second.
  await program.settled
  const now = program.state
  if (now === 'non-existent' || nextState(now, cell, program.reusable) === undefined) return CONFLICT
  const moved = await program.move(cell, executionArgument === undefined || cell === 'stop' ? {} : { executionArgument })
  return moved?.error
}

function failed(service: 'startUC' | 'stopUC', { name, state }: ProgramInvocation, { errorClass }: ServiceError): Refused {
  const value = { programInvocationName: name, programInvocationState: state }
  return { error: { errorClass, serviceSpecificInfo: { type: 'additionalService', value: { type: service, value } } } }
}
