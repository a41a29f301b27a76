import type {
  AAbortIndication,
  AAssociateConfirm,
  AAssociateIndication,
  APAbortIndication,
  AReleaseConfirm,
  AReleaseIndication,
} from '@x/acse'
import { type OsiError, rowsFor, StateTable } from '@x/core'
import type { BrokenPdu } from './asn1/broken.js'
import type { InitiateRequestPDU, InitiateResponsePDU } from './asn1/environment.js'
import type { ServiceError } from './asn1/error.js'
import type { MmsPdu } from './asn1/pdu.js'
import { refusalOf } from './initiate.js'
import type { MmsMachine } from './machine.js'
import type { MmsDelivery, MmsSubmit } from './service.js'

/**
 * States of the MMS environment, ISO 9506-2 (the text is not public; the cells follow our notes on it).
 *
 * idle · initiating: initiate sent · initiated-by-peer: initiate indicated · operational · concluding: conclude sent ·
 * asked-to-conclude: conclude indicated · concluded-by-peer: conclude answered, the peer is to release · releasing: our conclude was
 * answered, release sent · collided: the peer's release crossed ours and we are the side that answers second · ended
 */
export type MmsState =
  | 'idle'
  | 'initiating'
  | 'initiated-by-peer'
  | 'operational'
  | 'concluding'
  | 'asked-to-conclude'
  | 'concluded-by-peer'
  | 'releasing'
  | 'collided'
  | 'ended'

export const states: readonly MmsState[] = [
  'idle',
  'initiating',
  'initiated-by-peer',
  'operational',
  'concluding',
  'asked-to-conclude',
  'concluded-by-peer',
  'releasing',
  'collided',
  'ended',
]

/** An initiate-RequestPDU in the user information of an AARQ; absent when none could be read. */
export interface InitiateArrived {
  readonly type: 'A-ASSOCIATE.indication'
  readonly association: AAssociateIndication
  readonly initiate?: InitiateRequestPDU
}

/** What the user information of an AARE held. */
export interface InitiateAnswered {
  readonly type: 'A-ASSOCIATE.confirm'
  readonly association: AAssociateConfirm
  readonly response?: InitiateResponsePDU
  readonly error?: ServiceError
  /** Why there is no usable initiate response. */
  readonly cause?: OsiError
}

/** A PDU of the data phase, by its ASN.1 name. */
export type PduEvent = { [A in MmsPdu as A['type']]: { readonly type: A['type']; readonly value: A['value'] } }[MmsPdu['type']]

export type MmsEvent =
  | MmsSubmit
  | InitiateArrived
  | InitiateAnswered
  | AReleaseIndication
  | AReleaseConfirm
  | AAbortIndication
  | APAbortIndication
  | PduEvent
  | { readonly type: 'broken PDU'; readonly broken: BrokenPdu }
  | { readonly type: 'reject budget spent' }

const on = rowsFor<MmsMachine, MmsState, MmsEvent, MmsDelivery>()
/** Requests are served, answers taken. */
const busy = ['operational', 'concluding'] as const
const open = ['operational', 'concluding', 'asked-to-conclude', 'concluded-by-peer'] as const
const beforeOpen = ['initiating', 'initiated-by-peer'] as const

