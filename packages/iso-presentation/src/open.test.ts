import { Sdu, unhex } from '@x/core'
import { FunctionalUnit } from '@x/iso-session'
import { describe, expect, test } from 'vitest'
import { proposeContexts } from './contexts.js'
import { connect, listen } from './node.js'
import { providerAborted } from './open.js'
import type { PConnectRequest } from './service.js'

const loopback = { host: '127.0.0.1' } as const
const request: Omit<PConnectRequest, 'type'> = {
  presentationContextDefinitionList: [
    { presentationContextIdentifier: 1, abstractSyntaxName: '1.3.9999.1', transferSyntaxNameList: ['2.1.1'] },
    { presentationContextIdentifier: 3, abstractSyntaxName: '1.3.9999.2', transferSyntaxNameList: ['2.1.1'] },
  ],
}

describe('connect and listen', () => {
  test('values go both ways in their contexts, and a release ends both sides', async () => {
    const ends: unknown[] = []
    await using listener = await listen({ ...loopback, port: 0 }, async (connection, indication) => {
      expect(indication.presentationContextDefinitionList).toHaveLength(2)
      for await (const delivery of connection) {
        if (delivery.type !== 'P-DATA.indication') continue
        const [values] = delivery.userData
        await connection.send({
          type: 'P-DATA.request',
          presentationContextIdentifier: values!.presentationContextIdentifier,
          userData: Sdu.of(values!.octets),
        })
      }
      ends.push(await connection.ended)
    })
    const { connection, confirm } = await connect({ ...loopback, port: listener.port, request })
    expect(confirm).toMatchObject({ result: 'acceptance' })
    await connection.send({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of(unhex('02 01 07')) })
    for await (const delivery of connection) {
      expect(delivery).toMatchObject({ type: 'P-DATA.indication', userData: [{ presentationContextIdentifier: 3 }] })
      break
    }
    expect(await connection.ended).toMatchObject({ name: 'ReleasedError', by: 'user' })
    await expect.poll(() => ends).toMatchObject([{ name: 'ReleasedError', by: 'peer' }])
  })

  test('P-07: a refusal names the layer, who refused, and the reason', async () => {
    await using user = await listen(
      { ...loopback, port: 0, decide: () => ({ type: 'P-CONNECT.response', result: 'user-rejection' }) },
      () => {},
    )
    await expect(connect({ ...loopback, port: user.port, request })).rejects.toMatchObject({
      name: 'RefusedError',
      layer: 'presentation',
      by: 'peer',
    })
    await using provider = await listen({ ...loopback, port: 0, presentation: { acceptAddress: () => 3 } }, () => {})
    await expect(connect({ ...loopback, port: provider.port, request })).rejects.toMatchObject({
      layer: 'presentation',
      by: 'peer provider',
      reason: 3,
      message: expect.stringContaining('(CPR provider-reason 3)'),
    })
    await using session = await listen({ ...loopback, port: 0, session: { accept: () => 129 } }, () => {})
    await expect(connect({ ...loopback, port: session.port, request })).rejects.toMatchObject({ layer: 'session', reason: 129 })
  })

  test('P-11: contexts are added to an open connection over TCP, with typed data of both sessions', async () => {
    const session = { functionalUnits: FunctionalUnit.duplex | FunctionalUnit.typedData }
    const decide = () => ({ type: 'P-CONNECT.response', result: 'acceptance', presentationRequirements: 1 }) as const
    await using listener = await listen({ ...loopback, port: 0, session, decide }, async connection => {
      for await (const delivery of connection)
        if (delivery.type === 'P-ALTER-CONTEXT.indication') await connection.send({ type: 'P-ALTER-CONTEXT.response' })
    })
    const { connection } = await connect({
      ...loopback,
      port: listener.port,
      session,
      request: { ...request, presentationRequirements: 1 },
    })
    const presentationContextAdditionList = proposeContexts(['1.3.9999.3'], undefined, { used: [1, 3] })
    await connection.send({ type: 'P-ALTER-CONTEXT.request', presentationContextAdditionList, presentationContextDeletionList: [3] })
    for await (const delivery of connection) {
      expect(delivery).toMatchObject({
        type: 'P-ALTER-CONTEXT.confirm',
        presentationContextAdditionResultList: [{ result: 'acceptance' }],
        presentationContextDeletionResultList: ['acceptance'],
      })
      break
    }
    await connection.close()
  })

  test('P-11: context management that the session below has no typed data for is refused before anything is sent', async () => {
    await using listener = await listen({ ...loopback, port: 0 }, () => {})
    await expect(connect({ ...loopback, port: listener.port, request: { ...request, presentationRequirements: 1 } })).rejects.toMatchObject(
      {
        layer: 'session',
      },
    )
  })

  test('an abort is seen by the other side', async () => {
    let aborted!: (error: unknown) => void
    const seen = new Promise<unknown>(resolve => {
      aborted = resolve
    })
    await using listener = await listen({ ...loopback, port: 0 }, async connection => aborted(await connection.ended))
    const { connection } = await connect({ ...loopback, port: listener.port, request })
    connection.abort()
    expect(await seen).toMatchObject({ name: 'AbortedError', layer: 'presentation', by: 'peer' })
  })
})

