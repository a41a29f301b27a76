import { DecodeError, Sdu, sameOctets, unhex } from '@x/core'
import { HandTimers, joinedChannels } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { connect, listen } from './node.js'
import { acceptSession, openSession, type SessionConnection } from './open.js'
import { ended, providerAborted } from './outcomes.js'
import { refuseReasonText } from './reasons.js'
import { FunctionalUnit, Token, Version } from './values.js'

const loopback = { host: '127.0.0.1' } as const

describe('connect and listen', () => {
  test('SSDUs go both ways, and a release ends both sides in order', async () => {
    const ends: unknown[] = []
    await using listener = await listen({ ...loopback, port: 0 }, async connection => {
      for await (const ssdu of connection) await connection.send(ssdu)
      ends.push(await connection.ended)
    })
    const connection = await connect({
      ...loopback,
      port: listener.port,
      called: { sessionSelector: Uint8Array.of(0, 1) },
      userData: Uint8Array.of(1, 2),
    })
    expect(connection.opened).toMatchObject({ result: 'accept', version: 2 })
    await connection.send(Uint8Array.of(9, 8, 7))
    for await (const ssdu of connection) {
      expect([...ssdu]).toEqual([9, 8, 7])
      break
    }
    expect(await connection.ended).toMatchObject({ name: 'ReleasedError', by: 'user' })
    await expect.poll(() => ends).toMatchObject([{ name: 'ReleasedError', by: 'peer' }])
  })

  test('S-14: a refusal by the provider and one by the user carry the reason', async () => {
    await using selector = await listen({ ...loopback, port: 0, session: { accept: () => 129 } }, () => {})
    await expect(connect({ ...loopback, port: selector.port })).rejects.toMatchObject({
      name: 'RefusedError',
      layer: 'session',
      by: 'peer provider',
      reason: 129,
      message: 'refused by the peer provider: session selector unknown (RF reason 129); it was called without a session selector',
      offered: { sessionRequirements: 2, versions: 2, called: {} },
      answered: { versions: 3 },
    })
    await using user = await listen(
      { ...loopback, port: 0, decide: () => ({ type: 'S-CONNECT.response', result: 'reject', reason: 1 }) },
      () => {},
    )
    await expect(connect({ ...loopback, port: user.port })).rejects.toMatchObject({ by: 'peer', reason: 1 })
  })

  test('an abort is seen by the other side', async () => {
    let aborted!: (error: unknown) => void
    const seen = new Promise<unknown>(resolve => {
      aborted = resolve
    })
    await using listener = await listen({ ...loopback, port: 0 }, async connection => aborted(await connection.ended))
    const connection = await connect({ ...loopback, port: listener.port })
    connection.abort()
    expect(await seen).toMatchObject({ name: 'AbortedError', layer: 'session', by: 'peer' })
  })
})

describe('S-14: a refusal says who, why, what was offered and what would do', () => {
  const rejected = {
    type: 'S-CONNECT.confirm',
    result: 'reject',
    by: 'peer provider',
    responding: {},
    userData: new Uint8Array(0),
  } as const
  const offered = { sessionRequirements: FunctionalUnit.duplex, versions: Version.version2 }
  const text = (more: object) => ended({ ...rejected, reason: 133, offered, ...more }, true)!.message

  test.each<[string, object, string]>([
    [
      'an unknown selector',
      { reason: 129, responding: { sessionSelector: Uint8Array.of(0, 9) } },
      'refused by the peer provider: session selector unknown (RF reason 129); it was called as 00 09',
    ],
    [
      'nobody behind it',
      { reason: 130 },
      'refused by the peer provider: SS-user not attached to the SSAP (RF reason 130); it was called without a session selector',
    ],
    [
      'congestion',
      { reason: 131 },
      'refused by the peer provider: session provider congested at connect time (RF reason 131); it may have room later',
    ],
    [
      'another version',
      { reason: 132, versions: 1 },
      'refused by the peer provider: proposed protocol versions not supported (RF reason 132); proposed version2, it has version1',
    ],
    [
      'another way of data flow',
      { by: 'peer', reason: 2, sessionRequirements: 1 },
      'refused by the peer: rejected by the called SS-user (RF reason 2); proposed duplex, it has halfDuplex',
    ],
    ['nothing to add', { by: 'peer', reason: 0 }, 'refused by the peer: rejected by the called SS-user, no reason given (RF reason 0)'],
    ['no reason at all', { by: 'peer', reason: 0, withoutReason: true }, 'refused by the peer: without a reason'],
  ])('S-14: %s', (_, more, expected) => expect(text(more)).toBe(expected))

  test('S-14: the user data of a refusal is in the error', () => {
    const userData = Uint8Array.of(0x31, 0x80)
    const error = ended({ ...rejected, by: 'peer', reason: 2, offered, sessionRequirements: 2, versions: 3, userData }, true)
    expect(error).toMatchObject({
      reason: 2,
      offered: { ...offered, called: {} },
      answered: { sessionRequirements: 2, versions: 3, userData },
    })
  })

  test('S-16: each bit of an abort has words, and what was given back is shown', () => {
    const abort = (transportDisconnect: number, more = {}) =>
      providerAborted({ type: 'S-P-ABORT.indication', by: 'peer provider', transportDisconnect, ...more }).message
    expect(abort(0x05)).toBe('the peer’s session provider aborted: it found a protocol error')
    expect(abort(0x11)).toBe('the peer’s session provider aborted: a restriction of its implementation')
    expect(abort(0x15)).toBe('the peer’s session provider aborted: it found a protocol error, a restriction of its implementation')
    expect(abort(0x09)).toBe('the peer’s session provider aborted: no reason given')
    expect(abort(0x05, { reflectParameterValues: Uint8Array.of(1, 0) })).toContain('; it gave back 01 00')
  })
})

