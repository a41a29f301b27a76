import { passwordMechanism } from '@x/acse'
import { associate } from '@x/acse/node'
import { associationOf } from '@x/acse/open'
import { describe, expect, test } from 'vitest'
import { DirectoryClient, explain } from './client.js'
import { directory } from './protocol.js'
import { serveDirectory } from './server.js'

const breaker = { name: 'substation/breaker', attributes: [{ type: 'location', value: 'bay 3' }] }
const serving = () => serveDirectory({ entries: [breaker], writers: { '1.3.9999.1': 'sesame' } })
const writer = (own: string) => ({ calling: { apTitle: '1.3.9999.1' }, authentication: passwordMechanism({ own }) })

describe('A-02: an application that is not MMS, over ACSE alone, both roles over a socket', () => {
  test('looks up, lists and adds, and leaves in order', async () => {
    await using server = await serving()
    const at = { host: '127.0.0.1', port: server.port }
    const released = new Promise(resolve => server.once('released', ({ reason }) => resolve(reason)))
    const client = await DirectoryClient.connect({ ...at, ...writer('sesame') })
    expect(await client.lookup('substation/breaker')).toEqual(breaker)
    await client.add({ name: 'substation/relay', attributes: [] })
    expect(await client.list('substation/')).toEqual(['substation/breaker', 'substation/relay'])
    expect(await client.list('other')).toEqual([])
    await expect(client.lookup('nobody')).rejects.toThrow('no entry nobody')
    await client[Symbol.asyncDispose]()
    expect(await released).toEqual({ type: 'released', by: 'remote', reason: 0 })
    expect(client.association.closeReason).toEqual({ type: 'released', by: 'local', reason: 0 })
  })

  test('a wrong password and another application are refused, each with its diagnostic', async () => {
    await using server = await serving()
    const at = { host: '127.0.0.1', port: server.port }
    const wrong = await DirectoryClient.connect({ ...at, ...writer('open up') }).catch(error => error)
    expect(explain(wrong)).toBe('rejected at acse, diagnostic 13')
    const other = await associate({ ...directory, applicationContext: '1.2.3', ...at }).catch(error => error)
    expect(associationOf(other)?.closeReason).toMatchObject({ type: 'rejected', by: 'remote', diagnostic: 2 })
    expect(explain(new TypeError('x'))).toBe('TypeError: x')
  })

  test('without a password one may look, not add; what is no PDU of the directory is aborted', async () => {
    await using server = await serving()
    await using reader = await DirectoryClient.connect({ host: '127.0.0.1', port: server.port })
    await expect(reader.add(breaker)).rejects.toThrow('not allowed')
    await reader.association.send(Uint8Array.of(4, 1, 7))
    expect(await reader.association.closed).toEqual({ type: 'u-abort', by: 'remote' })
    await expect(reader.list()).rejects.toMatchObject({ name: 'AbortedError' })
  })
})
