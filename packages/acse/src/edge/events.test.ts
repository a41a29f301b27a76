import { type See, unhex } from '@x/core'
import { joinedChannels } from '@x/core/testing'
import { describe, expect, test, vi } from 'vitest'
import { asking, associated, failure, meeting, octets } from '../../test/edge.js'
import { buildAARQ, buildABRT, decodeApdu, formatApdu } from '../index.js'
import { associate, listen } from '../node.js'
import { AssociationServer, associateOver } from '../open.js'

const names = [
  'connOpen', 'connClose', 'requested', 'accepted', 'established', 'rejected', 'releaseRequested', 'released', 'aborted', 'closed', 'data', 'idle',
  'apduIn', 'apduOut', 'transition', 'fault',
] as const // biome-ignore format: a list

describe('N-26: notification', () => {
  test('the whole life of an association, in order, on the server; each event with association, name and time', async () => {
    const seen: string[] = []
    const times: number[] = []
    const server = new AssociationServer()
    for (const name of names) {
      server.on(name, happened => {
        const detail = 'type' in happened ? ` ${happened.type}` : 'cause' in happened ? ` ${happened.from} ${happened.to}` : ''
        seen.push(`${happened.event}${detail}`)
        times.push(happened.timestamp)
        expect(happened.association?.role).toBe('acceptor')
      })
    }
    const pair = meeting()
    const accepting = server.accept(pair.b)
    pair.accepting.catch(() => {})
    const requestor = await pair.opening
    await accepting
    await requestor.send(octets(1))
    await requestor.release()
    await new Promise(resolve => setTimeout(resolve, 0))
    expect(seen).toEqual([
      'connOpen',
      'apduIn AARQ',
      'transition STA0 STA2',
      'requested',
      'transition STA2 STA5',
      'apduOut AARE',
      'accepted',
      'established',
      'data',
      'apduIn RLRQ',
      'transition STA5 STA4',
      'releaseRequested',
      'transition STA4 STA0',
      'apduOut RLRE',
      'released',
      'closed',
      'connClose',
    ])
    expect(Math.max(...times.map(time => Date.now() - time))).toBeLessThan(60_000)
  })

  test('what crosses the access points below is told to `see`, layer by layer, both ways', async () => {
    const told: string[] = []
    const see: See = (layer, way, { type }) => told.push(`${layer} ${way} ${type}`)
    const server = new AssociationServer()
    const { a, b } = joinedChannels()
    const accepting = server.accept(b)
    const association = await associateOver(a, { ...asking, see })
    await (await accepting).send(octets(1))
    expect(told).toEqual([
      'presentation down P-CONNECT.request',
      'session down S-CONNECT.request',
      'cotp down T-CONNECT.request',
      'tpkt down N-DATA.request',
      'tpkt up N-DATA.indication',
      'cotp up T-CONNECT.confirm',
      'cotp down T-DATA.request',
      'tpkt down N-DATA.request',
      'tpkt up N-DATA.indication',
      'cotp up T-DATA.indication',
      'session up S-CONNECT.confirm',
      'presentation up P-CONNECT.confirm',
      'tpkt up N-DATA.indication',
      'cotp up T-DATA.indication',
      'session up S-DATA.indication',
      'presentation up P-DATA.indication',
    ])
    await association.release()
  })

  test('rejections and aborts, with the reason, on the association and on the server', async () => {
    const refused = meeting({ onAssociate: incoming => incoming.reject({ diagnostic: 7 }) })
    const seen: unknown[] = []
    refused.server.on('rejected', ({ reason, error }) => seen.push(reason.type, error.name))
    await failure(refused.opening)
    const { requestor, acceptor, server } = await associated()
    acceptor.on('aborted', ({ reason }) => seen.push(reason.type))
    server.on('aborted', ({ reason, association }) => seen.push(reason.type, association === acceptor))
    await requestor.abort()
    expect(seen).toEqual(['rejected', 'RefusedError', 'u-abort', 'u-abort', true])
  })

  test('a listener that throws or rejects is told as a fault, and disturbs neither the protocol nor its neighbours', async () => {
    const { requestor, acceptor } = await associated()
    const heard: string[] = []
    const faults: string[] = []
    acceptor.on('fault', ({ of, error }) => faults.push(`${of}: ${(error as Error).message}`))
    acceptor.on('data', () => {
      throw new TypeError('one')
    })
    acceptor.on('data', async () => {
      throw new TypeError('two')
    })
    acceptor.on('data', () => heard.push('data'))
    acceptor.on('fault', () => {
      throw new TypeError('a fault of its own')
    })
    const console = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {})
    await requestor.send(octets(1))
    await new Promise(resolve => setTimeout(resolve, 0))
    expect(faults).toEqual(['data: one', 'data: two'])
    expect(console).toHaveBeenCalledTimes(2)
    expect(heard).toEqual(['data'])
    expect((await acceptor.receive())?.octets).toEqual(octets(1))
    console.mockRestore()
  })

  test('a fault that nobody listens to is written to the console', async () => {
    const console = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {})
    const { requestor, acceptor } = await associated()
    acceptor.on('data', () => {
      throw new TypeError('unheard')
    })
    await requestor.send(octets(1))
    expect(console).toHaveBeenCalledWith("a listener or hook of 'data' failed:", new TypeError('unheard'))
    console.mockRestore()
  })
})

