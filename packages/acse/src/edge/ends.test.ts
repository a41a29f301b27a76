import { unhex } from '@x/core'
import { connectTcp, listenTcp } from '@x/core/node'
import { joinedChannels } from '@x/core/testing'
import { describe, expect, test, vi } from 'vitest'
import { asking, associated, failure, handTimers, meeting, octets } from '../../test/edge.js'
import { associate, listen } from '../node.js'
import { acceptAssociation, associateOver, associationOf, closeReasonOf, describeCloseReason, type IncomingAssociation } from '../open.js'

const authentication = { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: 'x' } } as const

describe('after the end', () => {
  test('F-06: what comes behind an abort of this side, or behind a release, is thrown away', async () => {
    const { requestor, acceptor, a } = await associated()
    const heard: string[] = []
    requestor.on('data', ({ values }) => {
      heard.push(values[0]!.octets.join())
      void requestor.abort()
    })
    // The second is on its way when the first is heard; what the channel still brings after that is not looked at.
    const sending = [acceptor.send(octets(1)), acceptor.send(octets(2))]
    await Promise.allSettled(sending)
    await requestor.closed
    a.onData(unhex('03 00 00 16 02 f0 80 01 00 01 00 61 09 30 07 02 01 03 a0 02 05 00'))
    a.onData(unhex('16 03 01'))
    expect(heard).toEqual(['4,1,1'])
    expect(requestor.closeReason).toMatchObject({ type: 'u-abort', by: 'local' })

    const orderly = await associated()
    const late: unknown[] = []
    orderly.requestor.on('data', event => late.push(event))
    await orderly.requestor.release()
    orderly.a.onData(unhex('03 00 00 16 02 f0 80 01 00 01 00 61 09 30 07 02 01 03 a0 02 05 00'))
    expect(late).toEqual([])
    expect(orderly.requestor.closeReason?.type).toBe('released')
  })
})

describe('abort', () => {
  test('N-14 and A-09: diagnostic and user information arrive, the diagnostic only with the authentication unit', async () => {
    const options = { diagnostic: 3, userInformation: [{ indirectReference: 3, octets: octets(9) }] } as const
    const { requestor, acceptor } = await associated({}, { authentication })
    await requestor.abort(options)
    expect(acceptor.closeReason).toEqual({ type: 'u-abort', by: 'remote', diagnostic: 3 })
    expect(acceptor.closingInformation).toMatchObject([{ octets: octets(9) }])
    const kernel = await associated()
    await kernel.acceptor.abort(options)
    expect(kernel.requestor.closeReason).toEqual({ type: 'u-abort', by: 'remote' })
    // @ts-expect-error the abort of a provider is not the user's to ask for
    const other: Parameters<typeof requestor.abort>[0] = { source: 'provider' }
    expect(other).toBeDefined()
  })

  test('N-14: any number of times, one ABRT leaves; safe inside handlers and hooks; resolves when the connection is gone', async () => {
    const { requestor, acceptor } = await associated({
      onData: (_, association) => {
        void association.abort()
        void association.abort()
      },
    })
    let abrts = 0
    acceptor.on('apduOut', ({ type }) => (abrts += type === 'ABRT' ? 1 : 0))
    acceptor.on('aborted', ({ association }) => association.abort())
    acceptor.on('closed', ({ association }) => association.abort())
    await requestor.send(octets(1)).catch(() => {})
    await acceptor.abort()
    await acceptor.abort()
    expect(abrts).toBe(1)
    expect(requestor.closeReason).toEqual({ type: 'u-abort', by: 'remote' })
    expect(acceptor.connection.channel.ended).toBe(true)
    await requestor.abort()
  })

  test('N-14: a peer that does not close is closed after the timeout', async () => {
    const timers = handTimers()
    const { requestor, b } = await associated({}, { timers, timeouts: { transportClose: 2_000 } })
    b.pause()
    let gone = false
    void requestor.abort().then(() => {
      gone = true
    })
    timers.advance(1_999)
    await Promise.resolve()
    expect(gone).toBe(false)
    timers.advance(10_000)
    await expect.poll(() => gone).toBe(true)
  })

  test('N-15 and A-12: the layer that finds a fault aborts in its own name, and both sides say which', async () => {
    const data = async (tpkt: string) => {
      const { requestor, acceptor, a } = await associated()
      a.write(unhex(tpkt))
      return [acceptor.closeReason, requestor.closeReason]
    }
    // An ACSE APDU in P-DATA: ACSE. A value of a context that is not there: presentation. No DT of session: session. No TPDU: COTP.
    expect(await data('03 00 00 1a 02 f0 80 01 00 01 00 61 0d 30 0b 02 01 01 a0 06 64 04 80 02 00 00')).toEqual([
      { type: 'p-abort', by: 'local', layer: 'acse' },
      { type: 'p-abort', by: 'remote', layer: 'acse' },
    ])
    expect(await data('03 00 00 16 02 f0 80 01 00 01 00 61 09 30 07 02 01 63 a0 02 05 00')).toMatchObject([
      { type: 'p-abort', by: 'local', layer: 'presentation', reason: expect.any(Number) },
      { type: 'p-abort', by: 'remote', layer: 'presentation', reason: expect.any(Number) },
    ])
    expect(await data('03 00 00 09 02 f0 80 ff 00')).toEqual([
      { type: 'p-abort', by: 'local', layer: 'session' },
      { type: 'p-abort', by: 'remote', layer: 'session' },
    ])
    expect((await data('03 00 00 07 02 30 80'))[0]).toEqual({ type: 'p-abort', by: 'local', layer: 'cotp' })
    expect((await data('ff 00 00 07 02 f0 80'))[0]).toEqual({ type: 'p-abort', by: 'local', layer: 'tpkt' })
  })
})

