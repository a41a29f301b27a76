import { whenAborted } from '@x/core/async'
import { roomForLoadData, Segments } from '../../edge/segments.js'
import { refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { accessUnsupported, nonExistent, serviceError } from '../errors.js'
import type { Answer, Handler } from '../handlers.js'
import type { Domain, Refused } from './domain.js'
import { failureOf } from './failures.js'
import { limitsOf } from './limits.js'

/** uploadInProgress is an Integer8. */
const MOST_OF_A_DOMAIN = 127

/**
 * States of an upload state machine, ISO 9506-1, 11.1.2. Its transient states u1 to u4 cannot be seen here: the requests of one machine are
 * worked off one after the other. The errors are our reading.
 */
export type UploadState = 'uploading' | 'uploaded'
const OUT_OF_SEQUENCE: Refused = { error: serviceError('service', 'primitives-out-of-sequence') }
export const uploadTable = {
  uploadSegment: { uploading: undefined, uploaded: OUT_OF_SEQUENCE },
  /** The machine is deleted in both. */
  terminateUploadSequence: { uploading: OUT_OF_SEQUENCE, uploaded: undefined },
} as const satisfies Record<string, Record<UploadState, Refused | undefined>>

const UNKNOWN: Refused = { error: serviceError('vmdState', 'state-machine-id-invalid') }

/** An upload that is going on. */
class UploadStateMachine {
  readonly domain: Domain
  state: UploadState = 'uploading'
  readonly #segments: Segments
  readonly #end: () => void
  #turn: Promise<unknown> = Promise.resolve()

  constructor(domain: Domain, segments: Segments, end: () => void) {
    this.domain = domain
    this.#segments = segments
    this.#end = end
  }

  next(most: number): Promise<Answer<'uploadSegment'>> {
    const answer = this.#turn.then(() => this.#next(most))
    this.#turn = answer
    return answer
  }

  close(): void {
    this.#segments.close()
    this.#end()
  }

  async #next(most: number): Promise<Answer<'uploadSegment'>> {
    const refused = uploadTable.uploadSegment[this.state]
    if (refused !== undefined) return refused
    try {
      const response = await this.#segments.next(most)
      if (!response.moreFollows) this.state = 'uploaded'
      return { response }
    } catch (error) {
      return { error: failureOf(error) }
    }
  }
}

/** The upload state machines of one association; gone with it. */
class Uploads {
  readonly #machines = new Map<number, UploadStateMachine>()
  #last = 0

  get size(): number {
    return this.#machines.size
  }

  add(machine: UploadStateMachine): number {
    // Never one that was used before on this association: a late uploadSegment must not reach another upload.
    this.#last += 1
    this.#machines.set(this.#last, machine)
    return this.#last
  }

  get(id: number): UploadStateMachine | undefined {
    return this.#machines.get(id)
  }

  remove(id: number): void {
    this.#machines.get(id)?.close()
    this.#machines.delete(id)
  }

  clear(): void {
    for (const id of [...this.#machines.keys()]) this.remove(id)
  }
}

const known = new WeakMap<ServerAssociation, Uploads>()

export function uploadsOf(association: ServerAssociation): Uploads {
  let uploads = known.get(association)
  if (uploads === undefined) {
    const made = new Uploads()
    uploads = made
    known.set(association, made)
    whenAborted(association.signal, () => made.clear())
  }
  return uploads
}

/** Counts as an upload of the domain until the end that it returns is called. @throws what the domain's `store` throws */
export function beginStore(domain: Domain): { readonly segments: Segments; readonly end: () => void } {
  const segments = new Segments(domain.attributes.store!())
  domain.uploadsInProgress += 1
  let hasEnded = false
  const end = () => {
    if (hasEnded) return
    hasEnded = true
    domain.uploadsInProgress -= 1
  }
  return { segments, end }
}

/** Why a domain cannot be uploaded, or stored in a file, now. */
export function storeRefusal(
  association: ServerAssociation,
  domain: Domain,
  event: 'initiateUploadSequence' | 'storeDomainContent',
): Refused | undefined {
  const refused = refusal(association, 'store', domain) ?? domain.refusal(event)
  if (refused !== undefined) return refused
  if (domain.attributes.store === undefined) return accessUnsupported
  return domain.uploadsInProgress >= MOST_OF_A_DOMAIN ? UNAVAILABLE : undefined
}

const UNAVAILABLE: Refused = { error: serviceError('resource', 'capability-unavailable') }

/** Begins an upload: the answer to an initiateUploadSequence, whatever service it is part of. */
export function openUpload(association: ServerAssociation, domain: Domain): Answer<'initiateUploadSequence'> {
  const refused = storeRefusal(association, domain, 'initiateUploadSequence')
  if (refused !== undefined) return refused
  const uploads = uploadsOf(association)
  if (uploads.size >= limitsOf(association.vmd).maxUploads) return UNAVAILABLE
  domain.step('initiateUploadSequence')
  try {
    const { segments, end } = beginStore(domain)
    const allowConclude = association.holdOpen()
    const machine = new UploadStateMachine(domain, segments, () => {
      end()
      allowConclude()
    })
    return { response: { ulsmID: uploads.add(machine), listOfCapabilities: domain.capabilities } }
  } catch (error) {
    return { error: failureOf(error) }
  } finally {
    domain.step('uploadInitiated')
  }
}

/** ISO 9506-1, 11.5. */
export const initiateUploadSequence: Handler<'initiateUploadSequence'> = (name, association) => {
  const domain = association.vmd.domain(name)
  return domain === undefined ? nonExistent : openUpload(association, domain)
}

/** ISO 9506-1, 11.6. */
export const uploadSegment: Handler<'uploadSegment'> = (ulsmID, association) =>
  uploadsOf(association).get(ulsmID)?.next(roomForLoadData(association.negotiated)) ?? UNKNOWN

/** ISO 9506-1, 11.7: the machine is deleted in any case; before the last segment that is an error all the same. */
export const terminateUploadSequence: Handler<'terminateUploadSequence'> = (ulsmID, association) => {
  const uploads = uploadsOf(association)
  const machine = uploads.get(ulsmID)
  if (machine === undefined) return UNKNOWN
  uploads.remove(ulsmID)
  return uploadTable.terminateUploadSequence[machine.state] ?? { response: null }
}
