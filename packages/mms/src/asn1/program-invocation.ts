import { type Named, namedInteger } from '@x/ber'

/** ISO 9506-1, ProgramInvocationState. */
export const ProgramInvocationState = namedInteger('ProgramInvocationState', {
  'non-existent': 0,
  unrunnable: 1,
  idle: 2,
  running: 3,
  stopped: 4,
  starting: 5,
  stopping: 6,
  resuming: 7,
  resetting: 8,
})
export type ProgramInvocationState = Named<
  'non-existent' | 'unrunnable' | 'idle' | 'running' | 'stopped' | 'starting' | 'stopping' | 'resuming' | 'resetting'
>