describe('N-16: state and reason', () => {
  test('from the first to the last, on both sides', async () => {
    const { opening, accepting } = meeting()
    const [requestor, acceptor] = [await opening, await accepting]
    expect([requestor.state, requestor.closeReason, requestor.error]).toEqual(['associated', undefined, undefined])
    await requestor.release()
    expect([requestor.state, acceptor.state]).toEqual(['closed', 'closed'])
    expect(await acceptor.closed).toEqual({ type: 'released', by: 'remote', reason: 0 })
    expect(acceptor.signal.aborted).toBe(true)
  })

  test('N-17: a lost network connection in every state is its own reason, and everything open rejects with it', async () => {
    const { requestor, acceptor, a, b } = await associated({ onRelease: () => {} })
    const waiting = failure(acceptor.receive())
    const releasing = failure(requestor.release())
    b.destroy()
    expect(await releasing).toMatchObject({ name: 'DisconnectedError' })
    expect(await waiting).toMatchObject({ name: 'DisconnectedError' })
    expect(requestor.closeReason).toMatchObject({ type: 'transport-lost', by: 'remote' })
    const again = meeting({ onAssociate: () => {} })
    await Promise.resolve()
    again.a.destroy()
    expect(associationOf(await failure(again.accepting))!.closeReason).toMatchObject({ type: 'transport-lost' })
    expect(a).toBeDefined()
  })

  test('each reason has a line for a log', () => {
    const lines = (
      [
        { type: 'released', by: 'local' },
        { type: 'rejected', by: 'remote', layer: 'acse', diagnostic: 7 },
        { type: 'rejected', by: 'remote', layer: 'presentation', diagnostic: 3 },
        { type: 'rejected', by: 'local', layer: 'acse' },
        { type: 'u-abort', by: 'remote', diagnostic: 5 },
        { type: 'u-abort', by: 'local' },
        { type: 'p-abort', by: 'local', layer: 'presentation', reason: 6 },
        { type: 'p-abort', by: 'remote', layer: 'session' },
        { type: 'transport-lost', by: 'remote' },
        { type: 'timeout', which: 'idle' },
        { type: 'timeout', which: 'stalled' },
      ] as const
    ).map(describeCloseReason)
    expect(lines).toEqual([
      'released by the local side',
      'rejected by the remote side at acse: called-AP-title-not-recognized',
      'rejected by the remote side at presentation, reason 3',
      'rejected by the local side at acse',
      'aborted by the remote user: authentication-failure',
      'aborted by the local user',
      'aborted by the local provider at presentation, reason 6',
      'aborted by the remote provider at session',
      'the network connection was closed by the remote side',
      'the idle timeout ran out',
      'the peer did not read what was sent to it',
    ])
  })

  test('a failure before there was an association has a reason as well', async () => {
    const error = await failure(associate({ ...asking, host: '127.0.0.1', port: 1 }))
    expect(closeReasonOf(error as never)).toMatchObject({ type: 'rejected', layer: 'network' })
  })
})

