import { describe, expect, test } from 'vitest'
import { join, stateOf } from '../../test/clients.js'
import { heldRead, int, model, pair, settle } from '../../test/pair.js'
import type { Answer, ServedCall } from '../server/handlers.js'
import type { MmsPeer } from './peer.js'

const enough = new Error('enough')

/** A request that can be cancelled, of the server to the client or of the client to the server: it is answered when the test says so. */
function cancelable() {
  let answer!: (given: Answer<'identify'>) => void
  const calls: ServedCall[] = []
  const identify = (_: null, __: unknown, call: ServedCall) => {
    call.cancelable = true
    calls.push(call)
    return new Promise<Answer<'identify'>>(resolve => {
      answer = resolve
    })
  }
  const response = { vendorName: 'v', modelName: 'm', revision: 'r' }
  return { handlers: { identify }, calls, answer: () => answer({ response }) }
}

describe('RM-18, G-70: a cancel', () => {
  for (const role of ['client', 'server'] as const) {
    const scene = async () => {
      const held = cancelable()
      const { mms, association, server } = await pair(
        role === 'client' ? { handlers: held.handlers } : { client: { handlers: held.handlers } },
      )
      const asking: MmsPeer = role === 'client' ? mms : association
      const stop = new AbortController()
      const call = asking.request('identify', null, { signal: stop.signal, cancel: true })
      call.catch(() => {})
      await settle()
      return { ...held, mms, association, server, asking, stop, call }
    }

    test(`${role}: ends the request at the other side: its signal fires, what it answers then goes nowhere`, async () => {
      const { calls, stop, call, answer, asking } = await scene()
      expect(calls[0]!.signal.aborted).toBe(false)
      stop.abort(enough)
      await expect(call).rejects.toBe(enough)
      await settle()
      expect(calls[0]!.signal.aborted).toBe(true)
      answer()
      await settle()
      // The association goes on, and the next request is not taken for the one before.
      const next = asking.request('identify', null)
      await settle()
      answer()
      expect(await next).toMatchObject({ modelName: 'm' })
      expect(calls.map(({ invokeID }) => invokeID)).toEqual([1, 2])
    })

    test.each(['answer first', 'cancel first'] as const)(
      `${role}: crosses the answer (%s): the call settles once, nothing stays open`,
      async order => {
        const { stop, call, answer, asking, mms } = await scene()
        const outcomes: unknown[] = []
        call.then(
          value => outcomes.push(value),
          error => outcomes.push(error),
        )
        if (order === 'answer first') answer()
        stop.abort(enough)
        if (order === 'cancel first') answer()
        await settle()
        await settle()
        expect(outcomes).toEqual([enough])
        const next = asking.request('identify', null)
        await settle()
        answer()
        expect(await next).toMatchObject({ modelName: 'm' })
        expect(mms.connection.state).toBe('open')
        await mms.close()
        expect(await mms.ended).toMatchObject({ name: 'ReleasedError' })
      },
    )
  }

  test('of a request that is being executed is not possible, and the answer comes', async () => {
    const { slow, answer } = heldRead()
    const { mms } = await pair({ model: model({ domains: { D: { variables: { slow } } }, lists: {} }) })
    const told = new Promise(resolve => mms.on('cancelled', resolve as never))
    const call = mms.readValue('D/slow')
    await settle()
    mms.connection.provider.submit({ type: 'M-CANCEL.request', originalInvokeID: 1 })
    expect(await told).toMatchObject({ error: { errorClass: { type: 'cancel', value: 'cancel-not-possible' } } })
    answer()
    expect(await call).toEqual(int(1))
  })

  test('RM-06: the invoke identifier of a call that was given up stays taken until it is answered', async () => {
    const { slow, answer } = heldRead()
    const { mms } = await pair({ model: model({ domains: { D: { variables: { slow } } }, lists: {} }) })
    const stop = new AbortController()
    const call = mms.readValue('D/slow', { signal: stop.signal, cancel: true })
    call.catch(() => {})
    await settle()
    stop.abort(enough)
    await settle()
    expect(mms.connection.isOutstanding(1)).toBe(true)
    expect(() => mms.connection.provider.submit({ type: 'M-CONFIRMED.request', invokeID: 1, service: 'identify', argument: null })).toThrow(
      expect.objectContaining({ code: 'MMS_INVOKE_ID' }),
    )
    answer()
    await settle()
    expect(mms.connection.isOutstanding(1)).toBe(false)
  })

  test.each(['cancel first', 'control first'] as const)(
    'crosses the grant of control (%s): one of them has happened, and no token is lost',
    async order => {
      const { mms, server, timers } = await pair({ model: model({ semaphores: { s: { tokens: 1 } }, lists: {} }) })
      const { mms: other } = await join(server, timers)
      await mms.semaphores.takeControl('vmd:s')
      const stop = new AbortController()
      const waiting = other.semaphores.takeControl('vmd:s', { signal: stop.signal, cancel: true })
      waiting.catch(() => {})
      await settle()
      const told = new Promise<{ error?: unknown }>(resolve => other.on('cancelled', resolve as never))
      if (order === 'cancel first') stop.abort(enough)
      const given = mms.semaphores.relinquishControl('vmd:s')
      if (order === 'control first') stop.abort(enough)
      await given
      const { error } = await told
      const { numberOfOwnedTokens } = await mms.semaphores.reportSemaphoreStatus('vmd:s')
      expect(numberOfOwnedTokens).toBe(error === undefined ? 0 : 1)
      if (error !== undefined) await other.semaphores.relinquishControl('vmd:s')
      expect(await stateOf(mms.semaphores.takeControl('vmd:s', { acceptableDelay: 0 }))).toBeUndefined()
    },
  )
})
