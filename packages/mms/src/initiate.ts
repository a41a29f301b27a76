import type { AAssociateConfirm, AssociationInformation } from '@x/acse'
import { DecodeError, type OsiError } from '@x/core'
import type { InitiateRequestPDU, InitiateResponsePDU } from './asn1/environment.js'
import type { ServiceError } from './asn1/error.js'
import { decodePdu } from './asn1/pdu.js'
import { type InitiateSettings, worseThanProposed } from './negotiation.js'
import type { InitiateAnswered, InitiateArrived } from './states.js'

/** ISO 9506-2: the abstract syntax mms-abstract-syntax-version1. */
export const MMS_ABSTRACT_SYNTAX = '1.0.9506.2.1'
/** ISO 9506-2: the application context of MMS. */
export const MMS_APPLICATION_CONTEXT = '1.0.9506.2.3'
/** X.690: Basic Encoding Rules. */
const BER = '2.1.1'
const ACSE_ABSTRACT_SYNTAX = '2.2.1.0.1'

/** The two presentation contexts of an MMS association, with the identifiers that every known peer uses. */
export const mmsContexts = [
  { presentationContextIdentifier: 1, abstractSyntaxName: ACSE_ABSTRACT_SYNTAX, transferSyntaxNameList: [BER] },
  { presentationContextIdentifier: 3, abstractSyntaxName: MMS_ABSTRACT_SYNTAX, transferSyntaxNameList: [BER] },
] as const

/** The identifier of the MMS context in a list; 3 when it is not there. */
export function contextOf(
  contexts: readonly { readonly presentationContextIdentifier: number; readonly abstractSyntaxName: string }[],
): number {
  return contexts.find(context => context.abstractSyntaxName === MMS_ABSTRACT_SYNTAX)?.presentationContextIdentifier ?? 3
}

/** An MMS PDU as user information of an AARQ (while contexts are being negotiated: with the transfer syntax) or an AARE. X.680, 36. */
export function asExternal(octets: Uint8Array, context: number, phase: 'negotiating' | 'negotiated'): AssociationInformation {
  return { ...(phase === 'negotiating' ? { directReference: BER } : {}), indirectReference: context, octets }
}

export interface ReadInitiate {
  readonly initiate?: InitiateRequestPDU
  readonly response?: InitiateResponsePDU
  readonly error?: ServiceError
  /** Why there is none of the three. */
  readonly cause?: OsiError
}

/** Finds the initiate PDU in user information. */
export function readInitiate(information: readonly AssociationInformation[], maxPduSize: number): ReadInitiate {
  let cause: OsiError | undefined
  for (const { octets } of information) {
    const decoded = decodePdu(octets, { maxPduSize, nesting: 0 })
    if (decoded.type === 'broken') {
      cause ??= decoded.error
      continue
    }
    switch (decoded.pdu.type) {
      case 'initiateRequestPDU':
        return { initiate: decoded.pdu.value }
      case 'initiateResponsePDU':
        return { response: decoded.pdu.value }
      case 'initiateErrorPDU':
        return { error: decoded.pdu.value }
      default:
        cause ??= new DecodeError('mms', 'MMS_INITIATE', `expected an initiate PDU in the user information, found a ${decoded.pdu.type}`)
    }
  }
  return cause === undefined ? {} : { cause }
}

/** What an A-ASSOCIATE confirm means for the environment. */
export function judge(association: AAssociateConfirm, proposal: InitiateRequestPDU, settings: InitiateSettings): InitiateAnswered {
  const read = readInitiate(association.userInformation, settings.maxPduSize)
  const base = { type: 'A-ASSOCIATE.confirm', association } as const
  if (read.error) return { ...base, error: read.error }
  if (!read.response) return { ...base, ...(read.cause === undefined ? {} : { cause: read.cause }) }
  const worse = worseThanProposed(proposal, read.response, settings)
  if (worse === undefined) return { ...base, response: read.response }
  return { ...base, cause: new DecodeError('mms', 'MMS_INITIATE', worse, { clause: 'ISO 9506-1, 8.2' }) }
}

/** Why an association is refused before the user is asked: a diagnostic of the acse-service-user; undefined: it is not. */
export function refusalOf({ association, initiate }: InitiateArrived): number | undefined {
  if (association.applicationContextName !== MMS_APPLICATION_CONTEXT) return 2
  const at = association.presentationContextDefinitionList.findIndex(context => context.abstractSyntaxName === MMS_ABSTRACT_SYNTAX)
  const accepted = association.presentationContextDefinitionResultList[at]?.result === 'acceptance'
  return accepted && initiate !== undefined ? undefined : 1
}
