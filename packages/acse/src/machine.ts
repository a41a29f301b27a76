import { DecodeError, EncodeError, hearFrom, Machine, owned, shared, UsageError } from '@x/core'
import type {
  PConnectConfirm,
  PConnectIndication,
  PConnectRequest,
  PConnectResponse,
  PDataIndication,
  PDataRequest,
  PPAbortIndication,
  PReleaseConfirm,
  PReleaseIndication,
  PresentationDataValues,
  PresentationDelivery,
  PresentationService,
} from '@x/iso-presentation'
import { acceptedContexts, acseContext, broken, checkReferences, indicationOf, objectionTo } from './associate.js'
import { AUTHENTICATION_VALUE_LIMIT } from './authentication.js'
import { AcseOid } from './codes.js'
import { defined } from './defined.js'
import { encodeProviderABRT, encodeRefusal, encodeSubmitted } from './encode.js'
import { type AbortVerdict, type AssociationOptions, type AssociationTolerances, type RejectVerdict, tolerancesOf } from './options.js'
import { readAbort, readAcceptance, readApdu, readRejection, readRequired } from './receive.js'
import { type AssociationRecord, allUnits, kept, newAssociation, sharedUnlessSecret, unitsIn, withoutValue } from './record.js'
import type {
  AAbortIndication,
  AAbortRequest,
  AAssociateConfirm,
  AAssociateIndication,
  AAssociateRequest,
  AAssociateResponse,
  APAbortIndication,
  AReleaseConfirm,
  AReleaseIndication,
  AssociationDelivery,
  AssociationSubmit,
} from './service.js'
import { type AssociationEvent, type AssociationState, associationTable, type ProtocolError } from './states.js'
import { bareValues } from './user-information.js'

type Acceptance = Extract<PConnectResponse, { result: 'acceptance' }>
type Rejection = Extract<PConnectResponse, { result: 'user-rejection' }>
const nothing = new Uint8Array(0)
const NO_OPTIONS: AssociationOptions = {}
const UNKNOWN: Readonly<AssociationRecord> = newAssociation()

/**
 * The association control protocol machine (ACPM), both roles. X.227, 7 and Annex A.
 *
 * It becomes initiator by an A-ASSOCIATE request and responder by a P-CONNECT indication. P-DATA passes through untouched.
 * Fields that belong to a functional unit which is not in force are not sent: an authentication or a list of context names in a
 * response to a peer that did not ask for the unit, the diagnostic of an abort under the kernel alone.
 */
export class AssociationMachine extends Machine<AssociationState, AssociationSubmit, AssociationDelivery, AssociationEvent> {
  /** What is known of the association, also after its end. */
  association: Readonly<AssociationRecord> = UNKNOWN
  readonly tolerances: AssociationTolerances
  /** Told of each APDU that comes or goes, whole; octets of `in` are a view. Authentication values are in the octets: see `maskAuthentication`. */
  onApdu: ((way: 'in' | 'out', octets: Uint8Array) => void) | undefined
  /** Decides after the `accept` option has, in the same way; for whoever has rules of one association. */
  judge: AssociationOptions['accept']
  /** Told when an association was not let through to the user: by the `accept` option, or because the ACPM itself cannot support it. */
  onRefused: ((verdict: RejectVerdict | AbortVerdict) => void) | undefined
  readonly #presentation: PresentationService
  readonly #options: AssociationOptions
  /** The APDU of the primitive that is being submitted. */
  #apdu: Uint8Array = nothing
  /** Counts what presentation delivered, to notice what came during a `submit` to it. */
  #heard = 0

  /** @param presentation its `onDeliver` is taken over */
  constructor(presentation: PresentationService, options: AssociationOptions = NO_OPTIONS) {
    super('STA0')
    this.#presentation = presentation
    this.#options = options
    this.tolerances = tolerancesOf(options)
    hearFrom(presentation, this)
  }

  override get layer(): 'acse' {
    return 'acse'
  }

  protected override get table(): typeof associationTable {
    return associationTable
  }

