import { UsageError } from '@x/core'
import { isOne, type PresentationEvent, type RequestEvent } from './events.js'
import type { PresentationMachine } from './machine.js'
import { abortable, isAgreed, isDefined, maySend, p03, p04, p05, p07 } from './predicates.js'
import type { PresentationDataValues } from './service.js'
import { table } from './states.js'

/** Why the table has no row for a request or response now; nothing has changed. X.226, A.4.1.1. */
export function refusalOf(m: PresentationMachine, event: RequestEvent): UsageError {
  const { state } = m
  const fail = (code: string, text: string) => new UsageError('presentation', code, `${event.type}: ${text}`, state)
  // P-P-ABORT has no predicate: where it has a row it is never refused.
  if (event.type === 'P-P-ABORT.request' || table.cell(state, event.type).length === 0)
    return new UsageError('presentation', 'STATE', `${event.type} is not allowed in state ${state}`, state)
  if (!isAgreed(m, event.type)) return fail('PRESENTATION_REQUIREMENTS', UNITS.get(event.type)!)
  switch (event.type) {
    case 'P-CONNECT.request':
      if (event.problem) return fail(event.problem.code, event.problem.text)
      return fail(
        'PRESENTATION_CONTEXT',
        stray(event.userData, v => p03(m, v, event.presentationContextDefinitionList), 'proposed'),
      )
    case 'P-CONNECT.response':
      if (event.problem) return fail(event.problem.code, event.problem.text)
      return fail(
        'PRESENTATION_CONTEXT',
        stray(event.userData, v => p04(v, event.set), 'accepted by the result list'),
      )
    case 'P-ALTER-CONTEXT.response':
      if (event.problem) return fail(event.problem.code, event.problem.text)
      return fail(
        'PRESENTATION_CONTEXT',
        stray(event.userData, v => p04(v, event.set), 'of the defined context set that results'),
      )
    case 'P-ALTER-CONTEXT.request':
      if (event.problem) return fail(event.problem.code, event.problem.text)
      if (p05(m, event.userData)) return fail('PRESENTATION_RELEASE', RELEASING)
      return fail('PRESENTATION_CONTEXT', `${stray(event.userData, v => p05(m, v), 'defined')}, ${members(m)}`)
    case 'P-U-ABORT.request': {
      const opening = state === 'STAI1' || state === 'STAI2'
      const known = opening ? (v: Values) => p03(m, v) : (v: Values) => p07(m, v)
      return fail('PRESENTATION_CONTEXT', stray(event.userData, known, opening ? 'proposed' : 'defined'))
    }
    case 'P-RELEASE.response':
      if (!p07(m, event.userData)) return fail('PRESENTATION_CONTEXT', `${stray(event.userData, v => p07(m, v), 'defined')}, ${members(m)}`)
      if (!m.variables.indicated) return fail('PRESENTATION_RELEASE', 'no release was indicated')
      return fail('PRESENTATION_RELEASE', 'a negative response needs the functional unit negotiated release of the session')
    case 'P-DATA.request':
    case 'P-TYPED-DATA.request':
    case 'P-TOKEN-GIVE.request':
    case 'P-TOKEN-PLEASE.request':
    case 'P-RELEASE.request': {
      if (!maySend(m)) return fail('PRESENTATION_RELEASE', event.type === 'P-RELEASE.request' ? AGAIN : RELEASING)
      if (event.type !== 'P-DATA.request' || !isOne(event))
        return fail('PRESENTATION_CONTEXT', `${stray(event.userData, v => p07(m, v), 'defined')}, ${members(m)}`)
      const identifier = event.presentationContextIdentifier
      const refused = m.variables.proposed.find(context => context.presentationContextIdentifier === identifier)
      const name = refused ? ` (${refused.abstractSyntaxName})` : ''
      const why = isDefined(m, identifier) ? 'is to be deleted' : refused ? 'was proposed, but is not defined' : 'is not defined'
      return fail('PRESENTATION_CONTEXT', `context ${identifier}${name} ${why}, ${members(m)}`)
    }
  }
}

const AGAIN = 'a release has been requested already'
const RELEASING = 'a release has been requested; nothing can be sent after it'

/** What is missing for a request whose functional unit was not agreed. */
const UNITS = new Map<string, string>([
  ['P-ALTER-CONTEXT.request', 'both sides must require context management'],
  ['P-TYPED-DATA.request', 'both users must require typed data of the session'],
  ['P-TOKEN-GIVE.request', 'the session has no tokens'],
  ['P-TOKEN-PLEASE.request', 'the session has no tokens'],
])

/** Which value of an event from below is of no context it may be of. */
export function strayIn(m: PresentationMachine, event: PresentationEvent): string {
  const values = 'values' in event ? event.values : 'indication' in event ? event.indication?.userData : undefined
  const set = 'set' in event ? event.set : event.type === 'CP' ? proposedBy(event) : abortable(m)
  const found = values?.find(value => !p04([value], set))
  if (found === undefined) return 'expected user data of the contexts agreed, found a value of another'
  const { presentationContextIdentifier: identifier, transferSyntaxName } = found
  const expected = set.size > 0 ? [...set.keys()].join(', ') : 'the default one alone'
  const named = transferSyntaxName === undefined ? '' : ` in transfer syntax ${transferSyntaxName}`
  return `expected user data of the contexts agreed (${expected}), found a value of context ${identifier}${named}`
}

function proposedBy({ indication }: Extract<PresentationEvent, { type: 'CP' }>): ReadonlyMap<number, unknown> {
  return new Map(indication?.presentationContextDefinitionList.map(context => [context.presentationContextIdentifier, {}]))
}

type Values = readonly PresentationDataValues[]

function stray(values: Values | undefined, known: (values: Values) => boolean, what: string): string {
  const value = values?.find(one => !known([one]))
  return `user data of context ${value?.presentationContextIdentifier}, which is not ${what}`
}

function members(m: PresentationMachine): string {
  const identifiers = [...m.variables.set.keys()]
  return identifiers.length > 0 ? `the defined context set is ${identifiers.join(', ')}` : 'the defined context set is empty'
}
