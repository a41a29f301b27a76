import { randomBytes, X509Certificate } from 'node:crypto'
import { createServer } from 'node:tls'
import { HandTimers } from '@x/core/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { authority, crl, DAY, entity } from '../test/certificates.js'
import { ca, client, eventLog, heard, rawClient, rawServer, secureServer, server, versions } from '../test/kit.js'
import { admit, chainOf, presentedBy } from './admit.js'
import { contextOptions } from './context.js'
import { EventLog } from './events.js'
import { Policy } from './gate.js'
import { connectTls, secureTransport } from './index.js'
import { RevocationLists } from './revocation.js'

const identity = { ...client, ca: ca.pem }
const lost = await entity(ca, { name: 'lost' })
const at = (listener: { port: number }) => ({ host: '127.0.0.1', port: listener.port })
const HOUR = 3_600_000

/** The clock of this process, for what the gate asks; OpenSSL has its own. */
function laterBy(milliseconds: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds })
}
afterEach(() => void vi.useRealTimers())

describe('F-25: TLS, a peer revoked while it is connected', () => {
  test('of 20 the one that is named ends within a second, the others stay and are served', async () => {
    const { listener, log, channels, states, close } = await secureServer()
    const peers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => connectTls({ ...at(listener), ...identity, ...(i === 7 ? lost : {}) })),
    )
    const ends = peers.map(heard)
    await expect.poll(() => channels.length).toBe(20)
    const began = performance.now()
    listener.transport.updateCrl(await crl(ca, [lost]))
    await expect.poll(() => ends.filter(end => end.ended).length, { interval: 5 }).toBe(1)
    expect(performance.now() - began).toBeLessThan(1000)
    expect(ends[7]!.ended).toBe(true)
    expect(log.ids()).toEqual(['crl.updated', 'session.revoked'])
    expect(log.events[1]!.subject).toBe('CN=lost, O=Example')
    expect(states.filter(state => state.ended).map(state => state.cause)).toMatchObject([
      { name: 'DisconnectedError', layer: 'tls', code: 'TLS_SESSION_REVOKED', by: 'local provider' },
    ])
    expect(listener.transport.channels.size).toBe(19)
    for (const [i, channel] of peers.entries()) if (i !== 7) channel.write(Buffer.from('on'))
    await expect.poll(() => states.filter(state => state.octets.toString() === 'on').length).toBe(19)
    // And it does not come back.
    await heard(await connectTls({ ...at(listener), ...identity, ...lost }).catch(() => ended))
    await expect.poll(() => log.of('certificate.revoked').length).toBe(1)
    for (const channel of peers) channel.destroy()
    await close()
  })

  test('an authority between that is revoked ends its peers, and lets none in', async () => {
    const station = await authority('Station CA', ca)
    const below = await entity(station, { name: 'below' })
    const chained = { ...below, certificate: `${below.certificate}\n${station.pem}` }
    // The station's authority is in ca as well, for the versions of Node that do not tell what the peer sent.
    const { listener, log, channels, states, close } = await secureServer({ ca: [ca.pem, station.pem], onMissingCrl: 'warn' })
    rawClient(listener.port, chained)
    await expect.poll(() => channels.length).toBe(1)
    const serialNumber = new X509Certificate(station.pem).serialNumber
    listener.transport.updateCrl(await crl(ca, [{ ...below, serialNumber }]))
    await expect.poll(() => states[0]!.ended).toBe(true)
    await rawClient(listener.port, chained).closed
    await expect.poll(() => log.ids()).toEqual(['crl.updated', 'session.revoked', 'certificate.revoked'])
    await close()
  })

  test('a certificate whose authorities are not known up to a root is one that no list can speak for', async () => {
    const station = await authority('Station CA', ca)
    const leaf = new X509Certificate((await entity(station)).certificate)
    const root = new X509Certificate(ca.pem)
    const socket = (issuerCertificate: unknown) => ({
      getPeerX509Certificate: () => Object.create(leaf, { issuerCertificate: { value: issuerCertificate } }),
    })
    const below = new X509Certificate(station.pem)
    const known = (told: unknown, authorities: X509Certificate[]) => {
      const { certificates, complete } = chainOf(socket(told) as never, authorities)
      return [certificates.length, complete]
    }
    expect(known(undefined, [root])).toEqual([1, false])
    expect(known(undefined, [root, below])).toEqual([2, true])
    expect(known(below, [root])).toEqual([2, true])
    expect(known(new X509Certificate(client.certificate), [root])).toEqual([1, false])
  })
})

