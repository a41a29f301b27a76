import type { LoadData } from '../../asn1/domain.js'
import type { LoadDataSource } from '../../edge/segments.js'
import type { ServerAssociation } from '../association.js'
import type { Maybe } from '../maybe.js'
import type { DomainModel } from '../model.js'
import type { ThirdParty } from '../third-party.js'

/** What a domain is besides its objects. */
export interface DomainAttributes {
  /** Texts that say what it needs of the VMD. @default none, which is the choice for interoperation */
  readonly capabilities?: readonly string[]
  /** Whether it may belong to several program invocations. @default true; as the client wants it, for one that a client had loaded */
  readonly sharable?: boolean
  /**
   * The load data of which the same domain could be made again, for uploads and for storing it in a file. Called once for each; what it gives
   * should be the state of that moment, and is asked for piece by piece. What it throws ends the upload: see `DomainLoading.load`.
   * @default none: it cannot be uploaded, the error is access, object-access-unsupported
   */
  readonly store?: () => LoadDataSource
  /** Told when the domain has been deleted, however. It must not throw. */
  readonly onDelete?: () => void
}

/** What is known of a domain that is being loaded. */
export interface LoadingDomain {
  readonly name: string
  readonly capabilities: readonly string[]
  readonly sharable: boolean
  /** The client that asked for it. */
  readonly association: ServerAssociation
  /** Fires when the load is given up: its association has ended, it was cancelled. */
  readonly signal: AbortSignal
}

/** How a VMD makes domains of load data. ISO 9506-1, 11. */
export interface DomainLoading {
  /**
   * Makes a domain of load data. `segments` gives them as they come: the next one is asked for when the loop comes round, so a domain of any
   * size goes through in the memory of one segment. It must be read to its end.
   *
   * What it throws refuses the domain with vmd-state, domain-transfer-problem; a thrown `{ error: serviceError(…) }` with that error, a
   * FileStoreError with the class file.
   *
   * @returns its variables, lists, how to store it …; capabilities and sharable are the client's unless given
   * @default keeps the octets, up to `maxOctets`, and stores the same again
   */
  readonly load?: (segments: AsyncIterable<LoadData>, domain: LoadingDomain) => Maybe<DomainModel>
  /** The capabilities that there are: false for one that cannot be had now. Others are refused as unknown. @default any */
  readonly capabilities?: Readonly<Record<string, boolean>>
  /**
   * Where the files of other applications are, for what a client wants loaded from, stored at or obtained from a third party (`tpy`).
   * @returns undefined: nobody is known by that reference. @default nobody is
   */
  readonly thirdParty?: ThirdParty
  /** Domains made by services. @default 1_000 */
  readonly maxDomains?: number
  /** Loads of one association at a time. @default 5 */
  readonly maxLoads?: number
  /** Uploads of one association at a time. @default 5 */
  readonly maxUploads?: number
  /** Octets of one domain that the default of `load` keeps. @default 1_048_576 */
  readonly maxOctets?: number
  /** The same for all domains together. @default 67_108_864 */
  readonly maxTotalOctets?: number
  /** Milliseconds for each answer of a client while it is asked for a domain. @default 30_000 */
  readonly answerTimeout?: number
}
