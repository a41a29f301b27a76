import { DecodeError } from '@x/core'
import { describe, expect, test } from 'vitest'
import { connect, listen } from './node.js'
import { providerAborted } from './open.js'
import { refuseReasonText } from './reasons.js'

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
      message: 'refused by the peer provider: session selector unknown (RF reason 129)',
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
