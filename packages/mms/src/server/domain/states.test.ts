import { describe, expect, test } from 'vitest'
import { Domain } from './domain.js'
import { type DomainEvent, type DomainStateName, domainStateNames, domainStateValue, domainTable, isUsableIn } from './states.js'

/**
 * The table once more, by hand, from ISO 9506-1, 11.1.1.3 and our notes on it: for each event the ways there are (`state>state`), and what is
 * answered in all other states where it is a service; without that it cannot occur there. Cells that are our own reading: all codes, d1 to d9.
 */
const TABLE: Record<DomainEvent, { ways: string; absent?: string; otherwise?: string }> = {
  initiateDownloadSequence: { ways: 'non-existent>d1', otherwise: 'definition object-exists' },
  initiated: { ways: 'd1>loading' },
  downloadSegment: { ways: 'loading>d2' },
  segment: { ways: 'd2>loading' },
  lastSegment: { ways: 'd2>complete' },
  broken: { ways: 'd2>incomplete' },
  keep: { ways: 'complete>d3' },
  discard: { ways: 'loading>d9 complete>d9 incomplete>d9' },
  terminated: { ways: 'd3>ready d9>non-existent' },
  notTerminated: { ways: 'd3>non-existent d9>non-existent' },
  associationEnds: {
    ways: 'd1>non-existent loading>non-existent d2>non-existent complete>non-existent d3>non-existent incomplete>non-existent d9>non-existent',
  },
  loadDomainContent: { ways: 'non-existent>loading', otherwise: 'definition object-exists' },
  loaded: { ways: 'loading>ready' },
  notLoaded: { ways: 'loading>non-existent' },
  initiateUploadSequence: {
    ways: 'ready>d7 in-use>in-use d4>d4 d5>d5 d6>d6 d7>d7',
    absent: 'access object-non-existent',
    otherwise: 'service object-state-conflict',
  },
  uploadInitiated: { ways: 'd7>ready in-use>in-use d4>d4 d5>d5 d6>d6' },
  storeDomainContent: {
    ways: 'ready>ready in-use>in-use d4>d4 d5>d5 d6>d6 d7>d7',
    absent: 'access object-non-existent',
    otherwise: 'service object-state-conflict',
  },
  createProgramInvocation: {
    ways: 'ready>d4 d7>d4 in-use>d5 d4>d5 d5>d5 d6>d5',
    absent: 'definition object-undefined',
    otherwise: 'service object-state-conflict',
  },
  bound: { ways: 'd4>in-use d5>in-use' },
  deleteProgramInvocation: { ways: 'in-use>d6 d5>d6' },
  unbound: { ways: 'd6>in-use' },
  lastUnbound: { ways: 'd6>ready' },
  deleteDomain: { ways: 'ready>d8', absent: 'access object-non-existent', otherwise: 'service object-state-conflict' },
  deleted: { ways: 'd8>non-existent' },
}

/** Events that lead a new domain, or one that is there, into each state. */
const WAYS: Record<DomainStateName, { from: 'ready' | 'non-existent'; events: readonly DomainEvent[] }> = {
  'non-existent': { from: 'non-existent', events: [] },
  d1: { from: 'non-existent', events: ['initiateDownloadSequence'] },
  loading: { from: 'non-existent', events: ['initiateDownloadSequence', 'initiated'] },
  d2: { from: 'non-existent', events: ['initiateDownloadSequence', 'initiated', 'downloadSegment'] },
  complete: { from: 'non-existent', events: ['initiateDownloadSequence', 'initiated', 'downloadSegment', 'lastSegment'] },
  incomplete: { from: 'non-existent', events: ['initiateDownloadSequence', 'initiated', 'downloadSegment', 'broken'] },
  d3: { from: 'non-existent', events: ['initiateDownloadSequence', 'initiated', 'downloadSegment', 'lastSegment', 'keep'] },
  d9: { from: 'non-existent', events: ['initiateDownloadSequence', 'initiated', 'discard'] },
  ready: { from: 'ready', events: [] },
  'in-use': { from: 'ready', events: ['createProgramInvocation', 'bound'] },
  d4: { from: 'ready', events: ['createProgramInvocation'] },
  d5: { from: 'ready', events: ['createProgramInvocation', 'bound', 'createProgramInvocation'] },
  d6: { from: 'ready', events: ['createProgramInvocation', 'bound', 'deleteProgramInvocation'] },
  d7: { from: 'ready', events: ['initiateUploadSequence'] },
  d8: { from: 'ready', events: ['deleteDomain'] },
}

