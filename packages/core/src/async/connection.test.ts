import { describe, expect, test } from 'vitest'
import {
  DecodeError,
  DisconnectedError,
  type OutcomeError,
  type Primitive,
  RefusedError,
  ReleasedError,
  TimeoutError,
  UsageError,
} from '../index.js'
import { FakeProvider, HandTimers, joinedChannels } from '../testing/index.js'
import { Connection, type ConnectionOptions, type Shape, withCause } from './index.js'

interface P extends Primitive {
  readonly key?: number
  readonly text?: string
}
const lost = new DisconnectedError('network', 'LOST', 'lost', { by: 'peer provider' })
const refused = new RefusedError('cotp', 'REFUSED', 'address unknown', { by: 'peer', reason: 3 })
const shape: Shape<P, P> = {
  layer: 'cotp',
  isConnectIndication: p => p.type === 'CONNECT.indication',
  isConnectConfirm: p => p.type === 'CONNECT.confirm',
  accepts: p => p.type === 'ACCEPT',
  endedBy: p => (p.type === 'LOST' ? lost : p.type === 'REFUSED' ? refused : undefined),
  abort: reason => ({ type: 'ABORT', text: String(reason) }),
  release: {
    request: () => ({ type: 'RELEASE.request' }),
    isIndication: p => p.type === 'RELEASE.indication',
    response: () => ({ type: 'RELEASE.response' }),
    isConfirm: p => p.type === 'RELEASE.confirm',
    isRefusal: p => p.type === 'RELEASE.refusal',
  },
  key: p => p.key,
}

function parts(options: ConnectionOptions = {}) {
  const provider = new FakeProvider<P, P>()
  const { a: channel, b: peer } = joinedChannels()
  const timers = new HandTimers()
  return { provider, channel, peer, timers, options: { timers, ...options } }
}

async function opened(options: ConnectionOptions = {}) {
  const all = parts(options)
  const opening = Connection.open(all.provider, all.channel, shape, { type: 'CONNECT' }, all.options)
  all.provider.deliver({ type: 'CONNECT.confirm' })
  const { connection } = await opening
  all.provider.take()
  return { ...all, connection }
}

