import { UsageError } from '@x/core'
import type { PresentationAddress } from '@x/iso-presentation'
import type { ApplicationEntity, AssociationInformation, Authentication } from '../service.js'
import type { Peer } from './names.js'

interface Said {
  /** `rejected-transient`: it may be tried again. @default 'rejected-permanent' */
  readonly result?: 'rejected-permanent' | 'rejected-transient'
  /** @default the one that was proposed */
  readonly applicationContextName?: string
  /** Supported ones; sent when the peer negotiates. */
  readonly applicationContextNameList?: readonly string[]
  readonly responding?: ApplicationEntity
  readonly authentication?: Authentication
  readonly userInformation?: readonly AssociationInformation[]
}

/** No, with an AARE: what may go together. X.227, 9.1. */
export type Rejection =
  /** 0 null, 1 no reason given, 2 application context, 3 to 6 calling, 7 to 10 called, 11 to 14 authentication: see `UserDiagnostic`. */
  | (Said & { readonly source?: 'acse-service-user'; readonly diagnostic?: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 })
  /** 0 null, 1 no reason given, 2 no common ACSE version: see `ProviderDiagnostic`. */
  | (Said & { readonly source: 'acse-service-provider'; readonly diagnostic?: 0 | 1 | 2 })

/** No, below ACSE: before the AARQ is read, and without an AARE. */
export type Admission =
  | 'accept'
  /** CPR. X.226, 6.2.4.9: 0 not specified, 1 congestion, 2 local limit, 3 address unknown, 4 version, 5 default context, 6 user data, 7 no PSAP. */
  | { readonly source: 'presentation-service-provider'; readonly reason: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 }
  /** RF. X.225, 8.3.5.10: 129 selector unknown, 130 user not attached, 131 congestion, 132 version, 133 not specified, 134 restriction. */
  | { readonly source: 'session-service-provider'; readonly reason: 129 | 130 | 131 | 132 | 133 | 134 }

/** What is known of a peer when its session connection is asked for. */
export interface Arrival {
  readonly peer: Peer
  readonly called: Omit<PresentationAddress, 'presentationSelector'>
  readonly calling: Omit<PresentationAddress, 'presentationSelector'>
}

const highest = { 'acse-service-user': 14, 'acse-service-provider': 2 } as const

/** @throws UsageError `ACSE_REJECTION` for what the types forbid, too */
export function checkRejection(rejection: Rejection): void {
  const { result = 'rejected-permanent', source = 'acse-service-user', diagnostic = 0 } = rejection
  if (result !== 'rejected-permanent' && result !== 'rejected-transient')
    throw wrong('result', 'rejected-permanent or rejected-transient', result)
  if (!Object.hasOwn(highest, source)) {
    throw wrong('source', 'acse-service-user or acse-service-provider (layers below refuse in the policy’s admit)', source)
  }
  const most = highest[source]
  if (!Number.isInteger(diagnostic) || diagnostic < 0 || diagnostic > most)
    throw wrong('diagnostic', `0 to ${most} from the ${source}`, diagnostic)
}

/** @throws UsageError `ACSE_REJECTION` */
export function checkAdmission(admission: Admission): void {
  if (admission === 'accept') return
  const { source, reason } = admission
  const [least, most] = source === 'presentation-service-provider' ? [0, 7] : source === 'session-service-provider' ? [129, 134] : []
  if (least === undefined) throw wrong('source', 'presentation-service-provider or session-service-provider', source)
  if (!Number.isInteger(reason) || reason < least || reason > most!) throw wrong('reason', `${least} to ${most} from the ${source}`, reason)
}

function wrong(field: string, expected: string, found: unknown): UsageError {
  return new UsageError('acse', 'ACSE_REJECTION', `${field} of a rejection: expected ${expected}, found ${String(found)}`)
}
