import type { AAbortIndication, APAbortIndication, AssociationDelivery, AssociationService } from '@x/acse'
import { DecodeError, EncodeError, hearFrom, Machine, type OsiError, Sdu, UsageError } from '@x/core'
import { type BrokenPdu, rejectReasonFor } from './asn1/broken.js'
import type { InitiateResponsePDU } from './asn1/environment.js'
import type { ConfirmedErrorPDU, RejectPDU, RejectReason, ServiceError } from './asn1/error.js'
import {
  type ConfirmedRequestPDU,
  type ConfirmedResponsePDU,
  decodePdu,
  encodeMmsPdu,
  type MmsPdu,
  type UnconfirmedPDU,
} from './asn1/pdu.js'
import { confirmOf, errorConfirmOf, indicationOf, mayBeExtended, unconfirmedOf } from './incoming.js'
import { asExternal, contextOf, judge, MMS_APPLICATION_CONTEXT, mmsContexts, readInitiate, refusalOf } from './initiate.js'
import { type Announced, answer, type InitiateSettings, initiateSettings, negotiated } from './negotiation.js'
import { type MmsOptions, type RejectCodes, servicesOf } from './options.js'
import { pduOf } from './outgoing.js'
import { Outstanding } from './outstanding.js'
import { RejectBudget } from './reject-budget.js'
import type { MInitiateRequest, MInitiateResponse, MmsDelivery, MmsSubmit, Negotiated } from './service.js'
import { modifierBits } from './service-names.js'
import { type InitiateAnswered, type InitiateArrived, type MmsEvent, type MmsState, table } from './states.js'

/** The deepest that can be negotiated. */
const DEEPEST = 24

/** The MMS environment and its confirmed services, in both roles. It takes over `association.onDeliver`. */
export class MmsMachine extends Machine<MmsState, MmsSubmit, MmsDelivery, MmsEvent> {
  readonly layer = 'mms'
  protected readonly table = table
  readonly settings: InitiateSettings
  readonly serves: readonly Announced[]
  /** What both sides agreed on; undefined before. */
  negotiated: Negotiated | undefined
  /** Whether this side asked for the association. */
  initiator = false
  /** Confirmed requests without an answer. */
  readonly outstanding = new Outstanding()
  /** PDUs dropped because nothing could be done with them: late answers, broken rejects, reports after a conclude. */
  dropped = 0
  readonly #association: AssociationService
  readonly #servedIn: (version: number) => ReadonlySet<string>
  #context = 3
  #proposal: MInitiateRequest | undefined
  #arrived: InitiateArrived | undefined
  #encoded: Sdu | undefined
  #response: { readonly initiate: Uint8Array; readonly primitive: MInitiateResponse } | undefined
  readonly #budget: RejectBudget
  readonly #deeperData: boolean

  /** @throws UsageError `MMS_OPTION` for an option outside its range */
  constructor(association: AssociationService, options: MmsOptions) {
    super('idle')
    this.#association = association
    this.settings = initiateSettings(options.initiate)
    this.#deeperData = options.deeperData ?? options.strict !== true
    this.#budget = new RejectBudget(options.timers, options.maxRejects ?? 10)
    ;({ serves: this.serves, servedIn: this.#servedIn } = servicesOf(options))
    hearFrom(association, this)
  }

  /** @throws EncodeError for a value without an encoding, or one larger than the negotiated PDU size; UsageError. Nothing has changed then */
  override submit(primitive: MmsSubmit): void {
    this.#encode(primitive)
    super.submit(primitive)
  }

  protected override step(event: MmsEvent): boolean {
    const taken = super.step(event)
    if (this.state === 'ended') this.#budget.stop()
    return taken
  }

  // ---------------------------------------------------------------- what `submit` encodes before the table is asked

  #encode(primitive: MmsSubmit): void {
    if (primitive.type === 'M-ABORT.request') return
    if (primitive.type === 'M-INITIATE.response') {
      this.#response = { primitive, initiate: this.#initiateAnswer(primitive) }
      return
    }
    this.outstanding.check(primitive, this.negotiated?.maxServOutstandingOwn ?? 1)
    this.#encoded = this.#pdu(pduOf(primitive))
  }

  #pdu(pdu: MmsPdu): Sdu {
    const sdu = new Sdu()
    encodeMmsPdu(pdu, sdu)
    const most = this.negotiated?.maxPduSize
    if (most !== undefined && sdu.length > most) {
      throw new EncodeError('mms', 'MMS_PDU_SIZE', `${pdu.type}: expected at most the negotiated ${most} octets, found ${sdu.length}`)
    }
    return sdu
  }

