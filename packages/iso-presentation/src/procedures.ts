import { EncodeError, Sdu, shared } from '@x/core'
import type { SPAbortIndication } from '@x/iso-session'
import { contextManagement, withUsed } from './alteration.js'
import { AbortReason, EventIdentifier, PresentationRequirement } from './codes.js'
import type { DefinedContextSet } from './contexts.js'
import type * as E from './events.js'
import { isOne } from './events.js'
import type { PresentationMachine } from './machine.js'
import { encodeARP, encodeCPR } from './ppdu.js'
import type {
  PAlterContextConfirm,
  PAlterContextIndication,
  PConnectConfirm,
  PDataIndication,
  PDataRequest,
  PPAbortIndication,
  PPAbortRequest,
  PReleaseConfirm,
  PReleaseIndication,
  PresentationDelivery,
  PTokenGiveIndication,
  PTokenPleaseIndication,
  PTypedDataIndication,
  PUAbortIndication,
} from './service.js'
import { formOf, prependSingleValue } from './user-data.js'
import { NO_CONNECTION } from './variables.js'

/** What the rows of states.ts do: X.226, clause 6. Variables first, then down, and up as the result. */

type M = PresentationMachine

/** 6.2.2. */
export function sendCP(m: M, e: E.ConnectRequestEvent): void {
  const { called, calling, sessionConnectionIdentifier, sessionRequirements, initialTokens, ppdu } = e
  const proposed = e.presentationContextDefinitionList
  m.variables = {
    ...NO_CONNECTION,
    called,
    proposed,
    x410: e.mode === 'x410-1984',
    units: e.units,
    alter: e.presentationRequirements ? contextManagement(true, proposed) : undefined,
  }
  m.session.submit({
    type: 'S-CONNECT.request',
    ...(called && { called }),
    ...(calling && { calling }),
    ...(sessionConnectionIdentifier && { sessionConnectionIdentifier }),
    ...(sessionRequirements !== undefined && { sessionRequirements }),
    ...(initialTokens && { initialTokens }),
    userData: ppdu,
  })
}

