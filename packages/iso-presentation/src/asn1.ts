/** Module ISO8823-PRESENTATION, X.226, 8.2, normal mode. The parameters of X.410 mode are kept as octets. */
import {
  ANY,
  application,
  BIT_STRING,
  type BitString,
  CHOICE,
  type Choice,
  explicit,
  extensible,
  implicit,
  integerRange,
  type Named,
  named,
  namedBits,
  namedInteger,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  OCTET_STRING_VIEW,
  SEQUENCE,
  SEQUENCE_OF,
  SET,
  SET_OF,
} from '@x/ber'
import { AbortReason, ContextProviderReason, EventIdentifier, ProviderReason, ResultCode } from './codes.js'
import type { DefaultContextName, PresentationContext } from './service.js'

const MAX = 0x7fff_ffff

/** X.226 gives no range; 0 would be the default context of our service. */
export const PresentationContextIdentifier = integerRange('Presentation-context-identifier', 1, MAX)
/** Any identifier, as a CP may hold it: what is wrong with it is said by the negotiation, not by the decoder. */
const ProposedIdentifier = integerRange('Presentation-context-identifier', -MAX, MAX)
const Result = namedInteger('Result', ResultCode)
/** X.226, 8.2: the name of a code, or the number where the standard has no name for it. */
export type ResultName = Named<keyof typeof ResultCode>

/** X.226, 8.2. Version 1 is the only one, and the default. */
export const ProtocolVersion = namedBits('Protocol-version', { version1: 0 })
/** X.226, 8.2. */
export const PresentationRequirements = namedBits('Presentation-requirements', { contextManagement: 0, restoration: 1 })
/** X.226, 8.2: the session's functional units, in an order of presentation's own. */
export const UserSessionRequirements = namedBits('User-session-requirements', {
  halfDuplex: 0,
  duplex: 1,
  expeditedData: 2,
  minorSynchronize: 3,
  majorSynchronize: 4,
  resynchronize: 5,
  activityManagement: 6,
  negotiatedRelease: 7,
  capabilityData: 8,
  exceptions: 9,
  typedData: 10,
  symmetricSynchronize: 11,
  dataSeparation: 12,
})

/** X.226, 8.4.2.5. */
export type EncodedValues = Choice<{ 'single-ASN1-type': Uint8Array; 'octet-aligned': Uint8Array; arbitrary: BitString }>
/** X.226, 8.2: values of one presentation context. */
export interface PdvList {
  readonly transferSyntaxName?: string
  readonly presentationContextIdentifier: number
  readonly presentationDataValues: EncodedValues
}
export const PdvList = SEQUENCE<PdvList>('PDV-list', {
  transferSyntaxName: named(OBJECT_IDENTIFIER, 'transfer-syntax-name').optional(),
  presentationContextIdentifier: named(PresentationContextIdentifier, 'presentation-context-identifier'),
  presentationDataValues: named(
    CHOICE<EncodedValues>('', {
      'single-ASN1-type': explicit(0, ANY),
      'octet-aligned': implicit(1, OCTET_STRING_VIEW),
      arbitrary: implicit(2, BIT_STRING),
    }),
    'presentation-data-values',
  ),
})

/** X.226, 8.2 and 8.4. Which of the two is due depends on the DCS, never on what the octets look like. */
export type UserData = Choice<{ simplyEncodedData: Uint8Array; fullyEncodedData: readonly PdvList[] }>
export const UserData = CHOICE<UserData>('User-data', {
  simplyEncodedData: application(0, OCTET_STRING_VIEW, 'simply-encoded-data'),
  fullyEncodedData: application(1, SEQUENCE_OF(PdvList), 'fully-encoded-data'),
})

/** X.226, 8.2. */
export interface ModeSelector {
  readonly modeValue: Named<'x410-1984-mode' | 'normal-mode'>
}
const modeSelector = { modeValue: implicit(0, namedInteger('', { 'x410-1984-mode': 0, 'normal-mode': 1 }), 'mode-value') }

const contextDefinition = {
  presentationContextIdentifier: named(ProposedIdentifier, 'presentation-context-identifier'),
  abstractSyntaxName: named(OBJECT_IDENTIFIER, 'abstract-syntax-name'),
  transferSyntaxNameList: named(SEQUENCE_OF(OBJECT_IDENTIFIER), 'transfer-syntax-name-list'),
}

/** X.226, 8.2: one answer to one context, linked to it by its position. */
export interface ResultItem {
  readonly result: ResultName
  /** Present with acceptance. */
  readonly transferSyntaxName?: string
  /** Present with provider-rejection. */
  readonly providerReason?: Named<keyof typeof ContextProviderReason>
}
const ResultList = SEQUENCE_OF(
  SEQUENCE<ResultItem>('', {
    result: implicit(0, Result),
    transferSyntaxName: implicit(1, OBJECT_IDENTIFIER, 'transfer-syntax-name').optional(),
    providerReason: implicit(2, namedInteger('', ContextProviderReason), 'provider-reason').optional(),
  }),
)

