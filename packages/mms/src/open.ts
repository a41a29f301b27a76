import {
  type AssociationStackOptions,
  associationAborted,
  associationLost,
  associationRefused,
  associationStack,
  refusedByClosing,
} from '@x/acse/open'
import { AbortedError, type Channel, type OsiError, type OutcomeError, RefusedError, ReleasedError, remembered, seen } from '@x/core'
import { Connection, type ConnectionOptions, refusalIn, type Shape, systemTimers, withCause } from '@x/core/async'
import { MmsClient } from './client/client.js'
import { downloadHandlers } from './client/downloads.js'
import { describeServiceError } from './client/errors.js'
import { OwnFiles } from './client/own-files.js'
import { unitControlHandlers } from './client/unit-control-load.js'
import type { MmsPeer } from './edge/peer.js'
import { mmsContexts } from './initiate.js'
import { MmsMachine } from './machine.js'
import { type InitiateParameters, initiateSettings, proposal } from './negotiation.js'
import type { MmsOptions, Served } from './options.js'
import { fileServices } from './server/file-services.js'
import type { FileStore } from './server/file-store.js'
import { type AdditionalHandlers, additionalService, type Handlers } from './server/handlers.js'
import type { AssociationRequest, MInitiateConfirm, MmsDelivery, MmsSubmit } from './service.js'

/** Options of the machines below the door. */
export interface MmsStackOptions extends AssociationStackOptions {
  readonly mms?: Partial<MmsOptions>
}

/** What there is a use for: a context of another abstract syntax is refused, the association goes on without it. */
const SYNTAXES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  mmsContexts.map(({ abstractSyntaxName, transferSyntaxNameList }) => [abstractSyntaxName, transferSyntaxNameList]),
)

/** Octets that presentation, session and COTP put around an MMS PDU, and room for a PDU that is too long to be rejected, not cut off. */
const ENVELOPE = 1_024
/** Room for an association with authentication and titles, whatever the size of a PDU. */
const LEAST_TSDU_SIZE = 16_384

/** MMS over ACSE, presentation, session, COTP and TPKT over a channel. */
export function mmsStack(channel: Channel, options: MmsStackOptions = NO_OPTIONS): MmsMachine {
  const { below, mms } = optionsOfLayers(options)
  return new MmsMachine(seen(associationStack(channel, below), 'acse', options.see), mms)
}

const NO_OPTIONS = {}
type PresentationOptions = NonNullable<AssociationStackOptions['presentation']>
type TransportOptions = NonNullable<AssociationStackOptions['transport']>

/** One for all stacks that are given these options, so that their layers share what they make of them. */
const optionsOfLayers = remembered((options: MmsStackOptions) => {
  const { maxPduSize } = initiateSettings(options.mms?.initiate)
  const transport = transportFor(Math.max(LEAST_TSDU_SIZE, maxPduSize + ENVELOPE))
  const below: AssociationStackOptions = {
    ...options,
    network: options.see || options.transport?.onTpdu ? (options.network ?? NO_OPTIONS) : { ...NETWORK, ...options.network },
    transport: options.transport === undefined ? transport : { ...transport, ...options.transport },
    presentation: options.presentation === undefined ? PRESENTATION : { ...PRESENTATION, ...options.presentation },
  }
  const mms: MmsOptions = { timers: systemTimers, ...options.mms }
  return { below, mms }
})

/** The values of MMS are copies, so that nothing here needs the octets afterwards; whoever looks at a layer below may keep them. */
const NETWORK = { reuseBuffers: true }

/** Clients bring options of their own for each association, but hardly ever for the layers below: these share settings as well. */
const PRESENTATION: PresentationOptions = { abstractSyntaxes: SYNTAXES }
const transports = new Map<number, TransportOptions>()

function transportFor(maxTsduSize: number): TransportOptions {
  const known = transports.get(maxTsduSize) ?? { maxTsduSize }
  transports.set(maxTsduSize, known)
  return known
}

export interface OpenMmsOptions extends ConnectionOptions, MmsStackOptions {
  /** What this side proposes. */
  readonly initiate?: InitiateParameters
  /** Names, addresses, authentication: whatever of an A-ASSOCIATE.request should differ from the default. Selectors default to 00 01 (T, S) and 00 00 00 01 (P). */
  readonly association?: AssociationRequest
  /** Requests open at a time, below what is negotiated. @default as negotiated */
  readonly maxOutstanding?: number
  /** Refuses here what the peer has not announced: services, modifiers, building blocks. @default false: the peer is asked, and refuses itself */
  readonly announcedOnly?: boolean
  /** The first invoke identifier, 1 to 2³¹−1; after the last comes 1. @default 1 */
  readonly firstInvokeID?: number
  /** Variables in one read or write, for servers that answer no more at a time; more are read or written in several. @default any number */
  readonly maxItems?: number
  /** Services that the server may ask this side for, besides those of a file that it is given. @default none */
  readonly handlers?: Handlers<MmsClient>
  /** The same of services inside additionalService, such as uCLoad. @default none */
  readonly additional?: AdditionalHandlers<MmsClient>
  /** Files that the server may fetch at any time. @default none but the one that `files.write` gives */
  readonly files?: FileStore
}

