import { encode } from '@x/ber'
import { EncodeError } from '@x/core'
import {
  AC,
  ACA,
  ARP,
  ARU,
  CP,
  CPA,
  type CPAParameters,
  type CPParameters,
  CPR,
  type CPRType,
  type IdentifierListItem,
  type ResultItem,
  RS,
  UserData,
} from './asn1.js'
import { bitsOfMask, userSessionRequirements } from './bits.js'
import { PresentationRequirement } from './codes.js'
import { definitionListProblem, transferSyntaxNames } from './contexts.js'
import type {
  DefaultContextName,
  PresentationContext,
  PresentationContextDeletionResult,
  PresentationContextResult,
  PresentationDataValues,
} from './service.js'
import { formOf, joined, toUserData, type UserDataForm } from './user-data.js'
import { encodeX410 } from './x410.js'

const NORMAL_MODE = { modeValue: 'normal-mode' } as const

export interface CPValue {
  readonly callingPresentationSelector?: Uint8Array | undefined
  readonly calledPresentationSelector?: Uint8Array | undefined
  readonly presentationContextDefinitionList: readonly PresentationContext[]
  readonly defaultContextName?: DefaultContextName | undefined
  /** Functional units: 1 context management, 2 context restoration. */
  readonly presentationRequirements?: number | undefined
  /** Bits of the session's PI 20; only where they differ from those of the session connection. X.226, 8.2. */
  readonly userSessionRequirements?: number | undefined
  readonly userData?: readonly PresentationDataValues[] | undefined
  /** CPC values: the values of `userData` in other transfer syntaxes. Only with a context definition list. */
  readonly alternativeUserData?: readonly (readonly PresentationDataValues[])[] | undefined
}

/** X.226, 6.2.2: the CP PPDU of normal mode, what an S-CONNECT request carries. Empty optional parameters are left out.
 *  @throws EncodeError PRESENTATION_CONTEXTS, PRESENTATION_USER_DATA, BER_… */
export function encodeCP(value: CPValue): Uint8Array {
  const list = value.presentationContextDefinitionList
  const problem = definitionListProblem(list)
  if (problem !== undefined)
    throw new EncodeError('presentation', 'PRESENTATION_CONTEXTS', problem, { path: 'presentationContextDefinitionList' })
  const parameters: CPParameters = {
    ...selector('callingPresentationSelector', value.callingPresentationSelector),
    ...selector('calledPresentationSelector', value.calledPresentationSelector),
    ...(list.length > 0 && { presentationContextDefinitionList: list }),
    ...(value.defaultContextName && { defaultContextName: value.defaultContextName }),
    ...(value.presentationRequirements && { presentationRequirements: bitsOfMask(value.presentationRequirements) }),
    ...(value.userSessionRequirements !== undefined && {
      userSessionRequirements: userSessionRequirements(value.userSessionRequirements),
    }),
    ...userData(named(value.userData, list), list.length > 0 ? 'full' : 'simple'),
  }
  const ppdu = encode(CP, { modeSelector: NORMAL_MODE, normalModeParameters: parameters })
  const alternatives = value.alternativeUserData ?? []
  if (alternatives.length === 0) return ppdu
  if (list.length === 0)
    throw new EncodeError(
      'presentation',
      'PRESENTATION_USER_DATA',
      'user data in other transfer syntaxes needs a context definition list',
      {
        path: 'alternativeUserData',
      },
    )
  return joined([ppdu, ...alternatives.map(values => encodeTTD(named(values, list) ?? [], 'full'))])
}

/** X.226, 8.4.2.7: in a CP, values of a context proposed with several transfer syntaxes say which one they are in; others
 *  need not, and then do not. */
function named(
  values: readonly PresentationDataValues[] | undefined,
  list: readonly PresentationContext[],
): readonly PresentationDataValues[] | undefined {
  return values?.map(({ transferSyntaxName, ...value }) => {
    const offered = transferSyntaxNames(list, value.presentationContextIdentifier)
    const name = transferSyntaxName ?? offered[0]
    if (offered.length > 0 && !offered.includes(name!))
      throw new EncodeError('presentation', 'PRESENTATION_USER_DATA', `user data: ${name} was not proposed for its context`, {
        path: 'userData.transferSyntaxName',
      })
    return offered.length > 1 ? { ...value, transferSyntaxName: name! } : value
  })
}

