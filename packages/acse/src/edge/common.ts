import type { Timers } from '@x/core'
import type { PresentationDataValues } from '@x/iso-presentation'
import type { AssociationInformation } from '../service.js'
import type { Association } from './association.js'
import type { OnRelease } from './release.js'
import type { TimeoutSettings } from './timeouts.js'

/** What both sides of an association can set. */
export interface CommonOptions {
  readonly timeouts?: TimeoutSettings
  /** Asked before the peer's release is answered. @default affirmative, at once */
  readonly onRelease?: OnRelease
  /** After `timeouts.idle` without data; a function decides, and idleness begins anew. @default 'abort' */
  readonly onIdle?: 'abort' | 'release' | ((association: Association) => unknown)
  /** Takes what the peer sends, at once, instead of a reader; octets are views. @default it waits to be read */
  readonly onData?: (values: readonly Data[], association: Association) => unknown
  /** Data of the peer held for the reader before the network connection is paused. @default 64 */
  readonly queueLimit?: number
  readonly timers?: Timers
}

/** Octets that a peer may leave unread. */
export interface AssociationLimits {
  /** Octets waiting to be sent above which the peer is not heard until it has read. @default 262_144 */
  readonly maxPending?: number
  /** For such a peer to read, in milliseconds. @default 30_000 */
  readonly stallTimeout?: number
}

/** `associating` until accepted; `releasing`: this side has asked for release; `release-requested`: the peer has, and waits for the answer. */
export type AssociationStatus = 'associating' | 'associated' | 'releasing' | 'release-requested' | 'closed'

/** What became of one presentation context. */
export interface ContextOutcome {
  readonly id: number
  readonly abstractSyntax: string
  /** Proposed. */
  readonly transferSyntaxes: readonly string[]
  /** `proposed`: not answered. */
  readonly result: 'proposed' | 'acceptance' | 'user-rejection' | 'provider-rejection'
  /** The one in use; accepted only. */
  readonly transferSyntax?: string
  /** X.226, 8.2: 1 abstract syntax, 2 transfer syntaxes, 3 local limit. */
  readonly providerReason?: number
}

/** One value that the peer has sent. */
export type Data = PresentationDataValues

export interface AbortOptions {
  /** ABRT-diagnostic: 1 no reason, 2 protocol error, 3 mechanism not recognized, 4 mechanism required, 5 authentication failure,
   *  6 authentication required. Sent only when the authentication functional unit is in force. X.227, 9.1. */
  readonly diagnostic?: 1 | 2 | 3 | 4 | 5 | 6
  readonly userInformation?: readonly AssociationInformation[]
}
