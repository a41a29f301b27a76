import { decode } from '@x/ber'
import { DecodeError, EncodeError, hearFrom, Machine, type OsiError, remembered, type StateTable, UsageError } from '@x/core'
import type { SConnectConfirm, SConnectIndication, SessionDelivery, SessionService } from '@x/iso-session'
import { abortReasonFor, readAbort } from './abort.js'
import { readAC, readACA } from './alteration.js'
import { readCPA, readCPR } from './answer.js'
import { UserData } from './asn1.js'
import { AbortReason, EventIdentifier } from './codes.js'
import { type Admission, type ConnectPolicy, judgeCP } from './connect.js'
import { type ContextPolicy, contextPolicy, type DefinedContextSet } from './contexts.js'
import type { PresentationEvent, PresentationState } from './events.js'
import { unrecognized } from './faults.js'
import { otherEvent, typedDataPpdu } from './other-units.js'
import { abortable, isAgreed } from './predicates.js'
import { encodeRequest } from './requests.js'
import type {
  PConnectIndication,
  PresentationAddress,
  PresentationDataValues,
  PresentationDelivery,
  PresentationSubmit,
} from './service.js'
import { table } from './states.js'
import { type Deviation, type PresentationTolerances, type Tolerate, tolerances } from './tolerances.js'
import { refusalOf, strayIn } from './usage.js'
import { nestedValues, readUserData } from './user-data.js'
import { NO_CONNECTION, type Variables } from './variables.js'

export interface PresentationOptions {
  /**
   * The abstract syntaxes this provider can represent, by dotted object identifier, each with its transfer syntaxes, the
   * preferred one first. Other contexts are refused with provider-reason 1 or 2.
   *
   * @default every abstract syntax in BER, 2.1.1; the user of the service then decides which contexts it has a use for
   */
  readonly abstractSyntaxes?: Readonly<Record<string, readonly string[]>>
  /** Contexts accepted for one connection; what is proposed beyond them is refused with provider-reason 3. @default 16 */
  readonly contextLimit?: number
  /**
   * Responder: a CP in X.410-1984 mode is indicated to the user, with the components of its RTS PDU passed through; otherwise it is
   * refused with CPR 0. An initiator chooses with `mode` in its request. X.226, 8.2. @default false
   */
  readonly x410Mode?: boolean
  /** Responder: is the address here? 'accept', or the provider-reason of the CPR: 3 unknown, 7 none free.
   *  @default accepts any selector, and none */
  readonly acceptAddress?: (called: PresentationAddress, calling: PresentationAddress) => Admission
  /** Responder: is there room? 'accept', or the provider-reason of the CPR: 1 congestion, 2 local limit. @default accepts */
  readonly acceptConnection?: (indication: PConnectIndication) => Admission
  /** Everything as X.226 has it: no tolerances, except those named in `tolerate`. @default false */
  readonly strict?: boolean
  /** Single tolerances turned off. @default all on */
  readonly tolerate?: Partial<PresentationTolerances>
}

type Event = PresentationEvent

/**
 * The connection-oriented presentation protocol machine, X.226: kernel and context management, both modes, both roles.
 * P-CONNECT.request makes it the initiator, a CP the responder. It serves one connection after another.
 */
export class PresentationMachine extends Machine<PresentationState, PresentationSubmit, PresentationDelivery, Event> {
  /** Told when only a tolerance kept what the peer did from being an error. */
  onDeviation: ((deviation: Deviation) => void) | undefined
  /** @internal the layer below */
  readonly session: SessionService
  /** @internal what this provider can represent */
  readonly policy: ContextPolicy
  /** @internal of the one connection */
  variables: Variables = NO_CONNECTION
  readonly #admission: ConnectPolicy
  readonly #tolerances: PresentationTolerances

  /** Takes over `session.onDeliver`. */
  constructor(session: SessionService, options: PresentationOptions = NO_OPTIONS) {
    super('STAI0')
    this.session = session
    const { policy, tolerated, admission } = settingsOf(options)
    this.policy = policy
    this.#tolerances = tolerated
    this.#admission = admission
    hearFrom(session, this)
  }

  override get layer(): 'presentation' {
    return 'presentation'
  }

  protected override get table(): StateTable<PresentationMachine, PresentationState, Event, PresentationDelivery> {
    return table
  }

  /** The contexts in use, by identifier; empty while there is no connection. */
  get definedContextSet(): DefinedContextSet {
    return this.variables.set
  }

