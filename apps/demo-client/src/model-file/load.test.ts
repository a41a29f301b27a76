import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromData } from '@x/mms'
import { connect, listen } from '@x/mms/node'
import { afterAll, describe, expect, test } from 'vitest'
import type { Json } from './format.js'
import { loadModelFile, modelOf } from './load.js'

const folder = mkdtempSync(join(tmpdir(), 'model-'))
afterAll(() => rmSync(folder, { recursive: true }))

const identify = { vendor: 'v', model: 'm', revision: 'r' }
const model: Json = {
  identify,
  writable: ['SP'],
  domains: {
    D: {
      N: {
        ST: { i: ['INT32', -42], q: ['Quality', '0000000000001'], t: ['Timestamp', '6553f10080000018'] },
        SP: {
          b: ['BOOLEAN', true],
          u: ['INT64U', '18446744073709551615'],
          f: ['FLOAT64', 0.5],
          s: ['VisString64', 'text'],
          x: ['Unicode255', 'µ'],
          o: ['Octet64', '00ff'],
          e: ['Enum', 3],
          a: ['INT16[3]', [1, 2, 3]],
          p: { '[]': [{ x: ['INT8', 1] }, { x: ['INT8', 2] }] },
          other: ['bcd4', 1234],
        },
      },
      simple: ['FLOAT32', 1.5],
    },
  },
  lists: { D: { all: ['N$ST$i', 'N$SP$a', 'D/simple'] } },
}

describe('a model from JSON', () => {
  test('every node is a variable, lists are lists, and only what may be written is', async () => {
    await using server = await listen({ host: '127.0.0.1', port: 0, model: modelOf(model) })
    await using mms = await connect({ host: '127.0.0.1', port: server.port })
    expect(await mms.identify()).toMatchObject({ vendorName: 'v', modelName: 'm', revision: 'r' })
    expect(await mms.variableNames('D')).toContain('N$SP$f')
    const { typeDescription } = await mms.getVariableAccessAttributes('D/N')
    expect(fromData(await mms.readValue('D/N'), typeDescription)).toEqual({
      ST: { i: -42, q: '0000000000001', t: { seconds: 0x6553f100, fraction: 0x800000, quality: 0x18 } },
      SP: {
        b: true,
        u: 18_446_744_073_709_551_615n,
        f: 0.5,
        s: 'text',
        x: 'µ',
        o: Uint8Array.of(0, 255),
        e: 3,
        a: [1, 2, 3],
        p: [{ x: 1 }, { x: 2 }],
        other: 1234,
      },
    })
    expect(await mms.readVariableList('D/all')).toHaveLength(3)
    const write = async (item: string) => (await mms.write([{ item, value: await mms.readValue(item) }]))[0]!.type
    expect([await write('D/N$SP$f'), await write('D/N$SP$p'), await write('D/N$ST$i'), await write('D/simple')]).toEqual([
      'success',
      'success',
      'failure',
      'failure',
    ])
  })

  test('without `writable` everything may be written', async () => {
    await using server = await listen({ host: '127.0.0.1', port: 0, model: modelOf({ identify, domains: { D: { a: ['INT8', 1] } } }) })
    await using mms = await connect({ host: '127.0.0.1', port: server.port })
    await mms.writeValue('D/a', { type: 'integer', value: 5 })
    expect(await mms.readValue('D/a')).toEqual({ type: 'integer', value: 5 })
  })

  test.each<[string, Json]>([
    ['the file: expected an object, found a list', []],
    ['identify.vendor: expected text, found nothing', { domains: {} }],
    ['domains: expected an object, found nothing', { identify }],
    ['domains.D: expected an object, found a list', { identify, domains: { D: [] } }],
    ['domains.D.a: expected an object, found null', { identify, domains: { D: { a: null } } }],
    ['domains.D.a: expected [type, value], found ["INT8"]', { identify, domains: { D: { a: ['INT8'] } } }],
    ['domains.D.a: expected components, found none', { identify, domains: { D: { a: {} } } }],
    ['domains.D.a: expected integer 8, found 300', { identify, domains: { D: { a: ['INT8', 300] } } }],
    ['domains.D.a: type: "INTX" is none', { identify, domains: { D: { a: ['INTX', 1] } } }],
    ['domains.D.a: expected array of 2, found a list of 1', { identify, domains: { D: { a: ['INT8[2]', [1]] } } }],
    ['domains.D.a.[]: expected a list of elements', { identify, domains: { D: { a: { '[]': [] } } } }],
    ['domains.D.a: expected utc-time, found "noon"', { identify, domains: { D: { a: ['Timestamp', 'noon'] } } }],
    ['list l: D/b is not in the model', { identify, domains: { D: { a: ['INT8', 1] } }, lists: { D: { l: ['b'] } } }],
  ])('%s', (text, json) => {
    expect(() => modelOf(json)).toThrow(text)
  })

  test('from a file; one that is not there or not JSON says so', async () => {
    const file = join(folder, 'model.json')
    writeFileSync(file, JSON.stringify(model))
    expect((await loadModelFile(file)).identity.vendorName).toBe('v')
    writeFileSync(file, '{')
    await expect(loadModelFile(file)).rejects.toThrow(`model ${file}: not JSON`)
    await expect(loadModelFile(join(folder, 'none'))).rejects.toThrow('ENOENT')
    writeFileSync(file, '{}')
    await expect(loadModelFile(file)).rejects.toThrow(`model ${file}: identify.vendor: expected text`)
  })
})
