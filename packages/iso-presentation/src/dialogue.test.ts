import { Sdu, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { ACCEPT, ACSE, BER, CONCLUDE, CONNECT, LIST, value } from '../test/harness.js'
import { type Join, overPair, overSession, talk } from '../test/joined.js'
import { proposeContexts } from './contexts.js'
import type { PresentationDelivery, PresentationSubmit } from './service.js'

const data = (octets: Uint8Array): PresentationSubmit => ({
  type: 'P-DATA.request',
  presentationContextIdentifier: 3,
  userData: Sdu.of(octets),
})
const REPLY = unhex('8c 00')

describe.each<[string, Join]>([
  ['a pair of access points', overPair],
  ['two session machines', overSession],
])('two machines over %s', (_, join) => {
  const conversation = (when: 'inside' | 'later') =>
    talk(
      join,
      when,
      a => a.submit({ ...CONNECT, called: { presentationSelector: unhex('01'), sessionSelector: unhex('02') } }),
      (delivery, who) => {
        if (delivery.type === 'P-CONNECT.indication') return { ...ACCEPT, responding: { presentationSelector: unhex('09') } }
        if (delivery.type === 'P-CONNECT.confirm') return data(CONCLUDE)
        if (delivery.type === 'P-DATA.indication') return who === 'b' ? data(REPLY) : { type: 'P-RELEASE.request', userData: [value(1)] }
        if (delivery.type === 'P-RELEASE.indication')
          return { type: 'P-RELEASE.response', result: 'affirmative', userData: [value(1, unhex('63 00'))] }
        return undefined
      },
    )

  test('P-03: connect, data both ways, release', () => {
    const { trace, states } = conversation('inside')
    expect(trace.b).toMatchObject([
      {
        type: 'P-CONNECT.indication',
        called: { presentationSelector: unhex('01') },
        presentationContextDefinitionList: LIST,
        userData: CONNECT.userData,
      },
      { type: 'P-DATA.indication', userData: [value(3, CONCLUDE)] },
      { type: 'P-RELEASE.indication', userData: [value(1)] },
    ])
    expect(trace.a).toMatchObject([
      { type: 'P-CONNECT.confirm', result: 'acceptance', responding: { presentationSelector: unhex('09') }, userData: ACCEPT.userData },
      { type: 'P-DATA.indication', userData: [value(3, REPLY)] },
      { type: 'P-RELEASE.confirm', result: 'affirmative', userData: [value(1, unhex('63 00'))] },
    ])
    expect(states).toEqual(['STAI0', 'STAI0'])
  })

  test('a user who answers later sees the same as one who answers inside onDeliver', () => {
    expect(conversation('later')).toEqual(conversation('inside'))
  })

  test.each(['inside', 'later'] as const)('two releases collide, and each side is confirmed: answered %s', when => {
    const { types, states } = talk(
      join,
      when,
      (a, b) => {
        const connected = (delivery: PresentationDelivery): boolean => delivery.type === 'P-CONNECT.confirm'
        const deliver = a.onDeliver
        a.onDeliver = delivery => {
          deliver(delivery)
          if (!connected(delivery)) return
          a.submit({ type: 'P-RELEASE.request' })
          b.submit({ type: 'P-RELEASE.request' })
        }
        a.submit(CONNECT)
      },
      (delivery, who) => {
        if (delivery.type === 'P-CONNECT.indication') return ACCEPT
        // The initiator answers first, the other once it has its confirm: that is how X.227 resolves it.
        if (delivery.type === 'P-RELEASE.indication' && who === 'a') return { type: 'P-RELEASE.response', result: 'affirmative' }
        if (delivery.type === 'P-RELEASE.confirm' && who === 'b') return { type: 'P-RELEASE.response', result: 'affirmative' }
        return undefined
      },
    )
    expect(types.a).toEqual(['P-CONNECT.confirm', 'P-RELEASE.indication', 'P-RELEASE.confirm'])
    expect(types.b).toEqual(['P-CONNECT.indication', 'P-RELEASE.indication', 'P-RELEASE.confirm'])
    expect(states).toEqual(['STAI0', 'STAI0'])
  })

  test('P-07: a refusal by the user brings its user data, one by the provider its reason', () => {
    const byUser = talk(
      join,
      'inside',
      a => a.submit(CONNECT),
      ({ type }) =>
        type === 'P-CONNECT.indication' ? { type: 'P-CONNECT.response', result: 'user-rejection', userData: [value(1)] } : undefined,
    )
    expect(byUser.trace.a).toMatchObject([{ result: 'user-rejection', layer: 'presentation', by: 'peer', userData: [value(1)] }])
    for (const reason of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const byProvider = talk(
        join,
        'inside',
        a => a.submit(CONNECT),
        () => undefined,
        { b: { acceptAddress: () => reason } },
      )
      expect(byProvider.trace).toMatchObject({ a: [{ result: 'provider-rejection', by: 'peer provider', providerReason: reason }], b: [] })
      expect(byProvider.states).toEqual(['STAI0', 'STAI0'])
    }
  })

  test('P-08: every reason and event of an abort by the provider reaches the peer', () => {
    for (const [abortReason, eventIdentifier] of [
      [0, 0],
      [1, 4],
      [2, 7],
      [3, 14],
      [4, 1],
      [5, 2],
      [6, 32],
    ] as const) {
      const { trace } = talk(
        join,
        'inside',
        a => a.submit(CONNECT),
        ({ type }) => (type === 'P-CONNECT.indication' ? { type: 'P-P-ABORT.request', abortReason, eventIdentifier } : undefined),
      )
      expect(trace.a).toEqual([{ type: 'P-P-ABORT.indication', by: 'peer provider', abortReason, eventIdentifier }])
    }
  })

  test.each(['a', 'b'] as const)('P-08: an abort by the user of %s in every state reaches the other with its data', who => {
    const abort: PresentationSubmit = { type: 'P-U-ABORT.request', userData: [value(1)] }
    const connecting = talk(
      join,
      'inside',
      a => a.submit(CONNECT),
      ({ type }, at) => {
        if (type === 'P-CONNECT.indication') return who === 'b' ? abort : ACCEPT
        return type === 'P-CONNECT.confirm' && at === who ? abort : undefined
      },
    )
    const other = who === 'a' ? 'b' : 'a'
    expect(connecting.trace[other].at(-1)).toEqual({ type: 'P-U-ABORT.indication', userData: [value(1)] })
    expect(connecting.states).toEqual(['STAI0', 'STAI0'])
  })

  test('P-06: with one context of two supported there, everything goes simply encoded', () => {
    const { trace } = talk(
      join,
      'inside',
      a => a.submit(CONNECT),
      ({ type }) => {
        if (type === 'P-CONNECT.indication') return ACCEPT
        if (type === 'P-CONNECT.confirm') return { type: 'P-DATA.request', presentationContextIdentifier: 1, userData: Sdu.of(CONCLUDE) }
        return type === 'P-DATA.indication' ? { type: 'P-U-ABORT.request', userData: [value(1)] } : undefined
      },
      { b: { abstractSyntaxes: { [ACSE]: [BER] } } },
    )
    expect(trace.a).toMatchObject([
      {
        userData: ACCEPT.userData,
        presentationContextDefinitionResultList: [{ result: 'acceptance' }, { result: 'provider-rejection', providerReason: 1 }],
      },
      { type: 'P-U-ABORT.indication', userData: [value(1)] },
    ])
    expect(trace.b[1]).toEqual({ type: 'P-DATA.indication', userData: [value(1, CONCLUDE)] })
  })

  test('a connection can follow another', () => {
    const twice: PresentationSubmit[] = [CONNECT]
    const { types } = talk(
      join,
      'inside',
      a => a.submit(CONNECT),
      delivery => {
        if (delivery.type === 'P-CONNECT.indication') return ACCEPT
        if (delivery.type === 'P-CONNECT.confirm') return { type: 'P-RELEASE.request' }
        if (delivery.type === 'P-RELEASE.indication') return { type: 'P-RELEASE.response', result: 'affirmative' }
        return delivery.type === 'P-RELEASE.confirm' ? twice.pop() : undefined
      },
    )
    expect(types.a).toEqual(['P-CONNECT.confirm', 'P-RELEASE.confirm', 'P-CONNECT.confirm', 'P-RELEASE.confirm'])
  })

  const VISITS = '1.3.9999.1'
  const encodings = [
    { presentationContextIdentifier: 1, octets: unhex('62 03 80 01 00') },
    { presentationContextIdentifier: 3, encoding: 'octet-aligned', octets: unhex('8b 00 8b 00') },
    { presentationContextIdentifier: 3, encoding: 'arbitrary', octets: unhex('8b 00 f0'), unusedBits: 4 },
    { presentationContextIdentifier: 1, transferSyntaxName: BER, octets: unhex('63 00') },
  ] as const

  test('P-05: a list of values, of several contexts and in every encoding, goes in one P-DATA and comes as it was sent, both ways', () => {
    const { trace } = talk(
      join,
      'inside',
      a => a.submit(CONNECT),
      (delivery, who) => {
        if (delivery.type === 'P-CONNECT.indication') return ACCEPT
        if (delivery.type === 'P-CONNECT.confirm') return { type: 'P-DATA.request', userData: encodings }
        if (delivery.type === 'P-DATA.indication' && who === 'b') return { type: 'P-DATA.request', userData: delivery.userData }
        return undefined
      },
    )
    expect(trace.b.slice(1)).toEqual([{ type: 'P-DATA.indication', userData: encodings }])
    expect(trace.a.slice(1)).toEqual([{ type: 'P-DATA.indication', userData: encodings }])
  })

  test.each(['a', 'b'] as const)(
    'P-11: %s adds a context and deletes one while the connection is open, and the new one carries data',
    who => {
      const additions = proposeContexts([VISITS], undefined, { by: who === 'a' ? 'initiator' : 'responder', used: [1, 3] })
      const identifier = additions[0]!.presentationContextIdentifier
      const added = (octets: Uint8Array): PresentationSubmit =>
        ({ ...data(octets), presentationContextIdentifier: identifier }) as PresentationSubmit
      const { trace, states } = talk(
        join,
        'inside',
        a => a.submit({ ...CONNECT, presentationRequirements: 1 }),
        (delivery, side) => {
          if (delivery.type === 'P-CONNECT.indication') return { ...ACCEPT, presentationRequirements: 1 }
          if (delivery.type === 'P-CONNECT.confirm' && who === 'b') return data(CONCLUDE)
          const begins = delivery.type === 'P-CONNECT.confirm' || (delivery.type === 'P-DATA.indication' && side === who)
          if (begins)
            return {
              type: 'P-ALTER-CONTEXT.request',
              presentationContextAdditionList: additions,
              presentationContextDeletionList: [3],
              userData: [value(3)],
            }
          if (delivery.type === 'P-ALTER-CONTEXT.indication') return { type: 'P-ALTER-CONTEXT.response', userData: [value(identifier)] }
          if (delivery.type === 'P-ALTER-CONTEXT.confirm') return added(REPLY)
          return undefined
        },
      )
      const other = who === 'a' ? 'b' : 'a'
      expect(states).toEqual(['STAt0', 'STAt0'])
      expect(trace[who].find(delivery => delivery.type === 'P-ALTER-CONTEXT.confirm')).toMatchObject({
        presentationContextAdditionResultList: [{ result: 'acceptance', transferSyntaxName: BER }],
        presentationContextDeletionResultList: ['acceptance'],
        userData: [value(identifier)],
      })
      expect(trace[other].at(-1)).toEqual({ type: 'P-DATA.indication', userData: [value(identifier, REPLY)] })
    },
  )

  test('P-11: both sides add contexts at the same time, whoever answers when', () => {
    for (const when of ['inside', 'later'] as const) {
      const { states, types } = talk(
        join,
        when,
        a => a.submit({ ...CONNECT, presentationRequirements: 1 }),
        (delivery, side) => {
          const by = side === 'a' ? 'initiator' : 'responder'
          const alter = {
            type: 'P-ALTER-CONTEXT.request',
            presentationContextAdditionList: proposeContexts([VISITS], undefined, { by, used: [3] }),
          } as const
          if (delivery.type === 'P-CONNECT.indication') return { ...ACCEPT, presentationRequirements: 1 }
          if (delivery.type === 'P-CONNECT.confirm') return { type: 'P-DATA.request', userData: [value(1)] }
          if (delivery.type === 'P-DATA.indication' && side === 'b') return { type: 'P-DATA.request', userData: [value(3)] }
          if (delivery.type === 'P-DATA.indication') return alter
          if (delivery.type === 'P-ALTER-CONTEXT.indication') return { type: 'P-ALTER-CONTEXT.response' }
          return undefined
        },
      )
      expect(states).toEqual(['STAt0', 'STAt0'])
      expect(types.a).toContain('P-ALTER-CONTEXT.confirm')
    }
  })

  test('P-10: a connection in X.410-1984 mode: the components of the RTS PDUs and the data pass through', () => {
    const octets = (text: string) => [value(0, unhex(text))]
    const { trace, states } = talk(
      join,
      'inside',
      a =>
        a.submit({
          type: 'P-CONNECT.request',
          mode: 'x410-1984',
          presentationContextDefinitionList: [],
          userData: octets('80 01 00 a2 02 05 00'),
        }),
      (delivery, who) => {
        if (delivery.type === 'P-CONNECT.indication')
          return { type: 'P-CONNECT.response', result: 'acceptance', userData: octets('a1 02 05 00') }
        if (delivery.type === 'P-CONNECT.confirm')
          return { type: 'P-DATA.request', presentationContextIdentifier: 0, userData: Sdu.of(unhex('01 02 03')) }
        if (delivery.type === 'P-DATA.indication')
          return who === 'b' ? { type: 'P-U-ABORT.request', userData: octets('80 01 03') } : undefined
        return undefined
      },
      { b: { x410Mode: true } },
    )
    expect(trace.b).toMatchObject([
      { type: 'P-CONNECT.indication', mode: 'x410-1984', presentationContextDefinitionList: [], userData: octets('80 01 00 a2 02 05 00') },
      { type: 'P-DATA.indication', userData: octets('01 02 03') },
    ])
    expect(trace.a).toMatchObject([
      { type: 'P-CONNECT.confirm', result: 'acceptance', userData: octets('a1 02 05 00') },
      { type: 'P-U-ABORT.indication', userData: octets('80 01 03') },
    ])
    expect(states).toEqual(['STAI0', 'STAI0'])
  })
})
