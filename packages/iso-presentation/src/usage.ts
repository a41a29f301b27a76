import { UsageError } from '@x/core'
import type { RequestEvent } from './events.js'
import type { PresentationMachine } from './machine.js'
import { isHalfReleased, isRequested, p03, p04, p05 } from './predicates.js'
import type { PresentationDataValues } from './service.js'
import { table } from './states.js'

/** Why the table has no row for a request or response now; nothing has changed. X.226, A.4.1.1. */
export function refusalOf(m: PresentationMachine, event: RequestEvent): UsageError {
  const { state } = m
  const fail = (code: string, text: string) => new UsageError('presentation', code, `${event.type}: ${text}`, state)
  // P-P-ABORT has no predicate: where it has a row it is never refused.
  if (event.type === 'P-P-ABORT.request' || table.cell(state, event.type).length === 0)
    return new UsageError('presentation', 'STATE', `${event.type} is not allowed in state ${state}`, state)
  switch (event.type) {
    case 'P-CONNECT.request':
      if (event.problem !== undefined) return fail('PRESENTATION_REQUIREMENTS', event.problem)
      return fail(
        'PRESENTATION_CONTEXT',
        stray(event.userData, v => p03(m, v, event.presentationContextDefinitionList), 'proposed'),
      )
    case 'P-CONNECT.response':
      if (event.problem !== undefined) return fail('PRESENTATION_RESULTS', event.problem)
      return fail(
        'PRESENTATION_CONTEXT',
        stray(event.userData, v => p04(v, event.set), 'accepted by the result list'),
      )
    case 'P-U-ABORT.request': {
      const known = state === 'STAt0' ? (v: Values) => p05(m, v) : (v: Values) => p03(m, v)
      return fail('PRESENTATION_CONTEXT', stray(event.userData, known, state === 'STAt0' ? 'defined' : 'proposed'))
    }
    case 'P-DATA.request':
      if (isRequested(m) || isHalfReleased(m))
        return fail('PRESENTATION_RELEASE', 'a release has been requested; nothing can be sent after it')
      return fail('PRESENTATION_CONTEXT', `context ${event.presentationContextIdentifier} is not defined, ${members(m)}`)
    case 'P-RELEASE.request':
    case 'P-RELEASE.response':
      if (!p05(m, event.userData)) return fail('PRESENTATION_CONTEXT', `${stray(event.userData, v => p05(m, v), 'defined')}, ${members(m)}`)
      if (event.type === 'P-RELEASE.request') return fail('PRESENTATION_RELEASE', 'a release has been requested already')
      if (!m.variables.indicated) return fail('PRESENTATION_RELEASE', 'no release was indicated')
      return fail('PRESENTATION_RELEASE', 'a negative response needs the functional unit negotiated release of the session')
  }
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
