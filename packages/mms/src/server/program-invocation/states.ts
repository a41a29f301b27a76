/** ProgramInvocationState of one that exists. ISO 9506-1, 12.1.1.2. */
export type ProgramState = 'unrunnable' | 'idle' | 'running' | 'stopped' | 'starting' | 'stopping' | 'resuming' | 'resetting'

/** What moves a program invocation. The first six are services. */
export type ProgramEvent =
  | 'start'
  | 'stop'
  | 'resume'
  | 'reset'
  | 'kill'
  | 'delete'
  /** The application has done what the service asked for. */
  | 'done'
  /** It has not, and the program is as it was. */
  | 'failed'
  /** The program came to its end by itself. */
  | 'ended'
  /** It stopped by itself, or an operator stopped it. */
  | 'halted'
  /** It can never run again. */
  | 'broken'
  | 'vMDStop'

/** `over`: idle if it is reusable, else unrunnable. `gone`: deleted. */
export type ProgramTarget = ProgramState | 'over' | 'gone'

/**
 * The table of ISO 9506-1, 12.1.1.2. Paths, and where a failure leads, are the standard's; that kill is accepted everywhere, that `over` looks at
 * reusable, and where vMDStop leads are our reading. An empty cell is refused with service, object-state-conflict, or is no event of that state.
 */
export const programInvocationTable: Readonly<Record<ProgramEvent, Readonly<Partial<Record<ProgramState, ProgramTarget>>>>> = {
  start: { idle: 'starting' },
  stop: { running: 'stopping' },
  resume: { stopped: 'resuming' },
  reset: { stopped: 'resetting' },
  kill: everywhere('unrunnable'),
  delete: { unrunnable: 'gone', idle: 'gone', stopped: 'gone' },
  done: { starting: 'running', stopping: 'stopped', resuming: 'running', resetting: 'over' },
  failed: { starting: 'idle', stopping: 'running', resuming: 'stopped', resetting: 'stopped' },
  ended: { running: 'over' },
  halted: { running: 'stopped' },
  broken: everywhere('unrunnable'),
  vMDStop: { running: 'stopped' },
}

/** Where an event leads; undefined: the state does not permit it. */
export function nextState(state: ProgramState, event: ProgramEvent, reusable: boolean): ProgramState | 'gone' | undefined {
  const target = programInvocationTable[event][state]
  return target === 'over' ? (reusable ? 'idle' : 'unrunnable') : target
}

function everywhere(target: ProgramTarget): Readonly<Record<ProgramState, ProgramTarget>> {
  return {
    unrunnable: target,
    idle: target,
    running: target,
    stopped: target,
    starting: target,
    stopping: target,
    resuming: target,
    resetting: target,
  }
}
