import { describe, expect, test } from 'vitest'
import { heldRead, int, model, pair, settle } from '../../test/pair.js'
import { dataAccessErrors } from '../asn1/data.js'
import { type ErrorClass, errorCodes, type RejectReason, rejectCodes } from '../asn1/error.js'
import { MMS_ABSTRACT_SYNTAX, MMS_APPLICATION_CONTEXT, mmsContexts } from '../index.js'
import type { Handlers } from '../server/handlers.js'
import { types } from '../value-types.js'

describe('an association, seen from the client', () => {
  test('M-01: the numbers of MMS are exported, and are what goes out', async () => {
    expect([MMS_ABSTRACT_SYNTAX, MMS_APPLICATION_CONTEXT]).toEqual(['1.0.9506.2.1', '1.0.9506.2.3'])
    expect(mmsContexts.map(({ presentationContextIdentifier: id, abstractSyntaxName: name }) => [id, name])).toContainEqual([
      3,
      MMS_ABSTRACT_SYNTAX,
    ])
    const { association, mms } = await pair()
    expect(association.association.applicationContextName).toBe(MMS_APPLICATION_CONTEXT)
    expect(mms.negotiated.maxPduSize).toBe(65_000)
  })

  test('M-02: both sides show what was agreed, what the peer said below, and where it is', async () => {
    const { mms, association } = await pair({ client: { association: { calling: { apTitle: '1.3.9999.1', aeQualifier: 12 } } } })
    expect(mms.association).toMatchObject({ type: 'A-ASSOCIATE.confirm', result: 'accepted' })
    expect(association.association).toMatchObject({ calling: { apTitle: '1.3.9999.1', aeQualifier: 12 } })
    for (const side of [mms, association]) {
      expect(side.negotiated).toMatchObject({ maxPduSize: 65_000, versionNumber: 1, dataStructureNestingLevel: 10 })
      expect(side.remote).toBe('memory')
      expect(side.peer.remote).toBe('memory')
    }
    expect(mms.negotiated.servicesSupportedPeer).toEqual(association.negotiated.servicesSupportedOwn)
    expect(mms.connection.provider).toHaveProperty('layer', 'mms')
  })
})

describe('M-03: the end', () => {
  test('M-03: conclude comes before the release, and the release before the end of the connection', async () => {
    const layers: string[] = []
    const { mms } = await pair({
      client: { see: (layer: string, _: unknown, primitive: { type: string }) => void layers.push(`${layer} ${primitive.type}`) } as never,
    })
    const { provider } = mms.connection
    const submit = provider.submit.bind(provider)
    provider.submit = primitive => {
      layers.push(`mms ${primitive.type}`)
      submit(primitive)
    }
    await mms.conclude()
    const of = (type: string) => layers.findIndex(line => line.endsWith(type))
    expect(of('M-CONCLUDE.request')).toBeGreaterThanOrEqual(0)
    expect(of('A-RELEASE.request')).toBeGreaterThan(of('M-CONCLUDE.request'))
    expect(of('A-RELEASE.confirm')).toBeGreaterThan(of('A-RELEASE.request'))
    expect(mms.connection.endedWith).toMatchObject({ name: 'ReleasedError', by: 'user' })
    await expect(mms.conclude()).rejects.toMatchObject({ name: 'ReleasedError' })
  })

  test('RM-19, M-09: a conclude that the server does not agree to is an error, and the association goes on', async () => {
    const { mms, association } = await pair({ client: { handlers: { identify: () => new Promise(() => {}) } } })
    association.request('identify', null).catch(() => {})
    await settle()
    await expect(mms.conclude()).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'MMS_CONCLUDE_FURTHER_COMMUNICATION_REQUIRED',
      answered: { errorClass: { type: 'conclude', value: 'further-communication-required' } },
    })
    expect(await mms.readValue('LD/x')).toEqual(int(1))
    mms.abort()
  })

  test('RM-19: a conclude while requests are open is a usage error, and so is a second one', async () => {
    const { slow, answer } = heldRead()
    const { mms, a } = await pair({ model: model({ domains: { D: { variables: { slow } } }, lists: {} }) })
    const read = mms.readValue('D/slow')
    await expect(mms.conclude()).rejects.toMatchObject({ name: 'UsageError', code: 'MMS_OUTSTANDING' })
    answer()
    expect(await read).toEqual(int(1))
    a.pause()
    const first = mms.conclude()
    await expect(mms.conclude()).rejects.toMatchObject({ name: 'UsageError', code: 'MMS_CONCLUDING' })
    a.resume()
    await first
  })

  test('RM-19: a server that does not answer the conclude is aborted after closeTimeout', async () => {
    const { mms, timers, a } = await pair({ client: { closeTimeout: 100 } })
    a.cut()
    const concluding = mms.conclude()
    timers.advance(100)
    await expect(concluding).rejects.toMatchObject({ name: 'TimeoutError', code: 'MMS_CONCLUDE_TIMEOUT' })
    expect(mms.connection.state).toBe('ended')
  })

  test('U-11: what is open when it ends fails at once, with how it ended', async () => {
    const { slow } = heldRead()
    const { mms, association } = await pair({
      model: model({ domains: { D: { variables: { slow } } }, lists: {} }),
      client: { maxOutstanding: 1 },
    })
    const calls = [mms.readValue('D/slow'), mms.readValue('D/slow'), mms.values.get('D/slow'), mms.domainNames()]
    const ends = Promise.allSettled(calls)
    await settle()
    association.abort()
    const outcomes = await ends
    expect(outcomes.map(outcome => outcome.status === 'rejected' && outcome.reason.name)).toEqual(Array(4).fill('AbortedError'))
    expect(mms.signal.aborted).toBe(true)
  })
})