  /**
   * @throws UsageError STATE, ACSE_CONTEXT – not allowed now
   * @throws EncodeError BER_…, ACSE_… – a field has no encoding; the state is unchanged in both cases
   */
  override submit(primitive: AssociationSubmit): void {
    if (primitive.type === 'P-DATA.request') return this.#sendData(primitive)
    const { state } = this
    if (this.table.cell(state, primitive.type).length > 0) this.#apdu = encodeSubmitted(primitive, this.association, this.#options)
    const heard = this.#heard
    try {
      super.submit(primitive)
    } catch (error) {
      // Presentation refused the primitive and nothing has happened: neither has it here.
      if ((error instanceof UsageError || error instanceof EncodeError) && this.#heard === heard) this.state = state
      throw error
    }
  }

  /** X.227, 6.3: P-DATA is not ACSE's; it may be sent while associated, and until a release is answered. */
  #sendData(primitive: PDataRequest): void {
    if (this.state !== 'STA5' && this.state !== 'STA4') {
      throw new UsageError('acse', 'STATE', `P-DATA.request is not allowed in state ${this.state}`, this.state)
    }
    const { context } = this.association
    if (primitive.presentationContextIdentifier === context) {
      const message = `P-DATA.request: expected a presentation context of the user, found ${context}, which is that of ACSE`
      throw new UsageError('acse', 'ACSE_CONTEXT', message, this.state)
    }
    this.#presentation.submit(primitive)
  }

  // What the rows do, downwards. Public for the table alone.

