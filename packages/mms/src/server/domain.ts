import { type MmsObject, Scope } from './objects.js'

/** A domain: what its program, data and devices are, seen as a scope of names. ISO 9506-1, 11.1. */
export class Domain implements MmsObject {
  name: string
  scope: Scope | undefined
  accessControlList: string
  /** The objects whose names are specific to this domain. */
  readonly objects: Scope
  /** Whether it may belong to more than one program invocation. ISO 9506-1, 11.1.1. */
  sharable = true
  /** Those that it belongs to: while there is one, the domain is in use. */
  readonly programInvocations = new Set<MmsObject>()

  constructor(name: string, accessControlList: string) {
    this.name = name
    this.accessControlList = accessControlList
    this.objects = new Scope('domainSpecific', this)
  }
}