  /**
   * @throws EncodeError PRESENTATION_…, BER_…: the value has no encoding, in any state
   * @throws UsageError STATE, PRESENTATION_CONTEXT, PRESENTATION_CONTEXTS, PRESENTATION_RESULTS, PRESENTATION_RELEASE,
   * PRESENTATION_REQUIREMENTS: not allowed now; or what the session says of it. Nothing has changed then
   */
  override submit(primitive: PresentationSubmit): void {
    if (primitive.type === 'P-DATA.request' && primitive.presentationContextIdentifier !== undefined) {
      if (primitive.userData.length === 0)
        throw new EncodeError('presentation', 'PRESENTATION_USER_DATA', 'P-DATA: expected at least one octet of user data, found none')
      if (!this.step(primitive)) throw refusalOf(this, primitive)
      return
    }
    const event = encodeRequest(primitive, { state: this.state, ...this.variables }, this.policy)
    const { state, variables } = this
    try {
      if (this.step(event)) return
    } catch (error) {
      // What the layers below refuse they refuse before they act: nothing has left, and the commit is undone.
      if (isRefusalBelow(error)) {
        this.state = state
        this.variables = variables
      }
      throw error
    }
    throw refusalOf(this, event)
  }

  /** @internal From the session service. */
  hear(primitive: SessionDelivery): void {
    switch (primitive.type) {
      case 'S-DATA.indication':
        return this.#data(primitive.userData)
      case 'S-CONNECT.indication':
        return this.#connectIndication(primitive)
      case 'S-CONNECT.confirm':
        return primitive.result === 'accept' ? this.#connectAccepted(primitive) : this.#connectRejected(primitive)
      case 'S-RELEASE.indication': {
        const { type, userData } = primitive
        return this.#decoded(type, () => ({ type, values: this.#read(userData) }))
      }
      case 'S-TYPED-DATA.indication':
        return this.#typedData(primitive.userData)
      case 'S-TOKEN-GIVE.indication':
      case 'S-TOKEN-PLEASE.indication': {
        const { type, tokens, userData } = primitive
        if (!this.#isExpected(type)) return this.#unexpectedPpdu(type, true)
        return this.#decoded(type, () => ({ type, tokens, values: this.#read(userData) }))
      }
      case 'S-RELEASE.confirm': {
        const { type, result, userData } = primitive
        return this.#decoded(type, () => ({ type, result, values: this.#read(userData) }), result === 'affirmative')
      }
      case 'S-U-ABORT.indication':
        if (this.state === 'STAI0') return
        return this.#decoded('ARU', () => readAbort(primitive.userData, abortable(this), this.variables.x410, this.#tolerate), true)
      case 'S-P-ABORT.indication':
        if (this.state !== 'STAI0') this.step(primitive)
        return
      default:
        return this.#other(primitive)
    }
  }

  /** The one event that there are many of, so without a closure. */
  #data(userData: Uint8Array): void {
    let values: readonly PresentationDataValues[]
    try {
      if (userData.length === 0) throw unrecognized('TD: expected user data, found no octets')
      values = this.#read(userData)
    } catch (error) {
      return this.#undecodable('TD', error, false)
    }
    if (!this.step({ type: 'TD', values })) this.#refused('TD', { type: 'TD', values }, false)
  }

  #read(userData: Uint8Array) {
    const { set, form } = this.variables
    return readUserData(userData, set, form, set.size === 1 ? this.#fullOfOne : undefined)
  }

