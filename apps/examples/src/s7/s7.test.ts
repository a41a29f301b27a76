import { RefusedError, unhex } from '@x/core'
import { connect } from '@x/cotp/node'
import { describe, expect, test } from 'vitest'
import { S7Client } from './client.js'
import { decodeS7, encodeS7, S7Error } from './pdu.js'
import { listenS7 } from './server.js'

const host = '127.0.0.1'
const block = () => new Uint8Array(2_000).map((_, i) => i)

describe('S7 over COTP alone', () => {
  test('a block is read and written in parts of what the PDU size allows', async () => {
    const blocks = new Map([[1, block()]])
    await using server = await listenS7({ host, port: 0, blocks, pduSize: 240 })
    await using client = await S7Client.connect({ host, port: server.port })
    expect(client.pduSize).toBe(240)
    expect(await client.read(1, 3, 1_500)).toEqual(block().subarray(3, 1_503))
    const octets = new Uint8Array(700).fill(0xaa)
    await client.write(1, 100, octets)
    expect(await client.read(1, 99, 702)).toEqual(Uint8Array.of(99, ...octets, 800 % 256))
    expect(blocks.get(1)!.subarray(100, 800)).toEqual(octets)
  })

  test('a wrong slot is refused with a reason that names the TSAP', async () => {
    await using server = await listenS7({ host, port: 0, blocks: new Map() })
    const refused = await S7Client.connect({ host, port: server.port, slot: 3 }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(RefusedError)
    expect((refused as Error).message).toContain('address unknown (DR reason 3); check the called TSAP-ID, which was 01 03')
  })

  test('what the controller has against a request is said in words', async () => {
    await using server = await listenS7({ host, port: 0, blocks: new Map([[1, block()]]) })
    await using client = await S7Client.connect({ host, port: server.port })
    await expect(client.read(7, 0, 4)).rejects.toThrow('read of 4 octets at 0 of DB 7: there is no such block (return code 0a)')
    await expect(client.read(1, 1_999, 2)).rejects.toThrow('the address is outside the block (return code 05)')
    await expect(client.write(1, 1_999, new Uint8Array(2))).rejects.toThrow(S7Error)
  })

  test('a function that is not there, other areas and data of the wrong length get their codes', async () => {
    await using server = await listenS7({ host, port: 0, blocks: new Map([[1, block()]]) })
    await using connection = await connect({ host, port: server.port, called: { transportSelector: unhex('01 02') } })
    const answers = connection[Symbol.asyncIterator]()
    const ask = async (parameters: string, data = '') => {
      await connection.send(encodeS7({ kind: 'job', reference: 5, error: 0, parameters: unhex(parameters), data: unhex(data) }))
      const { error, data: items } = decodeS7((await answers.next()).value!)
      return [error, ...items]
    }
    expect(await ask('1d')).toEqual([0x8104])
    expect(await ask('04 01 12 0a 10 02 00 01 00 01 83 00 00 00')).toEqual([0, 6, 0, 0, 0])
    const two = '12 0a 10 02 00 01 00 01 84 00 00 08 12 0a 10 02 00 02 00 01 84 00 00 10'
    expect(await ask(`04 02 ${two}`)).toEqual([0, 0xff, 4, 0, 8, 1, 0, 0xff, 4, 0, 16, 2, 3])
    expect(await ask(`05 02 ${two}`, '00 04 00 08 0a 00 00 04 00 08 0b 00')).toEqual([0, 0xff, 7])
  })

  test('octets that are no S7 are refused', () => {
    for (const octets of ['', '32 07 00 00 00 00 00 00 00 00', '33 01 00 00 00 00 00 00 00 00', '32 01 00 00 00 00 00 01 00 00']) {
      expect(() => decodeS7(unhex(octets))).toThrow(S7Error)
    }
  })
})
