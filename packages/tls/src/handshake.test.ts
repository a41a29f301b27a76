import { connect as netConnect } from 'node:net'
import { getCiphers } from 'node:tls'
import { connect as connectTpkt, listen as listenTpkt } from '@x/tpkt/node'
import { describe, expect, test } from 'vitest'
import { entity } from '../test/certificates.js'
import { ca, client, eventLog, loopback, plainServer, rawClient, rawServer, secureServer, server } from '../test/kit.js'
import { cipherSuites, connectTls, defaultCipherSuites, secureTransport } from './index.js'

const CR = Buffer.from('0300000b06e00000000100', 'hex')
const identity = { ...client, ca: ca.pem }

/** Sends octets over TCP, and resolves with what came back once the connection is closed. */
function sendPlain(port: number, octets: Uint8Array | string): Promise<Buffer> {
  return new Promise(resolve => {
    let back = Buffer.alloc(0)
    const socket = netConnect(port, '127.0.0.1', () => socket.write(octets))
    socket.on('data', chunk => {
      back = Buffer.concat([back, chunk])
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(back))
  })
}

describe('RT-01: a peer that mixes up TLS and cleartext', () => {
  test.each([
    ['a TPKT', CR, /found a TPKT: the peer speaks without TLS/],
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n', /found HTTP/],
    ['SSH', 'SSH-2.0-x\r\n', /found SSH/],
    ['something else', '\u0001\u0002', /found octets 0102/],
  ])('%s on the TLS port is closed at once, without an answer, and told once', async (_, octets, text) => {
    const refused: unknown[] = []
    const { port, log, channels, close } = await secureServer({ onRefused: error => refused.push(error) })
    expect(await sendPlain(port, octets)).toHaveLength(0)
    expect(log.ids()).toEqual(['handshake.not-tls'])
    expect(log.events[0]!.text).toMatch(text)
    expect(refused).toMatchObject([{ name: 'RefusedError', layer: 'tls', code: 'TLS_HANDSHAKE_NOT_TLS', by: 'local provider' }])
    expect(channels).toEqual([])
    await close()
  })

  test('TLS on a cleartext port: the client is told to look at the port', async () => {
    const ends: Error[] = []
    const plain = await listenTpkt(loopback, async connection => void ends.push(await connection.ended))
    const log = eventLog()
    const opening = connectTls({ host: '127.0.0.1', port: plain.port, ...identity, onSecurityEvent: log.onSecurityEvent })
    await expect(opening).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'TLS_HANDSHAKE_CLOSED',
      by: 'peer provider',
      message: expect.stringContaining('the peer may not speak TLS here'),
    })
    expect(log.ids()).toEqual(['handshake.closed'])
    // The other side knows what it was, too.
    await expect.poll(() => ends.map(error => error.message).join()).toMatch(/TLS/)
    await plain.close()
  })

  test('a server that answers TLS in cleartext is refused as one', async () => {
    const plain = await plainServer(socket => socket.write(CR))
    await expect(connectTls({ host: '127.0.0.1', port: plain.port, ...identity })).rejects.toMatchObject({ code: 'TLS_HANDSHAKE_NOT_TLS' })
    await plain.close()
  })

  test('a cleartext client on the TLS port is closed', async () => {
    const { port, close } = await secureServer()
    const connection = await connectTpkt({ host: '127.0.0.1', port })
    await connection.send(CR.subarray(4))
    expect(await connection.ended).toMatchObject({ layer: 'tpkt' })
    await close()
  })
})

