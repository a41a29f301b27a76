import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { int, pair, settle } from '../../test/pair.js'
import type { DomainSpecific, ObjectName } from '../asn1/identifiers.js'
import type { ListedVariable } from '../asn1/variable-access.js'
import { serviceError } from '../server/errors.js'
import type { Answer, Handlers } from '../server/handlers.js'

/** What happens next; numbers pick one of the calls that there are. */
type Step =
  | { readonly do: 'call'; readonly cancel: boolean; readonly timeout: boolean }
  | { readonly do: 'answer' | 'refuse' | 'abort'; readonly which: number }
  | { readonly do: 'time passes' | 'turn' | 'hold' | 'let go' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('call' as const), cancel: fc.boolean(), timeout: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('answer' as const, 'refuse' as const, 'abort' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('time passes' as const, 'turn' as const, 'hold' as const, 'let go' as const) }) },
)

describe('F-11: whatever the order', () => {
  test('F-11, RM-04, RM-06, RM-18: answers, refusals, signals, timeouts and cancels in any order: each call settles once, with what is its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (steps, maxServOutstanding) => {
        const open = new Map<number, (answer: Answer<'read'>) => void>()
        const read: Handlers['read'] = ({ variableAccessSpecification }, _, call) => {
          const [item] = variableAccessSpecification.value as readonly ListedVariable[]
          const number = Number(((item!.variableSpecification.value as ObjectName).value as DomainSpecific).itemID.slice(1))
          call.cancelable = number % 2 === 0
          return new Promise(resolve => {
            open.set(number, resolve)
          })
        }
        const { mms, a, timers } = await pair({
          handlers: { read },
          limits: { callTimeout: 1_000_000 },
          client: { initiate: { maxServOutstanding }, firstInvokeID: 0x7fff_fffd, requestTimeout: 0 },
        })
        const settled: string[] = []
        const aborters: AbortController[] = []
        const calls: Promise<unknown>[] = []
        const call = (cancel: boolean, timeout: boolean) => {
          const number = calls.length
          const aborter = new AbortController()
          aborters.push(aborter)
          calls.push(
            mms.readValue(`D/v${number}`, { signal: aborter.signal, cancel, timeout: timeout ? 100 : 0 }).then(
              value => settled.push(`${number} value ${(value as { value: number }).value}`),
              error => settled.push(`${number} ${error.name} ${error.message}`),
            ),
          )
        }
        const pick = (which: number) => [...open.keys()][which % open.size]!
        const answer = (number: number, given: Answer<'read'>) => {
          open.get(number)!(given)
          open.delete(number)
        }
        const value = (number: number): Answer<'read'> => ({ response: { listOfAccessResult: [{ type: 'success', value: int(number) }] } })
        for (const one of steps) {
          if (one.do === 'call') call(one.cancel, one.timeout)
          else if (one.do === 'answer' && open.size > 0) answer(pick(one.which), value(pick(one.which)))
          else if (one.do === 'refuse' && open.size > 0)
            answer(pick(one.which), { error: serviceError('service', 'object-state-conflict') })
          else if (one.do === 'abort' && aborters.length > 0) aborters[one.which % aborters.length]!.abort(new Error('enough'))
          else if (one.do === 'time passes') timers.advance(100)
          else if (one.do === 'hold') a.pause()
          else if (one.do === 'let go') a.resume()
          else await settle()
        }
        a.resume()
        for (let rounds = 0; rounds < 200 && (settled.length < calls.length || mms.connection.outstanding > 0); rounds++) {
          await settle()
          for (const number of [...open.keys()]) answer(number, value(number))
        }
        await Promise.all(calls)
        expect(settled).toHaveLength(calls.length)
        for (const line of settled) {
          const [number, kind, rest] = line.split(' ')
          if (kind === 'value') expect(rest).toBe(number)
          else expect(['Error', 'TimeoutError', 'ServiceError']).toContain(kind)
        }
        expect(new Set(settled.map(line => line.split(' ')[0])).size).toBe(calls.length)
        expect([mms.connection.outstanding, mms.queued]).toEqual([0, 0])
        expect(mms.connection.state).toBe('open')
        mms.abort()
        expect(timers.pending).toBeLessThan(5)
      }),
      { numRuns: 300, timeout: 5_000 },
    )
  }, 60_000)
})

describe('for devices that are easily confused', () => {
  test('U-42: one request at a time where that is wanted, whatever was negotiated', async () => {
    let open = 0
    let most = 0
    const read: Handlers['read'] = async () => {
      most = Math.max(most, ++open)
      await settle()
      open -= 1
      return { response: { listOfAccessResult: [{ type: 'success', value: int(1) }] } }
    }
    const { mms } = await pair({ handlers: { read }, client: { maxOutstanding: 1 } })
    await Promise.all(Array.from({ length: 20 }, () => mms.readValue('LD/x')))
    expect([most, mms.negotiated.maxServOutstandingOwn > 1]).toEqual([1, true])
  })

  test('U-47, U-16: the time for an answer is a choice for each call, and the error says which time it was', async () => {
    const { mms, timers } = await pair({ handlers: { read: () => new Promise(() => {}) }, limits: { callTimeout: 1_000_000 } })
    const short = mms.readValue('LD/x', { timeout: 50 })
    const usual = mms.readValue('LD/x')
    const long = mms.readValue('LD/x', { timeout: 60_000 })
    const ends = [short, usual, long].map(call => call.catch(error => `${error.code}: ${error.message}`))
    timers.advance(50)
    expect(await ends[0]).toBe('REQUEST_TIMEOUT: no answer to M-CONFIRMED.request within 50 ms')
    timers.advance(9_950)
    expect(await ends[1]).toContain('within 10000 ms')
    timers.advance(50_000)
    expect(await ends[2]).toContain('within 60000 ms')
  })

  test('RM-30, U-40: names of any shape, as long as they are well-formed, come as they are, and the association stays', async () => {
    const names = ['a', '$', '_', 'x'.repeat(200), '__proto__', 'constructor', '1', '/', 'vmd:']
    const handlers: Handlers = {
      getNameList: () => ({ response: { listOfIdentifier: names, moreFollows: false } }),
      identify: () => ({ response: { vendorName: 'v'.repeat(200), modelName: '', revision: '~' } }),
      getNamedVariableListAttributes: () => ({
        response: {
          mmsDeletable: true,
          listOfVariable: names.map(itemID => ({
            variableSpecification: { type: 'name', value: { type: 'domainSpecific', value: { domainID: '', itemID } } },
          })),
        },
      }),
    }
    const { mms } = await pair({ handlers })
    expect(await mms.variableNames('D')).toEqual(names)
    expect(await mms.identify()).toEqual({ vendorName: 'v'.repeat(200), modelName: '', revision: '~' })
    expect((await mms.getNamedVariableListAttributes('D/l')).listOfVariable).toHaveLength(names.length)
    expect(await mms.readValue('LD/x')).toEqual(int(1))
  })
})
