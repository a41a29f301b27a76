import type { Channel, ChannelSecurity } from '@x/core'
import type { PresentationAddress } from '@x/iso-presentation'
import { defined } from '../defined.js'
import type { AssociationRecord } from '../record.js'
import type { AAssociateConfirm, AAssociateIndication, AAssociateRequest, AAssociateResponse, ApplicationEntity } from '../service.js'
import type { ContextOutcome } from './common.js'

/** Everything that names one side of an association: titles and invocation identifiers, the three selectors, the network. */
export interface AeAddress extends ApplicationEntity, PresentationAddress {
  /** Network address; of the side at the other end only. */
  readonly host?: string
  readonly port?: number
}

/** Who is at the other end of the network connection. */
export interface Peer {
  /** Such as `192.0.2.7:49152`. */
  readonly remote: string
  /** The address without the port; `remote` where it leads to no network. */
  readonly host: string
  readonly port?: number
  /** What a secure channel has made sure of, such as the certificate. */
  readonly security?: ChannelSecurity
}

/** Who is at the other end of a channel. */
export function peerOf(channel: Channel): Peer {
  const { remote, remoteAddress, security } = channel
  return defined<Peer>({ remote, host: remoteAddress?.host ?? remote, port: remoteAddress?.port, security })
}

/** The side that asked for the association, as far as it has been said; it stays readable after a rejection. */
export function requestorOf({ requested, role }: AssociationRecord, peer: Peer): AeAddress {
  const asked = requested as AAssociateRequest | AAssociateIndication | undefined
  return { ...asked?.calling, ...asked?.callingPresentationAddress, ...(role === 'responder' && at(peer)) }
}

/** The side that was asked: as it was called, and on top of that as it answered. */
export function acceptorOf({ requested, answered, role }: AssociationRecord, peer: Peer): AeAddress {
  const asked = requested as AAssociateRequest | AAssociateIndication | undefined
  const answer = answered as AAssociateResponse | AAssociateConfirm | undefined
  return {
    ...asked?.called,
    ...asked?.calledPresentationAddress,
    ...answer?.responding,
    ...answer?.respondingPresentationAddress,
    ...(role === 'initiator' && at(peer)),
  }
}

function at({ host, port }: Peer): Pick<AeAddress, 'host' | 'port'> {
  return port === undefined ? { host } : { host, port }
}

/** The titles of an address alone. */
export function entityIn(address: AeAddress | undefined): ApplicationEntity | undefined {
  if (address === undefined) return undefined
  const { apTitle, aeQualifier, apInvocationIdentifier, aeInvocationIdentifier } = address
  return defined<ApplicationEntity>({ apTitle, aeQualifier, apInvocationIdentifier, aeInvocationIdentifier })
}

/** The selectors of an address alone. */
export function selectorsIn(address: AeAddress | undefined): PresentationAddress | undefined {
  if (address === undefined) return undefined
  const { presentationSelector, sessionSelector, transportSelector } = address
  return defined<PresentationAddress>({ presentationSelector, sessionSelector, transportSelector })
}

/** Each presentation context and what became of it, as far as it is known. */
export function contextsOf({ requested, answered }: AssociationRecord): readonly ContextOutcome[] {
  const results =
    answered?.presentationContextDefinitionResultList ??
    (requested?.type === 'A-ASSOCIATE.indication' ? requested.presentationContextDefinitionResultList : [])
  return (requested?.presentationContextDefinitionList ?? []).map((context, i) => {
    const result = results[i]
    return defined<ContextOutcome>({
      id: context.presentationContextIdentifier,
      abstractSyntax: context.abstractSyntaxName,
      transferSyntaxes: context.transferSyntaxNameList,
      result: result?.result ?? 'proposed',
      transferSyntax: result?.result === 'acceptance' ? result.transferSyntaxName : undefined,
      providerReason: result?.result === 'provider-rejection' ? result.providerReason : undefined,
    })
  })
}