/** The address that most servers expect: T-selector 00 01, S-selector 00 01, P-selector 00 00 00 01. */
export const DEFAULT_ADDRESS = {
  transportSelector: Uint8Array.of(0, 1),
  sessionSelector: Uint8Array.of(0, 1),
  presentationSelector: Uint8Array.of(0, 0, 0, 1),
} as const

/**
 * Associates over an open channel.
 * @throws RefusedError naming the layer, who refused and why; TimeoutError, DisconnectedError, AbortedError, the signal's reason
 */
export async function openMms(channel: Channel, options: OpenMmsOptions = {}): Promise<MmsClient> {
  const settings = initiateSettings(options.initiate)
  const ownFiles = new OwnFiles(options.files)
  // Without `cspi` there is nothing that a server could ask for inside additionalService.
  const loads = settings.parameterCBB.includes('cspi') ? unitControlHandlers : undefined
  const additional = loads === undefined ? options.additional : { ...loads, ...options.additional }
  const handlers: Handlers<MmsClient> = {
    ...servedByClients(ownFiles),
    ...downloadHandlers,
    ...options.handlers,
    ...(additional && { additionalService: additionalService(additional) }),
  }
  const machine = mmsStack(channel, {
    ...options,
    mms: {
      serves: [...Object.keys(handlers), ...Object.keys(additional ?? {}), ...HEARD] as Served[],
      ...options.mms,
      ...(options.initiate === undefined ? {} : { initiate: options.initiate }),
    },
  })
  const association: AssociationRequest = {
    calledPresentationAddress: DEFAULT_ADDRESS,
    callingPresentationAddress: DEFAULT_ADDRESS,
    ...options.association,
  }
  const { connection, confirm } = await Connection.open(
    machine,
    channel,
    callingShape,
    { type: 'M-INITIATE.request', initiate: proposal(settings, machine.serves), association },
    { progress: () => `MMS is ${machine.state}`, ...options },
  )
  return new MmsClient(connection, confirm as Extract<MInitiateConfirm, { result: 'accepted' }>, { ...options, handlers, ownFiles })
}

/** Unconfirmed services that every client hears. A server must not send what a client has not announced. */
const HEARD: readonly Served[] = ['unsolicitedStatus', 'informationReport', 'eventNotification']

/** What obtainFile needs of the side that asks for it. */
function servedByClients(ownFiles: OwnFiles): Handlers<MmsClient> {
  const { fileOpen, fileRead, fileClose } = fileServices(ownFiles, { readsAhead: false }) as Required<Handlers<MmsPeer>>
  return { fileOpen, fileRead, fileClose }
}

/** What the async edge must know of the MMS service. */
export const mmsShape: Shape<MmsSubmit, MmsDelivery> = {
  layer: 'mms',
  isConnectIndication: delivery => delivery.type === 'M-INITIATE.indication',
  isConnectConfirm: delivery => delivery.type === 'M-INITIATE.confirm' && delivery.result === 'accepted',
  accepts: response => response.type === 'M-INITIATE.response' && response.result === 'accepted',
  endedBy: ended,
  abort: () => ({ type: 'M-ABORT.request' }),
  release: {
    request: () => ({ type: 'M-CONCLUDE.request' }),
    isIndication: delivery => delivery.type === 'M-CONCLUDE.indication',
    response: () => ({ type: 'M-CONCLUDE.response' }),
    isConfirm: delivery => delivery.type === 'M-CONCLUDE.confirm' && delivery.error === undefined,
    isRefusal: delivery => delivery.type === 'M-CONCLUDE.confirm' && delivery.error !== undefined,
  },
  key: delivery => (delivery.type === 'M-CONFIRMED.confirm' ? delivery.invokeID : undefined),
}

/** The same for the side that asks. */
const callingShape: Shape<MmsSubmit, MmsDelivery> = {
  ...mmsShape,
  endedBy: (delivery, opening) => {
    const lower = opening && delivery.type === 'M-ABORT.indication' ? delivery.lower : undefined
    return (lower?.type === 'A-P-ABORT.indication' ? refusedByClosing(lower) : undefined) ?? ended(delivery, opening)
  },
}

function ended(delivery: MmsDelivery, opening: boolean): OutcomeError | undefined {
  switch (delivery.type) {
    case 'M-INITIATE.confirm':
      if (delivery.result === 'accepted') return undefined
      if (delivery.error === undefined) return associationRefused(delivery.association)
      return new RefusedError('mms', 'MMS_REFUSED', `initiate refused by the peer's MMS: ${describeServiceError(delivery.error)}`, {
        by: 'peer',
        answered: delivery.error,
      })
    case 'M-RELEASE.indication':
      return new ReleasedError('mms', 'MMS_RELEASED', 'the peer released the association', { by: 'peer' })
    case 'M-ABORT.indication':
      return (opening ? refusalIn(delivery.cause) : undefined) ?? aborted(delivery.lower, delivery.by, delivery.cause)
    default:
      return undefined
  }
}

function aborted(
  lower: Extract<MmsDelivery, { type: 'M-ABORT.indication' }>['lower'],
  by: OutcomeError['by'],
  cause: OsiError | undefined,
): OutcomeError {
  if (lower?.type === 'A-ABORT.indication') return associationAborted(lower)
  if (lower?.type === 'A-P-ABORT.indication') return associationLost(lower)
  return new AbortedError('mms', cause?.code ?? 'MMS_ABORTED', withCause('this side aborted the association', cause), {
    by,
    ...(cause === undefined ? {} : { cause }),
  })
}
