import { HandTimers, joinedChannels } from '@x/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dissect, type Unit } from '../test/dissect.js'
import { type Choose, choosing, mutateOctets, mutateUnit } from '../test/mutate.js'
import { pair } from '../test/pair.js'
import { ScriptChannel, settle } from '../test/script-channel.js'
import {
  type ClientState,
  clientIn,
  clientStates,
  machineWith,
  model,
  recordedUnit,
  type ServerState,
  seedsFor,
  serverIn,
  serverStates,
  unitsOf,
  type Victim,
} from '../test/victims.js'
import { packed, readOf, wire } from '../test/wire.js'
import { openMms } from './open.js'
import { MmsServer } from './server/server.js'
import { states as mmsStates } from './states.js'

/** Runs of each property in each state. */
const RUNS = 200

/** What a client, and what a server, might send; recorded. */
const seeds = {
  server: seedsFor('server', [
    'assoc-auth-password-ok',
    'assoc-identify-status',
    'assoc-selectors-custom',
    'assoc-abort-by-client',
    'read-multiple',
    'read-array-element-component',
    'read-nvl-domain',
    'write-multiple-mixed',
    'control-sbo-enhanced-cancel',
    'nvl-define-read-delete-domain',
    'getnamelist-errors',
    'getvaraccess-errors',
    'rawclient-cancel-request',
  ]),
  client: seedsFor('client', [
    'assoc-auth-password-ok',
    'assoc-identify-status',
    'informationreport-variants',
    'read-structures',
    'read-access-errors',
    'write-multiple-mixed',
    'getvaraccess-arrays-structures',
    'nvl-define-read-delete-domain',
    'rawclient-read-by-address',
    'fakeserver-aare-rejected-auth-failure',
    'fakeserver-session-refuse',
    'fakeserver-abort-provider-on-request',
    'fakeserver-conclude-error',
    'fakeserver-cotp-dr',
    'fakeserver-cotp-er',
  ]),
} as const

type Pool = readonly Unit[]

/** The units that fit a stack which is associated, or is not yet. */
function poolFor(role: 'server' | 'client', associated: boolean): Pool {
  return seeds[role].filter(({ spdu }) => associated === (spdu !== undefined && !['CN', 'AC', 'RF'].includes(spdu.type)))
}

/** Octets of any kind: arbitrary, framed so that they reach a layer, recorded and cut off, recorded and changed. */
function hostile(pool: Pool, choose: Choose): Uint8Array {
  const any = (most: number) => Uint8Array.from({ length: choose(most) }, () => choose(256))
  const unit = () => pool[choose(pool.length)]!
  switch (choose(16)) {
    case 0:
      return any(40)
    case 1:
      return packed(any(40))
    case 2:
      return packed(Uint8Array.from([1, 0, 1, 0, ...any(40)]))
    case 3:
      return joined([unit(), unit()]).subarray(0, choose(400))
    case 4:
      return mutateOctets(joined([unit(), unit(), unit()]), choose)
    case 5:
      return Uint8Array.from([...mutateUnit(unit(), choose), ...unit().octets])
    default:
      return mutateUnit(unit(), choose)
  }
}

function joined(units: readonly Unit[]): Uint8Array {
  return Uint8Array.from(units.flatMap(({ octets }) => [...octets]))
}

/** The octets in chunks of any size. */
function chunked(octets: Uint8Array, choose: Choose): readonly Uint8Array[] {
  const chunks: Uint8Array[] = []
  const most = [octets.length, 1, 7, 64][choose(4)]!
  for (let at = 0; at < octets.length; ) {
    const size = 1 + choose(most)
    chunks.push(octets.subarray(at, at + size))
    at += size
  }
  return chunks
}

const choices = fc.noBias(fc.array(fc.nat(0xffff), { minLength: 60, maxLength: 80 }))

/** Hands hostile octets to a stack, and then the end of the connection: nothing may throw, run on, or stay. */
async function attack(victim: Victim, pool: Pool, choose: Choose): Promise<void> {
  const { channel, timers, server } = victim
  const before = channel.written.length
  const octets = hostile(pool, choose)
  const started = performance.now()
  for (const chunk of chunked(octets, choose)) channel.feed(chunk)
  await settle()
  expect(performance.now() - started).toBeLessThan(2_000)
  // The shortest TPKT has 7 octets, and nothing is answered more than once, but by what the user does himself.
  expect(channel.written.length - before).toBeLessThanOrEqual(octets.length / 7 + 4)
  if (server) expect(server.associations.size).toBeLessThanOrEqual(1)
  channel.finish(choose(2) === 0 ? 'fin' : 'rst')
  await settle()
  expect({
    timers: timers.pending,
    unsettled: victim.unsettled(),
    ended: channel.ended,
    associations: server?.associations.size ?? 0,
  }).toEqual({
    timers: 0,
    unsettled: 0,
    ended: true,
    associations: 0,
  })
}