test('P-08: a provider abort says its reason', () => {
  expect(providerAborted({ type: 'P-P-ABORT.indication', by: 'peer provider', abortReason: 2 })).toMatchObject({
    name: 'AbortedError',
    reason: 2,
    message: expect.stringContaining('(ARP reason 2)'),
  })
  expect(providerAborted({ type: 'P-P-ABORT.indication', by: 'peer' })).toMatchObject({ name: 'DisconnectedError' })
})

describe('P-07, P-09: errors that say what was wrong', () => {
  test('P-07, RP-08: an unknown selector is named', async () => {
    await using listener = await listen({ ...loopback, port: 0, presentation: { acceptAddress: () => 3 } }, () => {})
    const called = { presentationSelector: unhex('00 00 00 07') }
    await expect(connect({ ...loopback, port: listener.port, request: { ...request, called } })).rejects.toMatchObject({
      name: 'RefusedError',
      message:
        'refused by the peer provider at presentation: called-presentation-address-unknown (CPR provider-reason 3); presentation selector 00 00 00 07 was called',
    })
    await expect(connect({ ...loopback, port: listener.port, request })).rejects.toMatchObject({
      message: expect.stringContaining('no presentation selector was called'),
    })
  })

  test('P-06, P-07: contexts that were refused are named with their reasons, and what was offered and answered is in the error', async () => {
    const presentation = { abstractSyntaxes: { '1.3.9999.2': ['2.1.1'] } }
    await using listener = await listen({ ...loopback, port: 0, presentation }, () => {})
    const userData = [{ presentationContextIdentifier: 1, octets: unhex('05 00') }]
    await expect(connect({ ...loopback, port: listener.port, request: { ...request, userData } })).rejects.toMatchObject({
      message:
        'refused by the peer provider at presentation: user-data-not-readable (CPR provider-reason 6); context 1, 1.3.9999.1: provider-rejection, abstract-syntax-not-supported',
      offered: request.presentationContextDefinitionList,
      answered: [
        { result: 'provider-rejection', providerReason: 1 },
        { result: 'acceptance', transferSyntaxName: '2.1.1' },
      ],
    })
  })

  test('P-04, P-07: and so is a default context that is not supported', async () => {
    await using listener = await listen({ ...loopback, port: 0, presentation: { abstractSyntaxes: {} } }, () => {})
    const defaultContextName = { abstractSyntaxName: '1.3.9999.1', transferSyntaxName: '2.1.1' }
    await expect(
      connect({ ...loopback, port: listener.port, request: { presentationContextDefinitionList: [], defaultContextName } }),
    ).rejects.toMatchObject({
      message:
        'refused by the peer provider at presentation: default-context-not-supported (CPR provider-reason 5); default context: provider-rejection',
    })
  })
})