describe('errors reach the caller by name', () => {
  const everyError = Object.entries(errorCodes).flatMap(([type, codes]) =>
    Object.entries(codes).map(([value, number]) => ({ type, value, number }) as unknown as ErrorClass & { number: number }),
  )

  test('M-11, M-09: every class and code of a ServiceError, with what the server adds', async () => {
    let next: ErrorClass | undefined
    const handlers: Handlers = {
      identify: () => ({ error: { errorClass: next!, additionalCode: 7, additionalDescription: 'because' } }),
    }
    const { mms } = await pair({ handlers })
    for (const { number, ...errorClass } of everyError) {
      next = errorClass as ErrorClass
      await expect(mms.identify()).rejects.toMatchObject({
        name: 'ServiceError',
        by: 'peer',
        reason: number,
        code: expect.stringMatching(/^MMS_[A-Z0-9_]+$/),
        message: expect.stringContaining(`: ${errorClass.value} (additional code 7, "because")`),
        answered: { errorClass, additionalCode: 7 },
      })
    }
    expect(everyError.length).toBeGreaterThan(50)
  })

  test('M-12: every reason of a rejected request', async () => {
    let next: RejectReason | undefined
    const { mms } = await pair({ handlers: { identify: () => ({ reject: next! }) } })
    for (const [value, number] of Object.entries(rejectCodes.confirmedRequestPDU)) {
      next = { type: 'confirmedRequestPDU', value } as RejectReason
      await expect(mms.identify()).rejects.toMatchObject({
        name: 'RejectedError',
        by: 'peer provider',
        reason: number,
        message: `identify rejected by the peer's MMS provider: confirmed-request: ${value}`,
      })
    }
  })

  test('M-13: every data access error of a variable, read and written', async () => {
    const variables = Object.fromEntries(
      Object.keys(dataAccessErrors).map(failure => {
        const fails = () => ({ failure }) as never
        return [failure.replaceAll('-', '_'), { type: types.boolean, read: fails, write: fails }]
      }),
    )
    const { mms } = await pair({ model: model({ domains: { D: { variables } }, lists: {} }) })
    for (const [failure, reason] of Object.entries(dataAccessErrors)) {
      const item = `D/${failure.replaceAll('-', '_')}`
      const expected = { name: 'ServiceError', reason, answered: failure, offered: item, message: expect.stringContaining(item) }
      await expect(mms.readValue(item)).rejects.toMatchObject(expected)
      await expect(mms.writeValue(item, { type: 'boolean', value: true })).rejects.toMatchObject(expected)
    }
  })

  test('M-09: an initiate that is refused says what was answered', async () => {
    const refused = pair({ client: { initiate: { maxPduSize: 100, minPduSize: 64 } } })
    await expect(refused).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'MMS_REFUSED',
      answered: { errorClass: { type: 'initiate' } },
    })
  })

  test('M-10: an answer to another additional service is an error of that call', async () => {
    const { mms } = await pair({ handlers: { additionalService: () => ({ response: { type: 'select', value: null } }) } })
    await expect(mms.additional('vMDStop', null)).rejects.toMatchObject({
      code: 'MMS_SERVICE',
      message: 'expected a response to vMDStop, found one to select',
    })
    expect(await mms.readValue('LD/x')).toEqual(int(1))
  })
})