/** Stands for a channel that never was. */
const ended = { onData: () => {}, onEnd: () => {} } as never

describe('F-25: TLS, revocation lists', () => {
  test('an expired list ends nobody, warns of each that comes, and what it names stays out', async () => {
    const { listener, log, channels, close } = await secureServer()
    const first = rawClient(listener.port, client)
    await expect.poll(() => channels.length).toBe(1)
    listener.transport.updateCrl(
      await crl(ca, [lost], { thisUpdate: new Date(Date.now() - 9 * DAY), nextUpdate: new Date(Date.now() - DAY) }),
    )
    const second = rawClient(listener.port, client)
    await expect.poll(() => channels.length).toBe(2)
    await rawClient(listener.port, lost).closed
    await expect.poll(() => log.ids()).toEqual(['crl.updated', 'crl.expired', 'certificate.revoked'])
    expect(first.state.closed).toBe(false)
    first.socket.destroy()
    second.socket.destroy()
    await close()
  })

  test('one that is not signed by its authority, older, partial, of a stranger or no list is not taken; the last good one stays', async () => {
    const transport = secureTransport({ ...identity, crl: await crl(ca, [lost]) })
    const stranger = await authority('Stranger')
    const impostor = await authority('Test CA')
    const { Extension } = await import('@peculiar/x509')
    const partial = [new Extension('2.5.29.28', true, Uint8Array.of(0x30, 0x03, 0x81, 0x01, 0xff))]
    const wrong: [string, RegExp][] = [
      [await crl(ca, [], { signer: impostor }), /expected a signature of its authority/],
      [await crl(stranger, []), /expected a list of one of the authorities in ca/],
      [await crl(ca, [], { thisUpdate: new Date(Date.now() - 20 * DAY) }), /found an older one/],
      [await crl(ca, [], { extensions: partial }), /critical extensions 2\.5\.29\.28/],
      ['-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----', /it cannot be read/],
    ]
    for (const [list, message] of wrong) {
      expect(() => transport.updateCrl([list])).toThrow(
        expect.objectContaining({ name: 'UsageError', code: 'TLS_CRL', message: expect.stringMatching(message) }),
      )
    }
    expect(transport.counts).toEqual({ 'crl.not-taken': wrong.length })
    const { close, ...listening } = await secureServer({ ...lost })
    await expect(transport.connect(at(listening))).rejects.toMatchObject({ code: 'TLS_CERTIFICATE_REVOKED' })
    await close()
  })

  test('no list of the authority is warned of, or refused where it is told so', async () => {
    const other = await authority('Other CA')
    const both = { ca: [ca.pem, other.pem], crl: await crl(other, []) }
    const { listener, log, channels, close } = await secureServer(both)
    rawClient(listener.port, client)
    await expect.poll(() => channels.length).toBe(1)
    expect(log.ids()).toEqual(['crl.missing'])
    await close()
    const strict = await secureServer({ ...both, onMissingCrl: 'refuse' })
    await rawClient(strict.port, client).closed
    await expect.poll(() => strict.log.ids()).toEqual(['crl.missing'])
    expect(strict.channels).toEqual([])
    await strict.close()
  })

  test('a list is read whatever its length', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => ({ ...lost, serialNumber: (0x200000 + i).toString(16) }))
    const lists = new RevocationLists([new X509Certificate(ca.pem)])
    lists.add([await crl(ca, many)])
    expect(lists.size).toBe(1)
  })
})

