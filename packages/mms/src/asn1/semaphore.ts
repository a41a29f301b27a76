import {
  BOOLEAN,
  CHOICE,
  type Choice,
  explicit,
  implicit,
  type Named,
  NULL,
  namedInteger,
  OCTET_STRING,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
} from '@x/ber'
import { ApplicationReference } from './application-reference.js'
import { Identifier, ObjectName, Unsigned16, Unsigned32 } from './identifiers.js'
import { NORMAL_PRIORITY, Priority } from './modifier.js'

/** ISO 9506-2, TakeControl-Request. */
export interface TakeControlRequest {
  readonly semaphoreName: ObjectName
  /** Of a pool semaphore: this token and no other. */
  readonly namedToken?: string
  /** @default 64 */
  readonly priority: number
  /** Milliseconds to wait for control; absent: for ever. */
  readonly acceptableDelay?: number
  /** Milliseconds for which control is kept; absent: until it is given back. */
  readonly controlTimeOut?: number
  /** Whether the association is aborted when that time is over. */
  readonly abortOnTimeOut?: boolean
  /** @default true */
  readonly relinquishIfConnectionLost: boolean
  /** From whom a hung entry is taken. */
  readonly applicationToPreempt?: ApplicationReference
}
export const TakeControlRequest: Type<TakeControlRequest> = SEQUENCE<TakeControlRequest>('TakeControl-Request', {
  semaphoreName: explicit(0, ObjectName),
  namedToken: implicit(1, Identifier).optional(),
  priority: implicit(2, Priority).default(NORMAL_PRIORITY),
  acceptableDelay: implicit(3, Unsigned32).optional(),
  controlTimeOut: implicit(4, Unsigned32).optional(),
  abortOnTimeOut: implicit(5, BOOLEAN).optional(),
  relinquishIfConnectionLost: implicit(6, BOOLEAN).default(true),
  applicationToPreempt: implicit(7, ApplicationReference).optional(),
})

/** ISO 9506-2, TakeControl-Response. */
export type TakeControlResponse = Choice<{ noResult: null; namedToken: string }>
export const TakeControlResponse: Type<TakeControlResponse> = CHOICE<TakeControlResponse>('TakeControl-Response', {
  noResult: implicit(0, NULL),
  namedToken: implicit(1, Identifier),
})

/** ISO 9506-2, RelinquishControl-Request. */
export interface RelinquishControlRequest {
  readonly semaphoreName: ObjectName
  readonly namedToken?: string
}
export const RelinquishControlRequest: Type<RelinquishControlRequest> = SEQUENCE<RelinquishControlRequest>('RelinquishControl-Request', {
  semaphoreName: explicit(0, ObjectName),
  namedToken: implicit(1, Identifier).optional(),
})

/** ISO 9506-2, DefineSemaphore-Request: a token semaphore. */
export interface DefineSemaphoreRequest {
  readonly semaphoreName: ObjectName
  readonly numberOfTokens: number
}
export const DefineSemaphoreRequest: Type<DefineSemaphoreRequest> = SEQUENCE<DefineSemaphoreRequest>('DefineSemaphore-Request', {
  semaphoreName: explicit(0, ObjectName),
  numberOfTokens: implicit(1, Unsigned16),
})

/** ISO 9506-2, DeleteSemaphore-Request and ReportSemaphoreStatus-Request: its name. */
export const SemaphoreName: Type<ObjectName> = ObjectName

/** ISO 9506-2, ReportSemaphoreStatus-Response. */
export interface ReportSemaphoreStatusResponse {
  readonly mmsDeletable: boolean
  readonly class: Named<'token' | 'pool'>
  readonly numberOfTokens: number
  readonly numberOfOwnedTokens: number
  readonly numberOfHungTokens: number
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
}
export const ReportSemaphoreStatusResponse: Type<ReportSemaphoreStatusResponse> = SEQUENCE<ReportSemaphoreStatusResponse>(
  'ReportSemaphoreStatus-Response',
  {
    mmsDeletable: implicit(0, BOOLEAN),
    class: implicit(1, namedInteger('', { token: 0, pool: 1 })),
    numberOfTokens: implicit(2, Unsigned16),
    numberOfOwnedTokens: implicit(3, Unsigned16),
    numberOfHungTokens: implicit(4, Unsigned16),
    accessControlList: implicit(5, Identifier).optional(),
  },
)

