import { hex } from '@x/core'
import type { DataAccessError } from '../../asn1/data.js'
import type { Address, TypeDescription, TypeSpecification } from '../../asn1/variable-access.js'
import { refusal } from '../access.js'
import type { AccessFailure, AddressSpace, AddressText, ModelType } from './model.js'
import { isSupported, measureOf, sameValues, sizeOf } from './types.js'
import { type GuardedVariable, guarded, makeVariable, type Variable } from './variable.js'

/** The unnamed variables of a VMD. They are there as long as it is: no service makes or deletes them. ISO 9506-1, 14.1. */
export class UnnamedVariables {
  readonly #byAddress = new Map<string, GuardedVariable>()
  readonly #space: AddressSpace | undefined
  readonly #resolve: (type: ModelType) => TypeDescription

  /** @param resolve reads the types of a model */
  constructor(space: AddressSpace | undefined, resolve: (type: ModelType) => TypeDescription) {
    this.#space = space
    this.#resolve = resolve
  }

  /** Those that have an address in the model. One that has a name as well is the named variable itself. */
  [Symbol.iterator](): IterableIterator<GuardedVariable> {
    return this.#byAddress.values()
  }

  add(address: Address, variable: GuardedVariable): void {
    this.#byAddress.set(keyOf(address), variable)
  }

  remove(address: Address): void {
    this.#byAddress.delete(keyOf(address))
  }

  /**
   * The variable at an address.
   * @param type what it is taken for; absent: what it is
   * @param maxTypeOctets of a value of that type
   * @returns invalid-address, type-unsupported, type-inconsistent where it cannot be
   */
  at(address: Address, type?: TypeDescription, maxTypeOctets = Number.POSITIVE_INFINITY): GuardedVariable | DataAccessError {
    if (type !== undefined && (sizeOf(type) > maxTypeOctets || !isSupported(type))) return 'type-unsupported'
    const variable = this.#byAddress.get(keyOf(address)) ?? this.#inSpace(address, type)
    if (typeof variable !== 'object' || type === undefined) return variable
    if (!sameValues(type, variable.type)) return 'type-inconsistent'
    return {
      ...variable,
      type,
      depth: measureOf(type).depth,
      // Its list may come to be another one, or be renamed.
      get accessControlList() {
        return variable.accessControlList
      },
    }
  }

  #inSpace(address: Address, type: TypeDescription | undefined): GuardedVariable | DataAccessError {
    const space = this.#space
    if (space === undefined) return 'invalid-address'
    const made = guarded<GuardedVariable>(() => {
      const model = space(address, type)
      if (model === undefined) return this.#nothingAt(space, address, type)
      return 'failure' in model ? (model as AccessFailure).failure : makeVariable(addressText(address), model, this.#resolve(model.type))
    })
    return made instanceof Promise ? 'hardware-fault' : made
  }

  /** Nothing with that type, or nothing at all. */
  #nothingAt(space: AddressSpace, address: Address, type: TypeDescription | undefined): DataAccessError {
    return type !== undefined && space(address, undefined) !== undefined ? 'type-inconsistent' : 'invalid-address'
  }
}

/** An address as ISO 9506-2 has it. */
export function addressOf(text: AddressText): Address {
  if (typeof text === 'object') return text
  return typeof text === 'number' ? { type: 'numericAddress', value: text } : { type: 'symbolicAddress', value: text }
}

function addressText({ type, value }: Address): string {
  return `the variable at ${type === 'unconstrainedAddress' ? hex(value) : value}`
}

function keyOf({ type, value }: Address): string {
  return type === 'numericAddress' ? `${value}` : type === 'symbolicAddress' ? `s${value}` : `u${hex(value)}`
}

/** A type of a model as ISO 9506-2 has it. */
export function specificationIn(type: ModelType): TypeSpecification {
  return type.type === 'typeName' || type.type === 'typeDescription' ? type : { type: 'typeDescription', value: type }
}

/**
 * A variable over another one that has its own access control list: the list of the one below guards it still, whoever asks by the name above.
 */
export function over(variable: GuardedVariable): Variable {
  return {
    ...variable,
    read: context => (refusal(context.association, 'read', variable) ? 'object-access-denied' : variable.read(context)),
    write: (value, context) => (refusal(context.association, 'write', variable) ? 'object-access-denied' : variable.write(value, context)),
  }
}
