/** A promise and what resolves it. */
export interface Resolvable {
  readonly promise: Promise<void>
  readonly resolve: () => void
}

export function withResolvers(): Resolvable {
  let resolve!: () => void
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve }
}
