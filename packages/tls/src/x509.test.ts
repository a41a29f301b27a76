import { X509Certificate } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { unhex } from '@x/core'
import { HandTimers } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { client, eventLog, server } from '../test/kit.js'
import { EventLog } from './events.js'
import { connectionFailure } from './failures.js'
import type { Verdict } from './gate.js'
import { Session } from './sessions.js'
import { signatureKind } from './x509.js'

describe('TLS: which signatures are strong', () => {
  test.each([
    ['1.2.840.113549.1.1.4', 'md5WithRSAEncryption', false],
    ['1.2.840.113549.1.1.5', 'sha1WithRSAEncryption', false],
    ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption', true],
    ['1.2.840.10045.4.1', 'ecdsa-with-SHA1', false],
    ['1.2.840.10045.4.3.1', 'ecdsa-with-SHA224', false],
    ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512', true],
    ['1.3.101.112', 'algorithm 1.3.101.112', false],
  ])('%s is %s', (algorithm, name, strong) => {
    expect(signatureKind({ algorithm })).toMatchObject({ name, strong, pss: false })
  })

  test.each([
    ['nothing', undefined, 'sha1', false],
    ['no hash', '30 00', 'sha1', false],
    ['SHA-1', '30 0b a0 09 30 07 06 05 2b 0e 03 02 1a', '1.3.14.3.2.26', false],
    ['SHA-256', '30 0f a0 0d 30 0b 06 09 60 86 48 01 65 03 04 02 01', 'sha256', true],
    ['SHA-384 and salt', '30 14 a0 0d 30 0b 06 09 60 86 48 01 65 03 04 02 02 a2 03 02 01 30', 'sha384', true],
  ])('RSASSA-PSS that says %s', (_, parameters, hash, strong) => {
    const identifier = { algorithm: '1.2.840.113549.1.1.10', ...(parameters === undefined ? {} : { parameters: unhex(parameters) }) }
    expect(signatureKind(identifier)).toMatchObject({ hash, strong, pss: true })
  })
})

describe('TLS: an open session', () => {
  /** A session on a socket that does what the test says. */
  function session() {
    const certificate = new X509Certificate(client.certificate)
    const log = eventLog()
    const destroyed: unknown[] = []
    const socket = Object.assign(new EventEmitter(), {
      shown: certificate,
      getPeerX509Certificate: () => socket.shown,
      getProtocol: () => 'TLSv1.2',
      renegotiate: (_: object, done: (error: Error | null) => void) => done(new TypeError('no')),
      destroy: (error?: unknown) => void destroyed.push(error),
    })
    const timers = new HandTimers()
    const options = { events: new EventLog(timers, log.onSecurityEvent), timers, renewAfter: 1000, endAfter: 2000, onRenewalDue: undefined }
    const again = (): Verdict => ({ allow: true, certificate }) as Verdict
    new Session(socket as never, { remote: 'peer:1' } as never, [], again, options)
    return { socket, destroyed, log, timers }
  }

  test('ends when the peer renegotiates with another certificate, though a good one', () => {
    const { socket, destroyed, log, timers } = session()
    socket.shown = new X509Certificate(server.certificate)
    socket.emit('secure')
    expect(log.ids()).toEqual(['session.peer-changed'])
    expect(destroyed).toMatchObject([{ code: 'TLS_SESSION_PEER_CHANGED' }])
    expect(timers.pending).toBe(0)
  })

  test('ends when a renegotiation of this side fails', () => {
    const { destroyed, log, timers } = session()
    timers.advance(1000)
    expect(log.ids()).toEqual(['session.renegotiation-failed'])
    expect(destroyed).toHaveLength(1)
  })

  test('ends after any error of TLS, told once; an error of TCP is no matter of security', () => {
    const first = session()
    first.socket.emit('error', Object.assign(new TypeError('mac'), { code: 'ERR_SSL_BAD_RECORD_MAC' }))
    first.socket.emit('error', Object.assign(new TypeError('mac'), { code: 'ERR_SSL_BAD_RECORD_MAC' }))
    expect(first.log.ids()).toEqual(['session.failed'])
    const second = session()
    second.socket.emit('error', Object.assign(new TypeError('reset'), { code: 'ECONNRESET' }))
    expect(second.log.ids()).toEqual([])
    expect([first.destroyed.length, second.destroyed.length]).toEqual([1, 1])
    const third = session()
    third.socket.emit('error', Object.assign(new TypeError('attack'), { code: 'ERR_TLS_SESSION_ATTACK' }))
    expect(third.log.ids()).toEqual(['session.renegotiation-flood'])
  })

  test('its channel is told whose doing an error was', () => {
    const failure = (code: string) => connectionFailure(Object.assign(new TypeError('a\nb'), { code }))
    expect(failure('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')).toMatchObject({
      layer: 'tls',
      by: 'peer provider',
      code: 'TLS_ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      message: 'the TLS connection failed: a\\x0ab: the peer has refused this side, and its log says why',
    })
    expect(failure('ERR_SSL_BAD_RECORD_MAC')).toMatchObject({ by: 'local provider' })
  })
})
