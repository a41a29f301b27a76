import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authority, crl, DAY, entity } from '../test/certificates.js'
import { ca, client, rawClient, rawServer, secureServer, server, versions } from '../test/kit.js'
import { connectTls, type SecureOptions, type SecurityEventId } from './index.js'

const foreign = await authority('Foreign CA')
const ago = (days: number) => new Date(Date.now() - days * DAY)
const revoked = await entity(ca, { name: 'revoked' })
const lists = {
  good: await crl(ca, [revoked]),
  expired: await crl(ca, [revoked], { thisUpdate: ago(9), nextUpdate: ago(2) }),
}

type Case = [
  what: string,
  who: Awaited<ReturnType<typeof entity>> | undefined,
  answer: SecurityEventId | 'accepted',
  options?: Partial<SecureOptions>,
]

const cases: readonly Case[] = [
  ['a good certificate', client, 'accepted'],
  ['a good certificate with RSA of 2048 bits', await entity(ca, { key: 2048 }), 'accepted'],
  ['no certificate', undefined, 'certificate.missing'],
  ['one of a foreign authority', await entity(foreign), 'certificate.untrusted'],
  ['an expired one', await entity(ca, { from: ago(30), to: ago(1) }), 'certificate.expired'],
  ['one that is not yet valid', await entity(ca, { from: ago(-1) }), 'certificate.not-yet-valid'],
  ['a revoked one', revoked, 'certificate.revoked', { crl: lists.good }],
  ['a revoked one, by an expired list', revoked, 'certificate.revoked', { crl: lists.expired }],
  ['a good one with a list', client, 'accepted', { crl: lists.good, onExpiredCrl: 'refuse', onMissingCrl: 'refuse' }],
  ['a good one with an expired list, to warn of', client, 'accepted', { crl: lists.expired }],
  ['a good one with an expired list, to refuse', client, 'crl.expired', { crl: lists.expired, onExpiredCrl: 'refuse' }],
  ['one that is for servers', await entity(ca, { usages: ['server'] }), 'certificate.wrong-purpose'],
  ['one with RSA of 1024 bits', await entity(ca, { key: 1024 }), 'certificate.weak-key'],
  ['one of 8192 octets', await entity(ca, { octets: 8192 }), 'accepted'],
  ['one of 8193 octets', await entity(ca, { octets: 8193 }), 'certificate.too-large'],
  ['one signed with SHA-1', await entity(ca, { hash: 'SHA-1' }), 'certificate.weak-signature'],
  ['one for Ed25519', await entity(ca, { key: 'ed25519' }), 'certificate.weak-key'],
  ['a known fingerprint, and no authority', client, 'accepted', { ca: [], knownCertificates: [client.certificate] }],
  [
    'a known fingerprint and an authority',
    client,
    'accepted',
    { knownCertificates: [new X509Certificate(client.certificate).fingerprint256] },
  ],
  ['an unknown fingerprint', client, 'certificate.unknown', { knownCertificates: [server.certificate] }],
  [
    'a known fingerprint of a foreign authority',
    await entity(foreign),
    'certificate.unknown',
    { ca: [], knownCertificates: [client.certificate] },
  ],
  ['another subject than expected', client, 'certificate.wrong-subject', { subjects: ['CN=somebody, O=Example'] }],
  ['the subject that is expected', client, 'accepted', { subjects: ['CN=client, O=Example'] }],
]

describe.each(versions)('TLS: %s, a server that is shown', version => {
  test.each(cases)('%s', async (_, who, answer, options) => {
    const { port, log, channels, states, close } = await secureServer(options)
    const peer = rawClient(port, who, { version, says: 'first words' })
    try {
      if (answer === 'accepted') {
        await expect.poll(() => states[0]?.octets.toString()).toBe('first words')
        expect(channels[0]!.security).toMatchObject({
          protocol: version,
          resumed: false,
          peerCertificate: { serialNumber: who!.serialNumber.toUpperCase() },
        })
        expect(log.events.filter(event => event.severity === 'alarm')).toEqual([])
      } else {
        await peer.closed
        await expect.poll(() => log.ids()).toEqual([answer])
        expect(log.events[0]).toMatchObject({ id: answer, peer: expect.stringContaining('127.0.0.1:'), sequence: 1, suppressed: 0 })
        if (who) expect(log.events[0]!.subject).toMatch(/^CN=\w+, O=Example$/)
        // Not one octet of what it said has gone up.
        expect(channels).toEqual([])
      }
    } finally {
      peer.socket.destroy()
      await close()
    }
  })
})

const serverCases: [
  what: string,
  who: Awaited<ReturnType<typeof entity>>,
  answer: SecurityEventId | 'accepted',
  options?: Partial<SecureOptions>,
][] = [
  ['a good certificate', server, 'accepted'],
  ['a good certificate with RSA', await entity(ca, { key: 2048 }), 'accepted'],
  ['one for another host', await entity(ca, { hosts: [{ type: 'dns', value: 'elsewhere.example' }] }), 'certificate.wrong-host'],
  [
    'one for another host, by the name that is expected',
    await entity(ca, { hosts: [{ type: 'dns', value: 'relay-7.example' }] }),
    'accepted',
    { serverName: 'relay-7.example' },
  ],
  [
    'one for another host, when any will do',
    await entity(ca, { hosts: [{ type: 'dns', value: 'elsewhere.example' }] }),
    'accepted',
    { serverName: false },
  ],
  ['one for another host, when it is known', server, 'accepted', { knownCertificates: [server.certificate] }],
  [
    'one for another host that is known, and the name is asked for',
    server,
    'certificate.wrong-host',
    { knownCertificates: [server.certificate], serverName: 'relay-7.example' },
  ],
  ['one that is for clients', await entity(ca, { usages: ['client'] }), 'certificate.wrong-purpose'],
  ['an expired one', await entity(ca, { from: ago(30), to: ago(1) }), 'certificate.expired'],
  ['one of a foreign authority', await entity(foreign), 'certificate.untrusted'],
  ['a revoked one', revoked, 'certificate.revoked', { crl: lists.expired }],
  ['one with RSA of 1024 bits', await entity(ca, { key: 1024 }), 'certificate.weak-key'],
  ['one of 8193 octets', await entity(ca, { octets: 8193 }), 'certificate.too-large'],
]

describe.each(versions)('TLS: %s, a client that is shown', version => {
  const events: string[] = []
  beforeAll(() => void events.splice(0))
  afterAll(() => expect(events.length).toBeGreaterThan(0))

  test.each(serverCases)('%s', async (_, who, answer, options) => {
    let said = ''
    const peer = await rawServer(who, { version, ca: ca.pem }, socket => socket.on('data', chunk => (said += chunk)))
    events.splice(0)
    const opening = connectTls({
      host: '127.0.0.1',
      port: peer.port,
      ...client,
      ca: ca.pem,
      onSecurityEvent: event => events.push(event.id),
      ...options,
    })
    if (answer === 'accepted') {
      const channel = await opening
      channel.write(Buffer.from('hello'))
      await expect.poll(() => said).toBe('hello')
      channel.destroy()
    } else {
      const code = `TLS_${answer.replaceAll(/[.-]/g, '_').toUpperCase()}`
      await expect(opening).rejects.toMatchObject({
        name: 'RefusedError',
        layer: 'tls',
        code,
        by: 'local provider',
        message: expect.stringContaining(`127.0.0.1:${peer.port}`),
      })
      expect(events).toEqual([answer])
    }
    await peer.close()
    events.push('')
  })
})
