/** Something now, or later. A hook that answers at once costs no turn of the event loop. */
export type Maybe<T> = T | Promise<T>

/** Goes on now where the value is there now. */
export function andThen<T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
