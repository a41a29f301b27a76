import { Sdu, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { connect, listen } from './node.js'
import { associationAborted, associationLost, associationRefused } from './open.js'
import type { AAssociateConfirm, AAssociateRequest } from './service.js'

const loopback = { host: '127.0.0.1' } as const
const request: Omit<AAssociateRequest, 'type'> = {
  applicationContextName: '1.3.9999.1.1',
  calling: { apTitle: '1.3.9999.7', aeQualifier: 12 },
  presentationContextDefinitionList: [
    { presentationContextIdentifier: 1, abstractSyntaxName: '2.2.1.0.1', transferSyntaxNameList: ['2.1.1'] },
    { presentationContextIdentifier: 3, abstractSyntaxName: '1.3.9999.2', transferSyntaxNameList: ['2.1.1'] },
  ],
}

describe('connect and listen: an association that is not MMS', () => {
  test('data passes through untouched, both ways, and a release ends both sides', async () => {
    const ends: unknown[] = []
    await using listener = await listen({ ...loopback, port: 0 }, async (connection, indication) => {
      expect(indication.calling).toMatchObject({ apTitle: '1.3.9999.7', aeQualifier: 12 })
      for await (const delivery of connection) {
        if (delivery.type !== 'P-DATA.indication') continue
        await connection.send({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of(delivery.userData[0]!.octets) })
      }
      ends.push(await connection.ended)
    })
    const { connection, confirm } = await connect({ ...loopback, port: listener.port, request })
    expect(confirm.result).toBe('accepted')
    await connection.send({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of(unhex('04 02 68 69')) })
    for await (const delivery of connection) {
      expect(delivery).toMatchObject({ type: 'P-DATA.indication', userData: [{ octets: unhex('04 02 68 69') }] })
      break
    }
    expect(await connection.ended).toMatchObject({ name: 'ReleasedError', by: 'user' })
    await expect.poll(() => ends).toMatchObject([{ name: 'ReleasedError', by: 'peer' }])
  })

  test('A-06: a refusal carries result, source and diagnostic', async () => {
    await using listener = await listen(
      { ...loopback, port: 0, decide: () => ({ type: 'A-ASSOCIATE.response', result: 'rejected-transient', diagnostic: 7 }) },
      () => {},
    )
    await expect(connect({ ...loopback, port: listener.port, request })).rejects.toMatchObject({
      name: 'RefusedError',
      layer: 'acse',
      by: 'peer',
      reason: 7,
      message: 'association rejected transient by the acse-service-user of the peer: called-AP-title-not-recognized (diagnostic 7)',
    })
  })

  test('a refusal below ACSE is told as that layer said it', async () => {
    await using listener = await listen({ ...loopback, port: 0, transport: { accept: () => 3 as const } }, () => {})
    await expect(connect({ ...loopback, port: listener.port, request })).rejects.toMatchObject({
      message: expect.stringContaining('address unknown'),
    })
  })

  test('an abort is seen by the other side', async () => {
    let aborted!: (error: unknown) => void
    const seen = new Promise<unknown>(resolve => {
      aborted = resolve
    })
    await using listener = await listen({ ...loopback, port: 0 }, async connection => aborted(await connection.ended))
    const { connection } = await connect({ ...loopback, port: listener.port, request })
    connection.abort()
    expect(await seen).toMatchObject({ name: 'AbortedError', layer: 'acse', by: 'peer' })
  })
})

test('endings read as errors that say who and why', () => {
  const confirm = {
    type: 'A-ASSOCIATE.confirm',
    result: 'rejected-permanent',
    resultSource: 'presentation-service-provider',
  } as AAssociateConfirm
  expect(associationRefused(confirm)).toMatchObject({ layer: 'presentation', by: 'peer provider' })
  expect(associationRefused({ ...confirm, resultSource: 'acse-service-provider', diagnostic: 2 })).toMatchObject({
    by: 'peer provider',
    reason: 2,
  })
  expect(
    associationAborted({
      type: 'A-ABORT.indication',
      abortSource: 'acse-service-provider',
      by: 'peer provider',
      diagnostic: 2,
      userInformation: [],
    }),
  ).toMatchObject({ reason: 2 })
  expect(associationLost({ type: 'A-P-ABORT.indication', by: 'peer provider', abortReason: 6 })).toMatchObject({
    name: 'AbortedError',
    reason: 6,
  })
  expect(associationLost({ type: 'A-P-ABORT.indication', by: 'peer' })).toMatchObject({ name: 'DisconnectedError' })
})