describe('N-28: listeners come and go', () => {
  test('on, once and off; what listens can be listed; those of the server reach associations that live already', async () => {
    const { requestor, acceptor, server } = await associated()
    const heard: string[] = []
    const always = () => heard.push('always')
    acceptor.on('data', always)
    acceptor.once('data', () => heard.push('once'))
    server.on('data', () => heard.push('server'))
    const stop = server.once('apduIn', ({ type }) => heard.push(type))
    expect(acceptor.listeners('data')).toHaveLength(2)
    expect(acceptor.eventNames).toEqual(['data'])
    await requestor.send(octets(1))
    acceptor.off('data', always)
    await requestor.send(octets(1))
    server.off('data')
    await requestor.send(octets(1))
    await requestor.abort()
    stop()
    expect(heard).toEqual(['always', 'once', 'server', 'server', 'ABRT'])
    expect([acceptor.listeners('data'), acceptor.eventNames, server.eventNames]).toEqual([[], [], []])
  })

  test('transitions and APDUs can be listened to later, too', async () => {
    const { requestor, acceptor } = await associated()
    const heard: string[] = []
    acceptor.once('transition', ({ cause, from, to }) => heard.push(`${cause} ${from} ${to}`))
    requestor.on('apduOut', ({ type }) => heard.push(type))
    await requestor.release()
    expect(heard).toEqual(['RLRQ', 'RLRQ STA5 STA4'])
  })
})

describe('N-27: intervention', () => {
  test('is for hooks alone: each has one function and a default that needs none', async () => {
    const { requestor, acceptor } = await associated()
    // onAssociate accepts, onRelease is affirmative, data waits to be read; onIdle aborts, once an idle timeout is set.
    await requestor.send(octets(1))
    expect((await acceptor.receive())?.octets).toEqual(octets(1))
    await requestor.release()
    expect(acceptor.closeReason).toMatchObject({ type: 'released' })
  })

  test('onData takes what comes instead of a reader; what it throws is a fault', async () => {
    const taken: unknown[] = []
    const { requestor, acceptor, server } = await associated({
      onData: values => {
        taken.push(values[0]!.octets)
        throw new TypeError('no')
      },
    })
    const faults: string[] = []
    server.on('fault', ({ of }) => faults.push(of))
    await requestor.send(octets(1))
    expect([taken, faults]).toEqual([[octets(1)], ['onData']])
    expect(acceptor.state).toBe('associated')
  })
})