  /** @internal */
  sendAARQ(request: AAssociateRequest): void {
    const list = request.presentationContextDefinitionList
    const context = acseContext(list, undefined)!
    // Nothing of an association before this one is left, above all not its version of session.
    this.association = UNKNOWN
    this.#begin('initiator', kept(request))
    this.#know({
      context: context.presentationContextIdentifier,
      contexts: new Set(list.map(one => one.presentationContextIdentifier)),
    })
    const severalSyntaxes = context.transferSyntaxNameList.length > 1
    const primitive = defined<PConnectRequest>({
      type: 'P-CONNECT.request',
      called: request.calledPresentationAddress,
      calling: request.callingPresentationAddress,
      presentationContextDefinitionList: list,
      defaultContextName: request.defaultContextName,
      presentationRequirements: request.presentationRequirements,
      sessionRequirements: request.sessionRequirements,
      sessionConnectionIdentifier: request.sessionConnectionIdentifier,
      userData: [{ ...this.#value(), ...(severalSyntaxes && { transferSyntaxName: AcseOid.basicEncoding }) }],
    })
    this.#presentation.submit(primitive)
  }

  #begin(role: 'initiator' | 'responder', requested: AAssociateRequest | AAssociateIndication): void {
    this.#know({ role, requested, answered: undefined, functionalUnits: unitsIn(requested) })
  }

  #know(more: Partial<AssociationRecord>): void {
    this.association = { ...this.association, ...more }
  }

  /** The last that is learned: peers of one kind say the same, so it is held once for all of them. */
  #knowAll(more: Partial<AssociationRecord>): void {
    this.association = shared({ ...this.association, ...more })
  }

  /** @internal Accepting or rejecting. X.227, 7.1.3.3. */
  sendAARE(response: AAssociateResponse): void {
    const asked = this.association.requested as AAssociateIndication
    const results = response.presentationContextDefinitionResultList ?? asked.presentationContextDefinitionResultList
    this.#knowAll({ answered: kept(response), contexts: acceptedContexts(asked.presentationContextDefinitionList, results) })
    const accepted = response.result === 'accepted'
    const carried = accepted || this.#options.rejectionCarrier === 'acceptance'
    const heard = this.#heard
    const fields = {
      type: 'P-CONNECT.response',
      responding: response.respondingPresentationAddress,
      presentationContextDefinitionResultList: results,
      sessionConnectionIdentifier: response.sessionConnectionIdentifier,
      userData: [this.#value()],
    } as const
    const { sessionRequirements, defaultContextResult } = response
    this.#presentation.submit(
      carried
        ? defined<Acceptance>({ ...fields, result: 'acceptance', sessionRequirements })
        : defined<Rejection>({ ...fields, result: 'user-rejection', defaultContextResult }),
    )
    // A presentation connection without an association: end it, unless the peer was quicker.
    if (carried && !accepted && this.#heard === heard) this.sendProviderABRT()
  }

  /** @internal The ACPM, or its policy, does not let the association through to the user. X.227, 7.1.3.2. */
  refuse(verdict: RejectVerdict | AbortVerdict): void {
    if (verdict.type === 'abort') {
      const request = defined<AAbortRequest>({ type: 'A-ABORT.request', diagnostic: verdict.diagnostic })
      this.#apdu = encodeSubmitted(request, this.association, this.#options)
      this.sendABRT(request)
    } else {
      const { result = 'rejected-permanent', source: resultSource = 'acse-service-user', diagnostic } = verdict
      this.#apdu = encodeRefusal(verdict, this.association, this.#options)
      this.sendAARE({ type: 'A-ASSOCIATE.response', result, resultSource, diagnostic })
    }
    this.onRefused?.(verdict)
  }

  /** @internal */
  sendRLRQ(): void {
    this.#presentation.submit({ type: 'P-RELEASE.request', userData: [this.#value()] })
  }

  /** @internal The result is P-RELEASE's, the reason RLRE's. X.227, 7.2.3.3. */
  sendRLRE(result: 'affirmative' | 'negative'): void {
    this.#presentation.submit({ type: 'P-RELEASE.response', result, userData: [this.#value()] })
  }

  /** @internal In session version 1 without ABRT. X.227, 7.3.3.1. */
  sendABRT(request: AAbortRequest): void {
    const bare = this.association.sessionVersion === 1
    const userData = bare ? bareValues(request.userInformation ?? []) : [this.#value()]
    this.#presentation.submit({ type: 'P-U-ABORT.request', userData })
  }

  /** @internal X.227, 7.3.3.4. */
  sendProviderABRT(): void {
    const { sessionVersion, context } = this.association
    this.#apdu = encodeProviderABRT(this.association)
    this.#presentation.submit({ type: 'P-U-ABORT.request', userData: sessionVersion === 1 || context < 0 ? [] : [this.#value()] })
  }

  /** The APDU at hand as presentation data; it is let go. */
  #value(): PresentationDataValues {
    const octets = this.#apdu
    this.#apdu = nothing
    this.onApdu?.('out', octets)
    return { presentationContextIdentifier: this.association.context, octets }
  }

  // What comes from below.

  /** @internal From the presentation service. */
  hear(primitive: PresentationDelivery): void {
    this.#heard++
    // Whatever else comes to an idle machine: there is nobody to indicate it to and nothing to abort.
    if (this.state === 'STA0' && primitive.type !== 'P-CONNECT.indication') return
    switch (primitive.type) {
      case 'P-DATA.indication':
        return this.#data(primitive)
      case 'P-CONNECT.indication':
        return this.#connectIndication(primitive)
      case 'P-P-ABORT.indication':
        return this.#event(primitive)
      case 'P-CONNECT.confirm':
        if (this.state !== 'STA1') return this.#unexpected(primitive.type)
        if (primitive.result === 'acceptance') this.#useContexts(primitive)
        this.#show(primitive.userData)
        return this.#connectConfirm(primitive)
    }
    this.#show(primitive.userData)
    switch (primitive.type) {
      case 'P-RELEASE.indication':
        return this.#releaseIndication(primitive)
      case 'P-RELEASE.confirm':
        return this.#releaseConfirm(primitive)
      case 'P-U-ABORT.indication':
        return this.#event({ type: 'ABRT', indication: owned(readAbort(primitive, this.association, this.tolerances)) })
    }
  }

  #show(userData: readonly PresentationDataValues[]): void {
    const { onApdu } = this
    if (onApdu === undefined) return
    for (const value of userData) if (value.presentationContextIdentifier === this.association.context) onApdu('in', value.octets)
  }

  /** Straight up, also during a release (X.227, 7.2.3.1). Nothing of ACSE travels in P-DATA: Table 8. */
  #data(primitive: PDataIndication): void {
    const { state } = this
    if (state !== 'STA5' && (state === 'STA1' || state === 'STA2')) return this.#unexpected(primitive.type)
    const values = primitive.userData
    const { context } = this.association
    for (let i = 0; i < values.length; i++) {
      if (values[i]!.presentationContextIdentifier === context) return this.#unexpected('an ACSE APDU in P-DATA')
    }
    this.user.hear(primitive)
  }

  /** A cell of the table; an empty one is the peer's mistake: A.3.1 b. */
  #event(event: AssociationEvent): void {
    if (!this.step(event)) this.#unexpected(event.type)
  }

  #unexpected(what: string): void {
    this.#protocolError(broken('ACSE_UNEXPECTED', `expected what X.227, Table A.5 allows in state ${this.state}, found ${what}`))
  }

  #protocolError(cause: DecodeError, gone = false): void {
    this.step({ type: 'protocol error', cause, gone })
  }

  /** X.227, 7.1.3.2, in the order of checking: context, AARQ, what the ACPM cannot do, policy. */
  #connectIndication(p: PConnectIndication): void {
    if (this.state !== 'STA0') return this.#unexpected('P-CONNECT.indication')
    this.association = UNKNOWN
    this.#know({ role: 'responder' })
    this.#useContexts(p)
    const { context } = this.association
    // Without a context an AARE cannot travel (X.226, 6.2.4.10), so the refusal says nothing.
    if (context < 0) return this.#presentation.submit({ type: 'P-CONNECT.response', result: 'user-rejection' })
    this.#show(p.userData)
    const aarq = this.#guarded(() => readRequired('AARQ', p.userData, context, this.tolerances))
    if (aarq === undefined) return
    // The user may keep it as well, so it is made the user's own: one copy for both.
    const indication = sharedUnlessSecret(owned(indicationOf(aarq, p, this.#options.functionalUnits ?? allUnits, this.tolerances)))
    this.#begin('responder', withoutValue(indication))
    const limit = this.#options.authenticationValueLimit ?? AUTHENTICATION_VALUE_LIMIT
    const objection = objectionTo(aarq, indication, this.tolerances, limit)
    let verdict = objection ?? this.#options.accept?.(indication) ?? 'accept'
    if (verdict === 'accept' && this.judge) verdict = this.judge(indication)
    this.#event({ type: 'AARQ', indication, refusal: verdict === 'accept' ? undefined : verdict })
  }

  #useContexts(p: PConnectIndication | Extract<PConnectConfirm, { result: 'acceptance' }>): void {
    const { presentationContextDefinitionList: list, presentationContextDefinitionResultList: results } = p
    this.#know({
      sessionVersion: p.sessionVersion,
      context: acseContext(list, results)?.presentationContextIdentifier ?? -1,
      contexts: acceptedContexts(list, results),
    })
  }

  /** X.227, 7.1.3.4. */
  #connectConfirm(p: PConnectConfirm): void {
    if (p.result !== 'acceptance') {
      const confirm = owned(readRejection(p, this.association, this.tolerances))
      this.#knowAll({ answered: withoutValue(confirm) })
      return this.#event(
        p.result === 'provider-rejection' ? { type: 'P-CONNECT.confirm-', confirm } : { type: 'AARE-', confirm, connected: false },
      )
    }
    const answer = this.#guarded(() => readAcceptance(p, this.association, this.tolerances))
    if (answer === undefined) return
    const { units } = answer
    const confirm = owned(answer.confirm)
    this.#knowAll({ functionalUnits: units, answered: withoutValue(confirm) })
    this.#event(confirm.result === 'accepted' ? { type: 'AARE+', confirm } : { type: 'AARE-', confirm, connected: true })
  }

  /** @internal X.227 does not cover an accepted P-CONNECT with a rejecting AARE: confirmed as it says, and the connection ended. */
  confirmRejection(confirm: AAssociateConfirm, connected: boolean): AAssociateConfirm {
    if (connected) this.sendProviderABRT()
    return confirm
  }

  #releaseIndication(p: PReleaseIndication): void {
    const rlrq = this.#guarded(() => this.#releaseApdu('RLRQ', p.userData))
    if (rlrq === undefined) return
    const { reason, userInformation = [] } = rlrq
    this.#event({ type: 'RLRQ', indication: defined<AReleaseIndication>({ type: 'A-RELEASE.indication', reason, userInformation }) })
  }

  /** P-RELEASE's result decides, not the reason of the RLRE. X.227, 7.2.3.4. */
  #releaseConfirm(p: PReleaseConfirm): void {
    const gone = p.result === 'affirmative' && this.state === 'STA3'
    const rlre = this.#guarded(() => this.#releaseApdu('RLRE', p.userData), gone)
    if (rlre === undefined) return
    const { reason, userInformation = [] } = rlre
    const confirm = defined<AReleaseConfirm>({ type: 'A-RELEASE.confirm', result: p.result, reason, userInformation })
    this.#event({ type: p.result === 'affirmative' ? 'RLRE+' : 'RLRE-', confirm })
  }

  #releaseApdu(type: 'RLRQ' | 'RLRE', userData: readonly PresentationDataValues[]) {
    const read = this.tolerances.releaseWithoutApdu ? readApdu : readRequired
    const apdu = read(type, userData, this.association.context, this.tolerances) ?? {}
    checkReferences(type, apdu.userInformation, this.association.contexts)
    return owned(apdu)
  }

  /** @internal X.227, 7.3.3.3. */
  providerAbort({ by, abortReason, eventIdentifier, cause }: PPAbortIndication): APAbortIndication {
    return defined<APAbortIndication>({ type: 'A-P-ABORT.indication', by, abortReason, eventIdentifier, cause })
  }

  /** @internal X.227, 7.3.3.4. */
  abortByProvider({ cause, gone }: ProtocolError): AAbortIndication {
    if (!gone) this.sendProviderABRT()
    return { type: 'A-ABORT.indication', abortSource: 'acse-service-provider', by: 'local provider', userInformation: [], cause }
  }

  /** Runs what may find the peer's octets wrong. @returns undefined: they were, and the protocol error has been dealt with */
  #guarded<T>(read: () => T, gone = false): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#protocolError(error, gone)
      return undefined
    }
  }
}
