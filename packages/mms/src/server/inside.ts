import type { CloseReason, Peer } from '@x/acse/open'
import { type OutcomeError, UsageError } from '@x/core'
import { parameterNames } from '../negotiation.js'
import type { Negotiated } from '../service.js'
import type { ServerAssociation, ServerLimits } from './association.js'
import { Scope } from './objects.js'
import type { AccessContext } from './variable/index.js'
import type { Vmd } from './vmd.js'

/** What is agreed with nobody: all that there is. */
const WHOLE: Negotiated = {
  maxPduSize: 65_000,
  maxServOutstandingOwn: 1,
  maxServOutstandingPeer: 1,
  dataStructureNestingLevel: 24,
  versionNumber: 3,
  parameterCBB: parameterNames,
  servicesSupportedPeer: [],
  servicesSupportedOwn: [],
  additionalSupportedPeer: [],
  additionalCBB: ['des', 'dei', 'recl'],
}

type PublicOf<T> = { readonly [K in keyof T]: T[K] }

/**
 * Stands for the association where there is none: services that the VMD asks of itself, as event actions do. In access conditions it is
 * "user none" (ISO 9506-1, 9.1.3). Whatever needs a client fails.
 */
class Inside implements Partial<PublicOf<ServerAssociation>> {
  readonly vmd: Vmd
  readonly negotiated: Negotiated
  readonly limits: ServerLimits
  readonly own: Scope
  readonly context: AccessContext
  readonly droppedReports = 0
  readonly closeReason: CloseReason | undefined = undefined
  readonly remote = 'this VMD'
  readonly ended: Promise<OutcomeError> = new Promise(() => {})
  readonly association: ServerAssociation['association'] = {
    type: 'A-ASSOCIATE.indication',
    applicationContextName: '',
    calling: {},
    called: {},
    userInformation: [],
    calledPresentationAddress: {},
    callingPresentationAddress: {},
    presentationContextDefinitionList: [],
    presentationContextDefinitionResultList: [],
  }
  readonly signal: AbortSignal

  constructor(vmd: Vmd, { negotiated, own, signal }: InsideParts) {
    this.vmd = vmd
    this.negotiated = negotiated ?? WHOLE
    this.limits = vmd.served!.limits
    this.own = own ?? new Scope('aaSpecific')
    this.signal = signal
    this.context = { association: this as unknown as ServerAssociation, signal }
  }

  get peer(): Peer {
    throw nobody()
  }

  after(delay: number, run: () => void): () => void {
    return this.vmd.timers.after(delay, run)
  }

  agreed(parameter: string): boolean {
    return this.negotiated.parameterCBB.includes(parameter)
  }

  holdOpen(): () => void {
    return () => {}
  }

  mayDefineList(): boolean {
    return false
  }

  async report(): Promise<boolean> {
    return false
  }

  sendReport(): boolean {
    return false
  }

  send(): boolean {
    return false
  }

  request(): Promise<never> {
    return Promise.reject(nobody())
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  abort(): void {}
}

interface InsideParts {
  /** What was agreed with the client in whose name it is done. @default everything */
  readonly negotiated?: Negotiated | undefined
  /** Where association-specific names are looked up. @default nowhere */
  readonly own?: Scope | undefined
  readonly signal: AbortSignal
}

/** What handlers are given where no client asks. The VMD must be served. */
export function insideAssociation(vmd: Vmd, parts: InsideParts): ServerAssociation {
  return new Inside(vmd, parts) as unknown as ServerAssociation
}

/** Whether a request comes from inside the VMD. */
export function isInside(association: ServerAssociation): boolean {
  return (association as unknown) instanceof Inside
}

function nobody(): UsageError {
  return new UsageError('mms', 'MMS_NO_CLIENT', 'there is no client: the VMD asks this of itself')
}