export interface CPAValue {
  readonly respondingPresentationSelector?: Uint8Array | undefined
  /** In the order of the definition list; empty when the CP had none. */
  readonly presentationContextDefinitionResultList: readonly PresentationContextResult[]
  readonly presentationRequirements?: number | undefined
  /** Bits of the session's PI 20; only where they differ from those of the session connection. X.226, 8.2. */
  readonly userSessionRequirements?: number | undefined
  readonly userData?: readonly PresentationDataValues[] | undefined
}

/** X.226, 6.2.3: the CPA PPDU, what an S-CONNECT response that accepts carries. User data is simply encoded when the list
 *  accepts just one context, unless context management is required. @throws EncodeError PRESENTATION_USER_DATA, BER_… */
export function encodeCPA(value: CPAValue): Uint8Array {
  const parameters: CPAParameters = {
    ...selector('respondingPresentationSelector', value.respondingPresentationSelector),
    ...resultList(value.presentationContextDefinitionResultList),
    ...(value.presentationRequirements && { presentationRequirements: bitsOfMask(value.presentationRequirements) }),
    ...(value.userSessionRequirements !== undefined && {
      userSessionRequirements: userSessionRequirements(value.userSessionRequirements),
    }),
    ...userData(value.userData, formAfter(value.presentationContextDefinitionResultList, value.presentationRequirements)),
  }
  return encode(CPA, { modeSelector: NORMAL_MODE, normalModeParameters: parameters })
}

export interface CPRValue {
  /** In X.410-1984 mode a CPR has user data and nothing else. @default normal mode */
  readonly mode?: 'x410-1984' | undefined
  readonly respondingPresentationSelector?: Uint8Array | undefined
  readonly presentationContextDefinitionResultList?: readonly PresentationContextResult[] | undefined
  readonly defaultContextResult?: 'acceptance' | 'user-rejection' | 'provider-rejection' | undefined
  /** See `ProviderReason`; absent: refused by the user. */
  readonly providerReason?: number | undefined
  /** From contexts that the result list accepts. */
  readonly userData?: readonly PresentationDataValues[] | undefined
}

/** X.226, 6.2.4: the CPR PPDU, what an S-CONNECT response that rejects carries. Our one version is the default and is left
 *  out. @throws EncodeError PRESENTATION_USER_DATA, BER_… */
export function encodeCPR(value: CPRValue): Uint8Array {
  if (value.mode !== undefined) return encodeX410('CPR', value.userData)
  const list = value.presentationContextDefinitionResultList ?? []
  const ppdu: CPRType = {
    ...selector('respondingPresentationSelector', value.respondingPresentationSelector),
    ...resultList(list),
    ...(value.defaultContextResult !== undefined && { defaultContextResult: value.defaultContextResult }),
    ...(value.providerReason !== undefined && { providerReason: value.providerReason }),
    ...userData(value.userData, formAfter(list)),
  }
  return encode(CPR, ppdu)
}

export interface ARUValue {
  /** The contexts used in `userData`; absent when there is none. X.226, 6.4.2.1. */
  readonly presentationContextIdentifierList?: readonly IdentifierListItem[] | undefined
  readonly userData?: readonly PresentationDataValues[] | undefined
  /** Simple when the DCS has one member or none. @default 'full' */
  readonly form?: UserDataForm | undefined
}

/** X.226, 6.4.2: the ARU PPDU, what an S-U-ABORT request carries when the user aborts. @throws EncodeError */
export function encodeARU(value: ARUValue = {}): Uint8Array {
  const list = value.presentationContextIdentifierList
  return encode(ARU, {
    ...(list && { presentationContextIdentifierList: list }),
    ...userData(value.userData, value.form ?? 'full'),
  })
}

/** X.226, 6.4.3: the ARP PPDU, what an S-U-ABORT request carries when the provider aborts.
 *  @param abortReason see `AbortReason`. @param eventIdentifier see `EventIdentifier`; required for reasons 2 to 6 */
export function encodeARP(abortReason: number, eventIdentifier?: number): Uint8Array {
  return encode(ARP, { providerReason: abortReason, ...(eventIdentifier !== undefined && { eventIdentifier }) })
}

