import { describe, expect, test } from 'vitest'
import { int, model, pair, settle } from '../../test/pair.js'
import { type Modifier, Transitions } from '../asn1/modifier.js'
import { serviceError } from '../server/errors.js'
import type { ModifierHandler, ModifierOutcome, ServedCall } from '../server/handlers.js'
import type { VmdStatus } from '../server/model.js'

const vmd = (value: string) => ({ type: 'vmdSpecific', value }) as const
const semaphore = (name: string): Modifier => ({
  type: 'semaphoreModifier',
  value: { semaphoreName: vmd(name), priority: 64, relinquishIfConnectionLost: true },
})
const event: Modifier = {
  type: 'eventModifier',
  value: { eventEnrollmentName: vmd('e'), eventConditionName: vmd('c'), causingTransitions: Transitions.of('idle-to-active') },
}

/** Modifiers that wait until they are told; names of semaphores say what comes of them. */
function hand() {
  const log: string[] = []
  const waiting = new Map<string, (outcome: ModifierOutcome) => void>()
  const calls = new Map<string, ServedCall>()
  const semaphoreModifier: ModifierHandler<'semaphoreModifier'> = ({ semaphoreName }, _, call) => {
    const name = (semaphoreName as { value: string }).value
    calls.set(name, call)
    log.push(`${name} asked`)
    const granted = { release: () => void log.push(`${name} released`) }
    if (name === 'free') return granted
    if (name === 'refused') return { error: serviceError('access', 'object-access-denied') }
    if (name === 'wrong') return { reject: { type: 'confirmedRequestPDU', value: 'invalid-modifier' } }
    if (name === 'throws') throw new Error('broken')
    return new Promise(resolve => waiting.set(name, resolve))
  }
  return {
    log,
    waiting,
    calls,
    modifiers: { semaphoreModifier },
    grant: (name: string) => waiting.get(name)!({ release: () => void log.push(`${name} released`) }),
  }
}

const withRead = (log: string[], read: () => ReturnType<typeof int> | Promise<ReturnType<typeof int>> = () => int(1)) =>
  model({
    domains: {
      D: {
        variables: {
          v: {
            type: { type: 'integer', value: 32 },
            read: () => {
              log.push('executed')
              return read()
            },
          },
        },
      },
    },
  })

