import { hex, unhex } from '@x/core'
import { connectTcp, listenTcp } from '@x/core/node'
import { HandTimers, joinedChannels, playScript } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { asking, associated, failure, octets } from '../../test/edge.js'
import { associate, listen } from '../node.js'
import { type Association, acceptAssociation, associateOver, associationOf } from '../open.js'

const host = '127.0.0.1'

/** What each side of a plain association writes, chunk by chunk: the other side’s script. */
async function recorded() {
  const { requestor, a, b } = await associated()
  await requestor.send(octets(1))
  await requestor.release()
  const whole = (chunks: readonly Uint8Array[]) => chunks.map(chunk => hex(chunk))
  return { requestor: whole(a.written), acceptor: whole(b.written) }
}

describe('N-35: a scripted peer, octet by octet, in both roles over sockets', () => {
  test('a requestor of octets associates, sends and releases', async () => {
    const heard: Uint8Array[] = []
    await using server = await listen({ host, port: 0, onData: values => heard.push(values[0]!.octets.slice()) })
    const reasons: unknown[] = []
    server.on('closed', ({ reason }) => reasons.push(reason))
    const script = await recorded()
    const [cr, aarq, data, rlrq] = script.requestor
    const channel = await connectTcp({ host, port: server.port })
    const got = await playScript(channel, [
      ['send', cr!],
      ['recv'],
      ['send', aarq!],
      ['recv'],
      ['send', data!],
      ['send', rlrq!],
      ['recv'],
      ['end'],
      ['closed'],
    ])
    expect(heard).toEqual([octets(1)])
    await expect.poll(() => reasons).toEqual([{ type: 'released', by: 'remote', reason: 0 }])
    expect(got).toContain('61 ')
  })

  test('an acceptor of octets accepts, and answers the release', async () => {
    const script = await recorded()
    const [confirm, aare, rlre] = script.acceptor
    // The reference of a CC is that of the CR it answers.
    const cc = unhex(confirm!)
    cc.set([0, 5], 6)
    let played!: Promise<string>
    const listener = await listenTcp({ host, port: 0 }, channel => {
      played = playScript(channel, [['recv'], ['send', cc], ['recv'], ['send', aare!], ['recv'], ['send', rlre!], ['closed']])
    })
    const association = await associate({ ...asking, host, port: listener.port, transport: { reference: 5 } })
    expect(await association.release()).toEqual({ reason: 0, userInformation: [] })
    expect(await played).toContain('62 03 80 01 00')
    await listener.close()
  })

  test.each([
    ['closes instead of an AARE', [['end']], { type: 'rejected', by: 'remote' }],
    ['resets', [['reset']], { by: 'remote' }],
    ['sends no packet', [['send', '48 54 54 50 2f 31 2e 31 20 34 30 30']], { type: 'p-abort', by: 'local', layer: 'tpkt' }],
    ['refuses at COTP', [['send', '03 00 00 0b 06 80 00 01 00 00 03']], { type: 'rejected', by: 'remote', layer: 'cotp', diagnostic: 3 }],
  ] as const)('N-03: an acceptor that %s: one error, with its reason', async (_, steps, expected) => {
    const listener = await listenTcp({ host, port: 0 }, channel => void playScript(channel, [['recv'], ...steps]))
    const error = await failure(associate({ ...asking, host, port: listener.port, timeouts: { associate: 2_000, transportClose: 100 } }))
    expect(associationOf(error)!.closeReason).toMatchObject(expected)
    await listener.close({ mode: 'abort' })
  })
})

