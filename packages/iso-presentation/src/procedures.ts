import { EncodeError } from '@x/core'
import type { SPAbortIndication } from '@x/iso-session'
import { NEGOTIATED_RELEASE } from './bits.js'
import { AbortReason, EventIdentifier } from './codes.js'
import type * as E from './events.js'
import type { PresentationMachine } from './machine.js'
import { encodeARP, encodeCPR } from './ppdu.js'
import type {
  PConnectConfirm,
  PDataIndication,
  PDataRequest,
  PPAbortIndication,
  PPAbortRequest,
  PReleaseConfirm,
  PReleaseIndication,
  PresentationDelivery,
  PUAbortIndication,
} from './service.js'
import { prependSingleValue } from './user-data.js'
import { NO_CONNECTION } from './variables.js'

/** What the rows of states.ts do: X.226, clause 6. Variables first, then down, and up as the result. */

type M = PresentationMachine

/** 6.2.2. */
export function sendCP(m: M, e: E.ConnectRequestEvent): void {
  m.variables = { ...NO_CONNECTION, proposed: e.presentationContextDefinitionList }
  const { called, calling, sessionConnectionIdentifier, sessionRequirements, ppdu } = e
  m.session.submit({
    type: 'S-CONNECT.request',
    ...(called && { called }),
    ...(calling && { calling }),
    ...(sessionConnectionIdentifier && { sessionConnectionIdentifier }),
    ...(sessionRequirements !== undefined && { sessionRequirements }),
    userData: ppdu,
  })
}

/** 6.2.5.2. */
export function indicateConnect(m: M, { session, indication }: E.CPEvent): PresentationDelivery | undefined {
  m.variables = {
    ...NO_CONNECTION,
    proposed: indication!.presentationContextDefinitionList,
    marked: indication!.presentationContextDefinitionResultList,
    negotiatedRelease: (session.sessionRequirements & NEGOTIATED_RELEASE) !== 0,
  }
  return indication
}

/** 6.2.5.5: refused by the provider; no user has heard of it. */
export function refuseConnect(m: M, { refusal }: E.CPEvent): void {
  m.session.submit({ type: 'S-CONNECT.response', result: 'reject', reason: 2, userData: encodeCPR(refusal!) })
}

/** 6.2.3. */
export function sendCPA(m: M, e: E.ConnectResponseEvent): void {
  if (e.result !== 'acceptance') return
  const { responding, sessionConnectionIdentifier, sessionRequirements, ppdu } = e
  const negotiatedRelease =
    m.variables.negotiatedRelease && (sessionRequirements === undefined || (sessionRequirements & NEGOTIATED_RELEASE) !== 0)
  m.variables = { ...m.variables, set: e.set, negotiatedRelease }
  m.session.submit({
    type: 'S-CONNECT.response',
    result: 'accept',
    ...(responding && { responding }),
    ...(sessionConnectionIdentifier && { sessionConnectionIdentifier }),
    ...(sessionRequirements !== undefined && { sessionRequirements }),
    userData: ppdu,
  })
}

/** 6.2.5.8. */
export function confirmConnect(m: M, e: E.CPAEvent): PConnectConfirm {
  const { session, set, results, values } = e
  const { proposed } = m.variables
  m.variables = { ...m.variables, set, negotiatedRelease: (session.sessionRequirements & NEGOTIATED_RELEASE) !== 0 }
  return {
    type: 'P-CONNECT.confirm',
    result: 'acceptance',
    responding: e.responding,
    presentationContextDefinitionList: proposed,
    presentationContextDefinitionResultList: results,
    sessionRequirements: session.sessionRequirements,
    ...(session.sessionConnectionIdentifier && { sessionConnectionIdentifier: session.sessionConnectionIdentifier }),
    sessionVersion: session.version,
    userData: values,
  }
}

/** 6.2.4: refused by the user. */
export function sendCPR(m: M, { sessionConnectionIdentifier, ppdu }: E.ConnectResponseEvent): void {
  m.variables = NO_CONNECTION
  m.session.submit({
    type: 'S-CONNECT.response',
    result: 'reject',
    reason: 2,
    ...(sessionConnectionIdentifier && { sessionConnectionIdentifier }),
    userData: ppdu,
  })
}

/** 6.2.5.7: with a provider-reason the peer's provider refused, without one its user. */
export function confirmRefusal(m: M, e: E.CPREvent): PConnectConfirm {
  const { providerReason, results, defaultContextResult } = e
  const { proposed } = m.variables
  m.variables = NO_CONNECTION
  return {
    type: 'P-CONNECT.confirm',
    result: providerReason === undefined ? 'user-rejection' : 'provider-rejection',
    layer: 'presentation',
    by: providerReason === undefined ? 'peer' : 'peer provider',
    ...(providerReason !== undefined && { providerReason }),
    responding: e.responding,
    presentationContextDefinitionList: proposed,
    ...(results && { presentationContextDefinitionResultList: results }),
    ...(defaultContextResult && { defaultContextResult }),
    userData: e.values,
  }
}

/** 6.2.5.4, and the reject by a session user that sent no CPR, which no clause covers. */
export function confirmSessionRefusal(m: M, { session, cause }: E.SessionRefusedEvent): PConnectConfirm {
  const { proposed } = m.variables
  m.variables = NO_CONNECTION
  return {
    type: 'P-CONNECT.confirm',
    result: 'provider-rejection',
    layer: 'session',
    by: session.by,
    providerReason: session.reason,
    responding: session.responding,
    presentationContextDefinitionList: proposed,
    userData: [],
    ...(cause && { cause }),
  }
}