describe('TLS: versions', () => {
  test('a client of TLS 1.1 is refused', async () => {
    const { port, log, channels, close } = await secureServer()
    const old = rawClient(port, client, { version: 'TLSv1.1' })
    await old.closed
    expect(log.events).toMatchObject([{ id: 'handshake.version', cause: 'ERR_SSL_UNSUPPORTED_PROTOCOL' }])
    expect(channels).toEqual([])
    await close()
  })

  test('a server of TLS 1.1 is refused', async () => {
    const old = await rawServer(server, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' })
    await expect(connectTls({ host: '127.0.0.1', port: old.port, ...identity })).rejects.toMatchObject({ code: 'TLS_HANDSHAKE_VERSION' })
    await old.close()
  })

  test('TLS 1.1 is let in only by allowInsecure, which is told as an alarm', async () => {
    const { port, log, channels, close } = await secureServer({ allowInsecure: { minVersion: 'TLSv1.1' } })
    expect(log.events).toMatchObject([{ id: 'configuration.insecure', severity: 'alarm', peer: '' }])
    const old = rawClient(port, client, { version: 'TLSv1.1' })
    await expect.poll(() => channels.length).toBe(1)
    expect(channels[0]!.security?.protocol).toBe('TLSv1.1')
    old.socket.destroy()
    await close()
  })
})

describe('TLS: cipher suites', () => {
  test('each of the list that is not declared absent exists here, those that are do not, and there is none without encryption', () => {
    const here = new Set(getCiphers())
    const missing = Object.values(cipherSuites).filter(suite => !here.has(suite.openssl.toLowerCase()))
    expect(missing.map(suite => suite.openssl)).toEqual(['DH-RSA-AES128-GCM-SHA256', 'DH-DSS-AES128-GCM-SHA256'])
    expect(missing.every(suite => suite.status === 'absent')).toBe(true)
    expect(Object.keys(cipherSuites).filter(name => /NULL|anon|EXPORT|RC4|DES/.test(name))).toEqual([])
    expect(defaultCipherSuites.filter(name => !/TLS_(AES|CHACHA)|_(EC)?DHE_.*_GCM_/.test(name))).toEqual([])
  })

  test('no suite in common is refused and said', async () => {
    const { port, log, close } = await secureServer()
    const other = rawClient(port, client, { version: 'TLSv1.2', extra: { ciphers: 'AES256-SHA256' } })
    await other.closed
    expect(log.events).toMatchObject([{ id: 'handshake.no-common-suite', cause: 'ERR_SSL_NO_SHARED_CIPHER' }])
    await close()
    const strange = await rawServer(server, { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-CAMELLIA128-SHA256:ECDHE-ECDSA-AES128-CCM' })
    const opening = connectTls({ host: '127.0.0.1', port: strange.port, ...identity })
    await expect(opening).rejects.toMatchObject({ code: 'TLS_HANDSHAKE_NO_COMMON_SUITE' })
    await strange.close()
  })

  test.each([
    ['TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', undefined],
    ['TLS_RSA_WITH_AES_128_CBC_SHA256', ['TLS_RSA_WITH_AES_128_CBC_SHA256']],
    ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', undefined],
  ] as const)('%s carries a connection', async (name, suites) => {
    const rsa = await entity(ca, { key: 2048 })
    const options = suites ? { cipherSuites: suites } : {}
    const { port, channels, close } = await secureServer({ ...rsa, ...options })
    const peer = rawClient(port, client, { version: 'TLSv1.2', extra: { ciphers: cipherSuites[name].openssl } })
    await expect.poll(() => channels[0]?.security?.cipher).toBe(name)
    peer.socket.destroy()
    await close()
  })

  test('asking for one that is absent, unknown or none at all is a UsageError', () => {
    const offering = (names: readonly string[]) => () => secureTransport({ ...identity, cipherSuites: names as never })
    expect(offering(['TLS_DH_RSA_WITH_AES_128_GCM_SHA256'])).toThrow('does not exist in the OpenSSL of Node')
    expect(offering(['TLS_RSA_WITH_NULL_SHA256'])).toThrow(/expected one of .*, found TLS_RSA_WITH_NULL_SHA256/)
    expect(offering([])).toThrow('expected at least one')
  })
})

describe('TLS: curves', () => {
  const curves = 'X25519:prime256v1:brainpoolP256r1:secp224r1'

  test('brainpoolP256r1 is accepted with TLS 1.2, where it exists', async () => {
    const { port, channels, close } = await secureServer()
    const peer = rawClient(port, await entity(ca, { key: 'brainpoolP256r1' }), { version: 'TLSv1.2', extra: { ecdhCurve: curves } })
    await expect.poll(() => channels.length).toBe(1)
    peer.socket.destroy()
    await close()
  })

  test('a weak curve is refused by OpenSSL itself: in TLS 1.2 as wrong, in TLS 1.3 there is no signature for it, so no certificate comes', async () => {
    const { port, log, channels, close } = await secureServer()
    const weak = await entity(ca, { key: 'secp224r1' })
    await rawClient(port, weak, { version: 'TLSv1.2', extra: { ecdhCurve: curves } }).closed
    await rawClient(port, weak, { version: 'TLSv1.3', extra: { ecdhCurve: curves } }).closed
    await expect.poll(() => log.ids()).toEqual(['certificate.weak-curve', 'certificate.missing'])
    expect(channels).toEqual([])
    await close()
  })
})

describe('TLS: time and number', () => {
  test('F-01: a peer that connects and says nothing, or half of a handshake, is closed after its time', async () => {
    const { port, log, listener, close } = await secureServer({ handshakeTimeout: 300 })
    const began = performance.now()
    const silent = sendPlain(port, '')
    const half = sendPlain(port, Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252))
    const wrong = sendPlain(port, Uint8Array.of(22, 3, 1, 0, 4, 1, 0, 0, 80))
    await Promise.all([silent, half, wrong])
    const took = performance.now() - began
    expect(took).toBeGreaterThan(250)
    expect(took).toBeLessThan(1500)
    expect(log.ids()).toEqual(['handshake.timeout', 'handshake.timeout', 'handshake.timeout'])
    await expect.poll(() => listener.connections).toBe(0)
    await close()
  })

  test('a client that closes half before the handshake is over does not keep its place', async () => {
    const { port, log, close } = await secureServer()
    const socket = netConnect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.end(Uint8Array.of(22)))
    await expect.poll(() => log.ids()).toEqual(['handshake.closed'])
    socket.destroy()
    await close()
  })

  test('handshakes wait for each other, silent ones for nobody, and one that stalls gives its place away', async () => {
    const { port, channels, listener, close } = await secureServer({ maxHandshakes: 1, handshakeTimeout: 8000 })
    for (let i = 0; i < 20; i++) netConnect(port, '127.0.0.1').on('error', () => {})
    // A client that says hello and then nothing: its server flight stays unanswered.
    const hello = await firstFlight()
    const stalled = netConnect(port, '127.0.0.1', () => stalled.write(hello)).on('error', () => {})
    await expect.poll(() => listener.connections).toBe(21)
    const began = performance.now()
    const peers = Array.from({ length: 10 }, () => rawClient(port, client))
    await expect.poll(() => channels.length, { timeout: 5000 }).toBe(10)
    expect(performance.now() - began).toBeGreaterThan(800)
    for (const peer of peers) peer.socket.destroy()
    stalled.destroy()
    await close()
  })

  test('a server that is silent is given up after handshakeTimeout; the signal ends it earlier', async () => {
    const silent = await plainServer(() => {})
    const at = { host: '127.0.0.1', port: silent.port }
    await expect(connectTls({ ...at, ...identity, handshakeTimeout: 100 })).rejects.toMatchObject({ code: 'TLS_HANDSHAKE_TIMEOUT' })
    const stop = new AbortController()
    const opening = connectTls({ ...at, ...identity, signal: stop.signal })
    setTimeout(() => stop.abort('enough'), 50)
    await expect(opening).rejects.toBe('enough')
    await silent.close()
  })
})

/** What a client of Node says first. */
async function firstFlight(): Promise<Buffer> {
  return new Promise(resolve => {
    void plainServer(socket => socket.once('data', chunk => resolve(chunk))).then(({ port }) => rawClient(port, client))
  })
}

describe('TLS: what cannot work is said before anything is opened', () => {
  test.each([
    ['nobody is trusted', { ca: [] }, 'TLS_TRUST'],
    ['a fingerprint is none', { knownCertificates: ['abc'] }, 'TLS_TRUST'],
    ['an authority is no certificate', { ca: 'abc' }, 'TLS_TRUST'],
    ['key and certificate do not fit', { key: server.key }, 'TLS_CREDENTIALS'],
    ['resumption for longer than a day', { resumption: { lifetime: 86_401 } }, 'TLS_RESUMPTION'],
    ['a revocation list is none', { crl: 'abc' }, 'TLS_CRL'],
  ])('%s', (_, wrong, code) => {
    expect(() => secureTransport({ ...identity, ...wrong })).toThrow(expect.objectContaining({ name: 'UsageError', code }))
  })

  test('the authorities that Node brings are not used, with ca or without', async () => {
    const { port, close } = await secureServer()
    const known = connectTls({ host: '127.0.0.1', port, ...client, knownCertificates: [server.certificate] })
    const channel = await known
    expect(channel.security?.authorizedBy).toBe('fingerprint')
    channel.destroy()
    await close()
  })
})