  /** Made when it is asked for, like the next: hardly any connection needs one. */
  get #fullOfOne(): () => boolean {
    return () => this.#tolerate('fullEncodingOfSingleContext', 'full encoding where only one context is defined')
  }

  get #tolerate(): Tolerate {
    return (tolerance, text) => {
      if (!this.#tolerances[tolerance]) return false
      this.onDeviation?.({ tolerance, text })
      return true
    }
  }

  #connectIndication(session: SConnectIndication): void {
    if (this.state !== 'STAI0') return this.#unexpectedPpdu('CP', session.userData[0] === 0x31)
    this.#decoded('CP', () => {
      try {
        return judgeCP(session, this.#admission)
      } catch (error) {
        if (!(error instanceof DecodeError) || abortReasonFor(error) === AbortReason.unrecognizedPpdu) throw error
        if (!this.#tolerate('refuseInvalidConnect', error.message)) throw error
        return { type: 'CP', session, refusal: { providerReason: 0 } }
      }
    })
  }

  #connectAccepted(session: Extract<SConnectConfirm, { result: 'accept' }>): void {
    if (this.state !== 'STAI1') return this.#unexpectedPpdu('CPA', session.userData[0] === 0x31)
    this.#decoded('CPA', () => readCPA(session, this.variables, this.#tolerate))
  }

  #connectRejected(session: Extract<SConnectConfirm, { result: 'reject' }>): void {
    if (this.state !== 'STAI1') return this.#unexpectedPpdu('CPR', true, true)
    if (session.by !== 'peer' || session.userData.length === 0) {
      this.step({ type: 'S-CONNECT.confirm', session })
      return
    }
    this.#decoded(
      'CPR',
      () => {
        try {
          return readCPR(session, this.variables, this.#tolerate)
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error
          return { type: 'S-CONNECT.confirm', session, cause: error }
        }
      },
      true,
    )
  }

  /** AC, ACA or TTD. Where the unit was not agreed, or the state does not provide for it, it is not looked into. */
  #typedData(octets: Uint8Array): void {
    const name = typedDataPpdu(octets[0])
    if (name === undefined || !this.#isExpected(name)) return this.#unexpectedPpdu(name ?? 'S-TYPED-DATA.indication', name !== undefined)
    this.#decoded(name, () => {
      if (name === 'AC') return readAC(octets, this.variables, this.policy)
      if (name === 'ACA') return readACA(octets, this.variables, this.#tolerate)
      const { set, form } = this.variables
      return { type: 'TTD', values: nestedValues(decode(UserData, octets, { layer: 'presentation' }), set, form, this.#fullOfOne) }
    })
  }

  /** The functional unit of an event was agreed, and the state provides for it. */
  #isExpected(event: string): boolean {
    return this.table.cell(this.state, event).length > 0 && isAgreed(this, event)
  }

  /** Primitives of session functional units that go with other units of ours: their PPDUs are named and refused. */
  #other(primitive: { readonly type: string; readonly userData?: Uint8Array }): void {
    const { type, userData = new Uint8Array(0) } = primitive
    const name = otherEvent(type, userData)
    this.#unexpectedPpdu(name ?? type, name !== undefined)
  }

  /** One event from below: decoded, then given to the table. @param gone the session connection ended with it */
  #decoded(name: keyof typeof EventIdentifier, event: () => Event, gone = false): void {
    let decoded: Event
    try {
      decoded = event()
    } catch (error) {
      return this.#undecodable(name, error, gone)
    }
    if (!this.step(decoded)) this.#refused(name, decoded, gone)
  }

  /** Octets without a valid reading. X.226, A.4.3.2. */
  #undecodable(name: keyof typeof EventIdentifier, error: unknown, gone: boolean): void {
    if (!(error instanceof DecodeError)) throw error
    const abortReason = abortReasonFor(error)
    this.#protocolError(abortReason, abortReason === AbortReason.unrecognizedPpdu ? undefined : name, gone, error)
  }

  /** An event that the table has no row for, or only rows whose predicates are false. X.226, A.4.1.2 and A.4.2.2. */
  #refused(name: keyof typeof EventIdentifier, event: Event, gone: boolean): void {
    if (this.table.cell(this.state, event.type).length === 0) return this.#unexpectedPpdu(name, true, gone)
    const text = `${name}: ${strayIn(this, event)}, in state ${this.state}`
    const cause = new DecodeError('presentation', 'PRESENTATION_CONTEXT', text, { clause: 'X.226, 6.1' })
    this.#protocolError(AbortReason.invalidPpduParameterValue, name, gone, cause)
  }

  /** A blank cell. X.226, A.4.1.2. @param recognized false: the octets are no PPDU of the primitive that brought them */
  #unexpectedPpdu(name: string, recognized: boolean, gone = false): void {
    if (!recognized)
      return this.#protocolError(AbortReason.unrecognizedPpdu, undefined, gone, unrecognized(`${name}: found octets that are no PPDU`))
    const known = Object.hasOwn(EventIdentifier, name) ? (name as keyof typeof EventIdentifier) : undefined
    const primitive = name.startsWith('S-')
    const abortReason = primitive ? AbortReason.unexpectedSessionServicePrimitive : AbortReason.unexpectedPpdu
    const cause = new DecodeError('presentation', 'PRESENTATION_STATE', `${name} is not allowed in state ${this.state}`, {
      clause: 'X.226, A.4.1.2',
    })
    this.#protocolError(known ? abortReason : AbortReason.reasonNotSpecified, known, gone, cause)
  }

  #protocolError(abortReason: number, name: keyof typeof EventIdentifier | undefined, gone: boolean, cause: OsiError): void {
    const eventIdentifier = name && EventIdentifier[name]
    this.step({ type: 'protocol error', abortReason, ...(eventIdentifier !== undefined && { eventIdentifier }), gone, cause })
  }
}

const NO_OPTIONS: PresentationOptions = {}

/** One for all machines that are given these options. */
const settingsOf = remembered((options: PresentationOptions) => {
  const policy = contextPolicy(options.abstractSyntaxes, options.contextLimit)
  const { x410Mode: x410 = false, acceptAddress = accept, acceptConnection = accept } = options
  const admission: ConnectPolicy = { contexts: policy, x410, acceptAddress, acceptConnection }
  return { policy, tolerated: tolerances(options.strict, options.tolerate), admission }
})

function accept(): 'accept' {
  return 'accept'
}

function isRefusalBelow(error: unknown): boolean {
  return (error instanceof EncodeError || error instanceof UsageError) && error.layer !== 'presentation'
}