describe('octets of any kind, in any chunks, to a whole stack', () => {
  test.each(Object.keys(serverStates) as ServerState[])(
    'RB-24, RT-06, RM-01: our server, %s: nothing throws, runs on or stays',
    async state => {
      const pool = poolFor('server', !['connected', 'after the CR', 'undecided'].includes(state))
      await fc.assert(
        fc.asyncProperty(choices, async numbers => attack(await serverIn(state), pool, choosing(numbers))),
        { numRuns: RUNS },
      )
    },
  )

  test.each(Object.keys(clientStates) as ClientState[])(
    'RB-24, RT-06, RM-30: our client, %s: nothing throws, runs on or stays',
    async state => {
      const pool = poolFor('client', !['CR sent', 'CN sent'].includes(state))
      await fc.assert(
        fc.asyncProperty(choices, async numbers => attack(await clientIn(state), pool, choosing(numbers))),
        { numRuns: RUNS },
      )
    },
  )

  test.each([
    ['server', 'connected', serverStates.connected],
    ['server', 'after the CR', serverStates['after the CR']],
    ['server', 'associated', serverStates.associated],
    ['server', 'concluded by the peer', serverStates['concluded by the peer']],
    ['client', 'CR sent', clientStates['CR sent']],
    ['client', 'CN sent', clientStates['CN sent']],
    ['client', 'associated', clientStates.associated],
  ] as const)('RM-01: the machines of a %s, %s, stay in the states of their table, with few deliveries', (role, state, prefix) => {
    const pool = poolFor(role, state.includes('associated') || state.includes('concluded'))
    fc.assert(
      fc.property(choices, numbers => {
        const choose = choosing(numbers)
        const { channel, machine, deliveries } = machineWith(role, prefix)
        let length = 0
        // Most of what is wrong with an MMS PDU does not end the association, so there may be more of it.
        for (let times = 0; times < 12 && !channel.closedBy; times++) {
          const octets = hostile(pool, choosing(numbers.slice(times * 5)))
          length += octets.length
          for (const chunk of chunked(octets, choose)) channel.feed(chunk)
          expect(mmsStates).toContain(machine.state)
        }
        expect(deliveries.length).toBeLessThanOrEqual(length / 7 + 1)
        // An end is told once, and nothing behind it.
        const ends = deliveries.filter(type => type === 'M-ABORT.indication' || type === 'M-RELEASE.indication')
        expect(ends.length).toBeLessThanOrEqual(1)
        if (ends.length > 0) expect(deliveries.at(-1)).toBe(ends[0])
        channel.finish()
        expect(['idle', 'ended']).toContain(machine.state)
      }),
      { numRuns: 3 * RUNS },
    )
  })
})

describe('streams that end anywhere', () => {
  test('RT-05: a client whose stream ends at any octet of a conversation leaves nothing at our server', async () => {
    const octets = joined(serverStates['released by the peer'])
    for (let length = 0; length <= octets.length; length++) {
      const { channel, timers, server, unsettled } = await serverIn('connected')
      channel.feed(octets.subarray(0, length))
      await settle()
      channel.finish(length % 2 === 0 ? 'fin' : 'rst')
      await settle()
      expect([length, timers.pending, server!.associations.size, unsettled()]).toEqual([length, 0, 0, 0])
    }
  })

  test('RT-05: a server whose stream ends at any octet of a conversation leaves nothing at our client', async () => {
    const octets = joined(clientStates.associated)
    for (let length = 0; length <= octets.length; length++) {
      const { channel, timers, unsettled } = await clientIn('CR sent')
      channel.feed(octets.subarray(0, length))
      await settle()
      channel.finish(length % 2 === 0 ? 'fin' : 'rst')
      await settle()
      expect([length, timers.pending, unsettled()]).toEqual([length, 0, 0])
    }
  })
})

/** Lets time pass in small steps, as it does. */
async function pass(timers: HandTimers, ms: number): Promise<void> {
  for (let rest = ms; rest > 0; rest -= 500) {
    timers.advance(Math.min(500, rest))
    await settle()
  }
}

