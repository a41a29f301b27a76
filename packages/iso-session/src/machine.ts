import { AbortedError, DecodeError, Machine, type OsiError, type Sdu } from '@x/core'
import type {
  TConnectConfirm,
  TConnectIndication,
  TDisconnectIndication,
  TransportAddress,
  TransportDelivery,
  TransportService,
} from '@x/cotp'
import { encodeSpdu, type Spdu } from './codec.js'
import { abortIndication, acceptConfirm, connectIndication, rejectConfirm } from './deliveries.js'
import { checkCN, exceedsUs, faultOf, nothing, releasePlace, requirementsOf, settleAC, versionFor } from './negotiation.js'
import { type SessionOptions, type Settings, settingsOf } from './options.js'
import { abortSpdu, acceptSpdu, checkData, connectSpdu, refuseSpdu, rejectSpdu, releaseSpdu, tokenSpdu } from './outgoing.js'
import { unitAt } from './parameters.js'
import type {
  SConnectRequest,
  SConnectResponse,
  SDataRequest,
  SessionAddress,
  SessionDelivery,
  SessionSubmit,
  STypedDataRequest,
} from './service.js'
import type { AB, AC, CN, DN, FN, NF, RF } from './spdu.js'
import { type JudgedCN, type ProtocolErrorEvent, type SessionEvent, type SessionState, table } from './states.js'
import { decodeTsdu, isPlainData } from './tsdu.js'
import { FunctionalUnit, type ProviderRefuseReason, RefuseReason, TransportDisconnect, Version } from './values.js'

/**
 * A session protocol machine (SPM), X.225: one session at a time, as the side that asks or the side that is asked. It takes
 * over `transport.onDeliver`. Kernel and duplex, versions 1 and 2; the transport is never kept for another session, SSDUs are
 * never segmented (a maximum TSDU size is neither proposed nor answered), extended concatenation is never agreed to.
 */
export class SessionMachine extends Machine<SessionState, SessionSubmit, SessionDelivery, SessionEvent> {
  readonly layer = 'session'
  protected readonly table = table
  readonly #transport: TransportService
  readonly #ours: Settings

  /** Vtca, X.225, A.5: we accepted the transport connection, rather than asked for it. */
  vtca = false
  /** Vcoll: FN came while ours was under way, or ours went while theirs was. */
  vcoll = false
  /** Vdnr: after a collision, the DN of the transport initiator is here. */
  vdnr = false
  /** OWNED(tr); without meaning unless negotiated release is selected. */
  ownsReleaseToken = false
  /** FU: the functional units selected, bits of `FunctionalUnit`; 0 before an AC. */
  requirements = 0
  /** The version selected; before that, the highest proposed. */
  version: 1 | 2 = 2

  /** What `submit` has encoded for the row that sends it. */
  #encoded: Sdu | undefined
  /** The CN waiting for T-CONNECT.confirm. */
  #waiting: Sdu | undefined
  /** Of the session being opened: the peer's CN (before there is one, whatever an answer to it needs to be encoded), or what our own proposes. */
  #cn: CN = NO_CN
  #proposed = 0
  #called: SessionAddress = {}
  #calling: TransportAddress = {}
  #responding: TransportAddress = {}
  /** Largest TSDU the peer wants, in octets; 0: no limit. */
  #largest = 0
  #stopTIM: (() => void) | undefined

  /** @throws UsageError `SESSION_OPTION` for an option outside its range */
  constructor(transport: TransportService, options: SessionOptions) {
    super('STA01')
    this.#transport = transport
    this.#ours = settingsOf(options)
    transport.onDeliver = primitive => this.#deliveredBelow(primitive)
  }

  /** Units selected include negotiated release, so that the release token is there (AV(tr)). */
  get negotiatedRelease(): boolean {
    return (this.requirements & FunctionalUnit.negotiatedRelease) !== 0
  }