/** 6.2.5.2. */
export function indicateConnect(m: M, { session, indication }: E.CPEvent): PresentationDelivery | undefined {
  const { presentationContextDefinitionList: proposed, presentationRequirements = 0, mode, sessionRequirements } = indication!
  m.variables = {
    ...NO_CONNECTION,
    proposed,
    marked: indication!.presentationContextDefinitionResultList,
    x410: mode !== undefined,
    units: sessionRequirements & session.sessionRequirements,
    alter: presentationRequirements & PresentationRequirement.contextManagement ? contextManagement(false, proposed) : undefined,
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
  const { responding, sessionConnectionIdentifier, sessionRequirements, initialTokens, pleaseTokens, ppdu } = e
  open(m, e.set, e.managed, e.units)
  m.session.submit({
    type: 'S-CONNECT.response',
    result: 'accept',
    ...(responding && { responding }),
    ...(sessionConnectionIdentifier && { sessionConnectionIdentifier }),
    ...(sessionRequirements !== undefined && { sessionRequirements }),
    ...(initialTokens && { initialTokens }),
    ...(pleaseTokens !== undefined && { pleaseTokens }),
    userData: ppdu,
  })
}

/** [03] or [06], and [12]: what was agreed, and nothing more of how it came to it. */
function open(m: M, set: DefinedContextSet, managed: boolean, units: number): void {
  const { proposed, x410, alter } = m.variables
  const variables = { ...NO_CONNECTION, proposed, x410, set, form: formOf(set, managed), units }
  // Most peers agree on the same; with context management what is agreed on changes.
  m.variables = managed ? { ...variables, alter } : shared(variables)
}

/** 6.2.5.8. */
export function confirmConnect(m: M, e: E.CPAEvent): PConnectConfirm {
  const { session, set, results, values, managed } = e
  const { proposed } = m.variables
  const units = m.variables.units & session.sessionRequirements & (e.units ?? session.sessionRequirements)
  open(m, set, managed, units)
  return {
    type: 'P-CONNECT.confirm',
    result: 'acceptance',
    responding: e.responding,
    presentationContextDefinitionList: proposed,
    presentationContextDefinitionResultList: results,
    ...(managed && { presentationRequirements: PresentationRequirement.contextManagement }),
    sessionRequirements: units,
    ...(session.ownedTokens !== undefined && { ownedTokens: session.ownedTokens }),
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
  const { called, proposed } = m.variables
  m.variables = NO_CONNECTION
  return {
    type: 'P-CONNECT.confirm',
    result: providerReason === undefined ? 'user-rejection' : 'provider-rejection',
    layer: 'presentation',
    by: providerReason === undefined ? 'peer' : 'peer provider',
    ...(providerReason !== undefined && { providerReason }),
    responding: e.responding,
    ...(called && { called }),
    presentationContextDefinitionList: proposed,
    ...(results && { presentationContextDefinitionResultList: results }),
    ...(defaultContextResult && { defaultContextResult }),
    userData: e.values,
  }
}

/** 6.2.5.4, and the reject by a session user that sent no CPR, which no clause covers. */
export function confirmSessionRefusal(m: M, { session, cause }: E.SessionRefusedEvent): PConnectConfirm {
  const { called, proposed } = m.variables
  m.variables = NO_CONNECTION
  return {
    type: 'P-CONNECT.confirm',
    result: 'provider-rejection',
    layer: 'session',
    by: session.by,
    providerReason: session.reason,
    responding: session.responding,
    ...(called && { called }),
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

/** The annex leaves the alter-context states when the first of two releases is complete: what was pending is forgotten. */
function forgetAlterations(m: M): void {
  const { alter } = m.variables
  if (alter) m.variables = { ...m.variables, alter: { ...alter, asked: undefined, indicated: undefined } }
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
  forgetAlterations(m)
  m.session.submit({ type: 'S-RELEASE.response', result: 'affirmative', ...carried(ppdu) })
}

export function confirmRelease(m: M, { values }: E.ReleaseConfirmEvent): PReleaseConfirm {
  m.variables = NO_CONNECTION
  return { type: 'P-RELEASE.confirm', result: 'affirmative', userData: values }
}

export function confirmFirstRelease(m: M, { values }: E.ReleaseConfirmEvent): PReleaseConfirm {
  releaseAnswered(m, 'requested', true)
  forgetAlterations(m)
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
export function sendTD(m: M, e: PDataRequest | E.DataListEvent): void {
  if (!isOne(e)) {
    m.session.submit({ type: 'S-DATA.request', userData: Sdu.of(e.ppdu) })
    return
  }
  const { presentationContextIdentifier, userData } = e
  if (m.variables.form === 'full') prependSingleValue(userData, presentationContextIdentifier)
  m.session.submit({ type: 'S-DATA.request', userData })
}

export function indicateData(_: M, { values }: E.TDEvent): PDataIndication {
  return { type: 'P-DATA.indication', userData: values }
}

/** 6.6.3.2. */
export function sendTTD(m: M, { ppdu }: E.TypedDataEvent): void {
  m.session.submit({ type: 'S-TYPED-DATA.request', userData: Sdu.of(ppdu) })
}

export function indicateTypedData(_: M, { values }: E.TTDEvent): PTypedDataIndication {
  return { type: 'P-TYPED-DATA.indication', userData: values }
}

/** 6.7. */
export function giveTokens(m: M, { tokens, ppdu }: E.TokenGiveEvent): void {
  m.session.submit({ type: 'S-TOKEN-GIVE.request', tokens, ...carried(ppdu) })
}

export function askForTokens(m: M, { tokens, ppdu }: E.TokenPleaseEvent): void {
  m.session.submit({ type: 'S-TOKEN-PLEASE.request', tokens, ...carried(ppdu) })
}

export function indicateTokensGiven(_: M, { tokens, values }: E.TokenGivenEvent): PTokenGiveIndication {
  return { type: 'P-TOKEN-GIVE.indication', tokens, userData: values }
}

export function indicateTokensPleased(_: M, { tokens, values }: E.TokenPleasedEvent): PTokenPleaseIndication {
  return { type: 'P-TOKEN-PLEASE.indication', tokens, userData: values }
}

/** 6.5.2. The DCS stays as it is until the answer. */
export function sendAC(m: M, { alteration, ppdu }: E.AlterRequestEvent): void {
  const alter = withUsed(m.variables.alter!, alteration.additions)
  m.variables = { ...m.variables, alter: { ...alter, asked: alteration } }
  m.session.submit({ type: 'S-TYPED-DATA.request', userData: Sdu.of(ppdu) })
}

/** 6.5.4.3. */
export function indicateAlteration(m: M, { alteration, values }: E.ACEvent): PAlterContextIndication {
  const { additions, deletions, marked } = alteration
  const alter = withUsed(m.variables.alter!, additions)
  m.variables = { ...m.variables, alter: { ...alter, indicated: alteration } }
  return {
    type: 'P-ALTER-CONTEXT.indication',
    presentationContextAdditionList: additions,
    presentationContextAdditionResultList: marked,
    presentationContextDeletionList: deletions,
    userData: values,
  }
}

/** 6.5.3: [06] [11], and the ACA is of the DCS that results. */
export function sendACA(m: M, { set, ppdu }: E.AlterResponseEvent): void {
  m.variables = { ...m.variables, set, form: formOf(set, true), alter: { ...m.variables.alter!, indicated: undefined } }
  m.session.submit({ type: 'S-TYPED-DATA.request', userData: Sdu.of(ppdu) })
}

/** 6.5.4.6: [10] [11]. */
export function confirmAlteration(m: M, { results, deletionResults, set, values }: E.ACAEvent): PAlterContextConfirm {
  const { additions, deletions } = m.variables.alter!.asked!
  m.variables = { ...m.variables, set, form: formOf(set, true), alter: { ...m.variables.alter!, asked: undefined } }
  return {
    type: 'P-ALTER-CONTEXT.confirm',
    presentationContextAdditionList: additions,
    presentationContextAdditionResultList: results,
    presentationContextDeletionList: deletions,
    presentationContextDeletionResultList: deletionResults,
    userData: values,
  }
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