  #initiateAnswer(primitive: MInitiateResponse): Uint8Array {
    if (primitive.result === 'rejected') {
      return primitive.error ? this.#pdu({ type: 'initiateErrorPDU', value: primitive.error }).octets() : new Uint8Array()
    }
    const given = primitive.initiate ?? this.defaultAnswer()
    if ('errorClass' in given)
      throw new EncodeError('mms', 'MMS_INITIATE', 'the proposal cannot be accepted with the settings of this side')
    return this.#pdu({ type: 'initiateResponsePDU', value: given }).octets()
  }

  /** The answer that the settings give to the peer's proposal: a response, or the error with which it must be refused. */
  defaultAnswer(): InitiateResponsePDU | ServiceError {
    const request = this.#arrived?.initiate
    if (request === undefined) throw new UsageError('mms', 'STATE', 'no initiate has arrived', this.state)
    const given = answer(request, this.settings, this.serves)
    return 'error' in given ? given.error : given.response
  }

  // ---------------------------------------------------------------- from below

  /** @internal From the association service. */
  hear(primitive: AssociationDelivery): void {
    switch (primitive.type) {
      case 'P-DATA.indication':
        for (let i = 0; i < primitive.userData.length; i++) {
          const { presentationContextIdentifier, octets } = primitive.userData[i]!
          if (presentationContextIdentifier === this.#context) this.#receive(octets)
          else this.#foreign(presentationContextIdentifier)
        }
        return
      case 'A-ASSOCIATE.indication':
        this.step({
          type: 'A-ASSOCIATE.indication',
          association: primitive,
          ...readInitiate(primitive.userInformation, this.settings.maxPduSize),
        })
        return
      case 'A-ASSOCIATE.confirm':
        if (this.#proposal) this.step(judge(primitive, this.#proposal.initiate, this.settings))
        return
      default:
        // In a state without a cell the environment is over, or was never there: nobody needs to know.
        this.step(primitive)
    }
  }

  #receive(octets: Uint8Array): void {
    const most = this.negotiated?.maxPduSize ?? this.settings.maxPduSize
    const agreed = this.negotiated?.dataStructureNestingLevel ?? this.settings.dataStructureNestingLevel
    const nesting = this.initiator && this.#deeperData ? DEEPEST : agreed
    const decoded = decodePdu(octets, { maxPduSize: most, nesting })
    const event: MmsEvent = decoded.type === 'pdu' ? decoded.pdu : { type: 'broken PDU', broken: decoded }
    if (!this.step(event)) this.#unexpected(event)
    if (this.#budget.overdrawn) this.step({ type: 'reject budget spent' })
  }

  /** A PDU in a state that has no cell for it: before the environment is open it ends it, after it nobody cares. */
  #unexpected(event: MmsEvent): void {
    if (this.state !== 'initiating' && this.state !== 'initiated-by-peer') {
      this.dropped += 1
      return
    }
    const cause = new DecodeError('mms', 'MMS_UNEXPECTED', `a ${event.type} came in state ${this.state}`)
    this.submit({ type: 'M-ABORT.request' })
    this.user.hear({ type: 'M-ABORT.indication', by: 'local provider', cause })
  }

  #foreign(context: number): void {
    this.dropped += 1
    if (this.state === 'idle' || this.state === 'ended') return
    const cause = new DecodeError('mms', 'MMS_CONTEXT', `expected presentation context ${this.#context}, found ${context}`)
    this.submit({ type: 'M-ABORT.request' })
    this.user.hear({ type: 'M-ABORT.indication', by: 'local provider', cause })
  }

  // ---------------------------------------------------------------- what the rows do: initiate

  sendInitiate(request: MInitiateRequest): void {
    this.#proposal = request
    this.initiator = true
    const given = request.association ?? {}
    const contexts = given.presentationContextDefinitionList ?? mmsContexts
    this.#context = contextOf(contexts)
    this.#association.submit({
      applicationContextName: MMS_APPLICATION_CONTEXT,
      ...given,
      type: 'A-ASSOCIATE.request',
      presentationContextDefinitionList: contexts,
      userInformation: [asExternal(this.#encoded!.octets(), this.#context, 'negotiating')],
    })
  }

  confirmInitiate({ association, response }: InitiateAnswered): MmsDelivery {
    this.negotiated = negotiated(this.#proposal!.initiate, response!, 'calling')
    return { type: 'M-INITIATE.confirm', result: 'accepted', initiate: response!, negotiated: this.negotiated, association }
  }

  /** The association is there, but no environment comes of it. */
  abortInitiate({ association, error, cause }: InitiateAnswered): MmsDelivery {
    this.#association.submit({ type: 'A-ABORT.request' })
    if (error) return { type: 'M-INITIATE.confirm', result: 'rejected', error, association }
    const why = cause ?? new DecodeError('mms', 'MMS_INITIATE', 'the association was accepted without an initiate-ResponsePDU')
    return { type: 'M-ABORT.indication', by: 'local provider', cause: why }
  }

  initiateRefused({ association, error }: InitiateAnswered): MmsDelivery {
    return { type: 'M-INITIATE.confirm', result: 'rejected', association, ...(error === undefined ? {} : { error }) }
  }

  refuse(arrived: InitiateArrived): void {
    this.#association.submit({ type: 'A-ASSOCIATE.response', result: 'rejected-permanent', diagnostic: refusalOf(arrived)! })
  }

  indicateInitiate(arrived: InitiateArrived): MmsDelivery {
    this.#arrived = arrived
    this.#context = contextOf(arrived.association.presentationContextDefinitionList)
    return { type: 'M-INITIATE.indication', initiate: arrived.initiate!, association: arrived.association }
  }

  sendEncodedResponse(): void {
    const { primitive, initiate } = this.#response!
    const accepted = primitive.result === 'accepted'
    if (accepted) {
      const response = primitive.initiate ?? this.defaultAnswer()
      if (!('errorClass' in response)) this.negotiated = negotiated(this.#arrived!.initiate!, response, 'called')
    }
    this.#association.submit({
      ...primitive.association,
      type: 'A-ASSOCIATE.response',
      result: accepted ? 'accepted' : primitive.transient ? 'rejected-transient' : 'rejected-permanent',
      ...(initiate.length === 0 ? {} : { userInformation: [asExternal(initiate, this.#context, 'negotiated')] }),
    })
    this.#arrived = this.#response = undefined
  }

  // ---------------------------------------------------------------- confirmed services

  sendEncoded(): void {
    this.#association.submit({ type: 'P-DATA.request', presentationContextIdentifier: this.#context, userData: this.#encoded! })
  }

  sendRequest(request: { readonly invokeID: number; readonly service: string }): void {
    this.outstanding.requested.set(request.invokeID, request.service)
    this.sendEncoded()
  }

  sendCancel(originalInvokeID: number): void {
    this.outstanding.cancelling.set(originalInvokeID, true)
    this.sendEncoded()
  }

  confirmResponse(response: ConfirmedResponsePDU): MmsDelivery {
    this.outstanding.requested.delete(response.invokeID)
    return confirmOf(response)
  }

  confirmError(error: ConfirmedErrorPDU): MmsDelivery {
    this.outstanding.requested.delete(error.invokeID)
    return errorConfirmOf(error)
  }

  /** An answer to nothing, or to another service. The request it names, if any, is over: the peer takes it for answered. */
  rejectAnswer(group: 'confirmedResponsePDU' | 'confirmedErrorPDU', invokeID: number, service?: string): MmsDelivery | undefined {
    const known = this.outstanding.requested.has(invokeID)
    this.sendReject(invokeID, group, known ? 'unrecognized-service' : 'invalid-invokeID')
    if (!known) {
      this.dropped += 1
      return undefined
    }
    const cause = new DecodeError(
      'mms',
      'MMS_SERVICE',
      `expected a response to ${this.outstanding.requested.get(invokeID)}, found one to ${service}`,
    )
    return this.#unreadable(invokeID, cause)
  }

  #unreadable(invokeID: number, cause: OsiError): MmsDelivery {
    this.outstanding.requested.delete(invokeID)
    return { type: 'M-CONFIRMED.confirm', invokeID, result: 'unreadable', cause }
  }

  confirmCancel(originalInvokeID: number, error?: ServiceError): MmsDelivery {
    this.outstanding.cancelling.delete(originalInvokeID)
    return { type: 'M-CANCEL.confirm', originalInvokeID, ...(error === undefined ? {} : { error }) }
  }

  /** What is wrong with a request besides its argument: the name of the reject code. */
  faultOf({ invokeID, service, listOfModifiers, serviceExt }: ConfirmedRequestPDU): RejectCodes['confirmedRequestPDU'] | undefined {
    if (this.outstanding.serving.has(invokeID)) return 'invalid-invokeID'
    if (this.outstanding.serving.size >= this.negotiated!.maxServOutstandingPeer) return 'max-serv-outstanding-exceeded'
    if (!this.#answers(service.type)) return 'unrecognized-service'
    if (serviceExt !== undefined && !mayBeExtended(this.negotiated!)) return 'invalid-argument'
    return listOfModifiers?.every(modifier => this.#answers(modifierBits[modifier.type])) === false ? 'unrecognized-modifier' : undefined
  }

  #answers(service: string): boolean {
    return this.#servedIn(this.negotiated!.versionNumber).has(service)
  }

  indicateRequest(request: ConfirmedRequestPDU): MmsDelivery {
    this.outstanding.serving.set(request.invokeID, true)
    return indicationOf(request)
  }

  sendResponse(invokeID: number): void {
    this.outstanding.serving.delete(invokeID)
    this.sendEncoded()
  }

  sendCancelError(originalInvokeID: number): void {
    this.#send({
      type: 'cancelErrorPDU',
      value: { originalInvokeID, serviceError: { errorClass: { type: 'cancel', value: 'invoke-id-unknown' } } },
    })
  }

  // ---------------------------------------------------------------- unconfirmed services and rejects

  /** Whether an unconfirmed service is one that has types. */
  knows(service: UnconfirmedPDU['service']): boolean {
    return service.type !== 'unknown'
  }

  indicateUnconfirmed(unconfirmed: UnconfirmedPDU): MmsDelivery {
    return unconfirmedOf(unconfirmed)
  }

  drop(): void {
    this.dropped += 1
  }

  takeReject(reject: RejectPDU): MmsDelivery | undefined {
    const { originalInvokeID: invokeID, rejectReason } = reject
    // A peer that could read the identifier but not the rest, or that found it too long, says pdu-error of a request.
    const ofRequest = rejectReason.type === 'confirmedRequestPDU' || rejectReason.type === 'pduError'
    if (invokeID !== undefined && this.outstanding.requested.has(invokeID) && ofRequest) {
      this.outstanding.requested.delete(invokeID)
      return { type: 'M-CONFIRMED.confirm', invokeID, result: 'reject', rejectReason }
    }
    return { type: 'M-REJECT.indication', rejectReason, ...(invokeID === undefined ? {} : { originalInvokeID: invokeID }) }
  }

  /** Octets that are no PDU: a reject says so, and a request of ours that they were to answer is over. */
  answerBroken(broken: BrokenPdu): MmsDelivery | undefined {
    const reason = rejectReasonFor(broken, service => this.#answers(service))
    if (reason === undefined) this.dropped += 1
    else this.#sendRejectReason(broken.invokeID, reason)
    const answersUs = broken.pduType === 'confirmedResponsePDU' || broken.pduType === 'confirmedErrorPDU'
    return answersUs && broken.invokeID !== undefined && this.outstanding.requested.has(broken.invokeID)
      ? this.#unreadable(broken.invokeID, broken.error)
      : undefined
  }

  sendReject<G extends keyof RejectCodes>(invokeID: number | undefined, group: G, code: RejectCodes[G]): void {
    this.#sendRejectReason(invokeID, { type: group, value: code } as RejectReason)
  }

  #sendRejectReason(invokeID: number | undefined, rejectReason: RejectReason): void {
    if (!this.#budget.take()) return
    this.#send({ type: 'rejectPDU', value: { ...(invokeID === undefined ? {} : { originalInvokeID: invokeID }), rejectReason } })
  }

  abortForRejects(): MmsDelivery {
    this.#association.submit({ type: 'A-ABORT.request' })
    const text = `the peer sent more than ${this.#budget.limit} PDUs within a minute that had to be rejected`
    return { type: 'M-ABORT.indication', by: 'local provider', cause: new DecodeError('mms', 'MMS_REJECT_BUDGET', text) }
  }

  // ---------------------------------------------------------------- the end

  refuseConclude(): void {
    this.#send({ type: 'concludeErrorPDU', value: { errorClass: { type: 'conclude', value: 'further-communication-required' } } })
  }

  sendConcludeResponse(): void {
    this.#send({ type: 'concludeResponsePDU', value: null })
  }

  sendRelease(): void {
    this.#association.submit({ type: 'A-RELEASE.request', reason: 0 })
  }

  answerRelease(): MmsDelivery {
    this.crossRelease()
    return { type: 'M-RELEASE.indication' }
  }

  crossRelease(): void {
    this.#association.submit({ type: 'A-RELEASE.response', result: 'affirmative', reason: 0 })
  }

  endCollision(): MmsDelivery {
    this.crossRelease()
    return { type: 'M-CONCLUDE.confirm' }
  }

  sendAbort(): void {
    this.#association.submit({ type: 'A-ABORT.request' })
  }

  aborted(lower: AAbortIndication | APAbortIndication): MmsDelivery {
    return { type: 'M-ABORT.indication', by: lower.by, lower, ...(lower.cause === undefined ? {} : { cause: lower.cause }) }
  }

  #send(pdu: MmsPdu): void {
    this.#association.submit({ type: 'P-DATA.request', presentationContextIdentifier: this.#context, userData: this.#pdu(pdu) })
  }
}
