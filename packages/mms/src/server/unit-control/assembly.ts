import type { LoadData } from '../../asn1/domain.js'
import type { ControlElement, ProgramInvocationDefinition } from '../../asn1/unit-control.js'
import { DELETABLE } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { deleteDomain } from '../domain/deletion.js'
import { failureOf, TRANSFER_PROBLEM } from '../domain/failures.js'
import { DomainLoad, loadRefusal, type NewDomain } from '../domain/load.js'
import { serviceError } from '../errors.js'
import { createProgramInvocation, deleteProgramInvocation } from '../program-invocation/create.js'
import { monitorOf, servesMonitoring } from '../program-invocation/monitoring.js'
import { newRefusal } from './services.js'
import { PartFailed, UnitControl } from './unit-control.js'

const OUT_OF_SEQUENCE = serviceError('service', 'primitives-out-of-sequence')

/** A unit control that is being made of control elements, wherever these come from. What it has made can be undone until it is finished. */
export class Assembly {
  readonly #association: ServerAssociation
  readonly #unitControl: UnitControl
  readonly #open = new Map<string, OpenDomain>()
  readonly #undo: (() => void)[] = []
  #isOver = false

  constructor(association: ServerAssociation, name: string) {
    this.#association = association
    this.#unitControl = new UnitControl(name, DELETABLE)
  }

  /** Does what an element says. @throws PartFailed with the domain or program invocation at fault */
  async apply(element: ControlElement): Promise<void> {
    if (element.type === 'piDefinition') return this.#define(element.value)
    const domainName = typeof element.value === 'string' ? element.value : element.value.domainName
    try {
      if (this.#isOver) throw { error: TRANSFER_PROBLEM }
      if (element.type === 'beginDomainDef') {
        const { capabilities, sharable, loadData } = element.value
        this.#begin({ domainName, listOfCapabilities: capabilities, sharable })
        if (loadData !== undefined) await this.#opened(domainName).put(loadData)
      } else if (element.type === 'continueDomainDef') await this.#opened(domainName).put(element.value.loadData)
      else {
        await this.#opened(domainName).finish()
        this.#open.delete(domainName)
      }
    } catch (error) {
      throw new PartFailed(failureOf(error), { type: 'domain', value: domainName })
    }
  }

  /** All elements were there: the unit control exists. @throws PartFailed when a domain has no end */
  finish(): void {
    const { vmd } = this.#association
    for (const domainName of this.#open.keys()) throw new PartFailed(OUT_OF_SEQUENCE, { type: 'domain', value: domainName })
    const refused = this.#isOver ? { error: TRANSFER_PROBLEM } : newRefusal(this.#unitControl.name, this.#association)
    if (refused !== undefined) throw new PartFailed(refused.error)
    vmd.vmdSpecific.add('unitControl', this.#unitControl)
    this.#isOver = true
  }

  /** Takes back what was made, the last first. What somebody else uses by now stays. */
  undo(): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const undo of this.#undo.reverse()) undo()
  }

  #begin(request: NewDomain): void {
    const association = this.#association
    const refused = loadRefusal(association, request)
    if (refused !== undefined) throw refused
    const open = new OpenDomain(new DomainLoad(association, request, 'loadDomainContent'))
    const { domain } = open.load
    this.#open.set(request.domainName, open)
    this.#unitControl.domains.add(domain)
    this.#undo.push(() => {
      open.abandon()
      if (domain.scope !== undefined && domain.deleteRefusal() === undefined) deleteDomain(association.vmd, domain)
    })
  }

  #opened(domainName: string): OpenDomain {
    const open = this.#open.get(domainName)
    if (open === undefined) throw { error: OUT_OF_SEQUENCE }
    return open
  }

  #define({ piName: name, listOfDomains: domains, reusable, monitorType, pIState = 'idle' }: ProgramInvocationDefinition): void {
    const part = { type: 'programInvocation', value: name } as const
    // Any other state is what an upload tells of one that runs.
    if (pIState !== 'idle') throw new PartFailed(serviceError('definition', 'object-attribute-inconsistent'), part)
    if (monitorType !== undefined && !servesMonitoring(this.#association))
      throw new PartFailed(serviceError('resource', 'capability-unavailable'), part)
    const made =
      this.#isOver || domains.length === 0
        ? { error: this.#isOver ? TRANSFER_PROBLEM : serviceError('definition', 'object-attribute-inconsistent') }
        : createProgramInvocation(this.#association.vmd, { name, domains, reusable, ...monitorOf(monitorType) }, this.#association)
    if ('error' in made) throw new PartFailed(made.error, part)
    const { program } = made
    this.#unitControl.programInvocations.add(program)
    this.#undo.push(() => {
      if (program.scope !== undefined && program.permits('delete')) deleteProgramInvocation(program)
    })
  }
}

/** A domain that has begun and not ended. Its loader takes what is put, one piece at a time. */
class OpenDomain {
  readonly load: DomainLoad
  readonly #made: Promise<void>
  #give: ((data: LoadData | undefined) => void) | undefined
  #onWanted: (() => void) | undefined

  constructor(load: DomainLoad) {
    this.load = load
    this.#made = load.make(this.#segments())
    this.#made.catch(() => {})
  }

  /** Resolves when the loader has taken it. @throws what the loader throws */
  async put(data: LoadData): Promise<void> {
    await this.#hand(data)
  }

  async finish(): Promise<void> {
    await this.#hand(undefined)
    await this.#made
    if (this.load.isOver) throw { error: TRANSFER_PROBLEM }
    this.load.done('loaded')
  }

  abandon(): void {
    this.load.undo('notLoaded')
    this.#give?.(undefined)
  }

  async #hand(data: LoadData | undefined): Promise<void> {
    const hasEnded = this.#made.then(() => {
      // A loader that is content before the end has not seen all of it.
      if (data !== undefined) throw { error: TRANSFER_PROBLEM }
    })
    hasEnded.catch(() => {})
    await Promise.race([this.#wanted(), hasEnded])
    const give = this.#give
    this.#give = undefined
    give?.(data)
  }

  #wanted(): Promise<void> {
    if (this.#give !== undefined) return Promise.resolve()
    return new Promise(resolve => {
      this.#onWanted = resolve
    })
  }

  async *#segments(): AsyncGenerator<LoadData, void, void> {
    for (;;) {
      const data = await new Promise<LoadData | undefined>(resolve => {
        this.#give = resolve
        this.#onWanted?.()
      })
      if (data === undefined) return
      yield data
    }
  }
}
