import { DecodeError, EncodeError, hearFrom, type OsiError, UsageError } from '@x/core'
import type { NDisconnectIndication, NetworkDelivery, NetworkService } from '@x/tpkt'
import {
  addressesOf,
  codeOf,
  connectionConfirm,
  connectionRequest,
  type Prepared,
  sourceReferenceOf,
  verdictOnCC,
  verdictOnCR,
} from './connect.js'
import { decodeTpdu } from './decode.js'
import { encodeTpdu } from './encode.js'
import { unexpected } from './faults.js'
import { HoldingMachine } from './holding.js'
import { answerSize, type SizeOffer, type SizesAgreed, sizeOfferOf } from './negotiation.js'
import { settingsOf, type TransportOptions } from './options.js'
import {
  disconnectedByDR,
  disconnectedByER,
  disconnectedByNetwork,
  disconnectedLocally,
  refusedByDR,
  refusedByER,
  ts1Expired,
  tsduTooSlow,
} from './outcome.js'
import { DisconnectReason } from './reasons.js'
import { Reassembly, tsduFault } from './reassembly.js'
import { chooseReference } from './references.js'
import type * as T from './service.js'
import { type InvalidTpdu, type TransportTimer, table } from './states.js'
import { type CC, type CR, type DR, type DT, type ER, type Tpdu, TpduCode } from './tpdu.js'
import { ccFault, crFault, dtFault } from './validity.js'

export type { TransportOptions } from './options.js'

/** Header of a DT of class 0. X.224, 13.7. */
const DT_HEADER = 3
/** Header of a TPKT. */
const TPKT_HEADER = 4
const NONE = new Uint8Array()
const NOTHING = {}
const NO_SELECTOR: T.TransportAddress = NOTHING

/**
 * The transport protocol of class 0 over a network connection that is open. X.224; RFC 1006, 5 and 6.
 *
 * It becomes the initiator by `T-CONNECT.request`, the responder by a CR. Methods without a docstring are the actions of
 * the table in `states.ts`.
 */
export class TransportMachine extends HoldingMachine {
  /** SRC-REF of the peer; undefined until it has said one. */
  remoteReference: number | undefined
  /** Selectors as the CR and the CC named them. */
  called: T.TransportAddress = NO_SELECTOR
  calling: T.TransportAddress = NO_SELECTOR
  responding: T.TransportAddress = NO_SELECTOR
  /** Longest TPDU this side sends, header included, in octets; agreed once the connection is open. */
  tpduSize: number
  /** Longest TPDU the peer may send. Larger only than `tpduSize` when its CC named no size. */
  receiveSize: number
  /** Why the last connection, or attempt at one, went wrong; also when no user was there to be told. */
  fault: OsiError | undefined
  /** Whether the network connection below is still there. */
  networkOpen = true
  /** What was found out about the CR or CC that the table is asked about: accept, or the reason of a DR, or why not. @internal */
  verdict: 'accept' | number | DecodeError = 'accept'

  /** Made for the first DT that is not a whole TSDU. */
  #reassembly: Reassembly | undefined
  /** Both sides have sent a TSDU: they know each other, and longer ones are taken. */
  #hasSent = false
  #hasCollected = false
  /** The CR until it is answered, or the CC that is being submitted. */
  #pending: Prepared | undefined
  /** What the CR proposed, what the CC of this side says, or what that of the peer comes to. */
  #sizes: SizeOffer | SizesAgreed | undefined
  /** The TPDU that is being handled. */
  #received: Uint8Array = NONE

  /** @throws UsageError COTP_OPTION */
  constructor(network: NetworkService, options: TransportOptions = {}) {
    super(network, settingsOf(options))
    this.tpduSize = this.receiveSize = this.settings.tpduSize
    hearFrom(network, this)
  }

  protected override get table(): typeof table {
    return table
  }

  /** @internal From the network service. */
  hear(primitive: NetworkDelivery): void {
    if (primitive.type === 'N-DATA.indication') return this.#receive(primitive.userData)
    this.networkOpen = false
    this.leave()
    // Without a connection nobody is told (an empty cell), but the cause can be read.
    if (!this.step(primitive) && primitive.cause) this.fault = primitive.cause
  }

