import type { DomainState } from '../../asn1/domain.js'
import type { ServiceError } from '../../asn1/error.js'
import { serviceError } from '../errors.js'

/**
 * States of a domain, ISO 9506-1, 11.1.1.3: loading: a download is running · complete: its last segment has come · incomplete: it ended
 * early · ready: usable, bound to no program invocation · in-use: bound to one at least.
 *
 * d1 to d9 are moments between request and response of a service. To which service each belongs is our reading: d1 initiateDownloadSequence ·
 * d2 downloadSegment · d3 terminateDownloadSequence that keeps it, d9 one that discards it · d4 createProgramInvocation on a ready domain, d5
 * on one in use · d6 deleteProgramInvocation · d7 initiateUploadSequence · d8 deleteDomain.
 */
export const domainStateNames = [
  'non-existent',
  'loading',
  'ready',
  'in-use',
  'complete',
  'incomplete',
  'd1',
  'd2',
  'd3',
  'd4',
  'd5',
  'd6',
  'd7',
  'd8',
  'd9',
] as const
export type DomainStateName = (typeof domainStateNames)[number]

/** What moves a domain. Those with the name of a service are its request; a server's own request when the server is the one that asks. */
export type DomainEvent =
  | 'initiateDownloadSequence'
  /** Its response has been sent. */
  | 'initiated'
  | 'downloadSegment'
  /** Load data, and more follow. */
  | 'segment'
  | 'lastSegment'
  /** The segment was answered by an error, not at all, or with what is no load data. */
  | 'broken'
  /** terminateDownloadSequence without discard. */
  | 'keep'
  /** The same with discard. */
  | 'discard'
  /** terminateDownloadSequence was answered. */
  | 'terminated'
  /** It was answered with an error, or not at all. */
  | 'notTerminated'
  | 'associationEnds'
  | 'loadDomainContent'
  /** All of a file, or of a unit control's definition of it, has been loaded. */
  | 'loaded'
  /** It could not be. */
  | 'notLoaded'
  | 'initiateUploadSequence'
  | 'uploadInitiated'
  | 'storeDomainContent'
  | 'createProgramInvocation'
  | 'bound'
  | 'deleteProgramInvocation'
  /** One of several was unbound. */
  | 'unbound'
  /** The last one was. */
  | 'lastUnbound'
  | 'deleteDomain'
  | 'deleted'

const EXISTS = serviceError('definition', 'object-exists')
const NON_EXISTENT = serviceError('access', 'object-non-existent')
const UNDEFINED = serviceError('definition', 'object-undefined')
const CONFLICT = serviceError('service', 'object-state-conflict')

type Row = Readonly<Partial<Record<DomainStateName, DomainStateName | ServiceError>>>

/** A request of a peer has an answer in every state: those not named refuse it. */
function service(inNoState: DomainStateName | ServiceError, otherwise: ServiceError, states: Row): Row {
  const rest = Object.fromEntries(domainStateNames.map(state => [state, otherwise]))
  return { ...rest, ...states, 'non-existent': inNoState }
}

const before: Row = each(['d1', 'loading', 'd2', 'complete', 'd3', 'incomplete', 'd9'], 'non-existent')
const whereItMayBeStored: Row = { 'in-use': 'in-use', d4: 'd4', d5: 'd5', d6: 'd6' }

/**
 * Where each event leads from each state, or the error with which a service is refused there; an empty cell cannot occur. The paths are those
 * of ISO 9506-1, 11; the error codes, and what happens in d1 to d9, are our reading. Rules that look at more than the state are with `Domain`.
 */
export const domainTable: Readonly<Record<DomainEvent, Row>> = {
  initiateDownloadSequence: service('d1', EXISTS, {}),
  initiated: { d1: 'loading' },
  downloadSegment: { loading: 'd2' },
  segment: { d2: 'loading' },
  lastSegment: { d2: 'complete' },
  broken: { d2: 'incomplete' },
  keep: { complete: 'd3' },
  discard: { loading: 'd9', complete: 'd9', incomplete: 'd9' },
  terminated: { d3: 'ready', d9: 'non-existent' },
  notTerminated: { d3: 'non-existent', d9: 'non-existent' },
  associationEnds: before,
  loadDomainContent: service('loading', EXISTS, {}),
  loaded: { loading: 'ready' },
  notLoaded: { loading: 'non-existent' },
  initiateUploadSequence: service(NON_EXISTENT, CONFLICT, { ready: 'd7', d7: 'd7', ...whereItMayBeStored }),
  uploadInitiated: { d7: 'ready', ...whereItMayBeStored },
  storeDomainContent: service(NON_EXISTENT, CONFLICT, { ready: 'ready', d7: 'd7', ...whereItMayBeStored }),
  createProgramInvocation: service(UNDEFINED, CONFLICT, { ready: 'd4', d7: 'd4', 'in-use': 'd5', d4: 'd5', d5: 'd5', d6: 'd5' }),
  bound: { d4: 'in-use', d5: 'in-use' },
  deleteProgramInvocation: { 'in-use': 'd6', d5: 'd6' },
  unbound: { d6: 'in-use' },
  lastUnbound: { d6: 'ready' },
  deleteDomain: service(NON_EXISTENT, CONFLICT, { ready: 'd8' }),
  deleted: { d8: 'non-existent' },
}

/** States in which its objects can be used. */
const USABLE: ReadonlySet<DomainStateName> = new Set(['ready', 'in-use', 'd4', 'd5', 'd6', 'd7', 'd8'])

export function isUsableIn(state: DomainStateName): boolean {
  return USABLE.has(state)
}

/** The state as getDomainAttributes has it: d1 to d9 are the numbers 7 to 15. */
export function domainStateValue(state: DomainStateName): DomainState {
  return /^d\d$/.test(state) ? Number(state[1]) + 6 : (state as DomainState)
}

function each(states: readonly DomainStateName[], to: DomainStateName): Row {
  return Object.fromEntries(states.map(state => [state, to]))
}
