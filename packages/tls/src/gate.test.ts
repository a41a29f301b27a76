import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { authority, DAY, entity } from '../test/certificates.js'
import { ca, client, eventLog, rawClient, secureServer, server } from '../test/kit.js'
import { admit } from './admit.js'
import { EventLog } from './events.js'
import { decide, Policy, type Presented } from './gate.js'
import { secureTransport } from './index.js'
import { RevocationLists } from './revocation.js'

const none = new RevocationLists([])
const trusting = new Policy({ ...server, ca: ca.pem })
const presenting = (certificate: X509Certificate, more: Partial<Presented> = {}): Presented => ({
  role: 'server',
  certificate,
  intermediates: [],
  complete: true,
  chained: true,
  chainError: undefined,
  serverName: undefined,
  ...more,
})
const good = new X509Certificate(client.certificate)
const idOf = (presented: Presented, now = Date.now()) => {
  const verdict = decide(presented, trusting, none, now)
  return verdict.allow ? 'allow' : verdict.finding.id
}

describe('TLS: the gate', () => {
  test('refuses what OpenSSL would let pass or would stop before: each rule alone', async () => {
    expect(idOf(presenting(good))).toBe('allow')
    const made = async (options: Parameters<typeof entity>[1]) => presenting(new X509Certificate((await entity(ca, options)).certificate))
    expect(idOf(await made({ key: 'secp224r1' }))).toBe('certificate.weak-curve')
    expect(idOf(await made({ key: 'secp256k1' }))).toBe('certificate.weak-curve')
    expect(idOf(await made({ key: 'brainpoolP256r1' }))).toBe('allow')
    expect(idOf(await made({ key: 2047 }))).toBe('certificate.weak-key')
    expect(idOf(await made({ key: 2048 }))).toBe('allow')
    expect(idOf(presenting(good, { chained: false }))).toBe('certificate.untrusted')
    expect(idOf(presenting(good, { chained: false, chainError: 'CERT_SIGNATURE_FAILURE' }))).toBe('certificate.untrusted')
    expect(idOf(presenting(good, { serverName: 'elsewhere.example' }))).toBe('certificate.wrong-host')
    expect(idOf(presenting(good, { serverName: 'localhost' }))).toBe('allow')
    expect(idOf(presenting(good), Date.now() + 60 * DAY)).toBe('certificate.expired')
    expect(idOf(presenting(good), Date.now() - 60 * DAY)).toBe('certificate.not-yet-valid')
    expect(idOf(presenting(good), Number.NaN)).not.toBe('allow')
  })

  test('asks the same of the issuers between, but not what they are for', async () => {
    const between = async (options: Parameters<typeof entity>[1]) =>
      idOf(presenting(good, { intermediates: [new X509Certificate((await entity(ca, options)).certificate)] }))
    expect(await between({ usages: ['server'] })).toBe('allow')
    expect(await between({ hash: 'SHA-1' })).toBe('certificate.weak-signature')
    expect(await between({ key: 1024 })).toBe('certificate.weak-key')
    expect(await between({ octets: 8193 })).toBe('certificate.too-large')
    expect(await between({ to: new Date(Date.now() - 1) })).toBe('certificate.expired')
  })

  test('an intermediate authority that is signed with SHA-1 is refused on the wire, too', async () => {
    const station = await authority('Station CA', ca)
    const below = await entity(station)
    const { port, log, channels, close } = await secureServer()
    const chained = { ...below, certificate: `${below.certificate}\n${station.pem}` }
    const fine = rawClient(port, chained)
    await expect.poll(() => channels.length).toBe(1)
    await rawClient(port, below).closed
    await expect.poll(() => log.events).toMatchObject([{ id: 'certificate.untrusted', cause: expect.stringContaining('UNABLE_TO') }])
    fine.socket.destroy()
    await close()
  })

  test('a certificate that cannot be read is refused', async () => {
    const admission = { policy: trusting, lists: none, authorize: undefined, events: new EventLog({ after: () => () => {} }) }
    const unreadable = Object.create(good, { raw: { value: Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x00) } }) as X509Certificate
    expect(await admit(() => presenting(unreadable), 'peer', admission)).toMatchObject({
      allow: false,
      finding: { id: 'certificate.unreadable' },
    })
  })
})

