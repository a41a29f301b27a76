import { EncodeError } from '@x/core'
import { FunctionalUnit } from '@x/iso-session'
import { type Alteration, alterationProblem, altered, exceeds } from './alteration.js'
import type { IdentifierListItem } from './asn1.js'
import { PresentationRequirement } from './codes.js'
import { answerProblem, type ContextPolicy, definedContextSet, IDENTIFIER_LIMIT, isSupported } from './contexts.js'
import type { PresentationState, Problem, RequestEvent } from './events.js'
import { encodeAC, encodeACA, encodeARU, encodeCP, encodeCPA, encodeCPR, encodeTTD } from './ppdu.js'
import type {
  PAlterContextRequest,
  PAlterContextResponse,
  PConnectRequest,
  PConnectResponse,
  PDataRequest,
  PresentationDataValues,
  PresentationSubmit,
  PUAbortRequest,
} from './service.js'
import { encodeUserData, formOf } from './user-data.js'
import type { Variables } from './variables.js'
import { checkX410, encodeX410 } from './x410.js'

/** What a connection has agreed so far. */
export interface Agreed extends Variables {
  readonly state: PresentationState
}

const ANY_UNIT = 0xffff

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
    case 'P-DATA.request':
      if (primitive.userData.length > 0) return { ...primitive, ppdu: encodeUserData(primitive.userData, agreed.form) }
      throw new EncodeError('presentation', 'PRESENTATION_USER_DATA', 'P-DATA: expected at least one value of user data, found none')
    case 'P-TYPED-DATA.request':
      return { ...primitive, ppdu: encodeTTD(primitive.userData, agreed.form) }
    case 'P-TOKEN-GIVE.request':
    case 'P-TOKEN-PLEASE.request':
    case 'P-RELEASE.request':
    case 'P-RELEASE.response':
      return { ...primitive, ppdu: encodeUserData(primitive.userData, agreed.form) }
    case 'P-ALTER-CONTEXT.request':
      return alterRequest(primitive, agreed)
    case 'P-ALTER-CONTEXT.response':
      return alterResponse(primitive, agreed, policy)
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
  if (primitive.mode === 'x410-1984') {
    checkX410(primitive)
    return { ...primitive, ppdu: encodeX410('CP', primitive.userData), units: ANY_UNIT }
  }
  const { sessionRequirements = FunctionalUnit.duplex } = primitive
  const manages = ((primitive.presentationRequirements ?? 0) & PresentationRequirement.contextManagement) !== 0
  const ours = manages ? FunctionalUnit.typedData & ~sessionRequirements : 0
  const ppdu = encodeCP({
    callingPresentationSelector: primitive.calling?.presentationSelector,
    calledPresentationSelector: primitive.called?.presentationSelector,
    presentationContextDefinitionList: primitive.presentationContextDefinitionList,
    defaultContextName: primitive.defaultContextName,
    presentationRequirements: primitive.presentationRequirements,
    userSessionRequirements: ours === 0 ? undefined : sessionRequirements,
    userData: primitive.userData,
    alternativeUserData: primitive.alternativeUserData,
  })
  return {
    ...primitive,
    ...(ours !== 0 && { sessionRequirements: sessionRequirements | ours }),
    ppdu,
    units: ANY_UNIT & ~ours,
    problem: requestProblem(primitive, policy),
  }
}

/** What this provider does not have. p02 of K01 is one of the reasons. */
function requestProblem(
  { presentationRequirements: units = 0, defaultContextName }: PConnectRequest,
  policy: ContextPolicy,
): Problem | undefined {
  if ((units & ~PresentationRequirement.contextManagement) !== 0)
    return {
      code: 'PRESENTATION_REQUIREMENTS',
      text: `presentationRequirements: expected 0 or ${PresentationRequirement.contextManagement}, context management, found ${units}`,
    }
  if (defaultContextName && !isSupported(defaultContextName.abstractSyntaxName, defaultContextName.transferSyntaxName, policy))
    return {
      code: 'PRESENTATION_REQUIREMENTS',
      text: `defaultContextName: ${defaultContextName.abstractSyntaxName} in ${defaultContextName.transferSyntaxName} is not supported here`,
    }
  return undefined
}

function connectResponse(primitive: PConnectResponse, agreed: Agreed, policy: ContextPolicy): RequestEvent {
  const { proposed, marked, x410, alter } = agreed
  const results = primitive.presentationContextDefinitionResultList ?? marked
  const set = definedContextSet(proposed, results)
  const units = (primitive.result === 'acceptance' && primitive.presentationRequirements) || 0
  const asked = primitive.result === 'acceptance' ? (primitive.sessionRequirements ?? sessionUnits(units, agreed)) : undefined
  const ours = asked !== undefined && units !== 0 ? FunctionalUnit.typedData & ~asked : 0
  const value = {
    respondingPresentationSelector: primitive.responding?.presentationSelector,
    presentationContextDefinitionResultList: results,
    userData: primitive.userData,
  }
  const encoded = () =>
    primitive.result === 'acceptance'
      ? encodeCPA({ ...value, presentationRequirements: units, userSessionRequirements: ours === 0 ? undefined : asked })
      : encodeCPR({ ...value, defaultContextResult: primitive.defaultContextResult })
  const ppdu = x410 ? encodeX410(primitive.result === 'acceptance' ? 'CPA' : 'CPR', primitive.userData) : encoded()
  return {
    ...primitive,
    ...(asked !== undefined && { sessionRequirements: asked | ours }),
    ppdu,
    results,
    set,
    managed: units !== 0,
    units: agreed.units & (asked ?? ANY_UNIT),
    problem: unitsProblem(units, alter !== undefined) ?? resultsProblem(answerProblem(proposed, marked, results, policy)),
  }
}