export interface ACValue {
  readonly presentationContextAdditionList?: readonly PresentationContext[] | undefined
  /** Identifiers. */
  readonly presentationContextDeletionList?: readonly number[] | undefined
  readonly userData?: readonly PresentationDataValues[] | undefined
  /** Simple only where the DCS is empty. @default 'full' */
  readonly form?: UserDataForm | undefined
}

/** X.226, 6.5.2: the AC PPDU. What is wrong with its identifiers only the connection can tell. @throws EncodeError */
export function encodeAC(value: ACValue): Uint8Array {
  const { presentationContextAdditionList: additions = [], presentationContextDeletionList: deletions = [] } = value
  return encode(AC, {
    ...(additions.length > 0 && { presentationContextAdditionList: additions }),
    ...(deletions.length > 0 && { presentationContextDeletionList: deletions }),
    ...userData(value.userData, value.form ?? 'full'),
  })
}

export interface ACAValue {
  /** In the order of the AC. */
  readonly presentationContextAdditionResultList?: readonly PresentationContextResult[] | undefined
  readonly presentationContextDeletionResultList?: readonly PresentationContextDeletionResult[] | undefined
  readonly userData?: readonly PresentationDataValues[] | undefined
  /** Simple only where the DCS that results is empty. @default 'full' */
  readonly form?: UserDataForm | undefined
}

/** X.226, 6.5.3: the ACA PPDU. @throws EncodeError */
export function encodeACA(value: ACAValue): Uint8Array {
  const { presentationContextAdditionResultList: additions = [], presentationContextDeletionResultList: deletions = [] } = value
  return encode(ACA, {
    ...(additions.length > 0 && { presentationContextAdditionResultList: additions.map(toResultItem) }),
    ...(deletions.length > 0 && { presentationContextDeletionResultList: deletions }),
    ...userData(value.userData, value.form ?? 'full'),
  })
}

/** X.226, 8.2: the TTD PPDU, and the CPC-type: user data with its tag, also where it is simply encoded. @throws EncodeError */
export function encodeTTD(values: readonly PresentationDataValues[], form: UserDataForm): Uint8Array {
  const value = toUserData(values, form)
  if (value !== undefined) return encode(UserData, value)
  throw new EncodeError('presentation', 'PRESENTATION_USER_DATA', 'user data: expected at least one value, found none', {
    path: 'userData',
  })
}

export interface RSValue {
  /** The DCS after the resynchronization. */
  readonly presentationContextIdentifierList?: readonly IdentifierListItem[] | undefined
  readonly userData?: readonly PresentationDataValues[] | undefined
  /** @default 'full' */
  readonly form?: UserDataForm | undefined
}

/** X.226, 6.8.2 and 6.8.3: the RS PPDU, and the RSA PPDU, which has the same form. @throws EncodeError */
export function encodeRS(value: RSValue = {}): Uint8Array {
  const list = value.presentationContextIdentifierList
  return encode(RS, { ...(list && { presentationContextIdentifierList: list }), ...userData(value.userData, value.form ?? 'full') })
}

/** A selector without octets is no selector. */
function selector<K extends string>(key: K, octets: Uint8Array | undefined): { readonly [P in K]?: Uint8Array } {
  if (octets === undefined || octets.length === 0) return {}
  if (octets.length > 16)
    throw new EncodeError('presentation', 'PRESENTATION_SELECTOR', `expected 0 to 16 octets of selector, found ${octets.length}`, {
      path: key,
    })
  return { [key]: octets } as { readonly [P in K]?: Uint8Array }
}

function userData(values: readonly PresentationDataValues[] | undefined, form: UserDataForm) {
  const userData = toUserData(values, form)
  return userData && { userData }
}

function resultList(results: readonly PresentationContextResult[]) {
  return results.length > 0 && { presentationContextDefinitionResultList: results.map(toResultItem) }
}

function formAfter(results: readonly PresentationContextResult[], requirements = 0): UserDataForm {
  return formOf(
    { size: results.filter(({ result }) => result === 'acceptance').length },
    (requirements & PresentationRequirement.contextManagement) !== 0,
  )
}

function toResultItem(result: PresentationContextResult): ResultItem {
  switch (result.result) {
    case 'acceptance':
      return { result: 'acceptance', transferSyntaxName: result.transferSyntaxName }
    case 'user-rejection':
      return { result: 'user-rejection' }
    case 'provider-rejection':
      return { result: 'provider-rejection', providerReason: result.providerReason }
  }
}