describe('TLS: fail closed', () => {
  const forever = new Promise<never>(() => {})
  type Hook = () => unknown
  const answers: [what: string, hook: Hook, allowed: boolean, id?: string][] = [
    ['true', () => true, true],
    ['a promise of true', async () => true, true],
    ['false', () => false, false, 'certificate.not-authorized'],
    ['nothing', () => undefined, false, 'certificate.not-authorized'],
    ['1', () => 1, false, 'certificate.not-authorized'],
    ["'true'", () => 'true', false, 'certificate.not-authorized'],
    ['an object', () => ({ allow: true }), false, 'certificate.not-authorized'],
    ['a promise of false', async () => false, false, 'certificate.not-authorized'],
    [
      'an exception',
      () => {
        throw new TypeError('hook')
      },
      false,
      'gate.failed',
    ],
    ['a rejection', () => Promise.reject(new TypeError('hook')), false, 'gate.failed'],
    ['no answer', () => forever, false, 'gate.timeout'],
  ]

  test.each(answers)('a hook that answers %s', async (_, hook, allowed, id) => {
    const { port, log, channels, states, close } = await secureServer({ authorize: hook as () => boolean, handshakeTimeout: 250 })
    const peer = rawClient(port, client, { says: 'words' })
    if (allowed) await expect.poll(() => states[0]?.octets.toString()).toBe('words')
    else {
      await peer.closed
      expect(log.ids()).toEqual([id])
      expect(channels).toEqual([])
    }
    peer.socket.destroy()
    await close()
  })

  test('no octet goes up before the gate has said yes, none is lost after, and without a yes none goes up at all', async () => {
    let answer: Hook = () => false
    let asked = 0
    const { port, channels, states, close } = await secureServer({
      authorize: () => {
        asked += 1
        return answer() as boolean
      },
    })
    const hooks = fc.constantFrom(...answers.filter(([, , , id]) => id !== 'gate.timeout'))
    await fc.assert(
      fc.asyncProperty(
        hooks,
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }),
        async ([, hook, allowed], delay, words) => {
          channels.length = states.length = 0
          const before = asked
          let seenBefore = 0
          answer = async () => {
            await new Promise(resolve => setTimeout(resolve, delay))
            seenBefore = channels.length
            return hook()
          }
          const peer = rawClient(port, client)
          await peer.secure
          for (const word of words) peer.socket.write(word)
          if (allowed) await expect.poll(() => states[0]?.octets.toString(), { interval: 5 }).toBe(words.join(''))
          else await peer.closed
          expect([asked, seenBefore, channels.length]).toEqual([before + 1, 0, allowed ? 1 : 0])
          peer.socket.destroy()
        },
      ),
      { numRuns: 40 },
    )
    await close()
  })

  test('a list that comes while the hook thinks counts', async () => {
    const { crl } = await import('../test/certificates.js')
    const list = await crl(ca, [client])
    const { listener, log, channels, close } = await secureServer({
      authorize: () => {
        listener.transport.updateCrl(list)
        return true
      },
    })
    await rawClient(listener.port, client).closed
    expect(log.ids()).toEqual(['crl.updated', 'certificate.revoked'])
    expect(channels).toEqual([])
    await close()
  })

  test('a client asks its hook, too, with the certificate and the address', async () => {
    const { listener, close } = await secureServer()
    const log = eventLog()
    const asked: unknown[] = []
    const transport = secureTransport({
      ...client,
      ca: ca.pem,
      onSecurityEvent: log.onSecurityEvent,
      authorize: peer => {
        asked.push([peer.certificate.subject, peer.remote, peer.role])
        return false
      },
    })
    await expect(transport.connect({ host: '127.0.0.1', port: listener.port })).rejects.toMatchObject({
      code: 'TLS_CERTIFICATE_NOT_AUTHORIZED',
    })
    expect(asked).toEqual([['CN=server\nO=Example', `127.0.0.1:${listener.port}`, 'client']])
    expect(log.ids()).toEqual(['certificate.not-authorized'])
    expect(transport.channels.size).toBe(0)
    await close()
  })
})