describe.each(versions)('TLS: resumption, %s', version => {
  const resumption = { lifetime: 3600 }

  /** Two connections one after the other by one transport of ours. @returns whether each was resumed, as the server sees it */
  async function twice(
    serverOptions: object,
    clientOptions: object,
    between: (serverSide: Awaited<ReturnType<typeof secureServer>>) => unknown = () => {},
  ) {
    const serverSide = await secureServer({ maxVersion: version, ...serverOptions })
    const transport = secureTransport({ ...identity, ...clientOptions })
    for (let i = 0; i < 2; i++) {
      const channel = await transport.connect(at(serverSide.listener))
      heard(channel)
      await expect.poll(() => serverSide.channels.length).toBe(i + 1)
      // With TLS 1.3 the ticket comes after the handshake.
      serverSide.channels[i]!.write(Buffer.from('x'))
      await new Promise(resolve => setTimeout(resolve, 50))
      channel.destroy()
      if (i === 0) await between(serverSide)
    }
    await serverSide.close()
    return serverSide.channels.map(channel => channel.security?.resumed)
  }

  test('is off by default on either side, and works where both want it', async () => {
    expect(await twice({}, { resumption })).toEqual([false, false])
    expect(await twice({ resumption }, {})).toEqual([false, false])
    expect(await twice({ resumption }, { resumption })).toEqual([false, true])
  })

  test('does not outlast its lifetime, a new list, or new credentials', async () => {
    const list = await crl(ca, [lost])
    expect(await twice({ resumption }, { resumption }, ({ listener }) => listener.transport.updateCrl(list))).toEqual([false, false])
    expect(await twice({ resumption }, { resumption }, ({ listener }) => listener.transport.setCredentials(server))).toEqual([false, false])
    expect(await twice({ resumption }, { resumption }, () => laterBy(2 * HOUR))).toEqual([false, false])
  })

  test('a session that was begun before its peer was revoked is not resumed after: the peer is refused', async () => {
    const { listener, log, channels, close } = await secureServer({ maxVersion: version, resumption })
    const session = await sessionOf(listener.port, lost)
    listener.transport.updateCrl(await crl(ca, [lost]))
    const again = rawClient(listener.port, lost, { version, extra: { session } })
    let reused: boolean | undefined
    again.socket.once('secureConnect', () => {
      reused = again.socket.isSessionReused()
    })
    await again.closed
    expect(reused).not.toBe(true)
    await expect.poll(() => log.of('certificate.revoked').length).toBe(1)
    expect(channels).toHaveLength(1)
    await close()
  })

  test('a server takes no ticket that is older than the lifetime, whatever the client thinks', async () => {
    const { listener, channels, close } = await secureServer({ maxVersion: version, resumption: { lifetime: 1 } })
    const session = await sessionOf(listener.port, client)
    const early = rawClient(listener.port, client, { version, extra: { session } })
    await early.secure
    await new Promise(resolve => setTimeout(resolve, 1500))
    const late = rawClient(listener.port, client, { version, extra: { session } })
    await late.secure
    await expect.poll(() => channels.map(channel => channel.security?.resumed)).toEqual([false, true, false])
    early.socket.destroy()
    late.socket.destroy()
    await close()
  })

  test('even where tickets keep their keys, the gate asks a resumed session anew: revoked and expired peers are refused', async () => {
    const authorityCertificate = new X509Certificate(ca.pem)
    const lists = new RevocationLists([authorityCertificate])
    const options = { ...server, ca: ca.pem, resumption }
    const admission = { policy: new Policy(options), lists, authorize: undefined, events: new EventLog(new HandTimers()) }
    const verdicts: unknown[] = []
    const listening = createServer(
      {
        ...contextOptions(options, options),
        ticketKeys: randomBytes(48),
        requestCert: true,
        rejectUnauthorized: false,
        maxVersion: version,
      },
      async socket => {
        const verdict = await admit(
          () => presentedBy(socket, 'server', undefined, chainOf(socket, [authorityCertificate])),
          'peer',
          admission,
        )
        verdicts.push([socket.isSessionReused(), socket.authorized, verdict.allow || verdict.finding.id])
        socket.on('error', () => {}).end('x')
      },
    )
    await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
    const { port } = listening.address() as { port: number }
    const session = await sessionOf(port, lost)
    const resume = () => rawClient(port, lost, { version, extra: { session } }).closed
    await resume()
    lists.add([await crl(ca, [lost])])
    await resume()
    admission.lists = new RevocationLists([])
    laterBy(60 * DAY)
    await resume()
    // Node calls each of them authorized.
    expect(verdicts).toEqual([
      [false, true, true],
      [true, true, true],
      [true, true, 'certificate.revoked'],
      [true, true, 'certificate.expired'],
    ])
    listening.close()
  })

  /** A session of a client of Node that can be resumed. */
  async function sessionOf(port: number, who: typeof client): Promise<Buffer> {
    const peer = rawClient(port, who, { version, says: 'x' })
    const session = await new Promise<Buffer>(resolve => peer.socket.once('session', resolve))
    await peer.secure
    await new Promise(resolve => setTimeout(resolve, 50))
    peer.socket.destroy()
    return session
  }
})

