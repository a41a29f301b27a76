import type { AccessContext, Data, DataAccessError, TypeDescription, VariableModel } from '@x/mms'
import { toData, types } from '@x/mms'

/** What a write of an attribute comes to: why it is refused, or the action that carries it out. */
export type Answer = DataAccessError | (() => void)

/** One value of the device: its type, where it comes from, and what a write of it does. */
export interface Attribute {
  readonly type: TypeDescription
  /** Plain JavaScript that `toData` takes for the type. */
  readonly read: () => unknown
  /** Absent: object-access-denied. */
  readonly write?: (value: Data, context: AccessContext) => Answer
}

/** Attributes by name, in the order of the wire: a structure. */
export interface Group {
  readonly [name: string]: Attribute | Group
}

/** An attribute nobody may write. */
export function shown(type: TypeDescription, read: () => unknown): Attribute {
  return { type, read }
}

/** An attribute that holds what is written to it. @param check why a value is refused; undefined: it is not */
export function held(
  type: TypeDescription,
  initial: unknown,
  check: (value: Data) => DataAccessError | undefined = () => undefined,
): Attribute {
  let value: unknown = initial
  return {
    type,
    read: () => value,
    write: written =>
      check(written) ??
      (() => {
        value = written
      }),
  }
}

/** A constant. */
export function fixed(type: TypeDescription, value: unknown): Attribute {
  return shown(type, () => value)
}

/** A write check: a floating-point number or an integer from `least` to `most`, else object-value-invalid. */
export function within(least: number, most: number): (value: Data) => DataAccessError | undefined {
  return value => {
    const number = value.type === 'floatingPoint' ? value.value.value : Number(value.value)
    return number >= least && number <= most ? undefined : 'object-value-invalid'
  }
}

/**
 * A structure as one variable. Writes of a part arrive as the whole with that part replaced; what is not the very object that the
 * last read gave has been written, and must be writable. Nothing is carried out unless everything is.
 */
export function variableOf(tree: Attribute | Group): VariableModel {
  let last: Data | undefined
  const type = typeOf(tree)
  return {
    type,
    read: () => (last = dataOf(tree)),
    write: (value, context) => {
      const actions: (() => void)[] = []
      const failure = collect(tree, last, value, context, actions)
      if (failure !== undefined) return { failure }
      for (const act of actions) act()
      return undefined
    },
  }
}

function isAttribute(tree: Attribute | Group): tree is Attribute {
  return typeof tree.read === 'function'
}

function typeOf(tree: Attribute | Group): TypeDescription {
  if (isAttribute(tree)) return tree.type
  return types.structure(Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, typeOf(part)])))
}

function dataOf(tree: Attribute | Group): Data {
  if (isAttribute(tree)) return toData(tree.read(), tree.type)
  return { type: 'structure', value: Object.values(tree).map(dataOf) }
}

function collect(
  tree: Attribute | Group,
  before: Data | undefined,
  after: Data,
  context: AccessContext,
  actions: (() => void)[],
): DataAccessError | undefined {
  if (before === after) return undefined
  if (isAttribute(tree)) {
    const answer = tree.write?.(after, context) ?? 'object-access-denied'
    if (typeof answer !== 'function') return answer
    actions.push(answer)
    return undefined
  }
  for (const [i, part] of Object.values(tree).entries()) {
    const failure = collect(part, memberAt(before, i), memberAt(after, i)!, context, actions)
    if (failure !== undefined) return failure
  }
  return undefined
}

function memberAt(data: Data | undefined, at: number): Data | undefined {
  return data?.type === 'structure' ? data.value[at] : undefined
}