describe('opening', () => {
  test('submits the request and resolves with the confirm', async () => {
    const { provider, channel, options } = parts()
    const opening = Connection.open(provider, channel, shape, { type: 'CONNECT' }, options)
    expect(provider.take()).toEqual([{ type: 'CONNECT' }])
    provider.deliver({ type: 'CONNECT.confirm', text: 'x' })
    const { connection, confirm } = await opening
    expect(confirm.text).toBe('x')
    expect(connection.state).toBe('open')
  })

  test('a refusal rejects with the RefusedError and ends the connection', async () => {
    const { provider, channel, options } = parts()
    const opening = Connection.open(provider, channel, shape, { type: 'CONNECT' }, options)
    provider.deliver({ type: 'REFUSED' })
    await expect(opening).rejects.toBe(refused)
  })

  test('no answer within the timeout: TimeoutError that says where it stands, the channel is closed, no timer stays', async () => {
    const { provider, channel, timers, options } = parts({ timeout: 500, progress: () => 'session waits for AC' })
    const opening = Connection.open(provider, channel, shape, { type: 'CONNECT' }, options)
    timers.advance(500)
    await expect(opening).rejects.toThrow('not established within 500 ms: session waits for AC')
    await expect(opening).rejects.toBeInstanceOf(TimeoutError)
    expect(channel.closed).toBe(true)
    expect(timers.pending).toBe(0)
  })

  test('an AbortSignal rejects with its reason, before and during', async () => {
    const reason = new Error('enough')
    const all = parts()
    await expect(
      Connection.open(all.provider, all.channel, shape, { type: 'CONNECT' }, { ...all.options, signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason)
    expect(all.provider.take()).toEqual([])
    const stop = new AbortController()
    const { provider, channel, options } = parts({ signal: stop.signal })
    const opening = Connection.open(provider, channel, shape, { type: 'CONNECT' }, options)
    stop.abort(reason)
    await expect(opening).rejects.toBe(reason)
    expect(channel.closed).toBe(true)
  })

  test('a request that cannot be submitted rejects with that error', async () => {
    const { provider, channel, options } = parts()
    provider.submit = () => {
      throw new UsageError('cotp', 'STATE', 'no')
    }
    await expect(Connection.open(provider, channel, shape, { type: 'CONNECT' }, options)).rejects.toThrow('no')
    expect(channel.closed).toBe(true)
  })
})

describe('accepting', () => {
  test.each(['at once', 'later'])('submits what decide answers %s and is open', async when => {
    const { provider, channel, options } = parts()
    const accepting = Connection.accept(
      provider,
      channel,
      shape,
      i => (when === 'later' ? Promise.resolve({ type: 'ACCEPT', text: i.text! }) : { type: 'ACCEPT', text: i.text! }),
      options,
    )
    provider.deliver({ type: 'CONNECT.indication', text: 'me' })
    const { connection, indication } = await accepting
    expect(indication.text).toBe('me')
    expect(provider.take()).toEqual([{ type: 'ACCEPT', text: 'me' }])
    expect(connection.state).toBe('open')
  })

  test('RT-01: a channel that is closed before anything was established ends it at once, with the reason', async () => {
    const { provider, channel, peer, options } = parts()
    const accepting = Connection.accept(provider, channel, shape, () => ({ type: 'ACCEPT' }), options)
    peer.end()
    await expect(accepting).rejects.toMatchObject({ name: 'DisconnectedError', code: 'CLOSED_EARLY', by: 'peer provider' })
    const own = parts()
    const broken = new DecodeError('tpkt', 'TPKT_VERSION', 'expected version 3, found 71')
    own.channel.whyClosed = () => broken
    const other = Connection.accept(own.provider, own.channel, shape, () => ({ type: 'ACCEPT' }), own.options)
    own.channel.end()
    await expect(other).rejects.toMatchObject({ by: 'local provider', cause: broken, message: expect.stringContaining('found 71') })
  })

  test('a refusal is submitted, and accept rejects', async () => {
    const { provider, channel, options } = parts()
    const accepting = Connection.accept(provider, channel, shape, () => ({ type: 'REFUSE' }), options)
    provider.deliver({ type: 'CONNECT.indication' })
    await expect(accepting).rejects.toMatchObject({ code: 'REFUSED', by: 'user' })
    expect(provider.take()).toEqual([{ type: 'REFUSE' }])
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('a decide that %s aborts the connection', async (_, decide) => {
    const { provider, channel, options } = parts()
    const accepting = Connection.accept(provider, channel, shape, decide, options)
    provider.deliver({ type: 'CONNECT.indication' })
    await expect(accepting).rejects.toMatchObject({ code: 'DECIDE', cause: new Error('broken') })
    expect(provider.take().map(p => p.type)).toEqual(['ABORT'])
  })

  test('a peer that is lost while decide thinks gets no response', async () => {
    const { provider, channel, options } = parts()
    let answer!: (p: P) => void
    const accepting = Connection.accept(
      provider,
      channel,
      shape,
      () =>
        new Promise<P>(r => {
          answer = r
        }),
      options,
    )
    provider.deliver({ type: 'CONNECT.indication' })
    provider.deliver({ type: 'LOST' })
    await expect(accepting).rejects.toBe(lost)
    answer({ type: 'ACCEPT' })
    await Promise.resolve()
    expect(provider.take()).toEqual([])
  })
})

describe('exchange', () => {
  test('each answer goes to the request with its key, in any order', async () => {
    const { provider, connection } = await opened()
    const one = connection.exchange(1, { type: 'REQ', key: 1 })
    const two = connection.exchange(2, { type: 'REQ', key: 2 })
    expect(connection.outstanding).toBe(2)
    provider.deliver({ type: 'RSP', key: 2, text: 'b' })
    provider.deliver({ type: 'RSP', key: 1, text: 'a' })
    expect([(await one).text, (await two).text]).toEqual(['a', 'b'])
    expect(connection.outstanding).toBe(0)
  })

  test('a timeout rejects the call; the key stays taken until the late answer, which goes nowhere', async () => {
    const { provider, connection, timers } = await opened({ requestTimeout: 100 })
    const call = connection.exchange(1, { type: 'REQ', key: 1 })
    timers.advance(100)
    await expect(call).rejects.toThrow('no answer to REQ within 100 ms')
    expect(connection.isOutstanding(1)).toBe(true)
    await expect(connection.exchange(1, { type: 'REQ', key: 1 })).rejects.toThrow('still outstanding')
    provider.deliver({ type: 'RSP', key: 1 })
    expect(connection.isOutstanding(1)).toBe(false)
  })

  test('a signal rejects the call at once with its reason', async () => {
    const { connection, timers } = await opened()
    const stop = new AbortController()
    const call = connection.exchange(1, { type: 'REQ', key: 1 }, { signal: stop.signal, timeout: 0 })
    stop.abort('enough')
    await expect(call).rejects.toBe('enough')
    await expect(connection.exchange(2, { type: 'REQ' }, { signal: stop.signal })).rejects.toBe('enough')
    expect(timers.pending).toBe(0)
  })

  test('a request that cannot be submitted frees its key', async () => {
    const { provider, connection } = await opened()
    provider.submit = () => {
      throw new UsageError('cotp', 'STATE', 'no')
    }
    await expect(connection.exchange(1, { type: 'REQ' })).rejects.toThrow('no')
    expect(connection.outstanding).toBe(0)
    await expect(connection.send({ type: 'X' })).rejects.toThrow('no')
  })

  test('when the connection is lost all calls reject with the same error in the same turn, and later ones too', async () => {
    const { provider, connection, timers } = await opened({ closeTimeout: 10 })
    const calls = [connection.exchange(1, { type: 'REQ' }), connection.exchange(2, { type: 'REQ' }, { timeout: 0 })]
    provider.deliver({ type: 'LOST' })
    for (const call of calls) await expect(call).rejects.toBe(lost)
    await expect(connection.exchange(3, { type: 'REQ' })).rejects.toBe(lost)
    await expect(connection.send({ type: 'X' })).rejects.toBe(lost)
    await expect(connection.drained()).rejects.toBe(lost)
    expect(await connection.ended).toBe(lost)
    expect(connection.signal.aborted).toBe(true)
    timers.advance(2_000)
    expect(timers.pending).toBe(0)
  })
})

describe('deliveries', () => {
  test('come out in order, held while nobody reads; iteration ends after a release', async () => {
    const { provider, connection } = await opened()
    provider.deliver({ type: 'DATA', text: '1' })
    provider.deliver({ type: 'DATA', text: '2' })
    const texts: string[] = []
    const reading = (async () => {
      for await (const p of connection) texts.push(p.text!)
    })()
    provider.deliver({ type: 'DATA', text: '3' })
    provider.deliver({ type: 'RELEASE.indication' })
    await reading
    expect(texts).toEqual(['1', '2', '3'])
    expect(provider.take()).toEqual([{ type: 'RELEASE.response' }])
    expect(await connection.ended).toBeInstanceOf(ReleasedError)
  })

  test('iteration throws how the connection was lost', async () => {
    const { provider, connection } = await opened()
    provider.deliver({ type: 'DATA' })
    provider.deliver({ type: 'LOST' })
    const seen: P[] = []
    await expect(
      (async () => {
        for await (const p of connection) seen.push(p)
      })(),
    ).rejects.toBe(lost)
    expect(seen).toHaveLength(1)
  })

  test('F-10: at the limit the channel is paused, and runs again when half is consumed', async () => {
    const { provider, connection, channel } = await opened({ queueLimit: 4 })
    for (let i = 0; i < 4; i++) provider.deliver({ type: 'DATA' })
    expect(channel.paused).toBe(true)
    const items = connection[Symbol.asyncIterator]()
    await items.next()
    expect(channel.paused).toBe(true)
    await items.next()
    expect(channel.paused).toBe(false)
  })

  test('an interceptor takes what it wants', async () => {
    const { provider, connection } = await opened()
    const taken: string[] = []
    provider.deliver({ type: 'REPORT', text: 'early' })
    connection.intercept = p => p.type === 'REPORT' && taken.push(p.text ?? '') > 0
    provider.deliver({ type: 'REPORT' })
    provider.deliver({ type: 'DATA' })
    expect(taken).toEqual(['early', ''])
    expect((await connection[Symbol.asyncIterator]().next()).value).toEqual({ type: 'DATA' })
  })

  test('leaving a loop early closes the connection', async () => {
    const { provider, connection, peer } = await opened()
    provider.deliver({ type: 'DATA' })
    const loop = (async () => {
      for await (const _ of connection) break
    })()
    await Promise.resolve()
    await new Promise(resolve => setImmediate(resolve))
    provider.deliver({ type: 'RELEASE.confirm' })
    peer.end()
    await loop
    expect(connection.state).toBe('ended')
  })
})

describe('ending', () => {
  test('close releases in order, and resolves when the channel is gone, too', async () => {
    const { provider, connection, peer } = await opened()
    const closing = connection.close()
    expect(connection.close()).toBe(closing)
    expect(connection.state).toBe('closing')
    expect(provider.take()).toEqual([{ type: 'RELEASE.request' }])
    provider.deliver({ type: 'RELEASE.confirm' })
    peer.end()
    await closing
    expect(await connection.ended).toMatchObject({ code: 'RELEASED', by: 'user' })
    await connection.close()
  })

  test('a release that is not answered becomes an abort, and the channel is destroyed in the end', async () => {
    const { provider, connection, timers, channel } = await opened({ closeTimeout: 100 })
    const closing = connection.close()
    timers.advance(100)
    expect(provider.take().map(p => p.type)).toEqual(['RELEASE.request', 'ABORT'])
    expect(channel.closed).toBe(false)
    timers.advance(1_100)
    await closing
    expect(channel.closed).toBe(true)
    expect(await connection.ended).toMatchObject({ code: 'RELEASE_TIMEOUT' })
  })

  test('crossing releases: the indication is answered, the confirm ends it', async () => {
    const { provider, connection, peer } = await opened()
    const closing = connection.close()
    provider.deliver({ type: 'RELEASE.indication' })
    expect(connection.state).toBe('closing')
    provider.deliver({ type: 'RELEASE.confirm' })
    peer.end()
    await closing
    expect(provider.take().map(p => p.type)).toEqual(['RELEASE.request', 'RELEASE.response'])
  })

  test('a refused release is an abort', async () => {
    const { provider, connection, peer } = await opened()
    const closing = connection.close()
    provider.deliver({ type: 'RELEASE.refusal' })
    expect(provider.take().map(p => p.type)).toEqual(['RELEASE.request', 'ABORT'])
    peer.end()
    await closing
    expect(await connection.ended).toMatchObject({ code: 'RELEASE_REFUSED' })
  })

  test('N-14: abort twice is one abort, also from inside a handler', async () => {
    const { provider, connection } = await opened()
    connection.intercept = () => {
      connection.abort('first')
      connection.abort('second')
      return true
    }
    provider.deliver({ type: 'DATA' })
    expect(provider.take()).toEqual([{ type: 'ABORT', text: 'first' }])
    expect(await connection.ended).toMatchObject({ by: 'user', cause: 'first' })
  })

  test('await using closes; a release that cannot be sent is an abort', async () => {
    const { provider, connection, peer } = await opened()
    provider.submit = p => {
      if (p.type === 'RELEASE.request') throw new UsageError('cotp', 'STATE', 'not now')
    }
    const closing = connection[Symbol.asyncDispose]()
    peer.end()
    await closing
    expect(await connection.ended).toMatchObject({ code: 'RELEASE' })
  })

  test('a service without release is aborted', async () => {
    const { provider, channel, options } = parts()
    const { release: _, ...plain } = shape
    const opening = Connection.open(provider, channel, plain, { type: 'CONNECT' }, options)
    provider.deliver({ type: 'CONNECT.confirm' })
    const { connection } = await opening
    void connection.close()
    expect(provider.take().map(p => p.type)).toEqual(['CONNECT', 'ABORT'])
  })
})

test('RN-01: send waits for the channel to drain when much is pending', async () => {
  const provider = new FakeProvider<P, P>()
  const { a, flush } = joinedChannels({ manual: true, highWaterMark: 10 })
  const opening = Connection.open(provider, a, shape, { type: 'CONNECT' }, { timers: new HandTimers() })
  provider.deliver({ type: 'CONNECT.confirm' })
  const { connection } = await opening
  a.write(new Uint8Array(70_000))
  let sent = false
  const sending = connection.send({ type: 'DATA' }).then(() => {
    sent = true
  })
  await Promise.resolve()
  expect(sent).toBe(false)
  flush()
  await sending
  expect(sent).toBe(true)
})

test('withCause joins the text and the reason', () => {
  expect(withCause('refused', undefined)).toBe('refused')
  expect(withCause('refused', lost as OutcomeError)).toBe('refused: lost')
})