describe('F-25: TLS, renegotiation', () => {
  test.each(['server', 'client'] as const)('a peer that floods a %s of ours with renegotiation has three, and is closed', async role => {
    const log = eventLog()
    let done = 0
    let state: ReturnType<typeof heard>
    let close: () => Promise<void>
    const flood = async (socket: { renegotiate: ReturnType<typeof rawClient>['socket']['renegotiate']; destroyed: boolean }) => {
      for (let i = 0; i < 12 && !socket.destroyed; i++) {
        const ok = await new Promise<boolean>(resolve => {
          socket.renegotiate({ rejectUnauthorized: false }, error => resolve(!error))
          setTimeout(resolve, 200, false)
        })
        if (ok) done += 1
      }
    }
    if (role === 'server') {
      const serverSide = await secureServer({ onSecurityEvent: log.onSecurityEvent })
      const peer = rawClient(serverSide.port, client, { version: 'TLSv1.2' })
      await expect.poll(() => serverSide.states.length).toBe(1)
      state = serverSide.states[0]!
      close = serverSide.close
      await flood(peer.socket)
    } else {
      const peer = await rawServer(server, { version: 'TLSv1.2' }, socket => void flood(socket))
      const channel = await connectTls({ ...at(peer), ...identity, onSecurityEvent: log.onSecurityEvent })
      state = heard(channel)
      close = peer.close
    }
    await expect.poll(() => state.ended, { timeout: 5000 }).toBe(true)
    expect(done).toBeLessThanOrEqual(4)
    expect(log.ids()).toEqual(['session.renegotiated', 'session.renegotiated', 'session.renegotiated', 'session.renegotiation-flood'])
    expect(state.cause).toMatchObject({ name: 'DisconnectedError', code: 'TLS_SESSION_RENEGOTIATION_FLOOD' })
    await close()
  })

  // Within ten minutes of real time a server of Node takes no more renegotiations, whoever begins them.
  test.each([
    ['server', 1],
    ['client', 3],
  ] as const)('a %s of ours renews the keys of TLS 1.2 before a day is over, and the channel stays', async (role, days) => {
    const timers = new HandTimers()
    const ours = { timers, maxVersion: 'TLSv1.2' as const, resumption: { lifetime: 3600 } }
    const serverSide = await secureServer(role === 'server' ? ours : {})
    const log = role === 'server' ? serverSide.log : eventLog()
    const channel = await connectTls({
      ...at(serverSide.listener),
      ...identity,
      maxVersion: 'TLSv1.2',
      ...(role === 'client' ? { ...ours, ...log } : {}),
    })
    heard(channel)
    await expect.poll(() => serverSide.channels.length).toBe(1)
    for (let day = 1; day <= days; day++) {
      timers.advance(23 * HOUR)
      await expect.poll(() => log.of('session.renegotiated').length).toBe(day)
    }
    channel.write(Buffer.from('still here'))
    await expect.poll(() => serverSide.states[0]!.octets.toString()).toBe('still here')
    expect(log.events.every(event => event.severity === 'info')).toBe(true)
    channel.destroy()
    await expect.poll(() => serverSide.states[0]!.ended).toBe(true)
    await serverSide.close()
    await expect.poll(() => timers.pending).toBe(0)
  })

  test('a peer whose certificate has expired meanwhile does not get past its renegotiation', async () => {
    const { listener, log, states, close } = await secureServer({ maxVersion: 'TLSv1.2' })
    const { socket } = rawClient(listener.port, client)
    await expect.poll(() => states.length).toBe(1)
    laterBy(60 * DAY)
    socket.renegotiate({ rejectUnauthorized: false }, () => {})
    await expect.poll(() => states[0]!.cause).toMatchObject({ name: 'DisconnectedError', code: 'TLS_CERTIFICATE_EXPIRED' })
    expect(log.ids()).toEqual(['certificate.expired'])
    await close()
  })

  test('a peer that does not renegotiate is closed after ten seconds', async () => {
    const timers = new HandTimers()
    const { listener, log, states, close } = await secureServer({ timers, maxVersion: 'TLSv1.2' })
    const { socket } = rawClient(listener.port, client)
    await expect.poll(() => states.length).toBe(1)
    socket.pause()
    timers.advance(23 * HOUR)
    timers.advance(10_000)
    await expect.poll(() => states[0]!.ended).toBe(true)
    expect(log.ids()).toEqual(['session.renegotiation-failed'])
    socket.destroy()
    await close()
  })

  test('TLS 1.3: renewal is announced after 23 h, and the channel ends after 24', async () => {
    const timers = new HandTimers()
    const due: unknown[] = []
    const { listener, log, channels, states, close } = await secureServer({ timers, onRenewalDue: channel => due.push(channel) })
    rawClient(listener.port, client)
    await expect.poll(() => channels.length).toBe(1)
    timers.advance(23 * HOUR)
    expect(due).toEqual(channels)
    expect(states[0]!.ended).toBe(false)
    timers.advance(HOUR)
    await expect.poll(() => states[0]!.cause).toMatchObject({ code: 'TLS_SESSION_TOO_OLD' })
    expect(log.ids()).toEqual(['session.renewal-due', 'session.too-old'])
    await close()
  })
})