/** Session units of an acceptance whose user names none: typed data must be among them when context management is, so that a session
 *  without it refuses the response instead of leaving it out. */
function sessionUnits(units: number, { units: proposed }: Agreed): number | undefined {
  return units === 0 ? undefined : (proposed & FunctionalUnit.duplex || FunctionalUnit.halfDuplex) | FunctionalUnit.typedData
}

function unitsProblem(units: number, offered: boolean): Problem | undefined {
  const most = offered ? PresentationRequirement.contextManagement : 0
  if ((units & ~most) === 0) return undefined
  return {
    code: 'PRESENTATION_REQUIREMENTS',
    text: `presentationRequirements: expected no unit that was not indicated (${most}), found ${units}`,
  }
}

function resultsProblem(text: string | undefined): Problem | undefined {
  return text === undefined ? undefined : { code: 'PRESENTATION_RESULTS', text }
}

/** X.226, 6.5.2. */
function alterRequest(primitive: PAlterContextRequest, { set, form, alter }: Agreed): RequestEvent {
  const { presentationContextAdditionList: additions = [], presentationContextDeletionList: deletions = [] } = primitive
  const alteration = { additions, deletions }
  const text = alterProblem(alteration, set, alter)
  return {
    ...primitive,
    ppdu: encodeAC({ ...primitive, form }),
    alteration,
    ...(text !== undefined && { problem: { code: 'PRESENTATION_CONTEXTS', text } }),
  }
}

function alterProblem(alteration: Alteration, set: Agreed['set'], alter: Agreed['alter']): string | undefined {
  const gone = alteration.deletions.find(identifier => !set.has(identifier))
  if (gone !== undefined) return `context ${gone} is not defined, so it cannot be deleted`
  if (alter === undefined) return undefined
  if (exceeds(alter, alteration.additions)) return `one connection may see ${IDENTIFIER_LIMIT} context identifiers, and these would be more`
  return alterationProblem(alteration, alter, true)
}

const NOTHING: NonNullable<NonNullable<Agreed['alter']>['indicated']> = { additions: [], deletions: [], marked: [] }

/** X.226, 6.5.3. */
function alterResponse(primitive: PAlterContextResponse, { set, alter }: Agreed, policy: ContextPolicy): RequestEvent {
  const asked = alter?.indicated ?? NOTHING
  const results = primitive.presentationContextAdditionResultList ?? asked.marked
  const deletionResults = primitive.presentationContextDeletionResultList ?? asked.deletions.map(() => 'acceptance' as const)
  const resulting = altered(set, asked, results, deletionResults)
  const value = { presentationContextAdditionResultList: results, presentationContextDeletionResultList: deletionResults }
  const text =
    answerProblem(asked.additions, asked.marked, results, policy) ??
    (deletionResults.length === asked.deletions.length
      ? undefined
      : `expected ${asked.deletions.length} context deletion results, found ${deletionResults.length}`)
  return {
    ...primitive,
    ppdu: encodeACA({ ...value, userData: primitive.userData, form: formOf(resulting, true) }),
    set: resulting,
    problem: resultsProblem(text),
  }
}

/** X.226, 6.4.2. Before the DCS is agreed the contexts are those proposed, and the encoding is full, as in the CP. */
function abortRequest(primitive: PUAbortRequest, agreed: Agreed): RequestEvent {
  const { state, proposed, alter, x410 } = agreed
  if (x410) return { ...primitive, ppdu: encodeX410('ARU', primitive.userData), bare: encodeX410('ARU') }
  const opening = state === 'STAI1' || state === 'STAI2'
  const form = opening ? (proposed.length > 0 ? 'full' : 'simple') : agreed.form
  const { userData = [] } = primitive
  const needed = userData.length > 0 && (proposed.length > 0 || alter !== undefined)
  const presentationContextIdentifierList = needed ? identifierList(userData, agreed, opening) : undefined
  const ppdu = encodeARU({ presentationContextIdentifierList, userData, form })
  return { ...primitive, ppdu, bare: encodeARU() }
}

/** The contexts used, once each, with the transfer syntax of their values. */
function identifierList(values: readonly PresentationDataValues[], agreed: Agreed, opening: boolean): IdentifierListItem[] {
  const { set, proposed, marked } = agreed
  const used = new Set(values.map(value => value.presentationContextIdentifier))
  if (!opening)
    return [...set.values()]
      .filter(context => used.has(context.presentationContextIdentifier))
      .map(({ presentationContextIdentifier, transferSyntaxName }) => ({ presentationContextIdentifier, transferSyntaxName }))
  return proposed.flatMap(({ presentationContextIdentifier, transferSyntaxNameList }, i) => {
    if (!used.has(presentationContextIdentifier)) return []
    const mark = marked[i]
    const transferSyntaxName =
      values.find(value => value.presentationContextIdentifier === presentationContextIdentifier)?.transferSyntaxName ??
      (mark?.result === 'acceptance' ? mark.transferSyntaxName : transferSyntaxNameList[0]!)
    return [{ presentationContextIdentifier, transferSyntaxName }]
  })
}