/** ISO 9506-2, ReportPoolSemaphoreStatus-Request. */
export interface ReportPoolSemaphoreStatusRequest {
  readonly semaphoreName: ObjectName
  readonly nameToStartAfter?: string
}
export const ReportPoolSemaphoreStatusRequest: Type<ReportPoolSemaphoreStatusRequest> = SEQUENCE<ReportPoolSemaphoreStatusRequest>(
  'ReportPoolSemaphoreStatus-Request',
  { semaphoreName: explicit(0, ObjectName), nameToStartAfter: implicit(1, Identifier).optional() },
)

/** ISO 9506-2, ReportPoolSemaphoreStatus-Response. */
export interface ReportPoolSemaphoreStatusResponse {
  readonly listOfNamedTokens: readonly NamedToken[]
  /** @default true */
  readonly moreFollows: boolean
}
/** A token of a pool semaphore, and how it stands. */
export type NamedToken = Choice<{ freeNamedToken: string; ownedNamedToken: string; hungNamedToken: string }>
export const NamedToken: Type<NamedToken> = CHOICE<NamedToken>('', {
  freeNamedToken: implicit(0, Identifier),
  ownedNamedToken: implicit(1, Identifier),
  hungNamedToken: implicit(2, Identifier),
})
export const ReportPoolSemaphoreStatusResponse: Type<ReportPoolSemaphoreStatusResponse> = SEQUENCE<ReportPoolSemaphoreStatusResponse>(
  'ReportPoolSemaphoreStatus-Response',
  {
    listOfNamedTokens: implicit(0, SEQUENCE_OF(NamedToken)),
    moreFollows: implicit(1, BOOLEAN).default(true),
  },
)

/** Where an entry of a semaphore stands. */
export type SemaphoreEntryState = Named<'queued' | 'owner' | 'hung'>

/** ISO 9506-2, ReportSemaphoreEntryStatus-Request. */
export interface ReportSemaphoreEntryStatusRequest {
  readonly semaphoreName: ObjectName
  readonly state: SemaphoreEntryState
  readonly entryIDToStartAfter?: Uint8Array
}
export const ReportSemaphoreEntryStatusRequest: Type<ReportSemaphoreEntryStatusRequest> = SEQUENCE<ReportSemaphoreEntryStatusRequest>(
  'ReportSemaphoreEntryStatus-Request',
  {
    semaphoreName: explicit(0, ObjectName),
    state: implicit(1, namedInteger('', { queued: 0, owner: 1, hung: 2 })),
    entryIDToStartAfter: implicit(2, OCTET_STRING).optional(),
  },
)

/** ISO 9506-2, SemaphoreEntry: someone who has control, or waits for it. */
export interface SemaphoreEntry {
  readonly entryID: Uint8Array
  readonly entryClass: Named<'simple' | 'modifier'>
  readonly applicationReference: ApplicationReference
  readonly namedToken?: string
  /** @default 64 */
  readonly priority: number
  /** Milliseconds. */
  readonly remainingTimeOut?: number
  readonly abortOnTimeOut?: boolean
  /** @default true */
  readonly relinquishIfConnectionLost: boolean
}
export const SemaphoreEntry: Type<SemaphoreEntry> = SEQUENCE<SemaphoreEntry>('SemaphoreEntry', {
  entryID: implicit(0, OCTET_STRING),
  entryClass: implicit(1, namedInteger('', { simple: 0, modifier: 1 })),
  applicationReference: explicit(2, ApplicationReference),
  namedToken: implicit(3, Identifier).optional(),
  priority: implicit(4, Priority).default(NORMAL_PRIORITY),
  remainingTimeOut: implicit(5, Unsigned32).optional(),
  abortOnTimeOut: implicit(6, BOOLEAN).optional(),
  relinquishIfConnectionLost: implicit(7, BOOLEAN).default(true),
})

/** ISO 9506-2, ReportSemaphoreEntryStatus-Response. */
export interface ReportSemaphoreEntryStatusResponse {
  readonly listOfSemaphoreEntry: readonly SemaphoreEntry[]
  /** @default true */
  readonly moreFollows: boolean
}
export const ReportSemaphoreEntryStatusResponse: Type<ReportSemaphoreEntryStatusResponse> = SEQUENCE<ReportSemaphoreEntryStatusResponse>(
  'ReportSemaphoreEntryStatus-Response',
  { listOfSemaphoreEntry: implicit(0, SEQUENCE_OF(SemaphoreEntry)), moreFollows: implicit(1, BOOLEAN).default(true) },
)