describe('N-23: malformed octets, whatever the layer they break', () => {
  test('each octet of each chunk broken in turn: the acceptor ends with a reason or works, and never throws', async () => {
    const { requestor: chunks } = await recorded()
    const counts = new Map<string, number>()
    for (let which = 0; which < chunks.length; which++) {
      const length = unhex(chunks[which]!).length
      for (let at = 0; at < length; at += 7) {
        const timers = new HandTimers()
        const { a, b } = joinedChannels()
        let association: Association | undefined
        const accepting = acceptAssociation(b, { timers }, { made: made => { association = made } }) // biome-ignore format: short
        accepting.catch(() => {})
        for (const [i, chunk] of chunks.entries()) {
          const sent = unhex(chunk)
          if (i === which) sent[at] = sent[at]! ^ 0xff
          a.write(sent)
          await Promise.resolve()
          await Promise.resolve()
        }
        timers.advance(60_000)
        a.end()
        const reason = await association!.closed
        counts.set(reason.type, (counts.get(reason.type) ?? 0) + 1)
        expect(timers.pending).toBe(0)
      }
    }
    expect([...counts.keys()].sort()).toEqual(expect.arrayContaining(['p-abort', 'timeout']))
  })
})

describe('F-07: no end leaves anything behind', () => {
  type End = (pair: Awaited<ReturnType<typeof associated>>) => unknown
  const ends: readonly [string, End][] = [
    ['a release by the requestor', ({ requestor }) => requestor.release()],
    ['a release by the acceptor', ({ acceptor }) => acceptor.release()],
    [
      'two releases that collide',
      ({ requestor, acceptor, a, b }) => {
        a.pause()
        b.pause()
        const both = [requestor.release(), acceptor.release()]
        a.resume()
        b.resume()
        return Promise.all(both)
      },
    ],
    ['an abort by the requestor', ({ requestor }) => requestor.abort()],
    ['an abort by the acceptor', ({ acceptor }) => acceptor.abort()],
    ['a reset', ({ a }) => a.destroy()],
    ['garbage', ({ a }) => a.write(unhex('00 01 02 03 04'))],
  ]

  test.each(ends)('%s: every call settles once, no timer is left, two hundred times', async (_, end) => {
    const timers = new HandTimers()
    const common = { timers, timeouts: { idle: 600_000 }, network: { timers }, transport: { timers }, session: { timers } }
    for (let i = 0; i < 200; i++) {
      const pair = await associated(common, common)
      const settled: unknown[] = []
      for (const side of [pair.requestor, pair.acceptor]) {
        void side.closed.then(reason => settled.push(reason.type))
        void side.receive().then(
          () => settled.push('received nothing'),
          () => settled.push('rejected'),
        )
      }
      await end(pair)
      await Promise.all([pair.requestor.closed, pair.acceptor.closed])
      timers.advance(20_000)
      await Promise.all([pair.requestor.connection.gone(), pair.acceptor.connection.gone()])
      await new Promise(resolve => setImmediate(resolve))
      expect(settled).toHaveLength(4)
      expect([timers.pending, pair.server.size]).toEqual([0, 0])
    }
  })

  test.each(['associating', 'deciding', 'associated', 'releasing', 'release-requested'] as const)(
    'an abort while %s, by either side or by the network, ends both and leaves no timer',
    async state => {
      for (const how of ['requestor', 'acceptor', 'network'] as const) {
        const timers = new HandTimers()
        const common = { timers, network: { timers }, transport: { timers }, session: { timers } }
        const { a, b } = joinedChannels()
        let acceptor!: Association
        const stop = new AbortController()
        const accepting = acceptAssociation(
          b,
          {
            ...common,
            onRelease: () => {},
            ...((state === 'associating' || state === 'deciding') && { onAssociate: () => {} }),
          },
          { made: made => { acceptor = made } }, // biome-ignore format: short
        )
        accepting.catch(() => {})
        if (state === 'associating') b.pause()
        const opening = associateOver(a, { ...asking, ...common, signal: stop.signal, onRelease: () => {} })
        opening.catch(() => {})
        const requestor = state === 'associating' || state === 'deciding' ? undefined : await opening
        await Promise.resolve()
        if (state === 'releasing') requestor!.release().catch(() => {})
        if (state === 'release-requested') acceptor.release().catch(() => {})
        if (how === 'network') a.destroy()
        else if (how === 'acceptor') void acceptor.abort()
        else if (requestor) void requestor.abort()
        else stop.abort()
        b.resume()
        timers.advance(60_000)
        await acceptor.closed
        if (requestor) await requestor.closed
        else await failure(opening)
        timers.advance(60_000)
        expect([acceptor.state, timers.pending]).toEqual(['closed', 0])
      }
    },
  )
})