describe('a peer that keeps silent, or nearly so', () => {
  const closes = ['destroy', 'end']

  test.each(['connected', 'after the CR', 'undecided'] as const)(
    'F-01: a client that gets no further than "%s" is given up after 30 s',
    async state => {
      const { channel, timers, server, unsettled } = await serverIn(state)
      await pass(timers, 29_500)
      expect([channel.closedBy, unsettled()]).toEqual([undefined, 1])
      await pass(timers, 500)
      expect(closes).toContain(channel.closedBy)
      expect(unsettled()).toBe(0)
      // It does not close either: the last resort.
      await pass(timers, 6_000)
      expect([channel.closedBy, timers.pending, server!.associations.size]).toEqual(['destroy', 0, 0])
    },
  )

  test('F-02: an octet now and then does not move the deadline of an association', async () => {
    const { channel, timers, unsettled } = await serverIn('after the CR')
    const { octets } = serverStates.associated[1]!
    for (let i = 0; i < 6; i++) {
      channel.feed(octets.subarray(i, i + 1))
      await pass(timers, 4_900)
      expect(unsettled()).toBe(1)
    }
    await pass(timers, 600)
    expect(unsettled()).toBe(0)
    expect(closes).toContain(channel.closedBy)
  })

  test.each(['CR sent', 'CN sent'] as const)('F-01: a server that gets no further than "%s" is given up after 10 s', async state => {
    const { channel, timers, unsettled } = await clientIn(state)
    await pass(timers, 9_500)
    expect(unsettled()).toBe(1)
    await pass(timers, 500)
    expect(unsettled()).toBe(0)
    await pass(timers, 6_000)
    expect([channel.closedBy, timers.pending]).toEqual(['destroy', 0])
  })

  test('F-02: a server that answers octet by octet does not move the deadline of the client', async () => {
    const { channel, timers, unsettled } = await clientIn('CN sent')
    const { octets } = clientStates.associated[1]!
    for (let i = 0; i < 9; i++) {
      channel.feed(octets.subarray(i, i + 1))
      await pass(timers, 1_000)
    }
    expect(unsettled()).toBe(1)
    await pass(timers, 1_000)
    expect(unsettled()).toBe(0)
  })

  test('F-11: requests without an answer end after 10 s; the association and the late answers do no harm', async () => {
    const { channel, timers, client, unsettled } = await clientIn('waiting')
    await pass(timers, 10_000)
    expect(unsettled()).toBe(0)
    expect(client!.connection.state).toBe('open')
    const answer = (invokeID: number) =>
      wire({
        type: 'confirmedResponsePDU',
        value: { invokeID, service: { type: 'identify', value: { vendorName: 'v', modelName: `${invokeID}`, revision: 'r' } } },
      })
    for (const invokeID of [3, 2, 1]) channel.feed(answer(invokeID))
    await settle()
    const next = client!.identify()
    channel.feed(answer(4))
    expect((await next).modelName).toBe('4')
    expect(client!.connection.outstanding).toBe(0)
  })

  test.each(['concluding', 'releasing'] as const)(
    'a server that does not answer while our client is %s is aborted, and then left',
    async state => {
      const { channel, timers, unsettled } = await clientIn(state)
      await pass(timers, 5_000)
      expect(closes.includes(channel.closedBy!) || channel.written.at(-1)![7] === 0x19).toBe(true)
      await pass(timers, 12_000)
      expect([channel.closedBy, timers.pending, unsettled()]).toEqual(['destroy', 0, 0])
    },
  )

  test.each(['concluding', 'released by the peer'] as const)('a client that does not go while our server is %s is left', async state => {
    const { channel, timers, server, unsettled } = await serverIn(state)
    await pass(timers, 17_000)
    expect([channel.closedBy, timers.pending, server!.associations.size, unsettled()]).toEqual(['destroy', 0, 0, 0])
  })

  test('F-13: a hook of a variable that never ends is answered for after 8 s, and the request is over', async () => {
    const { channel, timers, server } = await serverIn('serving')
    await pass(timers, 8_000)
    const answers = dissect(channel.sent).units.flatMap(({ mms }) => (mms?.type === 'confirmedResponsePDU' ? [mms.value] : []))
    const listOfAccessResult = [{ type: 'failure', value: 'temporarily-unavailable' }]
    expect(answers).toMatchObject([{ invokeID: 7, service: { type: 'read', value: { listOfAccessResult } } }])
    expect([timers.pending, server!.associations.size]).toEqual([0, 1])
  })

  test('F-13: a handler that never ends is answered for after 10 s, and the request is over', async () => {
    const { mms, timers } = await pair({ handlers: { rename: () => new Promise(() => {}) } })
    const call = mms.vmd.rename('domain', 'vmd:LD', 'Other', { timeout: 0 })
    const outcome = call.catch((error: unknown) => error)
    await settle()
    timers.advance(9_999)
    await settle()
    expect(mms.connection.outstanding).toBe(1)
    timers.advance(1)
    expect(await outcome).toMatchObject({ code: 'MMS_SERVICE_PREEMPT_TIMEOUT' })
    expect([timers.pending, mms.connection.outstanding]).toEqual([0, 0])
  })
})