  /**
   * @throws EncodeError COTP_LENGTH: the selectors do not fit into a CR; COTP_EMPTY_TSDU: a TSDU has at least one octet
   * @throws UsageError STATE; COTP_NETWORK_CLOSED: the network connection is gone, so there is nothing to connect over
   */
  override submit(primitive: T.TransportSubmit): void {
    switch (primitive.type) {
      case 'T-DATA.request':
        if (primitive.userData.length === 0) {
          const message = 'T-DATA.request: expected at least one octet of user data, found none: X.224, 6.3.3'
          throw new EncodeError('cotp', 'COTP_EMPTY_TSDU', message, { path: 'T-DATA.request.userData' })
        }
        break
      case 'T-CONNECT.request': {
        const cr = connectionRequest(chooseReference(this.settings.reference), primitive, this.settings)
        if (this.state !== 'CLOSED') break
        if (!this.networkOpen) {
          const message = 'T-CONNECT.request: the network connection is closed'
          throw new UsageError('cotp', 'COTP_NETWORK_CLOSED', message, this.state, this.fault ? { cause: this.fault } : {})
        }
        this.#pending = cr
        break
      }
      case 'T-CONNECT.response': {
        const cc = this.#makeCC(primitive)
        if (this.state === 'WFTRESP') this.#pending = cc
        break
      }
      case 'T-DISCONNECT.request':
        break
      default:
        primitive satisfies never
    }
    super.submit(primitive)
  }

  /**
   * Sends any TPDU, or any octets in its place, past the state table, which learns nothing of it: for test tools.
   * @throws EncodeError as `encodeTpdu`; UsageError COTP_NETWORK_CLOSED
   */
  sendTpdu(tpdu: Tpdu | Uint8Array): void {
    if (!this.networkOpen) throw new UsageError('cotp', 'COTP_NETWORK_CLOSED', 'the network connection is closed', this.state)
    this.transmit(tpdu instanceof Uint8Array ? tpdu : encodeTpdu(tpdu))
  }

  /**
   * @internal The middle of a TSDU, which is most of a long one: what becomes of it by the row for a DT, without two views and two objects for
   * each. Whatever is out of the ordinary, and whatever somebody watches, goes the usual way.
   */
  hearPart(octets: Uint8Array, from: number, to: number): boolean {
    const reassembly = this.#reassembly
    if (reassembly === undefined || reassembly.length === 0 || this.state !== 'OPEN') return false
    const length = to - from
    if (length <= DT_HEADER || length > this.receiveSize || octets[from] !== 2 || octets[from + 1] !== 0xf0 || octets[from + 2] !== 0)
      return false
    const { onTpdu, maxTsduSize, earlyTsduSize } = this.settings
    if (onTpdu !== undefined || this.onTransition !== undefined) return false
    const most = this.#hasSent && this.#hasCollected ? maxTsduSize : earlyTsduSize
    if (reassembly.length + length - DT_HEADER > most) return false
    reassembly.append(octets.subarray(from + DT_HEADER, to))
    return true
  }

  #receive(octets: Uint8Array): void {
    if (!this.networkOpen) return
    const { onTpdu } = this.settings
    if (onTpdu !== undefined) onTpdu('in', octets)
    let tpdu: Tpdu
    try {
      tpdu = decodeTpdu(octets)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.step({ type: 'invalid TPDU', octets, error })
      return
    }
    const error = this.#examine(tpdu, octets)
    this.#received = octets
    if (error !== undefined) this.step({ type: 'invalid TPDU', octets, error })
    // An empty cell: treatment of protocol errors. A.2.3 b), 6.22.
    else if (!this.step(tpdu)) this.step({ type: 'invalid TPDU', octets, error: unexpected(tpdu.type, this.state) })
    // A view that is kept would hold its whole chunk.
    this.#received = NONE
    if (this.#reassembly?.lent !== undefined) this.#reassembly.giveBack()
  }