describe('N-30: a server', () => {
  const host = '127.0.0.1'

  test('port 0 takes a free one; live associations can be iterated; closing releases them', async () => {
    const server = await listen({ host, port: 0 })
    expect(server.port).toBeGreaterThan(0)
    expect(server.address).toBe(host)
    const one = await associate({ ...asking, host, port: server.port })
    const two = await associate({ ...asking, host, port: server.port })
    await expect.poll(() => server.size).toBe(2)
    expect([...server].map(({ role }) => role)).toEqual(['acceptor', 'acceptor'])
    await server.close()
    expect([await one.closed, await two.closed]).toEqual([
      { type: 'released', by: 'remote', reason: 0 },
      { type: 'released', by: 'remote', reason: 0 },
    ])
    expect(server.size).toBe(0)
  })

  test('draining lets associations end by themselves for a while; aborting does not', async () => {
    const server = await listen({ host, port: 0 })
    const one = await associate({ ...asking, host, port: server.port })
    const two = await associate({ ...asking, host, port: server.port })
    await expect.poll(() => server.size).toBe(2)
    const closing = server.close({ mode: 'drain', timeout: 50 })
    await one.release()
    expect(one.closeReason).toMatchObject({ type: 'released', by: 'local' })
    await closing
    expect(await two.closed).toMatchObject({ type: 'released', by: 'remote' })
    const other = await listen({ host, port: 0 })
    const three = await associate({ ...asking, host, port: other.port })
    await expect.poll(() => other.size).toBe(1)
    await other.close({ mode: 'abort' })
    // Its socket may be gone before its ABRT has been.
    expect(['u-abort', 'transport-lost']).toContain((await three.closed).type)
  })

  test('draining ends with the last association; a closed server takes nobody', async () => {
    const { requestor, server, a } = await associated()
    const closing = server.close({ mode: 'drain' })
    await requestor.release()
    await closing
    await expect(server.accept(a)).rejects.toMatchObject({ code: 'ACSE_CLOSED' })
    await new AssociationServer().close({ mode: 'drain' })
  })

  test('N-05: there is a limit for all, one for each peer, and a policy that can be replaced', async () => {
    let key = 'one'
    const server = new AssociationServer({ maxAssociations: 2, maxAssociationsPerPeer: 1, peerKey: () => key })
    const join = async () => {
      const { a, b } = joinedChannels()
      const accepting = server.accept(b)
      accepting.catch(() => {})
      return associateOver(a, asking)
    }
    const first = await join()
    await expect(join()).rejects.toMatchObject({
      reason: 1,
      answered: { result: 'rejected-transient', resultSource: 'acse-service-provider' },
    })
    key = 'two'
    await join()
    key = 'three'
    await expect(join()).rejects.toMatchObject({ reason: 1 })
    await first.release()
    server.policy = { calling: { apTitles: [] } }
    await expect(join()).rejects.toMatchObject({ reason: 3 })
    server.policy = {}
    await join()
    expect(server.size).toBe(2)
  })

  test('F-13: a handler that throws ends its association alone, and is told as a fault', async () => {
    const { requestor, server } = await associated({
      onAssociation: async association => {
        await association.receive()
        throw new TypeError('broken')
      },
    })
    const faults: string[] = []
    server.on('fault', ({ of }) => faults.push(of))
    await requestor.send(octets(1))
    expect(await requestor.closed).toMatchObject({ type: 'u-abort', by: 'remote' })
    expect(faults).toEqual(['onAssociation'])
  })

  test('a handler whose loop throws how its association ended has no fault', async () => {
    const faults: string[] = []
    const { requestor, server } = await associated({
      onAssociation: async association => {
        for await (const _ of association);
      },
    })
    server.on('fault', ({ of }) => faults.push(of))
    await requestor.abort()
    await new Promise(resolve => setTimeout(resolve, 0))
    expect(faults).toEqual([])
  })
})

describe('N-34: every APDU as a readable block', () => {
  test.each([
    ['AARQ', formatApdu(buildAARQ({ applicationContextName: '1.2.3', calling: { apTitle: '1.1.1.9' } })), ['AARQ', '1.2.3', '1.1.1.9']],
    ['ABRT', formatApdu(buildABRT({ abortSource: 1, diagnostic: 2 })), ['ABRT', 'protocol-error']],
    ['RLRQ', formatApdu(unhex('62 03 80 01 01')), ['RLRQ', 'urgent']],
    ['RLRE', formatApdu(decodeApdu(unhex('63 03 80 01 01'))), ['RLRE', 'not-finished']],
    ['what is broken', formatApdu(unhex('61 05 a1')), ['AARE', '←']],
    ['nothing', formatApdu(new Uint8Array(0)), ['no octets']],
  ])('%s', (_, text, words) => {
    for (const word of words) expect(text).toContain(word)
  })
})