describe('F-25: TLS, credentials renewed while it runs', () => {
  test('new channels see the new certificate, open ones stay; what cannot be used is not taken', async () => {
    const { listener, log, channels, states, close } = await secureServer()
    const before = await connectTls({ ...at(listener), ...identity })
    await expect.poll(() => channels.length).toBe(1)
    const renewed = await entity(ca, { name: 'renewed' })
    expect(() => listener.transport.setCredentials({ ...renewed, key: client.key })).toThrow(
      expect.objectContaining({ code: 'TLS_CREDENTIALS' }),
    )
    listener.transport.setCredentials(renewed)
    const after = await connectTls({ ...at(listener), ...identity })
    expect(before.security?.peerCertificate.subject).toContain('CN=server')
    expect(after.security?.peerCertificate.subject).toContain('CN=renewed')
    before.write(Buffer.from('still here'))
    await expect.poll(() => states[0]!.octets.toString()).toBe('still here')
    expect(log.ids()).toEqual(['credentials.replaced'])
    before.destroy()
    after.destroy()
    await close()
  })

  test('a client renews its own, too', async () => {
    const { listener, channels, close } = await secureServer()
    const transport = secureTransport(identity)
    const first = await transport.connect(at(listener))
    transport.setCredentials(await entity(ca, { name: 'renewed' }))
    const second = await transport.connect(at(listener))
    await expect
      .poll(() => channels.map(channel => channel.security?.peerCertificate.subject))
      .toEqual(['CN=client\nO=Example', 'CN=renewed\nO=Example'])
    expect(transport.channels.size).toBe(2)
    first.destroy()
    second.destroy()
    await expect.poll(() => transport.channels.size).toBe(0)
    await close()
  })
})