describe('N-18: timeouts', () => {
  test('associate: nobody answers; the message says how far it came', async () => {
    const timers = handTimers()
    const opening = failure(associateOver(joinedChannels().a, { ...asking, timers, timeouts: { associate: 4_000 } }))
    await Promise.resolve()
    timers.advance(4_000)
    const error = await opening
    expect(error).toMatchObject({ name: 'TimeoutError', code: 'OPEN_TIMEOUT', message: 'not established within 4000 ms: ACSE is in STA1' })
    expect(associationOf(error)!.closeReason).toEqual({ type: 'timeout', which: 'associate' })
  })

  test('request: of receive, which ends nothing; a value that comes later goes to the next reader', async () => {
    const timers = handTimers()
    const { requestor, acceptor } = await associated({}, { timers, timeouts: { request: 1_000 } })
    const first = failure(requestor.receive())
    const second = requestor.receive({ timeout: 5_000 })
    timers.advance(1_000)
    expect(await first).toMatchObject({ name: 'TimeoutError', code: 'REQUEST_TIMEOUT' })
    await acceptor.send(octets(1))
    await acceptor.send(octets(2))
    expect((await second)?.octets).toEqual(octets(1))
    expect((await requestor.receive())?.octets).toEqual(octets(2))
    const stop = new AbortController()
    const third = requestor.receive({ signal: stop.signal })
    stop.abort('no more')
    await expect(third).rejects.toBe('no more')
    expect(requestor.state).toBe('associated')
    await requestor.release()
    expect(await requestor.receive()).toBeUndefined()
  })

  test('a change applies to what is being waited for, on one association and on all of a server; off is undefined, 0 or Infinity', async () => {
    const timers = handTimers()
    const { requestor, acceptor, server } = await associated({ timers }, { timers, timeouts: { release: Number.POSITIVE_INFINITY } })
    server.setTimeouts({ idle: 7_000, request: 5 })
    expect(acceptor.timeouts).toMatchObject({ idle: 7_000, request: 5, release: 5_000 })
    server.setTimeouts({ idle: undefined })
    timers.advance(100_000)
    expect(acceptor.state).toBe('associated')
    acceptor.setTimeouts({ idle: 0 })
    timers.advance(100_000)
    const { acceptor: silent, requestor: asker } = await associated(
      { onRelease: () => {}, timeouts: { release: 0 } },
      { timers, timeouts: { release: undefined } },
    )
    const releasing = failure(asker.release())
    timers.advance(1_000_000)
    expect(asker.state).toBe('releasing')
    asker.setTimeouts({ release: 1_000_100 })
    timers.advance(99)
    expect(asker.state).toBe('releasing')
    timers.advance(1)
    expect(await releasing).toMatchObject({ code: 'RELEASE_TIMEOUT' })
    expect(silent.state).toBe('closed')
    expect(requestor.state).toBe('associated')
  })

  test('connect: of the network connection alone, and a signal gives up', async () => {
    const error = await failure(associate({ ...asking, host: '192.0.2.1', port: 102, timeouts: { connect: 1 } }))
    expect(['TimeoutError', 'RefusedError']).toContain(error.name)
    await expect(associate({ ...asking, host: '127.0.0.1', port: 1, signal: AbortSignal.abort('no') })).rejects.toBe('no')
    const stop = new AbortController()
    const { opening } = meeting({ onAssociate: () => stop.abort('changed my mind') }, { signal: stop.signal })
    await expect(opening).rejects.toBe('changed my mind')
  })
})

