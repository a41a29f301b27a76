import { AbortedError, DecodeError, hearFrom, Machine, type OsiError, type Sdu, UsageError } from '@x/core'
import type { TConnectConfirm, TConnectIndication, TransportDelivery, TransportService } from '@x/cotp'
import { encodeSpdu, type Spdu } from './codec.js'
import { connectIndication } from './deliveries.js'
import type { JudgedCN, SessionEvent } from './events.js'
import { type Fault, oversize, wholeOf } from './inbound.js'
import { checkCN, checkOA, exceedsUs, requirementsOf, settleAC, versionFor } from './negotiation.js'
import { type SessionOptions, type Settings, settingsOf } from './options.js'
import { abortSpdu, acceptSpdu, checkData, connectSpdu, rejectSpdu, releaseSpdu, tokenSpdu } from './outgoing.js'
import { unitAt } from './parameters.js'
import { attached, isEnd, p01, p02, p64, type SessionState } from './predicates.js'
import { encodeInSegments, type Reassembly } from './segments.js'
import type { SConnectIndication, SDataRequest, SessionAddress, SessionDelivery, SessionSubmit, STypedDataRequest } from './service.js'
import type { CN } from './spdu.js'
import { table } from './states.js'
import { namedTokens, tokensOf } from './tokens.js'
import { decodeTsdu, isPlainData, processingOrder } from './tsdu.js'
import { namesOf, RefuseReason, Token } from './values.js'

/** What is known of a session until it is open. */
export interface Opening {
  /** The address our request called. */
  readonly called: SessionAddress
  /** Our CN, without its user data, or the peer's. */
  readonly cn: CN
  /** Our CN, while it waits for T-CONNECT.confirm. */
  waiting?: readonly Sdu[] | undefined
  /** What of our user data goes in CDOs. */
  readonly overflow?: Uint8Array | undefined
  /** User data of the peer's CN and CDOs, and what goes up once it is whole. */
  parts?: Uint8Array[] | undefined
  indication?: SConnectIndication | undefined
}

const attachedStates: ReadonlySet<SessionState> = new Set(attached)

/**
 * A session protocol machine (SPM), X.225: one session at a time, as the side that asks or the side that is asked. It takes
 * over `transport.onDeliver`. Kernel, duplex and half-duplex, negotiated release and typed data, versions 1 and 2; what the
 * options do not name is neither proposed nor agreed to.
 */
export class SessionMachine extends Machine<SessionState, SessionSubmit, SessionDelivery, SessionEvent> {
  /** @internal */
  readonly transport: TransportService
  /** @internal */
  readonly ours: Settings

  /** Vtca, X.225, A.5: we accepted the transport connection, rather than asked for it. */
  vtca = false
  /** Vcoll: FN came while ours was under way, or ours went while theirs was. */
  vcoll = false
  /** Vdnr: after a collision, the DN of the transport initiator is here. */
  vdnr = false
  /** Vtrr: the transport connection stays behind this release. */
  vtrr = false
  /** AV: tokens that come with the units selected, bits of `Token`. */
  availableTokens = 0
  /** OWNED: those of them that are ours. */
  ownedTokens = 0
  /** FU: the functional units selected, bits of `FunctionalUnit`; 0 before an AC. */
  requirements = 0
  /** The version selected; before that, the highest proposed. */
  version: 1 | 2 = 2
  /** Largest TSDU the peer wants, in octets; 0: no limit. */
  largest = 0
  /** Largest TSDU agreed on for what the peer sends, in octets; 0: none is, and nothing comes in segments. */
  largestIn = 0
  /** What we send is segmented to `largest`, for both sides have named a size. */
  segmentsOut = false

  /** @internal the T-CONNECT primitive with the addresses; gone once the session is open, unless the transport connection may serve another */
  ends: TConnectIndication | TConnectConfirm | undefined
  /** @internal */
  opening: Opening | undefined
  /** @internal an SSDU of which segments have come */
  assembly: Reassembly | undefined
  /** What `submit` has encoded for the row that sends it. */
  #encoded: readonly Sdu[] | undefined
  #stopTimer: (() => void) | undefined

  /** @throws UsageError `SESSION_OPTION` for an option outside its range */
  constructor(transport: TransportService, options: SessionOptions) {
    super('STA01')
    this.transport = transport
    this.ours = settingsOf(options)
    hearFrom(transport, this)
  }

  override get layer(): 'session' {
    return 'session'
  }

  protected override get table(): typeof table {
    return table
  }

  /** p02: our local choice to keep transport connections. */
  get keeps(): boolean {
    return this.ours.keepTransport > 0
  }

  get segmentsIn(): boolean {
    return this.largestIn > 0
  }

