import { Sdu, type ServiceProvider, unhex } from '@x/core'
import { HandTimers } from '@x/core/testing'
import { SessionMachine } from '@x/iso-session'
import { describe, expect, test } from 'vitest'
import { ACCEPT, ACSE, BER, CONCLUDE, CONNECT, LIST, sessionPair, value } from '../test/harness.js'
import { PresentationMachine, type PresentationOptions } from './machine.js'
import type { PresentationDelivery, PresentationSubmit } from './service.js'

/** A way to join two machines, and to let everything that is under way arrive. */
type Join = (options?: { a?: PresentationOptions; b?: PresentationOptions }) => {
  a: PresentationMachine
  b: PresentationMachine
  run: () => void
}

const overPair: Join = ({ a = {}, b = {} } = {}) => {
  const pair = sessionPair()
  return { a: new PresentationMachine(pair.a, a), b: new PresentationMachine(pair.b, b), run: pair.run }
}

/** Over the real session machine, whose transport connections are joined in memory. */
const overSession: Join = ({ a = {}, b = {} } = {}) => {
  type Transport = ConstructorParameters<typeof SessionMachine>[0]
  type TSubmit = Parameters<Transport['submit']>[0]
  type TDelivery = Parameters<Transport['onDeliver']>[0]
  const queue: (() => void)[] = []
  const end = (): ServiceProvider<TSubmit, TDelivery> => ({ submit: () => {}, onDeliver: () => {} })
  const ends = [end(), end()] as const
  const join = (here: Transport, there: Transport) => {
    here.submit = primitive => {
      const octets = primitive.type === 'T-DATA.request' ? primitive.userData.octets().slice() : undefined
      queue.push(() => {
        if (octets) there.onDeliver({ type: 'T-DATA.indication', userData: octets })
        else if (primitive.type === 'T-CONNECT.request') there.onDeliver({ type: 'T-CONNECT.indication', called: {}, calling: {} })
        else if (primitive.type === 'T-CONNECT.response') there.onDeliver({ type: 'T-CONNECT.confirm', responding: {} })
        else there.onDeliver({ type: 'T-DISCONNECT.indication', by: 'peer' })
      })
    }
  }
  join(ends[0], ends[1])
  join(ends[1], ends[0])
  const machine = (transport: Transport, options: PresentationOptions) =>
    new PresentationMachine(new SessionMachine(transport, { timers: new HandTimers() }), options)
  return {
    a: machine(ends[0], a),
    b: machine(ends[1], b),
    run: () => {
      for (let next = queue.shift(); next; next = queue.shift()) next()
    },
  }
}

/** Runs `open`, then lets `answer` answer what is delivered: at once, from inside the delivery, or after everything arrived. */
function talk(
  join: Join,
  when: 'inside' | 'later',
  open: (a: PresentationMachine, b: PresentationMachine) => void,
  answer: (delivery: PresentationDelivery, who: 'a' | 'b') => PresentationSubmit | undefined,
  options?: Parameters<Join>[0],
) {
  const { a, b, run } = join(options)
  const trace: Record<'a' | 'b', PresentationDelivery[]> = { a: [], b: [] }
  const later: (() => void)[] = []
  for (const [who, machine] of [
    ['a', a],
    ['b', b],
  ] as const) {
    machine.onDeliver = delivery => {
      trace[who].push(delivery)
      const primitive = answer(delivery, who)
      if (primitive === undefined) return
      if (when === 'inside') machine.submit(primitive)
      else later.push(() => machine.submit(primitive))
    }
  }
  open(a, b)
  run()
  for (let next = later.shift(); next; next = later.shift()) {
    next()
    run()
  }
  return { trace, states: [a.state, b.state], types: { a: trace.a.map(d => d.type), b: trace.b.map(d => d.type) } }
}

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
})