  /** What the table needs to know about a TPDU in this state. @returns why it is invalid */
  #examine(tpdu: Tpdu, octets: Uint8Array): DecodeError | undefined {
    if (tpdu.type === 'DT') {
      if (this.state !== 'OPEN') return undefined
      return (
        dtFault(tpdu, octets, this.receiveSize, this) ??
        tsduFault(tpdu, this.#reassembly, this.#hasSent && this.#hasCollected, this.settings, this)
      )
    }
    if (tpdu.type === 'CR' && this.state === 'CLOSED') {
      const error = crFault(tpdu, octets, this)
      if (error === undefined) this.verdict = verdictOnCR(tpdu, this.settings)
      return error
    }
    if (tpdu.type === 'CC' && this.state === 'WFCC') {
      const error = tpdu.class === 0 ? ccFault(tpdu, octets, this) : undefined
      if (error !== undefined) return error
      const proposed = this.#sizes as SizeOffer
      const settled = verdictOnCC(tpdu, this.localReference, proposed, this.settings, () => this.tolerates('largerAnswer'))
      this.verdict = settled instanceof DecodeError ? settled : 'accept'
      if (!(settled instanceof DecodeError)) this.#sizes = settled
    }
    return undefined
  }

  #makeCC({ responding }: T.TConnectResponse): Prepared {
    const echo = this.settings.echoSelectors ? this : undefined
    const called = responding ?? echo?.called
    const references = { destinationReference: this.remoteReference ?? 0, sourceReference: this.localReference }
    const addresses = { ...(called && { called }), ...(echo && { calling: echo.calling }) }
    return connectionConfirm(references, addresses, (this.#sizes ?? NOTHING) as SizeOffer)
  }

  /** @param receive longest TPDU of the peer, in octets: a longer one is not even read, unless that is tolerated */
  #agree(send: number, receive: number): void {
    this.#sizes = undefined
    this.tpduSize = send
    this.receiveSize = receive
    this.limitPackets(this.settings.oversizedData ? Infinity : receive + TPKT_HEADER)
  }