  /** @throws EncodeError for a value that has no encoding; UsageError `STATE` when the state does not allow it. Nothing has changed then */
  override submit(primitive: SessionSubmit): void {
    if (primitive.type === 'S-DATA.request') {
      if (this.largest > 0 || primitive.userData.length === 0) checkData('DT', primitive.userData, this.segmentsOut ? 0 : this.largest)
    } else if (primitive.type === 'S-TYPED-DATA.request') checkData('TD', primitive.userData, this.segmentsOut ? 0 : this.largest)
    else this.#encoded = this.#encode(primitive)
    if (this.step(primitive)) return
    this.#encoded = undefined
    throw new UsageError(
      'session',
      'STATE',
      `${primitive.type} is not allowed in state ${this.state}${this.#tokensFor(primitive)}`,
      this.state,
    )
  }

  #encode(primitive: Exclude<SessionSubmit, SDataRequest | STypedDataRequest>): readonly Sdu[] {
    const { ours, version } = this
    const cn: CN = this.opening?.cn ?? { type: 'CN', sessionUserRequirements: ours.functionalUnits }
    const limit = this.segmentsOut ? this.largest : 0
    switch (primitive.type) {
      case 'S-CONNECT.request':
        return [encodeSpdu(connectSpdu(primitive, ours))]
      case 'S-CONNECT.response': {
        if (primitive.result === 'reject') return encodeInSegments(rejectSpdu(primitive, version, ours, p02(this)), version, 0)
        const { ac, largest } = acceptSpdu(primitive, cn, version, ours)
        return encodeInSegments(ac, version, largest)
      }
      case 'S-TOKEN-GIVE.request':
        return encodeInSegments(tokenSpdu('GT', primitive, version, ours), version, limit)
      case 'S-TOKEN-PLEASE.request':
        return encodeInSegments(tokenSpdu('PT', primitive, version, ours), version, limit)
      case 'S-RELEASE.request': {
        const keeps = this.state === 'STA713' && p64(this)
        return encodeInSegments(releaseSpdu('FN', primitive.userData, version, ours, keeps), version, limit)
      }
      case 'S-RELEASE.response': {
        const type = primitive.result === 'affirmative' ? 'DN' : 'NF'
        return encodeInSegments(releaseSpdu(type, primitive.userData, version, ours), version, limit)
      }
      case 'S-U-ABORT.request':
        return encodeInSegments(abortSpdu(primitive.userData, version, ours, p02(this)), version, limit)
    }
  }

  /** Where tokens are what is missing, the text of the error says so. */
  #tokensFor({ type }: SessionSubmit): string {
    if (this.availableTokens === 0 || this.state !== 'STA713') return ''
    const names = (tokens: number) => namesOf(tokens, Token).join(', ') || 'none'
    return type === 'S-DATA.request' || type === 'S-RELEASE.request' || type.startsWith('S-TOKEN')
      ? `: the tokens are ${names(this.availableTokens)}, and this side holds ${names(this.ownedTokens)}`
      : ''
  }

  // --- from below

  /** @internal From the transport service. */
  hear(primitive: TransportDelivery): void {
    // An event that is impossible below a sound transport is a local matter (A.4.1.3): nothing happens.
    if (primitive.type === 'T-DATA.indication') this.#receive(primitive.userData)
    else this.step(primitive)
  }

  #receive(tsdu: Uint8Array): void {
    if (tsdu.length > 4 && this.assembly === undefined && this.largestIn === 0 && isPlainData(tsdu)) {
      if (!this.step({ type: 'DT', userInformation: tsdu.subarray(4) })) this.#unexpected('DT', tsdu)
      return
    }
    let spdus: readonly Spdu[]
    try {
      spdus = decodeTsdu(tsdu, this.ours.decoding)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#protocolError(error, tsdu)
      return
    }
    if (this.largestIn > 0 && tsdu.length > this.largestIn) {
      const text = `TSDU: expected at most the ${this.largestIn} octets agreed on, found ${tsdu.length}`
      this.#fault({ code: 'SESSION_TSDU_SIZE', text, restriction: false }, tsdu)
      return
    }
    // 6.3.7.1: of a concatenation the GT or PT comes last; without a token item it is no event (Table A.1, note 2).
    for (const spdu of processingOrder(spdus)) {
      const introduces = (spdu.type === 'GT' || spdu.type === 'PT') && spdu.tokenItem === undefined && spdu.enclosureItem === undefined
      if (!introduces) this.#take(spdu, tsdu)
    }
  }

  #take(spdu: Spdu, tsdu: Uint8Array): void {
    const whole = attachedStates.has(this.state) ? wholeOf(this, spdu) : (this.#overflowFault(spdu) ?? spdu)
    if (whole === undefined) return
    if ('restriction' in whole) {
      this.#fault(whole, tsdu)
      return
    }
    let event: SessionEvent
    try {
      event = this.#judged(whole)
      if (whole.type === 'OA' && this.state === 'STA02B') checkOA(whole, this.opening!.cn)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#protocolError(error, tsdu)
      return
    }
    if (!this.step(event)) this.#unexpected(whole.type, tsdu)
    // Table A.1, note 1: AC with a token item is two events. Tokens that are not available are ignored (8.3.4.16).
    else if (whole.type === 'AC' && whole.tokenItem !== undefined) this.#please(whole.tokenItem)
  }

  #please(tokenItem: number): void {
    const tokens = namedTokens(tokenItem) & this.availableTokens
    if (tokens !== 0) this.step({ type: 'PT', tokenItem: tokens })
  }

  /** What of a CDO is more than we take. */
  #overflowFault(spdu: Spdu): Fault | undefined {
    const parts = this.state === 'STA01D' && spdu.type === 'CDO' ? this.opening?.parts : undefined
    if (parts === undefined || spdu.type !== 'CDO') return undefined
    const size = parts.reduce((sum, part) => sum + part.length, spdu.userData?.length ?? 0)
    if (spdu.userData === undefined && !isEnd(spdu.enclosureItem)) {
      return { code: 'SESSION_USER_DATA', text: 'CDO: expected user data, for it is not the last', restriction: false }
    }
    return oversize('CDO', size, this.ours.maxUserData)
  }

  /** @internal whether the table has a row for it now */
  allows(spdu: Spdu): boolean {
    return this.table.find(this, this.state, spdu as SessionEvent) !== undefined
  }

  #unexpected(type: string, tsdu: Uint8Array): void {
    this.#fault({ code: 'SESSION_UNEXPECTED', text: `${type} is not allowed in state ${this.state}`, restriction: false }, tsdu)
  }

  #fault({ code, text, restriction }: Fault, tsdu: Uint8Array): void {
    this.#protocolError(new AbortedError('session', code, text, { by: 'local provider' }), tsdu, restriction)
  }

  /** Without a row, as in STA01, nothing happens. */
  #protocolError(error: OsiError, tsdu: Uint8Array, restriction = false): void {
    const unit = unitAt(tsdu, 0, tsdu.length)
    const refusable = unit.code === 13 && unit.problem === undefined && unit.to === tsdu.length
    this.step({ type: 'protocol error', error, restriction, tsdu, refusable })
  }

  /** What the table needs to know of a CN or AC. @throws DecodeError when it is invalid, or answers what was not asked */
  #judged(spdu: Spdu): SessionEvent {
    if (spdu.type === 'CN' && this.state === 'STA01C' && !p01(this)) return this.#judge(spdu)
    if (spdu.type === 'AC' && this.state === 'STA02A') return { ...spdu, settled: settleAC(spdu, this.opening!.cn, this.ours.tolerate) }
    return spdu
  }

  /** Predicate p76, in this order: version, policy, what we do not have. @throws DecodeError when it is no valid CN */
  #judge(cn: CN): JudgedCN {
    checkCN(cn)
    const version = versionFor(cn, this.ours)
    if (version === undefined) return { ...cn, refusal: RefuseReason.versionNotSupported }
    const indication = connectIndication(
      cn,
      version,
      this.ends as TConnectIndication,
      tokensOf(requirementsOf(cn) & this.ours.functionalUnits),
    )
    const verdict = this.ours.accept(indication)
    if (verdict !== 'accept') return { ...cn, refusal: verdict }
    if (exceedsUs(cn, this.ours)) return { ...cn, refusal: RefuseReason.implementationRestriction }
    return { ...cn, indication }
  }

  // --- for the procedures

  /** @internal specific actions [5] and [11] */
  select(requirements: number, ownedTokens: number): void {
    this.requirements = requirements
    this.availableTokens = tokensOf(requirements)
    this.ownedTokens = ownedTokens
    this.vcoll = false
    this.vdnr = false
    this.opening = undefined
    if (!this.keeps) this.ends = undefined
  }

  /** @internal @param out selected for what we send @param cap named by the peer alone @param incoming selected for what it sends; 0: none */
  settleSizes(out: number, cap: number, incoming: number): void {
    this.segmentsOut = out > 0
    this.largest = out || cap
    this.largestIn = incoming
  }

  /** @internal */
  startTIM(): void {
    this.assembly = undefined
    this.startTimer(this.ours.tim, 'TIM')
  }

  /** @internal one timer: TIM, or how long a transport connection is kept */
  startTimer(delay: number, type: 'TIM' | 'kept too long'): void {
    this.stopTimer()
    this.#stopTimer = this.ours.timers.after(delay, () => {
      this.#stopTimer = undefined
      this.step({ type })
    })
  }

  /** @internal */
  stopTimer(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  /** @internal */
  takeEncoded(): readonly Sdu[] {
    const encoded = this.#encoded!
    this.#encoded = undefined
    return encoded
  }

  /** @internal */
  send(userData: Sdu): void {
    this.transport.submit({ type: 'T-DATA.request', userData })
  }

  /** @internal */
  sendAll(tsdus: readonly Sdu[]): void {
    for (const tsdu of tsdus) this.send(tsdu)
  }
}