export const table: StateTable<MmsMachine, MmsState, MmsEvent, MmsDelivery> = new StateTable([
  // initiate
  on('M-INITIATE.request', 'idle', { to: 'initiating', do: (m, e) => m.sendInitiate(e) }),
  on('A-ASSOCIATE.confirm', 'initiating', {
    to: 'operational',
    if: (_, e) => e.association.result === 'accepted' && e.response !== undefined,
    do: (m, e) => m.confirmInitiate(e),
  }),
  on('A-ASSOCIATE.confirm', 'initiating', {
    to: 'ended',
    if: (_, e) => e.association.result === 'accepted',
    do: (m, e) => m.abortInitiate(e),
  }),
  on('A-ASSOCIATE.confirm', 'initiating', { to: 'ended', do: (m, e) => m.initiateRefused(e) }),
  on('A-ASSOCIATE.indication', 'idle', {
    to: 'initiated-by-peer',
    if: (_, e) => refusalOf(e) === undefined,
    do: (m, e) => m.indicateInitiate(e),
  }),
  on('A-ASSOCIATE.indication', 'idle', { to: 'ended', do: (m, e) => m.refuse(e) }),
  on('M-INITIATE.response', 'initiated-by-peer', {
    to: 'operational',
    if: (_, e) => e.result === 'accepted',
    do: m => m.sendEncodedResponse(),
  }),
  on('M-INITIATE.response', 'initiated-by-peer', { to: 'ended', do: m => m.sendEncodedResponse() }),

  // confirmed services, as the side that asks
  on('M-CONFIRMED.request', 'operational', { do: (m, e) => m.sendRequest(e) }),
  on('confirmedResponsePDU', busy, {
    if: (m, e) => m.outstanding.isOurs(e.value.invokeID, e.value.service.type),
    do: (m, e) => m.confirmResponse(e.value),
  }),
  on('confirmedResponsePDU', open, { do: (m, e) => m.rejectAnswer('confirmedResponsePDU', e.value.invokeID, e.value.service.type) }),
  on('confirmedErrorPDU', busy, { if: (m, e) => m.outstanding.isOurs(e.value.invokeID), do: (m, e) => m.confirmError(e.value) }),
  on('confirmedErrorPDU', open, { do: (m, e) => m.rejectAnswer('confirmedErrorPDU', e.value.invokeID) }),
  on('M-CANCEL.request', busy, { do: (m, e) => m.sendCancel(e.originalInvokeID) }),
  on('cancelResponsePDU', open, { if: (m, e) => m.outstanding.cancelling.has(e.value), do: (m, e) => m.confirmCancel(e.value) }),
  on('cancelResponsePDU', open, { do: (m, e) => m.sendReject(e.value, 'cancelResponsePDU', 'other') }),
  on('cancelErrorPDU', open, {
    if: (m, e) => m.outstanding.cancelling.has(e.value.originalInvokeID),
    do: (m, e) => m.confirmCancel(e.value.originalInvokeID, e.value.serviceError),
  }),
  on('cancelErrorPDU', open, { do: (m, e) => m.sendReject(e.value.originalInvokeID, 'cancelErrorPDU', 'other') }),

  // confirmed services, as the side that is asked
  on('confirmedRequestPDU', busy, { if: (m, e) => m.faultOf(e.value) === undefined, do: (m, e) => m.indicateRequest(e.value) }),
  on('confirmedRequestPDU', busy, { do: (m, e) => m.sendReject(e.value.invokeID, 'confirmedRequestPDU', m.faultOf(e.value)!) }),
  on('confirmedRequestPDU', ['asked-to-conclude', 'concluded-by-peer'], {
    do: (m, e) => m.sendReject(e.value.invokeID, 'confirmedRequestPDU', 'other'),
  }),
  on('M-CONFIRMED.response', busy, { do: (m, e) => m.sendResponse(e.invokeID) }),
  on('M-REJECT.request', busy, { do: (m, e) => m.sendResponse(e.originalInvokeID) }),
  on('cancelRequestPDU', busy, {
    if: (m, e) => m.outstanding.serving.has(e.value),
    do: (_, e) => ({ type: 'M-CANCEL.indication', originalInvokeID: e.value }),
  }),
  on('cancelRequestPDU', open, { do: (m, e) => m.sendCancelError(e.value) }),
  on('M-CANCEL.response', busy, { do: m => m.sendEncoded() }),

  // unconfirmed services and rejects
  on('M-UNCONFIRMED.request', 'operational', { do: m => m.sendEncoded() }),
  on('unconfirmedPDU', busy, { if: (m, e) => m.knows(e.value.service), do: (m, e) => m.indicateUnconfirmed(e.value) }),
  on('unconfirmedPDU', busy, { do: m => m.sendReject(undefined, 'unconfirmedPDU', 'unrecognized-service') }),
  on('unconfirmedPDU', ['asked-to-conclude', 'concluded-by-peer'], { do: m => m.drop() }),
  on('rejectPDU', open, { do: (m, e) => m.takeReject(e.value) }),
  on('broken PDU', open, { do: (m, e) => m.answerBroken(e.broken) }),
  on('reject budget spent', open, { to: 'ended', do: m => m.abortForRejects() }),

  // initiate in the wrong carrier
  on('initiateRequestPDU', open, { do: m => m.sendReject(undefined, 'pduError', 'illegal-acse-mapping') }),
  on('initiateResponsePDU', open, { do: m => m.sendReject(undefined, 'pduError', 'illegal-acse-mapping') }),
  on('initiateErrorPDU', open, { do: m => m.sendReject(undefined, 'pduError', 'illegal-acse-mapping') }),

  // conclude and release
  on('M-CONCLUDE.request', 'operational', { to: 'concluding', do: m => m.sendEncoded() }),
  on('concludeResponsePDU', 'concluding', { to: 'releasing', do: m => m.sendRelease() }),
  on('concludeResponsePDU', ['operational', 'asked-to-conclude', 'concluded-by-peer'], {
    do: m => m.sendReject(undefined, 'concludeResponsePDU', 'other'),
  }),
  on('concludeErrorPDU', 'concluding', { to: 'operational', do: (_, e) => ({ type: 'M-CONCLUDE.confirm', error: e.value }) }),
  on('concludeErrorPDU', ['operational', 'asked-to-conclude', 'concluded-by-peer'], {
    do: m => m.sendReject(undefined, 'concludeErrorPDU', 'other'),
  }),
  on('concludeRequestPDU', 'operational', { if: m => m.outstanding.some, do: m => m.refuseConclude() }),
  on('concludeRequestPDU', 'operational', { to: 'asked-to-conclude', do: () => ({ type: 'M-CONCLUDE.indication' }) }),
  on('concludeRequestPDU', 'concluding', { if: m => m.outstanding.some, do: m => m.refuseConclude() }),
  on('concludeRequestPDU', 'concluding', { do: m => m.sendConcludeResponse() }),
  on('concludeRequestPDU', ['asked-to-conclude', 'concluded-by-peer'], { do: m => m.sendReject(undefined, 'concludeRequestPDU', 'other') }),
  on('M-CONCLUDE.response', 'asked-to-conclude', {
    to: 'concluded-by-peer',
    if: (_, e) => e.error === undefined,
    do: m => m.sendEncoded(),
  }),
  on('M-CONCLUDE.response', 'asked-to-conclude', { to: 'operational', do: m => m.sendEncoded() }),
  on('A-RELEASE.indication', open, { to: 'ended', do: m => m.answerRelease() }),
  on('A-RELEASE.indication', 'releasing', { if: m => m.initiator, do: m => m.crossRelease() }),
  on('A-RELEASE.indication', 'releasing', { to: 'collided' }),
  on('A-RELEASE.confirm', 'releasing', { to: 'ended', do: () => ({ type: 'M-CONCLUDE.confirm' }) }),
  on('A-RELEASE.confirm', 'collided', { to: 'ended', do: m => m.endCollision() }),

  // abrupt end; a peer that closes instead of answering the release has concluded all the same
  on('M-ABORT.request', [...beforeOpen, ...open, 'releasing', 'collided'], { to: 'ended', do: m => m.sendAbort() }),
  on('A-ABORT.indication', [...beforeOpen, 'operational', 'concluding', 'asked-to-conclude'], { to: 'ended', do: (m, e) => m.aborted(e) }),
  on('A-ABORT.indication', 'concluded-by-peer', { to: 'ended', do: () => ({ type: 'M-RELEASE.indication' }) }),
  on('A-ABORT.indication', ['releasing', 'collided'], { to: 'ended', do: () => ({ type: 'M-CONCLUDE.confirm' }) }),
  on('A-P-ABORT.indication', [...beforeOpen, 'operational', 'concluding', 'asked-to-conclude'], {
    to: 'ended',
    do: (m, e) => m.aborted(e),
  }),
  on('A-P-ABORT.indication', 'concluded-by-peer', { to: 'ended', do: () => ({ type: 'M-RELEASE.indication' }) }),
  on('A-P-ABORT.indication', ['releasing', 'collided'], { to: 'ended', do: () => ({ type: 'M-CONCLUDE.confirm' }) }),
])