  /** After a refusal the peer, who opened the network connection, should close it, or may ask again. 6.1.1.3 note 3. */
  #letPeerClose(): void {
    const { refusalTimeout } = this.settings
    // Over a channel in memory the peer may have closed, or asked again, while the DR was being sent.
    if (this.state !== 'CLOSED' || !this.networkOpen) return
    this.leave()
    if (refusalTimeout > 0) this.startTimer(refusalTimeout, 'refusal timer expired')
    else this.closeNetwork()
  }

  /** @internal */
  sendCR(): void {
    const { tpdu, octets } = this.#pending!
    const { called, calling } = addressesOf(tpdu)
    this.called = called
    this.calling = calling
    this.responding = NO_SELECTOR
    this.takeReference(tpdu.sourceReference)
    this.remoteReference = undefined
    this.#sizes = sizeOfferOf(tpdu)
    const { ts1 } = this.settings
    if (ts1 > 0) this.startTimer(ts1, 'TS1 expired')
    this.transmit(octets)
  }

  /** @internal */
  confirm(cc: CC): T.TConnectConfirm {
    this.cancelTimer()
    this.remoteReference = cc.sourceReference
    const { send, receive } = this.#sizes as SizesAgreed
    this.#agree(send, receive)
    this.responding = addressesOf(cc).called
    this.#pending = undefined
    return { type: 'T-CONNECT.confirm', responding: this.responding }
  }

  /** @internal */
  indicate(cr: CR): T.TConnectIndication {
    this.cancelTimer()
    const { answer, size } = answerSize(sizeOfferOf(cr), this.settings)
    const { called, calling } = addressesOf(cr)
    this.called = this.responding = called
    this.calling = calling
    this.remoteReference = cr.sourceReference
    this.takeReference(chooseReference(this.settings.reference))
    this.#sizes = answer
    this.tpduSize = this.receiveSize = size
    return { type: 'T-CONNECT.indication', called, calling, ...(cr.userData ? { userData: cr.userData } : {}) }
  }

  /** @internal */
  sendCC(): void {
    const { tpdu, octets } = this.#pending!
    this.#pending = undefined
    this.responding = addressesOf(tpdu).called
    this.#agree(this.tpduSize, this.receiveSize)
    this.transmit(octets)
  }

  /** @internal */
  refuse(cr: CR): void {
    this.transmitDR(cr.sourceReference, 0, this.verdict as number)
    this.#letPeerClose()
  }

  /** @internal The user cannot choose the reason: X.224, 13.5.3 has the parameter in the indication only. */
  sendDR(): void {
    this.transmitDR(this.remoteReference!, 0, DisconnectReason.notSpecified)
    this.#letPeerClose()
  }

  /** @internal 6.9.1.4.2 a 1). */
  refuseCC(cc: CC): void {
    this.transmitDR(cc.sourceReference, cc.destinationReference, DisconnectReason.notSpecified)
  }

  /** @internal 6.3. The state is asked each time: over a channel in memory the peer may answer, and close, from inside a write. */
  sendData({ userData }: T.TDataRequest): void {
    this.#hasSent = true
    this.transmitTsdu(userData, this.tpduSize)
  }

  /** @internal 6.3. */
  collect(dt: DT): T.TDataIndication | undefined {
    // Most TSDUs come in one DT.
    if (dt.endOfTsdu && dt.userData.length > 0 && !this.#reassembly?.length) {
      this.#hasCollected = true
      if (this.#reassembly !== undefined) this.#reassembly.emptyInRow = 0
      return { type: 'T-DATA.indication', userData: dt.userData }
    }
    this.#reassembly ??= new Reassembly(this.settings)
    const reassembly = this.#reassembly
    const begins = reassembly.length === 0
    const userData = reassembly.collect(dt)
    if (userData === undefined) {
      const { tsduTimeout } = this.settings
      if (begins && reassembly.length > 0 && tsduTimeout > 0) this.startTimer(tsduTimeout, 'TSDU timer expired')
      return undefined
    }
    this.#hasCollected = true
    if (!begins) this.cancelTimer()
    return { type: 'T-DATA.indication', userData }
  }

  /** @internal */
  endByTimer({ type }: TransportTimer): T.TDisconnectIndication {
    const { ts1, tsduTimeout } = this.settings
    return this.#endLocally(type === 'TS1 expired' ? ts1Expired(ts1) : tsduTooSlow(tsduTimeout))
  }

  /** @internal */
  closeNetwork(): void {
    this.leave()
    this.#reassembly?.drop()
    if (!this.networkOpen) return
    this.networkOpen = false
    this.closeOutlet()
  }

  #endLocally(cause: OsiError): T.TDisconnectIndication {
    this.fault = cause
    this.closeNetwork()
    return disconnectedLocally(cause)
  }

  /** @internal */
  endUnacceptable(): T.TDisconnectIndication {
    return this.#endLocally(this.verdict as DecodeError)
  }

  /** @internal It answers our CR. */
  refusedBy(answer: DR | ER): T.TDisconnectIndication {
    const { tpdu, octets } = this.#pending!
    return this.#endByPeer(answer.type === 'DR' ? refusedByDR(answer, tpdu as CR) : refusedByER(answer, tpdu as CR, octets))
  }

  /** @internal */
  endByDR(dr: DR): T.TDisconnectIndication {
    return this.#endByPeer(disconnectedByDR(dr))
  }

  /** @internal */
  endByER(er: ER): T.TDisconnectIndication {
    return this.#endByPeer(disconnectedByER(er))
  }

  #endByPeer(indication: T.TDisconnectIndication): T.TDisconnectIndication {
    this.fault = indication.cause
    this.closeNetwork()
    return indication
  }

  /** @internal What is unfinished is not delivered. */
  endByNetwork({ cause }: NDisconnectIndication): T.TDisconnectIndication {
    const indication = disconnectedByNetwork(cause, this.#reassembly?.length ?? 0)
    this.#reassembly?.drop()
    this.fault = indication.cause
    return indication
  }

  /** @internal 6.22.1.3 a) and b): ER, then close; TS2 is 0. */
  endByProtocolError({ octets, error }: InvalidTpdu): T.TDisconnectIndication {
    const isCC = codeOf(octets) === TpduCode.CC && octets.length >= 6
    // Waiting for the CC, only a CC can tell which reference to answer to.
    const reference = this.remoteReference ?? (isCC ? sourceReferenceOf(octets) : undefined)
    if (reference !== undefined) this.transmitER(octets, error, reference)
    return this.#endLocally(error)
  }

  /** @internal An invalid CR is answered with an ER; on a network connection without a transport connection nothing else is. */
  rejectStray({ octets, error }: InvalidTpdu): void {
    this.fault = error
    if (codeOf(octets) === TpduCode.CR && octets.length >= 7) this.transmitER(octets, error, sourceReferenceOf(octets))
    this.closeNetwork()
  }

  /** @internal A protocol error that the TPDU being handled is. */
  rejectReceived(error: DecodeError): T.TDisconnectIndication {
    return this.endByProtocolError({ type: 'invalid TPDU', octets: this.#received, error })
  }
}