describe('S-09: more than data over a connection', () => {
  test('S-09: half-duplex and typed data, tokens asked for and given, primitives iterated', async () => {
    const functionalUnits = FunctionalUnit.halfDuplex | FunctionalUnit.typedData
    const session = { functionalUnits }
    const heard: string[] = []
    await using listener = await listen({ ...loopback, port: 0, session }, async ({ connection }) => {
      for await (const primitive of connection) {
        heard.push(primitive.type)
        if (primitive.type === 'S-TOKEN-GIVE.indication') {
          await connection.send({ type: 'S-DATA.request', userData: Sdu.of(Uint8Array.of(7)) })
          await connection.send({ type: 'S-TOKEN-GIVE.request', tokens: Token.data })
        }
      }
    })
    const { connection } = await connect({ ...loopback, port: listener.port, session, sessionRequirements: functionalUnits })
    await connection.send({ type: 'S-TYPED-DATA.request', userData: Sdu.of(Uint8Array.of(1)) })
    await connection.send({ type: 'S-TOKEN-GIVE.request', tokens: Token.data })
    const seen: string[] = []
    for await (const primitive of connection) {
      seen.push(primitive.type)
      if (primitive.type === 'S-TOKEN-GIVE.indication') break
    }
    expect(seen).toEqual(['S-DATA.indication', 'S-TOKEN-GIVE.indication'])
    expect(await connection.ended).toMatchObject({ name: 'ReleasedError' })
    expect(heard).toEqual(['S-TYPED-DATA.indication', 'S-TOKEN-GIVE.indication'])
  })

  test('S-12: large SSDUs in small segments over TCP', async () => {
    const session = { tsduMaximumSize: { send: 512, receive: 512 } }
    const ssdu = Uint8Array.from({ length: 20_000 }, (_, i) => i & 0xff)
    await using listener = await listen({ ...loopback, port: 0, session }, async connection => {
      for await (const octets of connection) await connection.send(octets)
    })
    await using connection = await connect({ ...loopback, port: listener.port, session })
    await connection.send(ssdu)
    for await (const octets of connection) {
      expect(sameOctets(octets, ssdu)).toBe(true)
      break
    }
  })
})

describe('RS-16: doors that are knocked at and left', () => {
  test('RS-16: 1 000 callers who stop after CR, after CN or behind the AC leave no timer, and the next associates within 100 ms', async () => {
    const timers = new HandTimers()
    const sessionTimers = new HandTimers()
    const opened: SessionConnection[] = []
    for (let i = 0; i < 1_000; i++) {
      const { a, b } = joinedChannels()
      const never = () => new Promise<never>(() => {})
      const decide = i % 3 === 1 ? never : undefined
      const accepted = acceptSession(b, { timers, session: { timers: sessionTimers } }, decide).then(
        connection => opened.push(connection),
        (error: unknown) => error,
      )
      a.write(unhex('03 00 00 0b 06 e0 00 00 00 01 00'))
      if (i % 3 > 0) a.write(unhex('03 00 00 15 02 f0 80 0d 0c 05 06 13 01 00 16 01 02 14 02 00 02'))
      a.destroy()
      await accepted
    }
    expect(opened).toHaveLength(333)
    for (const connection of opened) await connection.ended
    expect([timers.pending, sessionTimers.pending]).toEqual([0, 0])
    // The best of five: other work on the machine is no fault of ours.
    const taken: number[] = []
    for (let i = 0; i < 5; i++) {
      const { a, b } = joinedChannels()
      const before = performance.now()
      const [, connection] = await Promise.all([acceptSession(b), openSession(a)])
      taken.push(performance.now() - before)
      connection.abort()
    }
    expect(Math.min(...taken)).toBeLessThan(100)
  })
})

test('each refuse reason has a text, an unknown one, too', () => {
  expect([0, 1, 2, 129, 130, 131, 132, 133, 134].map(refuseReasonText).every(text => !text.includes('not defined'))).toBe(true)
  expect(refuseReasonText(77)).toBe('reason 77, not defined')
})

test('a provider abort says which provider and why', () => {
  const cause = new DecodeError('session', 'SESSION_SPDU', 'unknown SPDU 99')
  expect(providerAborted({ type: 'S-P-ABORT.indication', by: 'peer provider', transportDisconnect: 5 })).toMatchObject({
    code: 'SESSION_PROVIDER_ABORT',
    reason: 5,
  })
  expect(providerAborted({ type: 'S-P-ABORT.indication', by: 'local provider', cause })).toMatchObject({
    code: 'SESSION_PROTOCOL',
    message: expect.stringContaining('unknown SPDU 99'),
  })
  expect(providerAborted({ type: 'S-P-ABORT.indication', by: 'peer' })).toMatchObject({ name: 'DisconnectedError' })
})