  /** @throws EncodeError for a value that has no encoding; UsageError when the state does not allow it. Nothing has changed then */
  override submit(primitive: SessionSubmit): void {
    if (primitive.type === 'S-DATA.request' || primitive.type === 'S-TYPED-DATA.request') checkData(primitive.userData, this.#largest)
    else this.#encoded = this.#encode(primitive)
    super.submit(primitive)
  }

  #encode(primitive: Exclude<SessionSubmit, SDataRequest | STypedDataRequest>): Sdu {
    switch (primitive.type) {
      case 'S-CONNECT.request':
        return encodeSpdu(connectSpdu(primitive, this.#ours))
      case 'S-CONNECT.response':
        return encodeSpdu(
          primitive.result === 'accept'
            ? acceptSpdu(primitive, this.#cn, this.version, this.#ours)
            : rejectSpdu(primitive, this.version, this.#ours),
        )
      case 'S-TOKEN-GIVE.request':
        return encodeSpdu(tokenSpdu('GT', primitive, this.version))
      case 'S-TOKEN-PLEASE.request':
        return encodeSpdu(tokenSpdu('PT', primitive, this.version))
      case 'S-RELEASE.request':
        return encodeSpdu(releaseSpdu('FN', primitive.userData, this.version))
      case 'S-RELEASE.response':
        return encodeSpdu(releaseSpdu(primitive.result === 'affirmative' ? 'DN' : 'NF', primitive.userData, this.version))
      case 'S-U-ABORT.request':
        return encodeSpdu(abortSpdu(primitive.userData, this.version))
    }
  }

  // --- from below

  #deliveredBelow(primitive: TransportDelivery): void {
    // An event that is impossible below a sound transport is a local matter (A.4.1.3): nothing happens.
    if (primitive.type === 'T-DATA.indication') this.#receive(primitive.userData)
    else this.step(primitive)
  }

  #receive(tsdu: Uint8Array): void {
    if (tsdu.length > 4 && isPlainData(tsdu)) {
      if (!this.step({ type: 'DT', userInformation: tsdu.subarray(4) })) this.#unexpected('DT', tsdu)
      return
    }
    let spdus: readonly Spdu[]
    try {
      spdus = decodeTsdu(tsdu, this.#ours.tolerate)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#protocolError(error, tsdu)
      return
    }
    // 6.3.7.1: of a concatenation the last comes first; GT or PT without a token item is no event (Table A.1, note 2).
    for (const spdu of [...spdus].reverse()) {
      if ((spdu.type !== 'GT' && spdu.type !== 'PT') || spdu.tokenItem !== undefined) this.#take(spdu, tsdu)
    }
  }

  #take(spdu: Spdu, tsdu: Uint8Array): void {
    let event: SessionEvent
    try {
      event = spdu.type === 'CN' && this.state === 'STA01C' ? this.#judge(spdu) : spdu
      if (spdu.type === 'AC' && this.state === 'STA02A') this.#settle(spdu)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#protocolError(error, tsdu)
      return
    }
    const fault = faultOf(spdu, this.version, this.#ours)
    if (fault) this.#protocolError(error(fault.code, fault.text), tsdu, fault.restriction)
    else if (!this.step(event)) this.#unexpected(spdu.type, tsdu)
  }

  #unexpected(type: string, tsdu: Uint8Array): void {
    this.#protocolError(error('SESSION_UNEXPECTED', `${type} is not allowed in state ${this.state}`), tsdu)
  }

  /** Without a row, as in STA01, nothing happens. */
  #protocolError(error: OsiError, tsdu: Uint8Array, restriction = false): void {
    const unit = unitAt(tsdu, 0, tsdu.length)
    const refusable = unit.code === 13 && unit.problem === undefined && unit.to === tsdu.length
    this.step({ type: 'protocol error', error, restriction, tsdu, refusable })
  }

  /** Predicate p76, in this order: version, policy, what we do not have. @throws DecodeError when it is no valid CN */
  #judge(cn: CN): JudgedCN {
    checkCN(cn)
    const version = versionFor(cn, this.#ours)
    if (version === undefined) return { ...cn, refusal: RefuseReason.versionNotSupported }
    const indication = connectIndication(cn, version, { called: this.#called, calling: this.#calling })
    const verdict = this.#ours.accept(indication)
    if (verdict !== 'accept') return { ...cn, refusal: verdict }
    if (exceedsUs(cn, this.#ours)) return { ...cn, refusal: RefuseReason.implementationRestriction }
    this.#cn = cn
    this.version = version
    this.#largest = cn.connectAcceptItem?.tsduMaximumSize?.fromResponder ?? 0
    return { ...cn, indication }
  }

  /** Version and functional units of an AC. @throws DecodeError when it answers what was not asked */
  #settle(ac: AC): void {
    const proposed = { versions: this.#ours.proposedVersions, requirements: this.#proposed }
    const { version, requirements } = settleAC(ac, proposed, this.#ours.tolerate.echoedRequirements)
    this.version = version
    this.#select(requirements)
    this.ownsReleaseToken = true // our CN has no token setting, so 5.8.2 puts every token here
    this.#largest = ac.connectAcceptItem?.tsduMaximumSize?.fromInitiator ?? 0
  }

  /** Specific action [5]. */
  #select(requirements: number): void {
    this.requirements = requirements
    this.vcoll = false
    this.vdnr = false
  }

  // --- what the rows of states.ts do; a row that starts TIM starts it before it sends, for the answer may come at once

  openTransport(request: SConnectRequest): void {
    this.vtca = false
    this.requirements = 0
    this.#largest = 0
    this.version = this.#ours.proposedVersions & Version.version2 ? 2 : 1
    this.#proposed = request.sessionRequirements ?? FunctionalUnit.duplex
    this.#called = request.called ?? {}
    this.#waiting = this.#takeEncoded()
    const called = transportPart(request.called)
    const calling = transportPart(request.calling)
    this.#transport.submit({ type: 'T-CONNECT.request', ...(called && { called }), ...(calling && { calling }) })
  }

  sendCN(confirm: TConnectConfirm): void {
    this.#responding = confirm.responding
    const cn = this.#waiting!
    this.#waiting = undefined
    this.#send(cn)
  }

  acceptTransport({ called, calling }: TConnectIndication): void {
    this.vtca = true
    this.#called = called
    this.#calling = calling
    this.requirements = 0
    this.#largest = 0
    this.#transport.submit({ type: 'T-CONNECT.response' })
  }

  confirmAccept(ac: AC): SessionDelivery {
    return acceptConfirm(ac, this, this.#responding)
  }

  confirmReject(rf: RF): SessionDelivery {
    this.disconnect()
    return rejectConfirm(rf, this.#called)
  }

  refuse(reason: ProviderRefuseReason = RefuseReason.spmNotSpecified): void {
    this.#startTIM()
    this.#send(encodeSpdu(refuseSpdu(reason, this.#ours)))
  }

  sendAC(response: Extract<SConnectResponse, { result: 'accept' }>): void {
    this.#select(response.sessionRequirements ?? requirementsOf(this.#cn) & this.#ours.functionalUnits)
    this.ownsReleaseToken = releasePlace(this.#cn) === 1
    // Its user data is a view of the chunk that brought it.
    this.#cn = NO_CN
    this.sendEncoded()
  }

  /** The hot path: four octets in front of what the user wrote. */
  sendDT(request: SDataRequest): void {
    const sdu = request.userData
    sdu.reserve(4)
    sdu.buffer[--sdu.start] = 0
    sdu.buffer[--sdu.start] = 1 // DT
    sdu.buffer[--sdu.start] = 0
    sdu.buffer[--sdu.start] = 1 // GT
    this.#send(sdu)
  }

  /** FN, DN, NF or AC. */
  sendEncoded(): void {
    this.#send(this.#takeEncoded())
  }

  /** RF, DN or AB: who speaks last waits for the other to disconnect. */
  sendAndWait(): void {
    this.#startTIM()
    this.sendEncoded()
  }

  collide(): void {
    this.vcoll = true
    this.sendEncoded()
  }

  indicateRelease(fn: FN): SessionDelivery {
    return { type: 'S-RELEASE.indication', userData: fn.userData ?? nothing }
  }

  indicateCollision(fn: FN): SessionDelivery {
    this.vcoll = true
    return this.indicateRelease(fn)
  }

  confirmRelease(dn?: DN): SessionDelivery {
    if (dn) this.disconnect()
    return { type: 'S-RELEASE.confirm', result: 'affirmative', userData: dn?.userData ?? nothing }
  }

  /** Specific action [32]: our own answer may go now. */
  confirmCollision(dn: DN): SessionDelivery {
    this.vdnr = true
    return { type: 'S-RELEASE.confirm', result: 'affirmative', userData: dn.userData ?? nothing }
  }

  confirmNegative(nf: NF): SessionDelivery {
    return { type: 'S-RELEASE.confirm', result: 'negative', userData: nf.userData ?? nothing }
  }

  indicateAbort(ab: AB): SessionDelivery {
    this.disconnect()
    return abortIndication(ab)
  }

  /** Whether this end of the transport stands for the DN we wait for. */
  takenForDN(event: TDisconnectIndication): boolean {
    return this.#ours.tolerate.disconnectInsteadOfDN && event.cause === undefined
  }

  /** X.225, A.4.1.2 a). Bit 3, or bit 5 where we could not rather than the peer should not. */
  abort({ error, restriction, tsdu }: ProtocolErrorEvent): SessionDelivery {
    const why = restriction ? TransportDisconnect.implementationRestriction : TransportDisconnect.protocolError
    const reflect = this.#ours.reflect && !restriction
    this.#startTIM()
    this.#send(
      encodeSpdu({
        type: 'AB',
        transportDisconnect: TransportDisconnect.released | why,
        ...(reflect && { reflectParameterValues: tsdu.subarray(0, 9) }),
      }),
    )
    return { type: 'S-P-ABORT.indication', by: 'local provider', cause: error }
  }

  disconnect(): void {
    this.#transport.submit({ type: 'T-DISCONNECT.request' })
  }

  disconnectAtLast(): void {
    this.stopTIM()
    this.disconnect()
  }

  stopTIM(): void {
    this.#stopTIM?.()
    this.#stopTIM = undefined
  }

  #startTIM(): void {
    this.stopTIM()
    this.#stopTIM = this.#ours.timers.after(this.#ours.tim, () => {
      this.#stopTIM = undefined
      this.step({ type: 'TIM' })
    })
  }

  #takeEncoded(): Sdu {
    const encoded = this.#encoded!
    this.#encoded = undefined
    return encoded
  }

  #send(userData: Sdu): void {
    this.#transport.submit({ type: 'T-DATA.request', userData })
  }
}

const NO_CN: CN = { type: 'CN', sessionUserRequirements: FunctionalUnit.duplex }

function error(code: string, text: string): OsiError {
  return new AbortedError('session', code, text, { by: 'local provider' })
}

function transportPart(address: SessionAddress | undefined): { readonly transportSelector?: Uint8Array } | undefined {
  return address && (address.transportSelector === undefined ? {} : { transportSelector: address.transportSelector })
}