function inState(state: DomainStateName): Domain {
  const domain = new Domain('D', 'M_Deletable', {}, WAYS[state].from)
  for (const event of WAYS[state].events) domain.step(event)
  expect(domain.state).toBe(state)
  return domain
}

describe('the state table of a domain, ISO 9506-1, 11.1.1.3 (self-only: the codes, and d1 to d9)', () => {
  const cells = Object.entries(TABLE).flatMap(([event, row]) =>
    domainStateNames.map(state => {
      const way = row.ways.split(' ').find(text => text.startsWith(`${state}>`))
      const expected =
        way?.slice(state.length + 1) ?? (state === 'non-existent' ? (row.absent ?? row.otherwise) : row.otherwise) ?? 'nothing'
      return [event as DomainEvent, state, expected] as const
    }),
  )

  test.each(cells)('%s in %s: %s', (event, state, expected) => {
    const domain = inState(state)
    const refused = domain.refusal(event)?.error.errorClass
    if (refused !== undefined || expected === 'nothing') {
      expect(refused === undefined ? 'nothing' : `${refused.type} ${refused.value}`).toBe(expected)
      expect(() => domain.step(event)).toThrow(expect.objectContaining({ name: 'UsageError', code: 'STATE', state }))
      expect(domain.state).toBe(state)
    } else {
      domain.step(event)
      expect(domain.state).toBe(expected)
    }
  })

  test('has no event but these', () => {
    expect(Object.keys(domainTable).sort()).toEqual(Object.keys(TABLE).sort())
  })

  test('numbers: 0 to 5 have names, d1 to d9 are 7 to 15', () => {
    expect(domainStateNames.map(domainStateValue)).toEqual([
      'non-existent',
      'loading',
      'ready',
      'in-use',
      'complete',
      'incomplete',
      ...[7, 8, 9, 10, 11, 12, 13, 14, 15],
    ])
  })

  test('objects can be used from ready on, and never before', () => {
    expect(domainStateNames.filter(isUsableIn)).toEqual(['ready', 'in-use', 'd4', 'd5', 'd6', 'd7', 'd8'])
  })
})

describe('a domain and its program invocations', () => {
  const invocation = (name: string) => ({ name, scope: undefined, accessControlList: 'M_Deletable' })

  test('is in use while one is bound, and ready again after the last', () => {
    const domain = new Domain('D', 'M_Deletable', { sharable: true })
    const [a, b] = [invocation('a'), invocation('b')]
    domain.bind(a)
    domain.bind(b)
    expect([domain.state, domain.programInvocations.size]).toEqual(['in-use', 2])
    domain.unbind(a)
    domain.unbind(a)
    expect([domain.state, domain.programInvocations.size]).toEqual(['in-use', 1])
    domain.unbind(b)
    expect([domain.state, domain.programInvocations.size]).toEqual(['ready', 0])
  })

  test('belongs to one at most when it is not sharable', () => {
    const domain = new Domain('D', 'M_Deletable', { sharable: false })
    expect(domain.bindRefusal()).toBe(undefined)
    domain.bind(invocation('a'))
    expect(domain.bindRefusal()).toEqual({ error: { errorClass: { type: 'service', value: 'object-constraint-conflict' } } })
    expect(() => domain.bind(invocation('b'))).toThrow(expect.objectContaining({ code: 'STATE' }))
    expect(domain.programInvocations.size).toBe(1)
  })

  test('cannot be bound while it is loaded, nor deleted while it is bound or uploaded', () => {
    const loading = inState('loading')
    expect(loading.bindRefusal()?.error.errorClass.value).toBe('object-state-conflict')
    const domain = new Domain('D', 'M_Deletable')
    expect(domain.deleteRefusal()).toBe(undefined)
    domain.uploadsInProgress = 1
    expect(domain.deleteRefusal()?.error.errorClass.value).toBe('object-constraint-conflict')
    domain.bind(invocation('a'))
    expect(domain.deleteRefusal()?.error.errorClass.value).toBe('object-state-conflict')
  })
})