describe('a peer that stops reading', () => {
  const LIMIT = 262_144
  /** An answer of this size, and its envelope. */
  const BIG = 60_100
  const read = (invokeID: number) => wire(readOf('big', invokeID))
  const answered = ({ channel }: Victim) =>
    dissect(channel.sent).units.flatMap(({ mms }) => (mms?.type === 'confirmedResponsePDU' ? [mms.value.invokeID] : []))

  test('F-10, RN-01: is not served and not heard above 256 KiB, and gets everything in order once it reads', async () => {
    const victim = await serverIn('associated')
    const { channel, timers } = victim
    channel.reading = false
    for (let invokeID = 1; invokeID <= 40; invokeID++) {
      channel.feed(read(invokeID))
      await settle()
    }
    expect(channel.paused).toBe(true)
    expect(channel.pending).toBeGreaterThan(LIMIT)
    expect(channel.pending).toBeLessThan(LIMIT + BIG)
    for (let turns = 0; turns < 40; turns++) {
      channel.reading = true
      await settle()
      channel.reading = false
    }
    channel.reading = true
    await settle()
    expect(answered(victim)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    expect([channel.paused, timers.pending]).toEqual([false, 0])
  })

  test('F-10: hundreds of requests in one chunk do not fill the memory: those outstanding wait, the rest are rejected', async () => {
    const victim = await serverIn('associated')
    const { channel } = victim
    channel.reading = false
    channel.feed(Uint8Array.from(Array.from({ length: 400 }, (_, i) => [...read(i + 1)]).flat()))
    await settle()
    expect(channel.pending).toBeLessThan(LIMIT + BIG)
    channel.reading = true
    await settle()
    // Ten rejects in a minute, then the association is aborted: nobody asks so by mistake.
    expect(answered(victim).length).toBeLessThanOrEqual(16)
    channel.finish()
    await settle()
    expect([victim.timers.pending, victim.server!.associations.size]).toEqual([0, 0])
  })

  test('F-10: answers that no handler gives count as well', async () => {
    const { channel } = await serverIn('associated')
    channel.reading = false
    const cancels = Uint8Array.from(Array.from({ length: 2_000 }, () => [...wire({ type: 'cancelRequestPDU', value: 1 })]).flat())
    for (let i = 0; i < 40; i++) channel.feed(cancels)
    expect(channel.paused).toBe(true)
    expect(channel.pending).toBeLessThan(LIMIT + 2 * cancels.length)
  })

  test('F-10: is aborted after 30 s, and nothing of it stays', async () => {
    const { channel, timers, server } = await serverIn('associated')
    channel.reading = false
    for (let invokeID = 1; invokeID <= 8; invokeID++) channel.feed(read(invokeID))
    await pass(timers, 29_500)
    expect(server!.associations.size).toBe(1)
    await pass(timers, 500)
    expect(server!.associations.size).toBe(0)
    await pass(timers, 12_000)
    expect([channel.closedBy, timers.pending]).toEqual(['destroy', 0])
  })

  test('F-10: reports to it are dropped and counted; another client is served as ever', async () => {
    const { channel, server, timers } = await serverIn('associated')
    const other = new ScriptChannel()
    server!.accept(other).catch(() => {})
    for (const { octets } of serverStates.associated) {
      other.feed(octets)
      await settle()
    }
    const [slow] = server!.associations
    channel.reading = false
    for (let i = 0; i < 10; i++) await server!.report(['PEERLD0/big'])
    expect(slow!.droppedReports).toBeGreaterThan(3)
    expect(channel.pending).toBeLessThan(LIMIT + BIG)
    other.feed(read(1))
    await settle()
    expect(dissect(other.sent).units.filter(({ mms }) => mms?.type === 'unconfirmedPDU')).toHaveLength(10)
    expect(dissect(other.sent).units.at(-1)!.mms).toMatchObject({ type: 'confirmedResponsePDU', value: { invokeID: 1 } })
    channel.finish()
    other.finish()
    await settle()
    expect([timers.pending, server!.associations.size]).toEqual([0, 0])
  })
})

describe('associations that come to nothing', () => {
  const [cr, cn] = serverStates.associated
  const abort = recordedUnit('assoc-abort-by-client', 'AB')
  const wrongContext = recordedUnit('rawclient-wrong-application-context', 'CN')
  const versionZero = recordedUnit('rawclient-initiate-version-0', 'CN')
  /** What a client says before it goes: how it goes is a matter of the turn. */
  const failures: readonly (readonly Uint8Array[])[] = [
    [],
    [cr.octets],
    [cr.octets.subarray(0, 9)],
    [cr.octets, cn.octets.subarray(0, 50)],
    [cr.octets, cn.octets],
    [cr.octets, Uint8Array.from([...cn.octets, ...abort.octets])],
    [cr.octets, cn.octets, abort.octets],
    [cr.octets, wrongContext.octets],
    [cr.octets, versionZero.octets],
    [cr.octets, cr.octets],
    [Uint8Array.from([22, 3, 1, 0])],
    [cr.octets, packed(Uint8Array.from([13, 3, 1, 2, 3]))],
  ]

  test('RS-16, F-07: a thousand of them leave no timer and no entry, and the next client associates at once', async () => {
    const { channel: unused, timers, server } = await serverIn('connected')
    unused.finish()
    let ended = 0
    for (let i = 0; i < 1_000; i++) {
      const channel = new ScriptChannel()
      server!.accept(channel).catch(() => {
        ended += 1
      })
      for (const octets of failures[i % failures.length]!) {
        channel.feed(octets)
        await settle()
      }
      if (i % 3 === 0) await pass(timers, 500)
      channel.finish(i % 2 === 0 ? 'fin' : 'rst')
      await settle()
    }
    expect(ended).toBeGreaterThan(700)
    expect([timers.pending, server!.associations.size]).toEqual([0, 0])
    const channel = new ScriptChannel()
    const accepted = server!.accept(channel)
    channel.feed(cr.octets)
    await settle()
    channel.feed(cn.octets)
    expect((await accepted).negotiated.maxPduSize).toBe(65_000)
  })

  test('F-07: a thousand refusals leave no timer at our client', async () => {
    const refusals = [
      'fakeserver-cotp-dr',
      'fakeserver-cotp-er',
      'fakeserver-session-refuse',
      'fakeserver-session-refuse-with-cpr',
      'fakeserver-aare-rejected-auth-failure',
      'fakeserver-aare-rejected-no-userinfo',
      'fakeserver-initiate-error',
      'assoc-auth-missing',
    ].map(name => unitsOf(name, 's2c').map(({ octets }) => octets))
    const timers = new HandTimers()
    let refused = 0
    for (let i = 0; i < 1_000; i++) {
      const channel = new ScriptChannel()
      openMms(channel, { timers, transport: { timers, reference: 1 }, session: { timers }, mms: { timers } }).catch(() => {
        refused += 1
      })
      for (const octets of refusals[i % refusals.length]!) {
        channel.feed(octets)
        await settle()
      }
      channel.finish(i % 2 === 0 ? 'fin' : 'rst')
      await settle()
    }
    expect([refused, timers.pending]).toEqual([1_000, 0])
  })

  test('RS-16: a peer in the same process that aborts in the turn in which it is accepted is not kept', async () => {
    const { a, b } = joinedChannels()
    const timers = new HandTimers()
    const ends: unknown[] = []
    const server = new MmsServer({ model, timers, transport: { timers }, session: { timers }, onEnd: error => ends.push(error) })
    const accepting = server.accept(b)
    const { machine } = machineWith('client', [], a)
    const deliver = machine.onDeliver
    machine.onDeliver = delivery => {
      deliver(delivery)
      // Behind the answer, but before whoever waits for the association goes on.
      if (delivery.type === 'M-INITIATE.confirm') queueMicrotask(() => machine.submit({ type: 'M-ABORT.request' }))
    }
    await expect(accepting).rejects.toMatchObject({ name: 'AbortedError' })
    expect([server.associations.size, ends.length]).toEqual([0, 1])
  })
})
