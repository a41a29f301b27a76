import { describeAbortDiagnostic, describeAbortSource, describeReleaseReason, describeResult } from './codes.js'

/** How the contents of a field are taken apart for people. */
export type FieldKind =
  | 'oid'
  | 'oids'
  | 'integer'
  | 'versions'
  | 'requirements'
  | 'title'
  | 'text'
  | 'authentication'
  | 'diagnostic'
  | 'externals'
  | 'opaque'

/** One field of an APDU, for explain. */
export interface Field {
  /** The word of the standard. */
  readonly label: string
  readonly kind: FieldKind
  /** [n] EXPLICIT: the value is an element of its own inside. */
  readonly explicit?: boolean
  /** What an INTEGER means. */
  readonly means?: (value: number) => string
  /** Only in X.227 bis (09/98). */
  readonly later?: boolean
}

/** One APDU, for explain: its name, and its fields by context tag number. */
export interface ApduFields {
  readonly name: string
  /** In full; absent: only in X.227 bis (09/98). */
  readonly title?: string
  /** Tag numbers that must be there. */
  readonly mandatory: readonly number[]
  readonly fields: Readonly<Record<number, Field>>
}

const explicit = (label: string, kind: FieldKind, means?: Field['means']): Field => ({
  label,
  kind,
  explicit: true,
  ...(means && { means }),
})
const implicit = (label: string, kind: FieldKind, means?: Field['means']): Field => ({ label, kind, ...(means && { means }) })
const later = (label: string): Field => ({ label, kind: 'opaque', later: true })

const userInformation = { 30: implicit('user-information', 'externals') }
const laterEntity = { 13: later('aso-qualifier'), 14: later('asoi-identifier') }
const entity = (from: number, who: string): Record<number, Field> => ({
  [from]: explicit(`${who}-AP-title`, 'title'),
  [from + 1]: explicit(`${who}-AE-qualifier`, 'title'),
  [from + 2]: explicit(`${who}-AP-invocation-identifier`, 'integer'),
  [from + 3]: explicit(`${who}-AE-invocation-identifier`, 'integer'),
})

/** X.227, 9.1, and what X.227 bis adds, by first octet of the APDU. */
export const apduFields: Readonly<Record<number, ApduFields>> = {
  96: {
    name: 'AARQ',
    title: 'A-ASSOCIATE-REQUEST',
    mandatory: [1],
    fields: {
      0: implicit('protocol-version', 'versions'),
      1: explicit('application-context-name', 'oid'),
      ...entity(2, 'called'),
      ...entity(6, 'calling'),
      10: implicit('sender-acse-requirements', 'requirements'),
      11: implicit('mechanism-name', 'oid'),
      12: explicit('calling-authentication-value', 'authentication'),
      13: implicit('application-context-name-list', 'oids'),
      14: later('p-context-definition-list'),
      15: later('called-asoi-tag'),
      16: later('calling-asoi-tag'),
      29: implicit('implementation-information', 'text'),
      ...userInformation,
    },
  },
  97: {
    name: 'AARE',
    title: 'A-ASSOCIATE-RESPONSE',
    mandatory: [1, 2, 3],
    fields: {
      0: implicit('protocol-version', 'versions'),
      1: explicit('application-context-name', 'oid'),
      2: explicit('result', 'integer', describeResult),
      3: explicit('result-source-diagnostic', 'diagnostic'),
      ...entity(4, 'responding'),
      8: implicit('responder-acse-requirements', 'requirements'),
      9: implicit('mechanism-name', 'oid'),
      10: explicit('responding-authentication-value', 'authentication'),
      11: implicit('application-context-name-list', 'oids'),
      12: later('p-context-result-list'),
      13: later('called-asoi-tag'),
      14: later('calling-asoi-tag'),
      29: implicit('implementation-information', 'text'),
      ...userInformation,
    },
  },
  98: {
    name: 'RLRQ',
    title: 'A-RELEASE-REQUEST',
    mandatory: [],
    fields: {
      0: implicit('reason', 'integer', reason => describeReleaseReason('RLRQ', reason)),
      ...laterEntity,
      ...userInformation,
    },
  },
  99: {
    name: 'RLRE',
    title: 'A-RELEASE-RESPONSE',
    mandatory: [],
    fields: {
      0: implicit('reason', 'integer', reason => describeReleaseReason('RLRE', reason)),
      ...laterEntity,
      ...userInformation,
    },
  },
  100: {
    name: 'ABRT',
    title: 'A-ABORT',
    mandatory: [0],
    fields: {
      0: implicit('abort-source', 'integer', describeAbortSource),
      1: implicit('abort-diagnostic', 'integer', describeAbortDiagnostic),
      ...laterEntity,
      ...userInformation,
    },
  },
  101: {
    name: 'A-DT',
    mandatory: [],
    fields: { 0: later('aso-qualifier'), 1: later('asoi-identifier'), 30: later('a-user-data') },
  },
  102: {
    name: 'ACRQ',
    mandatory: [],
    fields: {
      0: later('aso-qualifier'),
      1: later('asoi-identifier'),
      3: later('aSO-context-name'),
      4: later('aSO-context-name-list'),
      5: later('p-context-definition-list'),
      ...userInformation,
    },
  },
  103: {
    name: 'ACRP',
    mandatory: [],
    fields: {
      0: later('aso-qualifier'),
      1: later('asoi-identifier'),
      3: later('aSO-context-name'),
      4: later('p-context-result-list'),
      ...userInformation,
    },
  },
}