describe('G-38: modifiers of a request, ISO 9506-1, 8.4', () => {
  test('their support bits follow from what runs them, and a request with another one is rejected', async () => {
    const { modifiers, log } = hand()
    const { mms, server } = await pair({ modifiers, model: withRead(log) })
    expect(server.servicesSupported).toContain('attachToSemaphore')
    expect(server.servicesSupported).not.toContain('attachToEventCondition')
    expect(mms.negotiated.servicesSupportedPeer).toContain('attachToSemaphore')
    await expect(mms.readValue('D/v', { listOfModifiers: [semaphore('free'), event] })).rejects.toMatchObject({
      code: 'MMS_REJECT_UNRECOGNIZED_MODIFIER',
    })
    expect(log).toEqual([])
    const none = await pair()
    expect(none.server.servicesSupported).not.toContain('attachToSemaphore')
    await expect(none.mms.identify({ listOfModifiers: [semaphore('free')] })).rejects.toMatchObject({
      code: 'MMS_REJECT_UNRECOGNIZED_MODIFIER',
    })
    const taken = await pair({ modifiers: { ...modifiers, eventModifier: () => ({}) } })
    expect(taken.server.servicesSupported).toContain('attachToEventCondition')
    expect(await taken.mms.identify({ listOfModifiers: [event] })).toMatchObject({ modelName: 'model' })
  })

  test('they run in order, then the service, then what they took is given back, the last first', async () => {
    const { modifiers, log, grant } = hand()
    const { mms } = await pair({ modifiers, model: withRead(log) })
    const call = mms.readValue('D/v', { listOfModifiers: [semaphore('free'), semaphore('first'), semaphore('second')] })
    await settle()
    expect(log).toEqual(['free asked', 'first asked'])
    grant('first')
    await settle()
    expect(log).toEqual(['free asked', 'first asked', 'second asked'])
    grant('second')
    expect(await call).toEqual(int(1))
    await settle()
    expect(log.slice(3)).toEqual(['executed', 'second released', 'first released', 'free released'])
  })

  test('an empty list of modifiers is none', async () => {
    const { mms } = await pair()
    expect(await mms.identify({ listOfModifiers: [] })).toMatchObject({ modelName: 'model' })
  })

  test('the response is sent before anything is given back', async () => {
    const { modifiers, log } = hand()
    let written = 0
    const made = await pair({
      modifiers: {
        semaphoreModifier: (...all) => ({
          ...modifiers.semaphoreModifier(...all),
          release: () => void log.push(`${made.b.written.length > written}`),
        }),
      },
    })
    written = made.b.written.length
    await made.mms.identify({ listOfModifiers: [semaphore('free')] })
    expect(log.at(-1)).toBe('true')
  })

  test('a service that answers later keeps them until it has', async () => {
    const { modifiers, log } = hand()
    let answer!: (value: ReturnType<typeof int>) => void
    const { mms } = await pair({ modifiers, model: withRead(log, () => new Promise(resolve => (answer = resolve))) })
    const call = mms.readValue('D/v', { listOfModifiers: [semaphore('free')] })
    await settle()
    expect(log).toEqual(['free asked', 'executed'])
    answer(int(7))
    expect(await call).toEqual(int(7))
    await settle()
    expect(log.at(-1)).toBe('free released')
  })

  test.each([
    ['refused', 'MMS_ACCESS_OBJECT_ACCESS_DENIED'],
    ['throws', 'MMS_SERVICE_OTHER'],
  ])('one that is %s ends the request with its position, and gives back those before', async (name, code) => {
    const { modifiers, log } = hand()
    const { mms } = await pair({ modifiers, model: withRead(log) })
    const call = mms.readValue('D/v', { listOfModifiers: [semaphore('free'), semaphore(name), semaphore('free')] })
    await expect(call).rejects.toMatchObject({
      code,
      answered: { modifierPosition: 2 },
      message: expect.stringContaining('modifier 2 of read'),
    })
    expect(log).toEqual(['free asked', `${name} asked`, 'free released'])
  })

  test('one that fails later does the same, as one that rejects the request does', async () => {
    const { modifiers, log, waiting } = hand()
    const { mms } = await pair({ modifiers })
    const late = mms.identify({ listOfModifiers: [semaphore('free'), semaphore('later')] })
    await settle()
    waiting.get('later')!({ error: serviceError('servicePreempt', 'timeout') })
    await expect(late).rejects.toMatchObject({ code: 'MMS_SERVICE_PREEMPT_TIMEOUT', answered: { modifierPosition: 2 } })
    expect(log.at(-1)).toBe('free released')
    await expect(mms.identify({ listOfModifiers: [semaphore('wrong')] })).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_MODIFIER' })
  })

  test('more of them than the limit is a lack of capability, and none is run', async () => {
    const { modifiers, log } = hand()
    const { mms } = await pair({ modifiers, limits: { maxModifiers: 2 } })
    const two = [semaphore('free'), semaphore('free')]
    expect(await mms.identify({ listOfModifiers: two })).toMatchObject({ modelName: 'model' })
    log.length = 0
    await expect(mms.identify({ listOfModifiers: [...two, semaphore('free')] })).rejects.toMatchObject({
      code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE',
      answered: { modifierPosition: 3 },
    })
    expect(log).toEqual([])
  })

  test('a request held by a modifier does not hold the next; requests start in the order of arrival', async () => {
    const { modifiers, log } = hand()
    const { mms } = await pair({ modifiers, model: withRead(log) })
    const held = mms.readValue('D/v', { listOfModifiers: [semaphore('slow')] })
    held.catch(() => {})
    expect(await mms.readValue('D/v')).toEqual(int(1))
    expect(log).toEqual(['slow asked', 'executed'])
    mms.abort()
  })

  test('waiting in a modifier is not limited by callTimeout, the service behind it is', async () => {
    const { modifiers, log, grant } = hand()
    const { mms, timers } = await pair({
      modifiers,
      model: withRead(log, () => new Promise(() => {})),
      client: { requestTimeout: 0 },
    })
    const call = mms.readValue('D/v', { listOfModifiers: [semaphore('slow')] })
    call.catch(() => {})
    await settle()
    timers.advance(3_600_000)
    grant('slow')
    await settle()
    expect(log).toEqual(['slow asked', 'executed'])
    timers.advance(10_000)
    await expect(call).rejects.toMatchObject({
      code: 'MMS_SERVICE_PREEMPT_TIMEOUT',
      answered: expect.not.objectContaining({ modifierPosition: 1 }),
    })
    expect(log.at(-1)).toBe('slow released')
    expect(timers.pending).toBe(0)
  })

  test('gate 1 is passed before the modifiers, and again when the service starts to execute', async () => {
    const { modifiers, log, grant } = hand()
    const status = (vmdLogicalStatus: VmdStatus['vmdLogicalStatus']): VmdStatus => ({ vmdLogicalStatus, vmdPhysicalStatus: 'operational' })
    const { mms, server } = await pair({ modifiers, model: withRead(log) })
    const write = () => mms.writeValue('D/v', int(1), { listOfModifiers: [semaphore('slow')] })
    const call = write()
    call.catch(() => {})
    await settle()
    server.vmd.status = status('no-state-changes-allowed')
    grant('slow')
    await expect(call).rejects.toMatchObject({ code: 'MMS_VMD_STATE_VMD_STATE_CONFLICT' })
    expect(log).toEqual(['slow asked', 'slow released'])
    await expect(write()).rejects.toMatchObject({ code: 'MMS_VMD_STATE_VMD_STATE_CONFLICT' })
    expect(log).toHaveLength(2)
  })

  test('RM-18: a cancel ends the wait: its response first, then the error with the position, and what was taken goes back', async () => {
    const { modifiers, log, waiting, calls } = hand()
    const { mms, server, association } = await pair({ modifiers, model: withRead(log) })
    const seen: string[] = []
    mms.connection.intercept = delivery => {
      seen.push(delivery.type)
      return true
    }
    const stop = new AbortController()
    const call = mms.readValue('D/v', { listOfModifiers: [semaphore('free'), semaphore('slow')], signal: stop.signal, cancel: true })
    call.catch(() => {})
    await settle()
    const { signal } = calls.get('slow')!
    stop.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    await settle()
    expect(seen).toEqual(['M-CANCEL.confirm'])
    expect(signal.aborted).toBe(true)
    expect(log).toEqual(['free asked', 'slow asked', 'free released'])
    // What the modifier grants after that is given back, and the service is never executed.
    waiting.get('slow')!({ release: () => void log.push('slow released') })
    await settle()
    expect(log).toEqual(['free asked', 'slow asked', 'free released', 'slow released'])
    expect(server.associations.has(association)).toBe(true)
    expect(mms.connection.outstanding).toBe(0)
  })

  test('RM-18: once the service executes, a cancel is not possible, and the request ends normally', async () => {
    const { modifiers, log, grant } = hand()
    let answer!: (value: ReturnType<typeof int>) => void
    const { mms } = await pair({ modifiers, model: withRead(log, () => new Promise(resolve => (answer = resolve))) })
    const told = new Promise(resolve => mms.on('cancelled', resolve as never))
    const call = mms.readValue('D/v', { listOfModifiers: [semaphore('slow')] })
    await settle()
    grant('slow')
    await settle()
    mms.connection.provider.submit({ type: 'M-CANCEL.request', originalInvokeID: 1 })
    expect(await told).toMatchObject({ error: { errorClass: { type: 'cancel', value: 'cancel-not-possible' } } })
    answer(int(3))
    expect(await call).toEqual(int(3))
  })

  test('the end of the association drops a request that waits: the signal fires, the service is not executed', async () => {
    const { modifiers, log, calls, grant } = hand()
    const { mms, association } = await pair({ modifiers, model: withRead(log) })
    const call = mms.readValue('D/v', { listOfModifiers: [semaphore('slow')] })
    call.catch(() => {})
    await settle()
    const { signal } = calls.get('slow')!
    mms.abort()
    await association.ended
    expect(signal.aborted).toBe(true)
    grant('slow')
    await settle()
    expect(log).toEqual(['slow asked', 'slow released'])
  })
})
