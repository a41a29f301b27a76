import type { ObjectName } from '../../asn1/identifiers.js'
import type { Address, AlternateAccess, TypeDescription, VariableSpecification } from '../../asn1/variable-access.js'
import { type MmsObject, objectNameOf, type Scope } from '../objects.js'
import type { Vmd } from '../vmd.js'
import type { GuardedVariable, Variable } from './variable.js'

/** A variable with a name. ISO 9506-1, 14.1. */
export interface NamedVariable extends Variable, MmsObject {
  /** Exactly where its access method is public. */
  readonly address: Address | undefined
  readonly meaning: string | undefined
}

/** Several variables seen as one structure. They are named in the name space of named variables. ISO 9506-1, annex E. */
export interface ScatteredAccess extends Variable, MmsObject {
  readonly components: readonly ScatteredMember[]
}

/** A list of variables with a name. ISO 9506-1, 14.1. */
export interface NamedVariableList extends MmsObject {
  /** In order. */
  members: readonly Member[]
}

/** A type with a name. ISO 9506-1, 14.1. */
export interface NamedType extends MmsObject {
  /** Without names of types inside. */
  readonly type: TypeDescription
  readonly meaning: string | undefined
}

/** A variable that a list or a scattered access refers to, and what of it. */
export interface Member {
  readonly refersTo: Referred
  readonly alternateAccess: AlternateAccess | undefined
  /** What is meant: the variable or the part of it. */
  readonly part: Variable
}
export interface ScatteredMember extends Member {
  readonly componentName: string | undefined
}

/** What is referred to: an object with a name; an unnamed variable; or one that was described, and that lives and dies with who refers to it. */
export type Referred =
  | { readonly type: 'object'; readonly variable: NamedVariable | ScatteredAccess }
  | { readonly type: 'unnamed'; readonly variable: GuardedVariable; readonly specification: VariableSpecification }
  | { readonly type: 'scattered'; readonly variable: GuardedVariable; readonly components: readonly ScatteredMember[] }

/** Where names are looked up: by a server association, or while a model is built. */
export interface Finder {
  readonly vmd: Vmd
  /** Objects of the association that asks. */
  readonly own: Scope
  readonly limits: { readonly maxTypeOctets: number }
}

/** A named variable, or scattered access. */
export function findVariable(name: ObjectName, { vmd, own }: Finder): NamedVariable | ScatteredAccess | undefined {
  return vmd.find('namedVariable', name, own) ?? vmd.find('scatteredAccess', name, own)
}

/** What services deleted, as opposed to what went with its domain. */
const deletedByServices = new WeakSet<MmsObject>()

/** Notes that a service deletes it: lists lose the item then. */
export function noteDeleted(object: MmsObject): void {
  deletedByServices.add(object)
}

/** Whether it is no more: deleted, or gone with its domain. */
export function isGone({ refersTo }: Member): boolean {
  return refersTo.type === 'object' && refersTo.variable.scope === undefined
}

function isDeleted(member: Member): boolean {
  return isGone(member) && deletedByServices.has(member.refersTo.variable as NamedVariable)
}

/** The members of a list. One that a service deleted is a member no longer (ISO 9506-1, 14.11); one that went with its domain stays, as a gap. */
export function membersOfList(list: NamedVariableList): readonly Member[] {
  if (list.members.some(isDeleted)) list.members = list.members.filter(member => !isDeleted(member))
  return list.members
}

/** How a member is shown to clients. */
export function specificationOf(member: Member): VariableSpecification {
  const { refersTo } = member
  if (isGone(member)) return { type: 'invalidated', value: null }
  switch (refersTo.type) {
    case 'object':
      return { type: 'name', value: objectNameOf(refersTo.variable) }
    case 'unnamed':
      return refersTo.specification
    case 'scattered':
      return { type: 'scatteredAccessDescription', value: refersTo.components.map(scatteredComponentOf) }
    default:
      return refersTo satisfies never
  }
}

export function scatteredComponentOf(member: ScatteredMember) {
  const { componentName, alternateAccess } = member
  return {
    ...(componentName === undefined ? {} : { componentName }),
    variableSpecification: specificationOf(member),
    ...(alternateAccess === undefined ? {} : { alternateAccess }),
  }
}
