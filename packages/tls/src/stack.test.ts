import type { AuthenticationMechanism } from '@x/acse'
import { associate, listen as listenAcse } from '@x/acse/node'
import { connect as connectCotp, listen as listenCotp } from '@x/cotp/node'
import { types } from '@x/mms'
import { connect as connectMms, listen as listenMms } from '@x/mms/node'
import { connect as connectTpkt, listen as listenTpkt } from '@x/tpkt/node'
import { describe, expect, test } from 'vitest'
import { entity } from '../test/certificates.js'
import { ca, client, eventLog, loopback, plainServer, server, type Version, versions } from '../test/kit.js'
import { connectTls, secureTransport } from './index.js'

const model = {
  identity: { vendorName: 'v', modelName: 'm', revision: '1' },
  domains: { D: { variables: { x: { type: types.integer(32), value: { type: 'integer', value: 1 } } } } },
} as const
const octetString = (length: number) => Uint8Array.of(0x04, 0x82, length >> 8, length & 0xff, ...new Uint8Array(length))

function transports(version: Version) {
  const log = eventLog()
  const over = secureTransport({ ...server, ca: ca.pem, maxVersion: version, onSecurityEvent: log.onSecurityEvent })
  const own = secureTransport({ ...client, ca: ca.pem })
  return { log, over, own }
}

describe.each(versions)('TLS: the layers over %s, in both roles', version => {
  test('MMS: an association, a read, an orderly end', async () => {
    const { log, over, own } = transports(version)
    const serving = await listenMms({ ...loopback, over, model })
    const mms = await connectMms({ host: '127.0.0.1', port: serving.port, over: own })
    expect(mms.connection.channel.security).toMatchObject({ protocol: version, authorizedBy: 'chain' })
    expect(await mms.readValue('D/x')).toEqual({ type: 'integer', value: 1 })
    expect(over.channels.size).toBe(1)
    await mms.close()
    await serving.close()
    await expect.poll(() => [over.channels.size, own.channels.size]).toEqual([0, 0])
    expect(log.ids()).toEqual([])
  })

  test('ACSE: what a certificate says decides about the association', async () => {
    const { over, own } = transports(version)
    const echo = { applicationContext: '1.3.6.1.4.1.99999.2', contexts: ['1.3.6.1.4.1.99999.1'] }
    const seen: unknown[] = []
    const mechanism: AuthenticationMechanism = {
      mechanismName: '1.3.6.1.4.1.99999.3',
      prove: () => ({ mechanismName: '1.3.6.1.4.1.99999.3', authenticationValue: { type: 'charstring', value: 'see the channel' } }),
      verify: (_, peer, context) => {
        const subject = context?.security?.peerCertificate.subject
        seen.push(subject)
        return subject?.startsWith('CN=client') === true && peer.apTitle === '1.1.1.999'
      },
    }
    const serving = await listenAcse({
      ...loopback,
      over,
      policy: { authentication: { mechanisms: [mechanism] } },
      onAssociation: async association => {
        for await (const { octets } of association) await association.send(octets)
      },
    })
    const asking = (apTitle: string) =>
      associate({
        ...echo,
        calling: { apTitle, aeQualifier: 1 },
        authentication: mechanism,
        host: '127.0.0.1',
        port: serving.port,
        over: own,
      })
    const association = await asking('1.1.1.999')
    await association.send(octetString(60_000))
    expect((await association.receive())!.octets).toHaveLength(60_004)
    await association.release()
    await expect(asking('1.1.1.1')).rejects.toMatchObject({ name: 'RefusedError', layer: 'acse' })
    expect(seen).toEqual(['CN=client\nO=Example', 'CN=client\nO=Example'])
    await serving.close()
  })

  test('TPKT and COTP: octets both ways, more than a window of them', async () => {
    const { over, own } = transports(version)
    const octets = Uint8Array.from({ length: 400_000 }, (_, i) => i)
    const tpkts = await listenTpkt({ ...loopback, over }, async connection => {
      for await (const tpdu of connection) await connection.send(tpdu)
    })
    const tpkt = await connectTpkt({ host: '127.0.0.1', port: tpkts.port, over: own })
    await tpkt.send(octets.subarray(0, 65_000))
    for await (const back of tpkt) {
      expect(Buffer.compare(back, octets.subarray(0, 65_000))).toBe(0)
      break
    }
    await tpkts.close({ mode: 'abort' })
    const tsdus = await listenCotp({ ...loopback, over }, async connection => {
      for await (const tsdu of connection) await connection.send(tsdu)
    })
    const cotp = await connectCotp({ host: '127.0.0.1', port: tsdus.port, over: own })
    await cotp.send(octets)
    for await (const back of cotp) {
      expect(Buffer.compare(back, octets)).toBe(0)
      break
    }
    await tsdus.close({ mode: 'abort' })
  })

  test('a client that the gate refuses gets no association, and neither does one that has nothing to show', async () => {
    const { log, over } = transports(version)
    const serving = await listenMms({ ...loopback, over, model })
    const expired = await entity(ca, { from: new Date(2020, 1), to: new Date(2021, 1) })
    const own = secureTransport({ ...expired, ca: ca.pem })
    const opening = connectMms({ host: '127.0.0.1', port: serving.port, over: own })
    // With TLS 1.3 the handshake is over for the client before the server decides.
    await expect(opening).rejects.toThrow(/closed the connection/)
    await expect(connectMms({ host: '127.0.0.1', port: serving.port })).rejects.toThrow()
    expect(log.ids()).toEqual(['certificate.expired', 'handshake.not-tls'])
    expect(serving.server.associations.size).toBe(0)
    await serving.close()
  })
})

describe('TLS: ports', () => {
  test('T-04: 3782 is the port where none is named', async () => {
    const serving = await secureTransport({ ...server, ca: ca.pem }).listen({ host: '127.0.0.1' }, () => {})
    expect(serving.port).toBe(3782)
    const own = secureTransport({ ...client, ca: ca.pem })
    const channel = await own.connect({ host: '127.0.0.1' })
    expect(channel.remote).toBe('127.0.0.1:3782')
    channel.destroy()
    await serving.close({ mode: 'abort' })
  })

  test('IPv6 and names are connected to, and the name is what the certificate must have', async () => {
    const six = await secureTransport({ ...(await entity(ca, { hosts: [{ type: 'ip', value: '::1' }] })), ca: ca.pem }).listen(
      { host: '::1', port: 0 },
      () => {},
    )
    const own = secureTransport({ ...client, ca: ca.pem })
    const channel = await own.connect({ host: '::1', port: six.port })
    expect(channel.remote).toBe(`[::1]:${six.port}`)
    channel.destroy()
    await six.close({ mode: 'abort' })
    const four = await secureTransport({ ...server, ca: ca.pem }).listen({ host: '127.0.0.1', port: 0 }, () => {})
    const named = await own.connect({ host: 'localhost', port: four.port, family: 4 })
    named.destroy()
    await four.close({ mode: 'abort' })
  })

  test('a TCP connection that cannot be had is an error of TCP', async () => {
    const plain = await plainServer(() => {})
    await plain.close()
    await expect(connectTls({ host: '127.0.0.1', port: plain.port, ...client, ca: ca.pem })).rejects.toMatchObject({
      layer: 'network',
      code: 'TCP_ECONNREFUSED',
    })
  })
})