/** [08] [07]: a second release before the first is answered is a collision. */
function releaseBegins(m: M, who: 'requested' | 'indicated'): void {
  m.variables = { ...m.variables, cr: m.variables.cr || m.variables.rl, rl: true, [who]: true }
}

/** [02], after one of two releases that collided is complete, or a release was refused. */
function releaseAnswered(m: M, who: 'requested' | 'indicated', half: boolean): void {
  m.variables = { ...m.variables, cr: false, rl: false, [who]: false, half }
}

/** 6.3. */
export function requestRelease(m: M, { ppdu }: E.ReleaseRequestEvent): void {
  releaseBegins(m, 'requested')
  m.session.submit({ type: 'S-RELEASE.request', ...carried(ppdu) })
}

export function indicateRelease(m: M, { values }: E.ReleaseIndicationEvent): PReleaseIndication {
  releaseBegins(m, 'indicated')
  return { type: 'P-RELEASE.indication', userData: values }
}

export function answerRelease(m: M, { ppdu }: E.ReleaseResponseEvent): void {
  m.variables = NO_CONNECTION
  m.session.submit({ type: 'S-RELEASE.response', result: 'affirmative', ...carried(ppdu) })
}

export function answerFirstRelease(m: M, { ppdu }: E.ReleaseResponseEvent): void {
  releaseAnswered(m, 'indicated', true)
  m.session.submit({ type: 'S-RELEASE.response', result: 'affirmative', ...carried(ppdu) })
}

export function confirmRelease(m: M, { values }: E.ReleaseConfirmEvent): PReleaseConfirm {
  m.variables = NO_CONNECTION
  return { type: 'P-RELEASE.confirm', result: 'affirmative', userData: values }
}

export function confirmFirstRelease(m: M, { values }: E.ReleaseConfirmEvent): PReleaseConfirm {
  releaseAnswered(m, 'requested', true)
  return { type: 'P-RELEASE.confirm', result: 'affirmative', userData: values }
}

export function refuseRelease(m: M, { ppdu }: E.ReleaseResponseEvent): void {
  releaseAnswered(m, 'indicated', false)
  m.session.submit({ type: 'S-RELEASE.response', result: 'negative', ...carried(ppdu) })
}

export function confirmRefusedRelease(m: M, { values }: E.ReleaseConfirmEvent): PReleaseConfirm {
  releaseAnswered(m, 'requested', false)
  return { type: 'P-RELEASE.confirm', result: 'negative', userData: values }
}

function carried(ppdu: Uint8Array): { readonly userData?: Uint8Array } {
  return ppdu.length > 0 ? { userData: ppdu } : {}
}

/** 6.4.2; when the session has no room for the user data, the ARU goes without (6.4.2.2, note). */
export function sendARU(m: M, { ppdu, bare }: E.AbortRequestEvent): void {
  m.variables = NO_CONNECTION
  try {
    m.session.submit({ type: 'S-U-ABORT.request', userData: ppdu })
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error
    m.session.submit({ type: 'S-U-ABORT.request', userData: bare })
  }
}

/** 6.4.2. */
export function indicateUserAbort(m: M, { values }: E.ARUEvent): PUAbortIndication {
  m.variables = NO_CONNECTION
  return { type: 'P-U-ABORT.indication', userData: values }
}

/** 6.4.3. */
export function indicatePeerProviderAbort(m: M, { abortReason, eventIdentifier }: E.ARPEvent): PPAbortIndication {
  m.variables = NO_CONNECTION
  return {
    type: 'P-P-ABORT.indication',
    by: 'peer provider',
    ...(abortReason !== undefined && { abortReason }),
    ...(eventIdentifier !== undefined && { eventIdentifier }),
  }
}

/** 6.4.4.4. */
export function indicateSessionAbort(m: M, { by, cause }: SPAbortIndication): PPAbortIndication {
  m.variables = NO_CONNECTION
  return { type: 'P-P-ABORT.indication', by, ...(cause && { cause }) }
}

/** 6.6. Nothing can go wrong here any more, so the Sdu is written to only when it will be sent. */
export function sendTD(m: M, { presentationContextIdentifier, userData }: PDataRequest): void {
  if (m.variables.set.size > 1) prependSingleValue(userData, presentationContextIdentifier)
  m.session.submit({ type: 'S-DATA.request', userData })
}

export function indicateData(_: M, { values }: E.TDEvent): PDataIndication {
  return { type: 'P-DATA.indication', userData: values }
}

/** 6.4.4, while no user knows of a connection. */
export function abortUnseen(m: M, { abortReason, eventIdentifier, gone }: E.ProtocolErrorEvent): void {
  if (!gone) m.session.submit({ type: 'S-U-ABORT.request', userData: encodeARP(abortReason, eventIdentifier) })
}

/** 6.4.4.2, 6.4.4.3: ARP to the peer, if there is a way to it, and P-P-ABORT to the user. */
export function abortByProvider(m: M, e: E.ProtocolErrorEvent): PPAbortIndication {
  const { abortReason, eventIdentifier, cause } = e
  m.variables = NO_CONNECTION
  abortUnseen(m, e)
  return {
    type: 'P-P-ABORT.indication',
    by: 'local provider',
    abortReason,
    ...(eventIdentifier !== undefined && { eventIdentifier }),
    cause,
  }
}

/** 6.4.4.3: the user found that octets are no value of their abstract syntax. It knows, so it is told nothing. */
export function abortForUser(m: M, e: PPAbortRequest): void {
  const { abortReason = AbortReason.invalidPpduParameterValue, eventIdentifier = EventIdentifier.TD } = e
  m.variables = NO_CONNECTION
  m.session.submit({ type: 'S-U-ABORT.request', userData: encodeARP(abortReason, eventIdentifier) })
}
