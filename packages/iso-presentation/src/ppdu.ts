import { encode } from '@x/ber'
import { EncodeError } from '@x/core'
import {
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
} from './asn1.js'
import { bitsOfMask, userSessionRequirements } from './bits.js'
import { definitionListProblem } from './contexts.js'
import type { DefaultContextName, PresentationContext, PresentationContextResult, PresentationDataValues } from './service.js'
import { toUserData, type UserDataForm } from './user-data.js'

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
  return encode(CP, { modeSelector: NORMAL_MODE, normalModeParameters: parameters })
}

/** X.226, 8.4.2.7: in a CP, values of a context proposed with several transfer syntaxes say which one they are in; others
 *  need not, and then do not. */
function named(
  values: readonly PresentationDataValues[] | undefined,
  list: readonly PresentationContext[],
): readonly PresentationDataValues[] | undefined {
  return values?.map(({ transferSyntaxName, ...value }) => {
    const context = list.find(item => item.presentationContextIdentifier === value.presentationContextIdentifier)
    const offered = context?.transferSyntaxNameList ?? []
    const name = transferSyntaxName ?? offered[0]
    if (context && !offered.includes(name!))
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
  readonly userData?: readonly PresentationDataValues[] | undefined
}

/** X.226, 6.2.3: the CPA PPDU, what an S-CONNECT response that accepts carries. User data is simply encoded when the list
 *  accepts just one context. @throws EncodeError PRESENTATION_USER_DATA, BER_… */
export function encodeCPA(value: CPAValue): Uint8Array {
  const parameters: CPAParameters = {
    ...selector('respondingPresentationSelector', value.respondingPresentationSelector),
    ...resultList(value.presentationContextDefinitionResultList),
    ...(value.presentationRequirements && { presentationRequirements: bitsOfMask(value.presentationRequirements) }),
    ...userData(value.userData, formAfter(value.presentationContextDefinitionResultList)),
  }
  return encode(CPA, { modeSelector: NORMAL_MODE, normalModeParameters: parameters })
}

export interface CPRValue {
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

function formAfter(results: readonly PresentationContextResult[]): UserDataForm {
  return results.filter(({ result }) => result === 'acceptance').length > 1 ? 'full' : 'simple'
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
