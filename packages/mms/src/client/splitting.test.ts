import { EncodeError } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { int, model, pair, settle } from '../../test/pair.js'
import type { Data } from '../asn1/data.js'
import type { DomainSpecific, ObjectName } from '../asn1/identifiers.js'
import type { ListedVariable, ReadRequest, WriteRequest } from '../asn1/variable-access.js'
import { serviceError } from '../server/errors.js'
import type { Answer, Handlers } from '../server/handlers.js'
import type { VmdModel } from '../server/model.js'
import { types } from '../value-types.js'
import { inParts, inTurn, isTooMuch } from './splitting.js'

const count = (argument: ReadRequest | WriteRequest) => (argument.variableAccessSpecification.value as readonly unknown[]).length
const text = (length: number): Data => ({ type: 'visibleString', value: 'x'.repeat(length) })
const success = (value: Data) => ({ type: 'success', value }) as const

/** A hundred numbers and ten texts of 300 characters. */
function domain(): VmdModel {
  const variables = Object.fromEntries([
    ...Array.from({ length: 100 }, (_, i) => [`n${i}`, { type: types.integer(32), value: int(i) }]),
    ...Array.from({ length: 10 }, (_, i) => [`t${i}`, { type: types.visibleString(-300), value: text(300) }]),
  ])
  return model({ domains: { D: { variables, lists: { texts: { items: Array.from({ length: 10 }, (_, i) => `D/t${i}`) } } } }, lists: {} })
}
const numbers = Array.from({ length: 100 }, (_, i) => `D/n${i}`)
const texts = Array.from({ length: 10 }, (_, i) => `D/t${i}`)

/** What the model holds, read without it: the tests count requests, not how a server finds its variables. */
function valuesOf(argument: ReadRequest): Answer<'read'> {
  const items = argument.variableAccessSpecification.value as readonly ListedVariable[]
  const names = items.map(({ variableSpecification }) => ((variableSpecification.value as ObjectName).value as DomainSpecific).itemID)
  return { response: { listOfAccessResult: names.map(name => success(name.startsWith('n') ? int(Number(name.slice(1))) : text(300))) } }
}

/** Counts the items of each read and write that the server sees. */
function counted(counts: number[], more: Pick<Handlers, 'read' | 'write'> = {}): Handlers {
  return {
    read: (argument, association, call) => {
      counts.push(count(argument))
      return more.read ? more.read(argument, association, call) : valuesOf(argument)
    },
    write: (argument, association, call) => {
      counts.push(count(argument))
      return more.write
        ? more.write(argument, association, call)
        : { response: Array.from({ length: count(argument) }, () => ({ type: 'success', value: null })) }
    },
  }
}