/** X.226, 8.2: normal-mode-parameters of CP. An initiator may use what later amendments add: it is skipped (8.5.1). */
export interface CPParameters {
  readonly protocolVersion?: BitString
  readonly callingPresentationSelector?: Uint8Array
  readonly calledPresentationSelector?: Uint8Array
  readonly presentationContextDefinitionList?: readonly PresentationContext[]
  readonly defaultContextName?: DefaultContextName
  readonly presentationRequirements?: BitString
  readonly userSessionRequirements?: BitString
  readonly userData?: UserData
}
export interface CPType {
  readonly modeSelector: ModeSelector
  /** Raw elements of the RTORQ. */
  readonly x410ModeParameters?: readonly Uint8Array[]
  readonly normalModeParameters?: CPParameters
}
export const CP = extensible(
  SET<CPType>('CP-type', {
    modeSelector: implicit(0, extensible(SET<ModeSelector>('Mode-selector', modeSelector)), 'mode-selector'),
    x410ModeParameters: implicit(1, SET_OF(ANY), 'x410-mode-parameters').optional(),
    normalModeParameters: implicit(
      2,
      extensible(
        SEQUENCE<CPParameters>('', {
          protocolVersion: implicit(0, ProtocolVersion, 'protocol-version').optional(),
          callingPresentationSelector: implicit(1, OCTET_STRING, 'calling-presentation-selector').optional(),
          calledPresentationSelector: implicit(2, OCTET_STRING, 'called-presentation-selector').optional(),
          presentationContextDefinitionList: implicit(
            4,
            SEQUENCE_OF(extensible(SEQUENCE<PresentationContext>('', contextDefinition))),
            'presentation-context-definition-list',
          ).optional(),
          defaultContextName: implicit(
            6,
            extensible(
              SEQUENCE<DefaultContextName>('Default-context-name', {
                abstractSyntaxName: implicit(0, OBJECT_IDENTIFIER, 'abstract-syntax-name'),
                transferSyntaxName: implicit(1, OBJECT_IDENTIFIER, 'transfer-syntax-name'),
              }),
            ),
            'default-context-name',
          ).optional(),
          presentationRequirements: implicit(8, PresentationRequirements, 'presentation-requirements').optional(),
          userSessionRequirements: implicit(9, UserSessionRequirements, 'user-session-requirements').optional(),
          userData: named(UserData, 'user-data').optional(),
        }),
      ),
      'normal-mode-parameters',
    ).optional(),
  }),
)

/** X.226, 8.2: normal-mode-parameters of CPA. */
export interface CPAParameters {
  readonly protocolVersion?: BitString
  readonly respondingPresentationSelector?: Uint8Array
  readonly presentationContextDefinitionResultList?: readonly ResultItem[]
  readonly presentationRequirements?: BitString
  readonly userSessionRequirements?: BitString
  readonly userData?: UserData
}
export interface CPAType {
  readonly modeSelector: ModeSelector
  readonly x410ModeParameters?: readonly Uint8Array[]
  readonly normalModeParameters?: CPAParameters
}
export const CPA = SET<CPAType>('CPA-PPDU', {
  modeSelector: implicit(0, SET<ModeSelector>('Mode-selector', modeSelector), 'mode-selector'),
  x410ModeParameters: implicit(1, SET_OF(ANY), 'x410-mode-parameters').optional(),
  normalModeParameters: implicit(
    2,
    SEQUENCE<CPAParameters>('', {
      protocolVersion: implicit(0, ProtocolVersion, 'protocol-version').optional(),
      respondingPresentationSelector: implicit(3, OCTET_STRING, 'responding-presentation-selector').optional(),
      presentationContextDefinitionResultList: implicit(5, ResultList, 'presentation-context-definition-result-list').optional(),
      presentationRequirements: implicit(8, PresentationRequirements, 'presentation-requirements').optional(),
      userSessionRequirements: implicit(9, UserSessionRequirements, 'user-session-requirements').optional(),
      userData: named(UserData, 'user-data').optional(),
    }),
    'normal-mode-parameters',
  ).optional(),
})

