import type { ServiceGroup } from '../groups.js'
import { addProgramInvocations } from './create.js'
import { selectionHandlers } from './select.js'
import { programHandlers } from './services.js'

export { createProgramInvocation, deleteProgramInvocation, type ProgramDefinition, type ProgramInvocationModel } from './create.js'
export { ProgramFailure, type ProgramHooks, type ProgramRun } from './hooks.js'
export {
  type MoveDetails,
  type MovingService,
  type ProgramControl,
  ProgramInvocation,
  type ProgramListener,
} from './program-invocation.js'
export type { ProgramState } from './states.js'

/** Program invocations: services 38 to 45. */
export const programInvocationGroup: ServiceGroup = {
  handlers: programHandlers,
  isUsedBy: ({ programInvocations, program }) => programInvocations !== undefined || program !== undefined,
  build: addProgramInvocations,
}

/** Program invocations that control others: the additional services 2 and 3. */
export const programControlGroup: ServiceGroup = {
  additional: selectionHandlers,
  parameters: ['csr'],
  version: 2,
  isUsedBy: ({ programInvocations = {} }) => Object.values(programInvocations).some(({ control = 'normal' }) => control !== 'normal'),
}
