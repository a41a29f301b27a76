import { UsageError } from '@x/core'
import type { ServiceError, UnitControlPart } from '../../asn1/error.js'
import { NON_DELETABLE } from '../access.js'
import type { Domain } from '../domain/domain.js'
import { type MmsObject, type Scope, whenDeleted } from '../objects.js'
import type { ProgramInvocation } from '../program-invocation/program-invocation.js'
import type { Vmd } from '../vmd.js'

/** A unit control in a model: it is there from the beginning and is not deleted by MMS. */
export interface UnitControlModel {
  /** Names of domains of the model. @default none */
  readonly domains?: readonly string[]
  /** Names of program invocations of the model. @default none */
  readonly programInvocations?: readonly string[]
}

/** Things that are loaded, started and stored together. ISO 9506-1, 13. */
export class UnitControl implements MmsObject {
  name: string
  scope: Scope | undefined
  accessControlList: string
  readonly domains = new Members<Domain>()
  readonly programInvocations = new Members<ProgramInvocation>()

  constructor(name: string, accessControlList: string) {
    this.name = name
    this.accessControlList = accessControlList
  }
}

/** Objects that belong together, in the order in which they came; one that is deleted is a member no longer. */
export class Members<T extends MmsObject> {
  readonly #forget = new Map<T, () => void>()

  get size(): number {
    return this.#forget.size
  }

  get names(): readonly string[] {
    return [...this].map(({ name }) => name)
  }

  has(member: T): boolean {
    return this.#forget.has(member)
  }

  add(member: T): void {
    if (this.has(member)) return
    this.#forget.set(
      member,
      whenDeleted(member, () => this.#forget.delete(member)),
    )
  }

  remove(member: T): void {
    this.#forget.get(member)?.()
    this.#forget.delete(member)
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#forget.keys()
  }
}

/** Thrown where a service fails because of one element. */
export class PartFailed {
  readonly error: ServiceError
  readonly part: UnitControlPart | undefined

  constructor(error: ServiceError, part?: UnitControlPart) {
    this.error = error
    this.part = part
  }
}

/** Makes those of the model. @throws UsageError `MMS_MODEL` */
export function addUnitControls(vmd: Vmd): void {
  for (const [name, { domains = [], programInvocations = [] }] of Object.entries(vmd.model.unitControls ?? {})) {
    const members = membersOf(vmd, { domains, programInvocations })
    if (members === undefined) throw new UsageError('mms', 'MMS_MODEL', `unit control ${name}: a member is not in the model`)
    const unitControl = new UnitControl(name, NON_DELETABLE)
    addMembers(unitControl, members)
    vmd.vmdSpecific.add('unitControl', unitControl)
  }
}

/** The objects that a request names; undefined: one of them does not exist. */
export function membersOf(
  { vmdSpecific }: Vmd,
  names: { readonly domains: readonly string[]; readonly programInvocations: readonly string[] },
): { readonly domains: readonly Domain[]; readonly programInvocations: readonly ProgramInvocation[] } | undefined {
  const domains = names.domains.map(name => vmdSpecific.get('domain', name))
  const programInvocations = names.programInvocations.map(name => vmdSpecific.get('programInvocation', name))
  if (domains.includes(undefined) || programInvocations.includes(undefined)) return undefined
  return { domains: domains as Domain[], programInvocations: programInvocations as ProgramInvocation[] }
}

export function addMembers(unitControl: UnitControl, { domains, programInvocations }: NonNullable<ReturnType<typeof membersOf>>): void {
  for (const domain of domains) unitControl.domains.add(domain)
  for (const program of programInvocations) unitControl.programInvocations.add(program)
}
