import { encode } from '@x/ber'
import type { LoadData } from '../../asn1/domain.js'
import {
  type ControlElement,
  UnitControlLoadSegmentResponse,
  type UnitControlPosition,
  type UnitControlUploadResponse,
} from '../../asn1/unit-control.js'
import type { Segments } from '../../edge/segments.js'
import { refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import type { Domain, Refused } from '../domain/domain.js'
import { failureOf } from '../domain/failures.js'
import { limitsOf } from '../domain/limits.js'
import { beginTransfer, hasForeignField, writeFile } from '../domain/transfer.js'
import { beginStore, openUpload, storeRefusal, uploadsOf } from '../domain/uploads.js'
import { invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { AdditionalHandler } from '../handlers.js'
import type { ProgramInvocation } from '../program-invocation/program-invocation.js'
import { unitControlOf } from './services.js'
import type { UnitControl } from './unit-control.js'

const CONTINUATION: Refused = { error: serviceError('service', 'continuation-invalid') }
/** Octets of a response around its elements. */
const ENVELOPE = 96
/** Octets around the load data, and the names, of an element. */
const AROUND = 48
/** With less room than this a domain goes on in the next response. */
const LEAST = 64

/** Why it cannot be uploaded: its own list, a list of a domain, or a domain that is not whole. */
function uploadRefusal(association: ServerAssociation, unitControl: UnitControl): Refused | undefined {
  const refused = refusal(association, 'store', unitControl)
  if (refused !== undefined) return refused
  for (const domain of unitControl.domains) {
    const resists = storeRefusal(association, domain, 'initiateUploadSequence')
    if (resists !== undefined) return resists
  }
  return undefined
}

/**
 * ISO 9506-1, 13.5: domains, then program invocations, as much as fits; what comes next may lie in the middle of a domain, whose upload state
 * machine is then held until the client goes on, terminates that upload, or ends the association.
 */
export const uCUpload: AdditionalHandler<'uCUpload'> = ({ unitControlName, continueAfter }, association) => {
  const unitControl = unitControlOf(unitControlName, association)
  if (unitControl === undefined) return nonExistent
  const refused = uploadRefusal(association, unitControl)
  if (refused !== undefined) return refused
  const start = startOf(unitControl, continueAfter, association)
  if (start === undefined) return CONTINUATION
  const page = new Page(association)
  const work = async (): Promise<{ readonly response: UnitControlUploadResponse } | Refused> => {
    try {
      let { ulsmID } = start
      for (const domain of start.domains) {
        const next = await page.domain(domain, ulsmID)
        if (next !== undefined) return page.answer(next)
        ulsmID = undefined
      }
      for (const program of start.programs) {
        if (!page.program(program)) return page.answer({ type: 'programInvocation', value: program.name })
      }
      return page.answer()
    } catch (error) {
      return { error: failureOf(error) }
    }
  }
  return work()
}

function startOf(unitControl: UnitControl, from: UnitControlPosition | undefined, association: ServerAssociation) {
  const domains = [...unitControl.domains]
  const programs = [...unitControl.programInvocations]
  if (from === undefined) return { domains, programs }
  if (from.type === 'programInvocation') {
    const at = programs.findIndex(({ name }) => name === from.value)
    return at < 0 ? undefined : { domains: [], programs: programs.slice(at) }
  }
  const ulsmID = from.type === 'ulsmID' ? Number(from.value) : undefined
  const machine = ulsmID === undefined ? undefined : uploadsOf(association).get(ulsmID)
  const at =
    ulsmID === undefined
      ? domains.findIndex(({ name }) => name === from.value)
      : machine === undefined
        ? -1
        : domains.indexOf(machine.domain)
  return at < 0 ? undefined : { domains: domains.slice(at), programs, ulsmID }
}

/** The elements of one response. */
class Page {
  readonly #association: ServerAssociation
  readonly #elements: ControlElement[] = []
  #room: number

  constructor(association: ServerAssociation) {
    this.#association = association
    this.#room = association.negotiated.maxPduSize - ENVELOPE
  }

  answer(nextElement?: UnitControlPosition): { readonly response: UnitControlUploadResponse } {
    return { response: { controlElements: this.#elements, ...(nextElement === undefined ? {} : { nextElement }) } }
  }

  /** As much of a domain as there is room for. @param ulsmID of the upload that goes on here @returns where it goes on; undefined: it is whole */
  async domain(domain: Domain, ulsmID: number | undefined): Promise<UnitControlPosition | undefined> {
    const { name: domainName, capabilities, sharable } = domain
    const uploads = uploadsOf(this.#association)
    let id = ulsmID
    if (id === undefined) {
      const size = capabilities.reduce((sum, text) => sum + 3 * text.length + 4, domainName.length) + AROUND
      if (!this.#fits(size + domainName.length + AROUND + LEAST)) return { type: 'domain', value: domainName }
      const opened = openUpload(this.#association, domain)
      if (!('response' in opened)) throw opened
      id = opened.response.ulsmID
      this.#add({ type: 'beginDomainDef', value: { domainName, capabilities, sharable } }, size)
    }
    for (;;) {
      const most = this.#room - 2 * (domainName.length + AROUND)
      if (most < LEAST) return { type: 'ulsmID', value: id }
      const answer = await uploads.get(id)?.next(most)
      if (answer === undefined || !('response' in answer)) {
        uploads.remove(id)
        throw answer
      }
      const { loadData, moreFollows } = answer.response
      const size = sizeOf(loadData) ?? most
      if (size > 0) this.#add({ type: 'continueDomainDef', value: { domainName, loadData } }, size + domainName.length + AROUND)
      if (moreFollows) continue
      uploads.remove(id)
      this.#add({ type: 'endDomainDef', value: domainName }, domainName.length + AROUND)
      return undefined
    }
  }

  /** @returns whether it fits */
  program(program: ProgramInvocation): boolean {
    const element = definitionOf(program)
    const size = program.domains.reduce((sum, { name }) => sum + name.length + 4, program.name.length) + AROUND
    if (!this.#fits(size)) return false
    this.#add(element, size)
    return true
  }

  /** The first one is given in any case: too long for a response, it is an error of its own. */
  #fits(size: number): boolean {
    return size <= this.#room || this.#elements.length === 0
  }

  #add(element: ControlElement, size: number): void {
    this.#elements.push(element)
    this.#room -= size
  }
}

function definitionOf({ name: piName, domains, reusable, monitor, state }: ProgramInvocation): ControlElement {
  return {
    type: 'piDefinition',
    value: {
      piName,
      listOfDomains: domains.map(({ name }) => name),
      reusable,
      ...(monitor === undefined ? {} : { monitorType: monitor === 'permanent' }),
      pIState: state,
    },
  }
}

/** Octets; unknown for load data that are not octets. */
function sizeOf(data: LoadData): number | undefined {
  return data.type === 'nonCoded' ? data.value.length : undefined
}

/** Octets of one element of a file. */
const PART = 65_536

/**
 * Writes what `loadUCFromFile` reads: program invocations as idle, so that they can be loaded again. It is put together in memory, up to the
 * `maxOctets` of `DomainLoading`.
 */
export const storeUCToFile: AdditionalHandler<'storeUCToFile'> = (request, association, call) => {
  if (hasForeignField(association, request)) return invalidArgument
  const unitControl = unitControlOf(request.unitControlName, association)
  if (unitControl === undefined) return nonExistent
  const refused = uploadRefusal(association, unitControl)
  if (refused !== undefined) return refused
  const work = async () => {
    let errorOf = failureOf
    try {
      const transfer = await beginTransfer(association, request, call)
      ;({ errorOf } = transfer)
      const octets = async function* () {
        const controlElements = await elementsOf(unitControl, limitsOf(association.vmd).maxOctets)
        yield encode(UnitControlLoadSegmentResponse, { controlElements, moreFollows: false })
      }
      await writeFile(transfer.files, transfer.name, octets(), transfer.step)
      return { response: null }
    } catch (error) {
      return { error: errorOf(error) }
    }
  }
  return work()
}

async function elementsOf(unitControl: UnitControl, most: number): Promise<readonly ControlElement[]> {
  const elements: ControlElement[] = []
  let room = most
  for (const domain of unitControl.domains) {
    const { name: domainName, capabilities, sharable } = domain
    elements.push({ type: 'beginDomainDef', value: { domainName, capabilities, sharable } })
    const { segments, end } = beginStore(domain)
    try {
      for await (const loadData of allOf(segments)) {
        room -= sizeOf(loadData) ?? 0
        if (room < 0) throw { error: serviceError('resource', 'memory-unavailable') }
        elements.push({ type: 'continueDomainDef', value: { domainName, loadData } })
      }
    } finally {
      segments.close()
      end()
    }
    elements.push({ type: 'endDomainDef', value: domainName })
  }
  for (const program of unitControl.programInvocations) {
    const { type, value } = definitionOf(program) as Extract<ControlElement, { type: 'piDefinition' }>
    elements.push({ type, value: { ...value, pIState: 'idle' } })
  }
  return elements
}

async function* allOf(segments: Segments): AsyncGenerator<LoadData, void, void> {
  for (let more = true; more; ) {
    const { loadData, moreFollows } = await segments.next(PART)
    if (sizeOf(loadData) !== 0) yield loadData
    more = moreFollows
  }
}
