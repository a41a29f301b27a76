/**
 * A function that makes its result once for each options object: connections that are given the same options, as all of one listener are,
 * share the settings made of them. The options must not be changed afterwards.
 */
export function remembered<O extends object, R>(make: (options: O) => R): (options: O) => R {
  const known = new WeakMap<O, { readonly made: R }>()
  return options => {
    const found = known.get(options)
    if (found !== undefined) return found.made
    const made = make(options)
    known.set(options, { made })
    return made
  }
}
