import type { Data, DataAccessError } from '../../asn1/data.js'
import type { Address, TypeDescription, TypeSpecification } from '../../asn1/variable-access.js'
import type { ServerAssociation } from '../association.js'

/** What a hook knows of the request it serves. */
export interface AccessContext {
  readonly association: ServerAssociation
  /** Fires when the association ends. */
  readonly signal: AbortSignal
}

/** Thrown by a hook, or returned, to answer an item with that error. */
export interface AccessFailure {
  readonly failure: DataAccessError
}

/** A type of a model: a description, or the name of a type, whole or inside: `types.named('LD/Point')`. */
export type ModelType = TypeDescription | TypeSpecification

/** A named variable: its type, and its value or the hooks that stand for it. */
export interface VariableModel {
  readonly type: ModelType
  /** The value held by the server when there is no `read` hook; written values take its place. @default the type's zero value */
  readonly value?: Data
  /** Called for each access. Sync or async; what it throws is answered with `hardware-fault`, an AccessFailure with its error. */
  readonly read?: (context: AccessContext) => Data | AccessFailure | Promise<Data | AccessFailure>
  /**
   * Called with the whole new value, already checked against the type. Without it the server keeps the value, unless there is a `read` hook:
   * then there is no way to write, and `object-access-unsupported` is the answer.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook without a result is written as a plain function
  readonly write?: (value: Data, context: AccessContext) => AccessFailure | void | Promise<AccessFailure | void>
  /** False: `object-access-denied` is the answer. @default true */
  readonly writable?: boolean
  /** False: `object-access-denied` is the answer. @default true */
  readonly readable?: boolean
  /**
   * Where it lies. Its access method is public then: clients that agreed on `vadr` are told the address, and may use the variable by it.
   * @default none: the access method is a matter of the server
   */
  readonly address?: AddressText
  /** What it means, for clients that agreed on `sem`. */
  readonly meaning?: string
  /** Name of the access control list that guards it. @default 'M_NonDeletable' */
  readonly accessControlList?: string
}

/** An address: a number, a symbol, or as ISO 9506-2 has it. */
export type AddressText = number | string | Address

/** A variable without a name. */
export interface UnnamedVariableModel extends Omit<VariableModel, 'meaning'> {
  readonly address: AddressText
}

/**
 * Stands for variables at addresses that the model does not list one by one, such as the memory of a controller.
 * @param type what a client takes it for; absent: it has not said
 * @returns the variable there, with hooks for its value; undefined: there is none, or not with that type where one is given
 */
export type AddressSpace = (address: Address, type: TypeDescription | undefined) => VariableModel | AccessFailure | undefined

/** A named type. */
export interface TypeModel {
  readonly type: ModelType
  /** What it means, for clients that agreed on `sem`. */
  readonly meaning?: string
  /** @default 'M_NonDeletable' */
  readonly accessControlList?: string
}

/** Several variables seen as one structure. ISO 9506-1, annex E. */
export interface ScatteredAccessModel {
  /** In order: a variable as text (`LD/x`, `LD/a(1).mag`), or one with the name of the component. */
  readonly components: readonly (string | { readonly componentName?: string; readonly variable: string })[]
  /** @default 'M_NonDeletable' */
  readonly accessControlList?: string
}

/** A named variable list made by the server: it cannot be deleted by MMS, unless its access control list lets it. */
export interface ListModel {
  /** Variables in order, written as `domain/item`, `vmd:item`, with an access path where only a part is meant. */
  readonly items: readonly string[]
  /** @default 'M_NonDeletable' */
  readonly accessControlList?: string
}

/** What a model may say of variables, types and lists, of the VMD or of a domain. Each by name. */
export interface VariablesModel {
  readonly variables?: Readonly<Record<string, VariableModel>>
  readonly scatteredAccess?: Readonly<Record<string, ScatteredAccessModel>>
  readonly types?: Readonly<Record<string, TypeModel>>
  readonly lists?: Readonly<Record<string, ListModel>>
}
