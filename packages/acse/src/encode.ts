import { type BitString, bitString } from '@x/ber'
import { EncodeError } from '@x/core'
import { buildAARE, buildAARQ, buildABRT, buildRLRE, buildRLRQ } from './apdu.js'
import { acceptedContexts, acseContext } from './associate.js'
import { AbortDiagnostic, AbortSource, AcseOid, AssociateResult } from './codes.js'
import type { AssociationOptions, RejectVerdict } from './options.js'
import type { AssociationRecord } from './record.js'
import type {
  AAbortRequest,
  AAssociateIndication,
  AAssociateRequest,
  AAssociateResponse,
  ApplicationEntity,
  AReleaseRequest,
  AReleaseResponse,
} from './service.js'
import { titleFormsAgree } from './titles.js'
import { bareValues, checkedInformation, proposedInformation } from './user-information.js'

/** What the user submits and ACSE carries in an APDU. */
export type Submitted = AAssociateRequest | AAssociateResponse | AReleaseRequest | AReleaseResponse | AAbortRequest

/** The APDU of a primitive. @throws EncodeError BER_…, ACSE_CONTEXT, ACSE_REFERENCE */
export function encodeSubmitted(primitive: Submitted, association: AssociationRecord, options: AssociationOptions): Uint8Array {
  switch (primitive.type) {
    case 'A-ASSOCIATE.request':
      return encodeAARQ(primitive, options)
    case 'A-ASSOCIATE.response':
      return encodeAARE(primitive, association, options)
    case 'A-RELEASE.request':
    case 'A-RELEASE.response': {
      const fields = { reason: primitive.reason, userInformation: checkedInformation(primitive.userInformation, association.contexts) }
      return primitive.type === 'A-RELEASE.request' ? buildRLRQ(fields) : buildRLRE(fields)
    }
    case 'A-ABORT.request':
      return encodeABRT(primitive, association)
  }
}

function encodeAARQ(request: AAssociateRequest, options: AssociationOptions): Uint8Array {
  const list = request.presentationContextDefinitionList
  if (acseContext(list, undefined) === undefined) {
    const { abstractSyntax, basicEncoding } = AcseOid
    const found = list.map(context => context.abstractSyntaxName).join(', ') || 'none'
    const message = `presentationContextDefinitionList: expected a context for ACSE, ${abstractSyntax} in ${basicEncoding}, found ${found}`
    throw new EncodeError('acse', 'ACSE_CONTEXT', message, { path: 'presentationContextDefinitionList' })
  }
  checkForms('calling', request.calling)
  checkForms('called', request.called)
  return buildAARQ({
    ...request,
    protocolVersion: versionOf(options),
    userInformation: proposedInformation(request.userInformation, list, options.sendDirectReference ?? true),
  })
}

function encodeAARE(response: AAssociateResponse, association: AssociationRecord, options: AssociationOptions): Uint8Array {
  const asked = association.requested as AAssociateIndication
  const list = asked.presentationContextDefinitionList
  const results = response.presentationContextDefinitionResultList ?? asked.presentationContextDefinitionResultList
  if (acseContext(list, results)?.presentationContextIdentifier !== association.context) {
    const message = `presentationContextDefinitionResultList: expected acceptance of context ${association.context}, which carries the AARE`
    throw new EncodeError('acse', 'ACSE_CONTEXT', message, { path: 'presentationContextDefinitionResultList' })
  }
  checkForms('responding', response.responding)
  const units = association.functionalUnits
  const accepted = response.result === 'accepted'
  return buildAARE({
    protocolVersion: versionOf(options),
    applicationContextName: response.applicationContextName ?? asked.applicationContextName,
    result: resultNumber(response.result),
    source: accepted ? undefined : response.resultSource,
    diagnostic: response.diagnostic,
    responding: response.responding,
    functionalUnits: accepted ? units : undefined,
    authentication: units.includes('authentication') ? response.authentication : undefined,
    applicationContextNameList:
      units.includes('application-context-negotiation') && !accepted ? response.applicationContextNameList : undefined,
    implementationInformation: response.implementationInformation,
    userInformation: checkedInformation(response.userInformation, acceptedContexts(list, results)),
  })
}

/** The AARE of the ACPM itself: X.227, 7.1.3.2. The application context name is that of the AARQ unless the policy has another. */
export function encodeRefusal(verdict: RejectVerdict, association: AssociationRecord, options: AssociationOptions): Uint8Array {
  const negotiates = association.functionalUnits.includes('application-context-negotiation')
  return buildAARE({
    protocolVersion: versionOf(options),
    applicationContextName: verdict.applicationContextName ?? association.requested!.applicationContextName,
    applicationContextNameList: negotiates ? verdict.applicationContextNameList : undefined,
    result: resultNumber(verdict.result ?? 'rejected-permanent'),
    source: verdict.source,
    diagnostic: verdict.diagnostic,
  })
}

/** X.227, 9.1: the diagnostic not with the kernel alone. In session version 1 nothing of this is sent, but it must be possible. */
function encodeABRT(request: AAbortRequest, association: AssociationRecord): Uint8Array {
  const userInformation = checkedInformation(request.userInformation, association.contexts)
  if (association.sessionVersion === 1) bareValues(userInformation)
  const diagnostic = association.functionalUnits.includes('authentication') ? request.diagnostic : undefined
  return buildABRT({ abortSource: AbortSource.acseServiceUser, diagnostic, userInformation })
}

/** The ABRT of the ACPM itself. X.227, 7.3.3.4. */
export function encodeProviderABRT(association: AssociationRecord): Uint8Array {
  const diagnostic = association.functionalUnits.length > 0 ? AbortDiagnostic.protocolError : undefined
  return buildABRT({ abortSource: AbortSource.acseServiceProvider, diagnostic })
}

/** X.227, 9.1: AP title and AE qualifier of one entity have the same form. */
function checkForms(path: 'calling' | 'called' | 'responding', entity: ApplicationEntity | undefined): void {
  if (entity === undefined || titleFormsAgree(entity)) return
  throw new EncodeError('acse', 'ACSE_TITLE_FORMS', `${path}: expected AP title and AE qualifier of one form, found two`, { path })
}

function versionOf(options: AssociationOptions): BitString | undefined {
  return options.sendProtocolVersion ? bitString([true]) : undefined
}

function resultNumber(result: AAssociateResponse['result']): number {
  if (result === 'accepted') return AssociateResult.accepted
  return result === 'rejected-permanent' ? AssociateResult.rejectedPermanent : AssociateResult.rejectedTransient
}
