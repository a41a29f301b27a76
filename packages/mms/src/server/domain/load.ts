import type { LoadData } from '../../asn1/domain.js'
import { DELETABLE, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { serviceError } from '../errors.js'
import type { DomainModel } from '../model.js'
import { whenDeleted } from '../objects.js'
import { removeDomain } from './deletion.js'
import { Domain, type Refused } from './domain.js'
import { TRANSFER_PROBLEM } from './failures.js'
import { keepOctets } from './keep.js'
import { limitsOf, madeOf } from './limits.js'
import type { DomainAttributes } from './model.js'
import type { DomainEvent } from './states.js'

/** What a client says of a domain that is to be made. */
export interface NewDomain {
  readonly domainName: string
  readonly listOfCapabilities?: readonly string[]
  readonly sharable: boolean
}

/** Loads that are going on, by association. */
const going = new WeakMap<ServerAssociation, Set<DomainLoad>>()

/**
 * Why no such domain can be made now, checked in this order: its name is taken, the VMD's list forbids it, a capability is not known, or is not to
 * be had, there are too many domains or loads.
 */
export function loadRefusal(association: ServerAssociation, { domainName, listOfCapabilities = [] }: NewDomain): Refused | undefined {
  const { vmd } = association
  const taken = vmd.domain(domainName)?.refusal('loadDomainContent') ?? refusal(association, 'load', vmd)
  if (taken !== undefined) return taken
  const known = vmd.model.loading?.capabilities
  if (known !== undefined) {
    if (listOfCapabilities.some(name => !Object.hasOwn(known, name))) return { error: serviceError('resource', 'capability-unknown') }
    if (listOfCapabilities.some(name => !known[name])) return UNAVAILABLE
  }
  const { maxDomains, maxLoads } = limitsOf(vmd)
  return madeOf(vmd).domains >= maxDomains || (going.get(association)?.size ?? 0) >= maxLoads ? UNAVAILABLE : undefined
}

const UNAVAILABLE: Refused = { error: serviceError('resource', 'capability-unavailable') }

/** A domain that is being made of load data, wherever these come from. ISO 9506-1, 11. */
export class DomainLoad {
  readonly association: ServerAssociation
  readonly domain: Domain
  readonly #controller = new AbortController()
  readonly #loads: Set<DomainLoad>
  readonly #ends: (() => void)[] = []

  /** Makes the domain, which is being loaded from now on. @param event what it begins with */
  constructor(
    association: ServerAssociation,
    { domainName, listOfCapabilities = [], sharable }: NewDomain,
    event: 'initiateDownloadSequence' | 'loadDomainContent',
  ) {
    const { vmd } = association
    this.association = association
    this.domain = new Domain(domainName, DELETABLE, { capabilities: listOfCapabilities, sharable }, 'non-existent')
    this.domain.step(event)
    vmd.vmdSpecific.add('domain', this.domain)
    const made = madeOf(vmd)
    made.domains += 1
    whenDeleted(this.domain, () => {
      made.domains -= 1
    })
    this.#loads = going.get(association) ?? new Set()
    going.set(association, this.#loads.add(this))
  }

  /** Whether it has ended, with a domain or without one. */
  get isOver(): boolean {
    return !this.#loads.has(this)
  }

  /** Runs something when it ends, at once with what ends it. */
  whenOver(run: () => void): void {
    this.#ends.push(run)
  }

  /** Gives the loader the load data and the domain what it makes of them. @throws whatever the loader throws, or says that it was given up */
  async make(segments: AsyncIterable<LoadData>): Promise<void> {
    const { association, domain } = this
    const { vmd } = association
    let isWhole = false
    async function* watched() {
      yield* segments
      isWhole = true
    }
    const { name, capabilities, sharable } = domain
    const about = { name, capabilities, sharable, association, signal: this.#controller.signal }
    const { load } = vmd.model.loading ?? {}
    const model = await (load === undefined ? keepOctets(watched(), vmd) : load(watched(), about))
    if (this.isOver) {
      model.onDelete?.()
      throw { error: TRANSFER_PROBLEM }
    }
    domain.attributes = { capabilities, sharable, ...attributesOf(model) }
    if (!isWhole) throw { error: TRANSFER_PROBLEM }
    vmd.populate(domain, model)
  }

  /** It has ended with a domain. */
  done(event: 'terminated' | 'loaded'): void {
    this.#end()
    this.domain.step(event)
  }

  /** It has ended without one: the domain is taken away, the loader told. */
  undo(event: Extract<DomainEvent, 'terminated' | 'notTerminated' | 'associationEnds' | 'notLoaded'>): void {
    if (this.isOver) return
    this.#end()
    this.domain.step(event)
    removeDomain(this.association.vmd, this.domain)
    this.#controller.abort()
  }

  #end(): void {
    this.#loads.delete(this)
    for (const run of this.#ends) run()
  }
}

function attributesOf({ capabilities, sharable, store, onDelete }: DomainModel): DomainAttributes {
  return {
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(sharable === undefined ? {} : { sharable }),
    ...(store === undefined ? {} : { store }),
    ...(onDelete === undefined ? {} : { onDelete }),
  }
}
