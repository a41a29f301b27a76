import type { Data, DataAccessError } from '../../asn1/data.js'
import type { Maybe } from '../maybe.js'
import type { AccessContext } from './model.js'
import type { Variable } from './variable.js'

/** Writes of one variable that wait for each other, at most. */
const MAX_WAITING = 100

interface Turn {
  /** Settles when the last of them is done. */
  last: Promise<unknown>
  waiting: number
}

/** Only what is being written now, and not at once. */
const turns = new Map<object, Turn>()

/**
 * Writes, when those that write the same variable are done. Uninterruptible access to one variable: writes that take time, such as reading,
 * changing and writing the whole for a part of it, go one after the other. What is done at once stays so.
 */
export function writeInTurn(variable: Variable, value: Data, context: AccessContext): Maybe<DataAccessError | undefined> {
  const { source } = variable
  const before = turns.size === 0 ? undefined : turns.get(source)
  if (before !== undefined && before.waiting >= MAX_WAITING) return 'temporarily-unavailable'
  const result = before === undefined ? variable.write(value, context) : before.last.then(() => variable.write(value, context))
  if (!(result instanceof Promise)) return result
  const turn: Turn = before ?? { last: result, waiting: 0 }
  turn.waiting += 1
  turn.last = result.then(done, done)
  turns.set(source, turn)
  return result

  function done(): void {
    turn.waiting -= 1
    if (turn.waiting === 0) turns.delete(source)
  }
}
