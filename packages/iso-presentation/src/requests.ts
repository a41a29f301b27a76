import { EncodeError } from '@x/core'
import type { IdentifierListItem } from './asn1.js'
import { answerProblem, type ContextPolicy, type DefinedContextSet, definedContextSet, isSupported } from './contexts.js'
import type { PresentationState, RequestEvent } from './events.js'
import { encodeARU, encodeCP, encodeCPA, encodeCPR } from './ppdu.js'
import type {
  PConnectRequest,
  PConnectResponse,
  PDataRequest,
  PresentationContext,
  PresentationContextResult,
  PresentationDataValues,
  PresentationSubmit,
  PUAbortRequest,
} from './service.js'
import { encodeUserData, formOf } from './user-data.js'

/** What a connection has agreed so far, as far as encoding needs it. */
export interface Agreed {
  readonly state: PresentationState
  /** The definition list of the CP, sent or received. */
  readonly proposed: readonly PresentationContext[]
  /** Responder: what the provider makes of it. */
  readonly marked: readonly PresentationContextResult[]
  readonly set: DefinedContextSet
}

/**
 * A request or response with its PPDU, encoded before the state table is asked.
 *
 * @throws EncodeError for a value that has no encoding, in any state
 */
export function encodeRequest(primitive: Exclude<PresentationSubmit, PDataRequest>, agreed: Agreed, policy: ContextPolicy): RequestEvent {
  switch (primitive.type) {
    case 'P-CONNECT.request':
      return connectRequest(primitive, policy)
    case 'P-CONNECT.response':
      return connectResponse(primitive, agreed, policy)
    case 'P-RELEASE.request':
    case 'P-RELEASE.response':
      return { ...primitive, ppdu: encodeUserData(primitive.userData, formOf(agreed.set)) }
    case 'P-U-ABORT.request':
      return abortRequest(primitive, agreed)
    case 'P-P-ABORT.request':
      return primitive
    default:
      throw new EncodeError(
        'presentation',
        'PRESENTATION_PRIMITIVE',
        `expected a primitive of the presentation service, found ${(primitive satisfies never as { type: string }).type}`,
      )
  }
}

function connectRequest(primitive: PConnectRequest, policy: ContextPolicy): RequestEvent {
  const { presentationContextDefinitionList, defaultContextName, userData } = primitive
  const ppdu = encodeCP({
    callingPresentationSelector: primitive.calling?.presentationSelector,
    calledPresentationSelector: primitive.called?.presentationSelector,
    presentationContextDefinitionList,
    defaultContextName,
    userData,
  })
  return { ...primitive, ppdu, problem: requestProblem(primitive, policy) }
}

/** What this provider does not have. p02 of K01 is one of the reasons. */
function requestProblem({ presentationRequirements = 0, defaultContextName }: PConnectRequest, policy: ContextPolicy): string | undefined {
  if (presentationRequirements !== 0) return `presentationRequirements: expected 0, the kernel alone, found ${presentationRequirements}`
  if (defaultContextName && !isSupported(defaultContextName.abstractSyntaxName, defaultContextName.transferSyntaxName, policy))
    return `defaultContextName: ${defaultContextName.abstractSyntaxName} in ${defaultContextName.transferSyntaxName} is not supported here`
  return undefined
}

function connectResponse(primitive: PConnectResponse, { proposed, marked }: Agreed, policy: ContextPolicy): RequestEvent {
  const results = primitive.presentationContextDefinitionResultList ?? marked
  const value = {
    respondingPresentationSelector: primitive.responding?.presentationSelector,
    presentationContextDefinitionResultList: results,
    userData: primitive.userData,
  }
  const ppdu =
    primitive.result === 'acceptance' ? encodeCPA(value) : encodeCPR({ ...value, defaultContextResult: primitive.defaultContextResult })
  const problem = answerProblem(proposed, marked, results, policy)
  return { ...primitive, ppdu, results, set: definedContextSet(proposed, results), problem }
}

/** X.226, 6.4.2. Before the DCS is agreed the contexts are those proposed, and the encoding is full, as in the CP. */
function abortRequest(primitive: PUAbortRequest, agreed: Agreed): RequestEvent {
  const { state, set, proposed } = agreed
  const form = state === 'STAt0' ? formOf(set) : proposed.length > 0 ? 'full' : 'simple'
  const { userData = [] } = primitive
  const presentationContextIdentifierList = userData.length > 0 && proposed.length > 0 ? identifierList(userData, agreed) : undefined
  const ppdu = encodeARU({ presentationContextIdentifierList, userData, form })
  return { ...primitive, ppdu, bare: encodeARU() }
}

/** The contexts used, once each, with the transfer syntax of their values. */
function identifierList(values: readonly PresentationDataValues[], { set, proposed, marked }: Agreed): IdentifierListItem[] {
  const used = new Set(values.map(value => value.presentationContextIdentifier))
  return proposed.flatMap(({ presentationContextIdentifier, transferSyntaxNameList }, i) => {
    if (!used.has(presentationContextIdentifier)) return []
    const mark = marked[i]
    const transferSyntaxName =
      set.get(presentationContextIdentifier)?.transferSyntaxName ??
      values.find(value => value.presentationContextIdentifier === presentationContextIdentifier)?.transferSyntaxName ??
      (mark?.result === 'acceptance' ? mark.transferSyntaxName : transferSyntaxNameList[0]!)
    return [{ presentationContextIdentifier, transferSyntaxName }]
  })
}
