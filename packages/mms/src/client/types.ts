import type { ObjectName } from '../asn1/identifiers.js'
import type {
  Address,
  DeletedNumbers,
  GetVariableAccessAttributesResponse,
  ScatteredComponent,
  TypeDescription,
  TypeSpecification,
} from '../asn1/variable-access.js'
import type { GetNamedTypeAttributesResponse, GetScatteredAccessAttributesResponse } from '../asn1/variable-definition.js'
import type { RequestOptions } from '../edge/requests.js'
import { parseVariable } from '../names.js'
import type { Requester } from './requester.js'
import { ofReference, type VariableItem } from './specify.js'
import { nameOf } from './variables.js'

/** Objects by their names, or all of a scope that the server lets go. */
export type ObjectsToDelete =
  | readonly (string | ObjectName)[]
  | { readonly scope: 'aa-specific' | 'vmd' }
  | { readonly scope: 'domain'; readonly domainName: string }

/** An address: a number, a symbol, or as ISO 9506-2 has it. */
export type AddressItem = number | string | Address

/** A component of a scattered access: a variable, or a part of one, and perhaps the name of the component. */
export type ScatteredItem = VariableItem | { readonly componentName: string; readonly variable: VariableItem }

/**
 * Services that define and delete variables, scattered access and types. ISO 9506-1, 14.9 to 14.17 and annex E. Those with addresses need
 * the building block `vadr`, scattered access needs `vsca`: `initiate: { parameterCBB: [..., 'vadr', 'vsca'] }` on both sides.
 *
 * Each throws a ServiceError or RejectedError of the server, or how the association ended.
 */
export class MmsTypes {
  readonly #requester: Requester

  /** @internal */
  constructor(requester: Requester) {
    this.#requester = requester
  }

  /** A variable at an address as an item to read, to write or to put on a list. @param type what it is taken for; absent: what it is */
  at(address: AddressItem, type?: TypeDescription | TypeSpecification): VariableItem {
    const value = addressOf(address)
    if (type === undefined) return { variableSpecification: { type: 'address', value } }
    return { variableSpecification: { type: 'variableDescription', value: { address: value, typeSpecification: specificationOf(type) } } }
  }

  /** The type of the variable at an address. `getVariableAccessAttributes` of the client asks by a name. */
  getVariableAccessAttributes(address: AddressItem, options?: RequestOptions): Promise<GetVariableAccessAttributesResponse> {
    return this.#requester.request('getVariableAccessAttributes', { type: 'address', value: addressOf(address) }, options)
  }

  /** Gives the variable at an address a name. @param type absent: the type that it has */
  async defineNamedVariable(
    name: string | ObjectName,
    address: AddressItem,
    type?: TypeDescription | TypeSpecification,
    options?: RequestOptions,
  ): Promise<void> {
    const typeSpecification = type && specificationOf(type)
    await this.#requester.request(
      'defineNamedVariable',
      { variableName: nameOf(name), address: addressOf(address), ...(typeSpecification && { typeSpecification }) },
      options,
    )
  }

  /** Deletes named variables and scattered access. @returns how many were found and how many deleted */
  deleteVariableAccess(objects: ObjectsToDelete, options?: RequestOptions): Promise<DeletedNumbers> {
    const { names, ...scope } = deletion(objects)
    return this.#requester.request('deleteVariableAccess', { ...scope, ...(names && { listOfName: names }) }, options)
  }

  /** Makes one structure of several variables, seen as a variable with that name. */
  async defineScatteredAccess(name: string | ObjectName, components: readonly ScatteredItem[], options?: RequestOptions): Promise<void> {
    await this.#requester.request(
      'defineScatteredAccess',
      { scatteredAccessName: nameOf(name), scatteredAccessDescription: components.map(scatteredComponent) },
      options,
    )
  }

  getScatteredAccessAttributes(name: string | ObjectName, options?: RequestOptions): Promise<GetScatteredAccessAttributesResponse> {
    return this.#requester.request('getScatteredAccessAttributes', nameOf(name), options)
  }

  /** Gives a type a name, to be used in other types: `types.named('domain/item')`. */
  async defineNamedType(name: string | ObjectName, type: TypeDescription | TypeSpecification, options?: RequestOptions): Promise<void> {
    await this.#requester.request('defineNamedType', { typeName: nameOf(name), typeSpecification: specificationOf(type) }, options)
  }

  getNamedTypeAttributes(name: string | ObjectName, options?: RequestOptions): Promise<GetNamedTypeAttributesResponse> {
    return this.#requester.request('getNamedTypeAttributes', nameOf(name), options)
  }

  /** Deletes named types; what was made with them stays as it is. @returns how many were found and how many deleted */
  deleteNamedType(objects: ObjectsToDelete, options?: RequestOptions): Promise<DeletedNumbers> {
    const { names, ...scope } = deletion(objects)
    return this.#requester.request('deleteNamedType', { ...scope, ...(names && { listOfTypeName: names }) }, options)
  }
}

function deletion(objects: ObjectsToDelete): {
  readonly scopeOfDelete: 'specific' | 'aa-specific' | 'domain' | 'vmd'
  readonly names?: readonly ObjectName[]
  readonly domainName?: string
} {
  if (!('scope' in objects)) return { scopeOfDelete: 'specific', names: objects.map(nameOf) }
  return objects.scope === 'domain' ? { scopeOfDelete: 'domain', domainName: objects.domainName } : { scopeOfDelete: objects.scope }
}

function specificationOf(type: TypeDescription | TypeSpecification): TypeSpecification {
  return type.type === 'typeName' || type.type === 'typeDescription' ? type : { type: 'typeDescription', value: type }
}

function addressOf(address: AddressItem): Address {
  if (typeof address === 'object') return address
  return typeof address === 'number' ? { type: 'numericAddress', value: address } : { type: 'symbolicAddress', value: address }
}

function scatteredComponent(item: ScatteredItem): ScatteredComponent {
  if (typeof item === 'object' && 'variable' in item) return { componentName: item.componentName, ...listed(item.variable) }
  return listed(item)
}

function listed(item: VariableItem) {
  return ofReference(typeof item === 'string' ? parseVariable(item) : item)
}