describe('N-19: idleness', () => {
  test('is aborted by default, counted from the last data in either direction', async () => {
    const timers = handTimers()
    const { requestor, acceptor } = await associated({ timers, timeouts: { idle: 1_000 } })
    timers.advance(900)
    await requestor.send(octets(1))
    timers.advance(900)
    await acceptor.send(octets(1))
    timers.advance(999)
    expect(acceptor.state).toBe('associated')
    timers.advance(1)
    expect(acceptor.closeReason).toEqual({ type: 'timeout', which: 'idle' })
    expect(requestor.closeReason).toMatchObject({ type: 'u-abort', by: 'remote' })
  })

  test('may be released instead', async () => {
    const timers = handTimers()
    const { requestor, acceptor } = await associated({ timers, timeouts: { idle: 1_000 }, onIdle: 'release' })
    timers.advance(1_000)
    expect(await acceptor.closed).toEqual({ type: 'released', by: 'local', reason: 0 })
    expect(requestor.closeReason).toEqual({ type: 'released', by: 'remote', reason: 0 })
  })

  test('may be a callback’s affair, and begins anew then; the clock is as exact with timers that have none', async () => {
    for (const clock of [true, false]) {
      const timers = handTimers()
      const used = clock ? timers : { after: timers.after.bind(timers) }
      const onIdle = vi.fn()
      const { acceptor } = await associated({ timers: used, timeouts: { idle: 1_000 }, onIdle })
      timers.advance(500)
      await acceptor.send(octets(1))
      timers.advance(999)
      expect(onIdle).toHaveBeenCalledTimes(0)
      timers.advance(1)
      expect(onIdle).toHaveBeenCalledTimes(1)
      timers.advance(1_000)
      expect(onIdle).toHaveBeenCalledTimes(2)
      await acceptor.abort()
      timers.advance(10_000)
      expect(onIdle).toHaveBeenCalledTimes(2)
    }
  })
})

describe('N-20: the half-open guard', () => {
  const CR = '03 00 00 0b 06 e0 00 00 00 01 00'
  test.each([
    ['nothing', ''],
    ['half a packet', '03 00 00'],
    ['a CR and nothing more', CR],
    ['a CR and half a CN', `${CR} 03 00 00 20 02 f0 80 0d`],
  ])('a socket that sends %s is closed when the time is up', async (_, sent) => {
    const refused: unknown[] = []
    await using server = await listen({ host: '127.0.0.1', port: 0, timeouts: { associate: 60, transportClose: 60 } })
    server.on('aborted', ({ reason }) => refused.push(reason))
    const channel = await connectTcp({ host: '127.0.0.1', port: server.port })
    const ended = new Promise(resolve => {
      channel.onEnd = resolve
    })
    channel.onData = () => {}
    if (sent) channel.write(unhex(sent))
    await ended
    await expect.poll(() => refused).toEqual([{ type: 'timeout', which: 'associate' }])
  })

  test('a peer that does not close after its rejection is closed', async () => {
    const timers = handTimers()
    const { a, b } = joinedChannels()
    const onAssociate = (incoming: IncomingAssociation) => {
      a.pause()
      incoming.reject()
    }
    const accepting = failure(acceptAssociation(b, { timers, timeouts: { transportClose: 500 }, onAssociate }))
    associateOver(a, asking).catch(() => {})
    await accepting
    timers.advance(10_000)
    expect(b.closed).toBe(true)
  })

  test('N-21: every timer is one of those that were given, and none is left when all is over', async () => {
    const timers = handTimers()
    const { requestor, acceptor, a, b } = await associated(
      { timers, timeouts: { idle: 60_000 }, session: { timers }, network: { timers }, transport: { timers } },
      { timers, timeouts: { idle: 60_000 }, session: { timers }, network: { timers }, transport: { timers } },
    )
    expect(timers.pending).toBeGreaterThan(0)
    await requestor.release()
    await acceptor.abort()
    expect([a.ended, b.ended]).toEqual([true, true])
    expect(timers.pending).toBe(0)
  })
})

test('a port that is taken is an error of its own', async () => {
  const taken = await listenTcp({ host: '127.0.0.1', port: 0 }, () => {})
  await expect(listen({ host: '127.0.0.1', port: taken.port })).rejects.toMatchObject({ name: 'RefusedError', layer: 'network' })
  await taken.close()
})