describe('U-43: many variables', () => {
  test('what fits goes in one request', async () => {
    const counts: number[] = []
    const { mms } = await pair({ model: domain(), handlers: counted(counts) })
    expect(await mms.read(numbers)).toEqual(numbers.map((_, i) => success(int(i))))
    expect(counts).toEqual([100])
  })

  test('M-05, U-41: a read longer than the negotiated PDU goes in as few as fit, and the results keep their order', async () => {
    const counts: number[] = []
    const { mms } = await pair({ model: domain(), handlers: counted(counts), client: { initiate: { maxPduSize: 600 } } })
    expect(await mms.read(numbers)).toEqual(numbers.map((_, i) => success(int(i))))
    expect(counts.reduce((sum, one) => sum + one)).toBe(100)
    expect(counts.length).toBeLessThan(6)
  })

  test('M-05: a write longer than the negotiated PDU goes in several, one after the other; each item has its result', async () => {
    const { mms } = await pair({ model: domain(), client: { initiate: { maxPduSize: 600 } } })
    let requests = 0
    const { provider } = mms.connection
    const submit = provider.submit.bind(provider)
    provider.submit = primitive => {
      submit(primitive)
      requests += 1
    }
    const results = await mms.write([...numbers.map((item, i) => ({ item, value: int(1_000 + i) })), { item: 'D/none', value: int(1) }])
    expect(results).toHaveLength(101)
    expect(results.slice(0, 100).every(({ type }) => type === 'success')).toBe(true)
    expect(results[100]).toEqual({ type: 'failure', value: 'object-non-existent' })
    expect(requests).toBeGreaterThan(1)
    expect(requests).toBeLessThan(8)
    expect(await mms.readValue('D/n99')).toEqual(int(1_099))
  })

  test('RM-12, U-41: an answer that does not fit is asked for in halves, and the rest in parts of the size that was answered', async () => {
    const counts: number[] = []
    const { mms } = await pair({ model: domain(), handlers: counted(counts), client: { initiate: { maxPduSize: 1_024 } } })
    expect(await mms.read(texts)).toEqual(texts.map(() => success(text(300))))
    // Three texts fit: 10 do not, 5 do not, 3 do, the other 2, and then 3 and 2.
    expect(counts).toEqual([10, 5, 3, 2, 3, 2])
  })

  test.each([
    ['service, pdu-size', { error: serviceError('service', 'pdu-size') }],
    ['resource, other', { error: serviceError('resource', 'other') }],
    ['resource, capability-unavailable', { error: serviceError('resource', 'capability-unavailable') }],
    ['a reject of the PDU', { reject: { type: 'pduError', value: 'invalid-pdu' } }],
    ['a reject of the argument', { reject: { type: 'confirmedRequestPDU', value: 'invalid-argument' } }],
  ] as const)('a server that answers too much with %s is asked for less', async (_, refusal) => {
    const counts: number[] = []
    const read: Handlers['read'] = argument => (count(argument) > 30 ? refusal : valuesOf(argument))
    const { mms } = await pair({ model: domain(), handlers: counted(counts, { read }) })
    expect(await mms.read(numbers)).toEqual(numbers.map((_, i) => success(int(i))))
    expect(counts.filter(one => one > 30).length).toBeLessThanOrEqual(2)
  })

  test('what one item alone is refused for is told, after no more than one request for each halving', async () => {
    const counts: number[] = []
    const read: Handlers['read'] = () => ({ error: serviceError('resource', 'memory-unavailable') })
    const { mms } = await pair({ model: domain(), handlers: counted(counts, { read }) })
    await expect(mms.read(numbers)).rejects.toMatchObject({ code: 'MMS_RESOURCE_MEMORY_UNAVAILABLE' })
    expect(counts).toEqual([100, 50, 25, 13, 7, 4, 2, 1])
  })

  test.each([
    ['access', { error: serviceError('access', 'object-access-denied') }],
    ['an unrecognized service', { reject: { type: 'confirmedRequestPDU', value: 'unrecognized-service' } }],
  ] as const)('an error that has nothing to do with size is not asked again: %s', async (_, answer) => {
    const counts: number[] = []
    const { mms } = await pair({ model: domain(), handlers: counted(counts, { read: () => answer }) })
    await expect(mms.read(numbers)).rejects.toThrow()
    expect(counts).toEqual([100])
  })

  test('a write that the server has refused as a whole is not sent again', async () => {
    const counts: number[] = []
    const write: Handlers['write'] = () => ({ error: serviceError('service', 'pdu-size') })
    const { mms } = await pair({ model: domain(), handlers: counted(counts, { write }) })
    await expect(mms.write(numbers.map(item => ({ item, value: int(1) })))).rejects.toMatchObject({ code: 'MMS_SERVICE_PDU_SIZE' })
    expect(counts).toEqual([100])
  })

  test('maxItems is kept from the first request on', async () => {
    const counts: number[] = []
    const { mms } = await pair({ model: domain(), handlers: counted(counts), client: { maxItems: 40 } })
    expect(await mms.read(numbers)).toHaveLength(100)
    expect(await mms.write(numbers.map(item => ({ item, value: int(1) })))).toHaveLength(100)
    expect(counts).toEqual([40, 40, 20, 40, 40, 20])
  })

  test('a list whose values do not fit an answer is read by its members', async () => {
    const { mms } = await pair({ model: domain(), client: { initiate: { maxPduSize: 1_024 } } })
    expect(await mms.readVariableList('D/texts')).toEqual(texts.map(() => success(text(300))))
  })

  test('lists are deleted in as many requests as it takes, and the numbers are added', async () => {
    const { mms } = await pair({
      model: domain(),
      client: { initiate: { maxPduSize: 512 } },
      limits: { maxListsPerAssociation: 40 },
    })
    const names = Array.from({ length: 40 }, (_, i) => `aa:${'a-list-with-a-long-name'.replaceAll('-', '_')}${i}`)
    for (const name of names) await mms.defineNamedVariableList(name, ['D/n1'])
    expect(await mms.deleteNamedVariableList([...names, 'aa:none'])).toEqual({ numberMatched: 40, numberDeleted: 40 })
    await expect(mms.deleteNamedVariableList([])).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
  })

  test('RM-30: an answer with more or fewer results than items is an error of that call', async () => {
    const { mms } = await pair({
      handlers: {
        read: () => ({ response: { listOfAccessResult: [success(int(1))] } }),
        write: () => ({ response: [] }),
      },
    })
    await expect(mms.read(['LD/x', 'LD/a'])).rejects.toMatchObject({ code: 'MMS_RESULTS', offered: 2, answered: 1 })
    await expect(mms.write([{ item: 'LD/x', value: int(1) }])).rejects.toThrow('write: expected 1 results, one for each item, found 0')
    expect(await mms.readValue('LD/x')).toEqual(int(1))
  })
})

test('U-19: a read in many parts leaves the others their turn', async () => {
  const order: string[] = []
  const read: Handlers['read'] = async argument => {
    await settle()
    order.push(count(argument) === 1 ? 'one' : 'many')
    return valuesOf(argument)
  }
  const { mms } = await pair({ model: domain(), handlers: { read }, client: { maxItems: 2, maxOutstanding: 2 } })
  const many = mms.read(numbers)
  await settle()
  const one = mms.readValue('D/n1')
  await Promise.all([many, one])
  expect(order).toHaveLength(51)
  expect(order.indexOf('one')).toBeLessThan(10)
})

describe('parts', () => {
  test('whatever the sizes and whatever the peer takes, each item has its result, in order', async () => {
    const items = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5 }), async (sizes, takes, atATime) => {
        let open = 0
        const results = await inParts([...sizes.keys()], {
          ask: async some => {
            expect(some.length === 1 || some.reduce((sum, i) => sum + sizes[i]!, 0) <= 100).toBe(true)
            if (some.length > takes) throw new EncodeError('mms', 'MMS_PDU_SIZE', 'too long')
            open += 1
            await settle()
            open -= 1
            return some.map(i => `${i}`)
          },
          sizeOf: i => sizes[i]!,
          room: 100,
          atATime,
          isTooLong: isTooMuch,
        })
        expect(open).toBe(0)
        expect(results).toEqual(sizes.map((_, i) => `${i}`))
      }),
      { numRuns: 50 },
    )
  })

  test('after an error nothing more is begun', async () => {
    const begun: number[] = []
    const run = async (part: number) => {
      begun.push(part)
      await settle()
      if (part === 3) throw new EncodeError('mms', 'MMS_TEST', 'three')
      return part
    }
    await expect(inTurn([1, 2, 3, 4, 5, 6, 7, 8], 2, run)).rejects.toThrow('three')
    await settle()
    expect(begun.length).toBeLessThan(6)
    expect(await inTurn([], 2, run)).toEqual([])
  })
})
