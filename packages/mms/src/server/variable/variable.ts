import { UsageError } from '@x/core'
import type { Data, DataAccessError } from '../../asn1/data.js'
import type { AlternateAccess, TypeDescription } from '../../asn1/variable-access.js'
import { mismatchOf } from '../../value-check.js'
import { NON_DELETABLE } from '../access.js'
import { andThen, type Maybe } from '../maybe.js'
import type { AccessContext, AccessFailure, VariableModel } from './model.js'
import { type Selection, select, within } from './select.js'
import { measureOf } from './types.js'
import { zeroOf } from './zero.js'

/** A variable, or a part of one, as the services see it. */
export interface Variable {
  readonly type: TypeDescription
  /** Arrays and structures inside each other, on the longest path. */
  readonly depth: number
  /** Octets that no encoding of its value goes below. */
  readonly leastOctets: number
  /** What holds its value: parts and views of the same variable share it. */
  readonly source: object
  /** Of which variable it is a part, if it is one. */
  readonly part: { readonly whole: Variable; readonly selection: Selection } | undefined
  /** The answer to every read. */
  readonly unreadable: DataAccessError | undefined
  /** The answer to every write. */
  readonly unwritable: DataAccessError | undefined
  readonly read: (context: AccessContext) => Maybe<Data | DataAccessError>
  /** @param value one that is of the type */
  readonly write: (value: Data, context: AccessContext) => Maybe<DataAccessError | undefined>
}

/** One that an access control list guards. */
export interface GuardedVariable extends Variable {
  /** Name of the list. */
  accessControlList: string
}

/** @param type the model's, without names @throws UsageError `MMS_MODEL` when the value is not of the type */
export function makeVariable(name: string, model: VariableModel, type: TypeDescription): GuardedVariable {
  let held = model.value
  const mismatch = held && mismatchOf(held, type)
  if (mismatch) {
    throw new UsageError('mms', 'MMS_MODEL', `${name}${mismatch.path}: expected ${mismatch.expected}, found ${mismatch.found}`)
  }
  const { read, write } = model
  const { depth, leastOctets } = measureOf(type)
  return {
    type,
    depth,
    leastOctets,
    source: model,
    part: undefined,
    accessControlList: model.accessControlList ?? NON_DELETABLE,
    unreadable: model.readable === false ? 'object-access-denied' : undefined,
    unwritable:
      model.writable === false
        ? 'object-access-denied'
        : read !== undefined && write === undefined
          ? 'object-access-unsupported'
          : undefined,
    read:
      read === undefined
        ? () => {
            held ??= zeroOf(type)
            return held
          }
        : context => guarded(() => andThen(read(context), value => ('failure' in value ? value.failure : value))),
    write: (value, context) =>
      guarded(() =>
        // biome-ignore lint/suspicious/noConfusingVoidType: a hook without a result is written as a plain function
        andThen(write?.(value, context), (failure: AccessFailure | void) => {
          if (failure) return failure.failure
          held = value
          return undefined
        }),
      ),
  }
}

/** The variable, or the part of it that an alternate access means. */
export function partMeant(variable: Variable, access: AlternateAccess | undefined): Variable | DataAccessError {
  if (access === undefined) return variable
  const selection = select(variable.type, access)
  return typeof selection === 'object' ? partOf(variable, selection) : selection
}

/** A part of a variable as a variable: read takes it out, write reads, changes and writes the whole. */
export function partOf(base: Variable, chosen: Selection): Variable {
  const whole = base.part?.whole ?? base
  const selection = base.part === undefined ? chosen : within(base.part.selection, chosen)
  const { depth, leastOctets } = measureOf(selection.type)
  return {
    type: selection.type,
    depth,
    leastOctets,
    source: base.source,
    part: { whole, selection },
    unreadable: base.unreadable,
    unwritable: base.unwritable,
    read: context => andThen(whole.read(context), value => (typeof value === 'object' ? selection.read(value) : value)),
    write: (part, context) =>
      andThen(whole.read(context), value => (typeof value === 'object' ? whole.write(selection.write(value, part), context) : value)),
  }
}

/** Runs a user's hook: what it throws is a failure of that item, never of the association. */
export function guarded<T>(run: () => Maybe<T | DataAccessError>): Maybe<T | DataAccessError> {
  try {
    const result = run()
    return result instanceof Promise ? result.catch(failureOf) : result
  } catch (error) {
    return failureOf(error)
  }
}

function failureOf(error: unknown): DataAccessError {
  return typeof error === 'object' && error !== null && 'failure' in error
    ? ((error as AccessFailure).failure satisfies DataAccessError)
    : 'hardware-fault'
}