/** X.226, 8.2: CPR-PPDU, normal mode. Without provider-reason it is a refusal by the user. */
export interface CPRType {
  readonly protocolVersion?: BitString
  readonly respondingPresentationSelector?: Uint8Array
  readonly presentationContextDefinitionResultList?: readonly ResultItem[]
  readonly defaultContextResult?: ResultName
  readonly providerReason?: Named<keyof typeof ProviderReason>
  readonly userData?: UserData
}
export const CPR = SEQUENCE<CPRType>('CPR-PPDU', {
  protocolVersion: implicit(0, ProtocolVersion, 'protocol-version').optional(),
  respondingPresentationSelector: implicit(3, OCTET_STRING, 'responding-presentation-selector').optional(),
  presentationContextDefinitionResultList: implicit(5, ResultList, 'presentation-context-definition-result-list').optional(),
  defaultContextResult: implicit(7, Result, 'default-context-result').optional(),
  providerReason: implicit(10, namedInteger('Provider-reason', ProviderReason), 'provider-reason').optional(),
  userData: named(UserData, 'user-data').optional(),
})

/** X.226, 8.2: a context and the transfer syntax its values are in. */
export interface IdentifierListItem {
  readonly presentationContextIdentifier: number
  readonly transferSyntaxName: string
}
const IdentifierList = SEQUENCE_OF(
  SEQUENCE<IdentifierListItem>('', {
    presentationContextIdentifier: named(PresentationContextIdentifier, 'presentation-context-identifier'),
    transferSyntaxName: named(OBJECT_IDENTIFIER, 'transfer-syntax-name'),
  }),
)

/** X.226, 8.2: ARU-PPDU, normal mode: `[0]`. */
export interface ARUType {
  readonly presentationContextIdentifierList?: readonly IdentifierListItem[]
  readonly userData?: UserData
}
export const ARU = implicit(
  0,
  SEQUENCE<ARUType>('ARU-PPDU', {
    presentationContextIdentifierList: implicit(0, IdentifierList, 'presentation-context-identifier-list').optional(),
    userData: named(UserData, 'user-data').optional(),
  }),
)

/** X.226, 8.2: ARP-PPDU. */
export interface ARPType {
  readonly providerReason?: Named<keyof typeof AbortReason>
  readonly eventIdentifier?: Named<keyof typeof EventIdentifier>
}
export const ARP = SEQUENCE<ARPType>('ARP-PPDU', {
  providerReason: implicit(0, namedInteger('Abort-reason', AbortReason), 'provider-reason').optional(),
  eventIdentifier: implicit(1, namedInteger('Event-identifier', EventIdentifier), 'event-identifier').optional(),
})

/** X.226, 8.2: AC-PPDU: `[0]`. */
export interface ACType {
  readonly presentationContextAdditionList?: readonly PresentationContext[]
  readonly presentationContextDeletionList?: readonly number[]
  readonly userData?: UserData
}
export const AC = implicit(
  0,
  SEQUENCE<ACType>('AC-PPDU', {
    presentationContextAdditionList: implicit(
      0,
      SEQUENCE_OF(SEQUENCE<PresentationContext>('', contextDefinition)),
      'presentation-context-addition-list',
    ).optional(),
    presentationContextDeletionList: implicit(
      1,
      SEQUENCE_OF(PresentationContextIdentifier),
      'presentation-context-deletion-list',
    ).optional(),
    userData: named(UserData, 'user-data').optional(),
  }),
)

/** X.226, 8.2: ACA-PPDU: `[1]`. */
export interface ACAType {
  readonly presentationContextAdditionResultList?: readonly ResultItem[]
  readonly presentationContextDeletionResultList?: readonly Named<'acceptance' | 'user-rejection'>[]
  readonly userData?: UserData
}
export const ACA = implicit(
  1,
  SEQUENCE<ACAType>('ACA-PPDU', {
    presentationContextAdditionResultList: implicit(0, ResultList, 'presentation-context-addition-result-list').optional(),
    presentationContextDeletionResultList: implicit(
      1,
      SEQUENCE_OF(namedInteger('', { acceptance: 0, 'user-rejection': 1 })),
      'presentation-context-deletion-result-list',
    ).optional(),
    userData: named(UserData, 'user-data').optional(),
  }),
)

/** X.226, 8.2: RS-PPDU and RSA-PPDU have one form; the session primitive tells them apart. */
export interface RSType {
  readonly presentationContextIdentifierList?: readonly IdentifierListItem[]
  readonly userData?: UserData
}
const resynchronize = {
  presentationContextIdentifierList: implicit(0, IdentifierList, 'presentation-context-identifier-list').optional(),
  userData: named(UserData, 'user-data').optional(),
}
export const RS = SEQUENCE<RSType>('RS-PPDU', resynchronize)
export const RSA = SEQUENCE<RSType>('RSA-PPDU', resynchronize)

/** X.226, 8.2: CPR-PPDU and ARU-PPDU in X.410-1984 mode: raw elements of the RTORJ or the RTAB. */
export const X410Components = SET_OF(ANY)
