import { describe, expect, test } from 'vitest'
import {
  CONTEXT_LIMIT,
  contextPolicy,
  definedContextSet,
  definitionListProblem,
  describeNegotiation,
  evaluateContexts,
  presentationContextIdentifier,
  proposeContexts,
  resultListProblem,
} from './contexts.js'

const [ACSE, MMS, BER, PER] = ['2.2.1.0.1', '1.0.9506.2.1', '2.1.1', '2.1.3.0.1'] as const
const context = (presentationContextIdentifier: number, abstractSyntaxName: string, ...transferSyntaxNameList: string[]) => ({
  presentationContextIdentifier,
  abstractSyntaxName,
  transferSyntaxNameList,
})
const accepted = (transferSyntaxName: string) => ({ result: 'acceptance', transferSyntaxName }) as const
const refused = (providerReason: number) => ({ result: 'provider-rejection', providerReason }) as const

describe('what the provider makes of a proposal', () => {
  test('P-06: unknown abstract syntax 1, no common transfer syntax 2, in the order of the list', () => {
    const policy = contextPolicy({ [ACSE]: [BER], [MMS]: [PER] })
    const list = [context(1, ACSE, BER), context(3, MMS, BER), context(5, '1.2.3', BER)]
    expect(evaluateContexts(list, policy)).toEqual([accepted(BER), refused(2), refused(1)])
  })

  test('RP-03: by default every abstract syntax is supported, but in BER alone', () => {
    expect(evaluateContexts([context(1, '1.2.3', PER, BER), context(3, '1.2.3', PER)], contextPolicy())).toEqual([
      accepted(BER),
      refused(2),
    ])
  })

  test('P-02: of several transfer syntaxes the one we prefer is chosen', () => {
    const policy = contextPolicy({ [ACSE]: [PER, BER] })
    expect(evaluateContexts([context(1, ACSE, BER, PER), context(3, ACSE, BER)], policy)).toEqual([accepted(PER), accepted(BER)])
  })

  test.each([CONTEXT_LIMIT - 1, CONTEXT_LIMIT, CONTEXT_LIMIT + 1])(
    'RP-03: of %i contexts those beyond 16 are refused with reason 3',
    count => {
      const list = proposeContexts(Array.from({ length: count }, (_, i) => `1.2.${i}`))
      const results = evaluateContexts(list, contextPolicy())
      expect(results.filter(({ result }) => result === 'acceptance')).toHaveLength(Math.min(count, CONTEXT_LIMIT))
      expect(results.slice(CONTEXT_LIMIT)).toEqual(list.slice(CONTEXT_LIMIT).map(() => refused(3)))
    },
  )

  test('RP-03: contexts refused for another reason do not count towards the limit', () => {
    const list = [context(1, '1.2.3', PER), context(3, ACSE, BER), context(5, MMS, BER)]
    expect(evaluateContexts(list, contextPolicy(undefined, 1))).toEqual([refused(2), accepted(BER), refused(3)])
  })

  test('RB-25: a name like a member of Object is no abstract syntax', () => {
    expect(evaluateContexts([context(1, '__proto__', BER), context(3, 'constructor', BER)], contextPolicy({}))).toEqual([
      refused(1),
      refused(1),
    ])
  })
})

describe('lists', () => {
  test.each<[string, number[], RegExp | undefined]>([
    ['odd and different', [1, 3, 127, 0x7fff_ffff], undefined],
    ['even', [1, 4], /item 2 of the context definition list: expected an odd identifier, found 4/],
    ['repeated', [1, 3, 1], /item 3 .* found 1 again/],
    ['zero', [0], /expected an identifier of 1 to 2147483647, found 0/],
    ['too large', [0x8000_0001], /found 2147483649/],
    ['not whole', [1.5], /found 1.5/],
  ])('P-02: identifiers %s', (_, identifiers, problem) => {
    const found = definitionListProblem(identifiers.map(id => context(id, ACSE, BER)))
    if (problem) expect(found).toMatch(problem)
    else expect(found).toBeUndefined()
  })

  test('P-02: a context without a transfer syntax', () => {
    expect(definitionListProblem([context(1, ACSE)])).toMatch(/at least one transfer syntax/)
  })

  test('P-02: identifiers given to a proposal are 1, 3, 5; P-12: and found by abstract syntax', () => {
    const list = proposeContexts([ACSE, MMS, '1.2.3'], [BER, PER])
    expect(list.map(item => item.presentationContextIdentifier)).toEqual([1, 3, 5])
    expect(list[0]!.transferSyntaxNameList).toEqual([BER, PER])
    expect(presentationContextIdentifier(list, MMS)).toBe(3)
    expect(presentationContextIdentifier(list, '1.2.4')).toBeUndefined()
  })

  test('RP-04: a result list must answer each context with something offered', () => {
    const list = [context(1, ACSE, BER), context(3, MMS, BER, PER)]
    expect(resultListProblem(list, [accepted(BER), accepted(PER)])).toBeUndefined()
    expect(resultListProblem(list, [accepted(BER)])).toBe('expected 2 context results, found 1')
    expect(resultListProblem(list, [accepted(PER), accepted(PER)])).toMatch(
      /context 1: expected a transfer syntax that was offered, found 2\.1\.3/,
    )
  })

  test('the DCS is what was accepted', () => {
    const list = [context(1, ACSE, BER), context(3, MMS, BER, PER)]
    expect([...definedContextSet(list, [refused(1), accepted(PER)])]).toEqual([
      [3, { presentationContextIdentifier: 3, abstractSyntaxName: MMS, transferSyntaxName: PER }],
    ])
    expect(definedContextSet(list, []).size).toBe(0)
  })

  test('P-09: a negotiation can be read', () => {
    const list = [context(1, ACSE, BER), context(3, MMS, BER, PER), context(5, '1.2.3', BER)]
    expect(describeNegotiation(list, [accepted(BER), refused(1), { result: 'user-rejection' }])).toEqual([
      'context 1, 2.2.1.0.1: acceptance, 2.1.1',
      'context 3, 1.0.9506.2.1: provider-rejection, abstract-syntax-not-supported',
      'context 5, 1.2.3: user-rejection',
    ])
    expect(describeNegotiation(list)[1]).toBe('context 3, 1.0.9506.2.1: proposed with 2.1.1, 2.1.3.0.1')
    expect(describeNegotiation(list, [refused(9)])[0]).toBe('context 1, 2.2.1.0.1: provider-rejection, unknown (9)')
  })
})
