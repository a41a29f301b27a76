import { andThen, type Maybe } from '../maybe.js'
import { ProgramFailure } from './hooks.js'
import type { MovingService, ProgramInvocation } from './program-invocation.js'
import type { ProgramState } from './states.js'

/** What a service on a controlling invocation is for those that it controls, by their states; others are left as they are. Our own reading. */
const FOLLOWS: Readonly<Record<MovingService, Readonly<Partial<Record<ProgramState | 'non-existent', MovingService>>>>> = {
  start: { idle: 'start', stopped: 'resume' },
  stop: { running: 'stop' },
  resume: { stopped: 'resume' },
  reset: { stopped: 'reset' },
}

/** Moves the controlled ones after their controlling one, in their order. The first that fails ends it; those before it stay moved. @throws ProgramFailure */
export function moveControlled(program: ProgramInvocation, service: MovingService, from = 0): Maybe<void> {
  for (let i = from; i < program.controlled.length; i++) {
    const member = program.controlled[i]!
    const own = FOLLOWS[service][member.state]
    const moved = own && member.move(own)
    if (moved instanceof Promise) return moved.then(refused => andThen(check(refused), () => moveControlled(program, service, i + 1)))
    check(moved)
  }
}

function check(refused: { readonly error: NonNullable<ProgramFailure['error']> } | undefined): void {
  if (refused !== undefined) throw new ProgramFailure({ error: refused.error })
}
