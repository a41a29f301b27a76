import { Sdu, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { asking, associated, failure, meeting, octets } from '../../test/edge.js'
import { echo, echoContext } from '../../test/kit.js'
import { associate, listen } from '../node.js'
import { associationOf } from '../open.js'

const local = { host: '127.0.0.1', port: 0 } as const

describe('an association over a real socket', () => {
  test('N-01 and N-31: both sides have the object: role, views of requestor and acceptor, both network addresses, timeouts', async () => {
    await using server = await listen({ ...local, entity: { apTitle: '1.1.1.1', aeQualifier: 7 } })
    await using association = await associate({
      ...asking,
      ...local,
      port: server.port,
      called: { apTitle: '1.1.1.1', aeQualifier: 7, presentationSelector: unhex('00 01') },
      calling: { apTitle: '1.1.1.999', aeQualifier: 12, apInvocationIdentifier: 3, sessionSelector: unhex('05') },
    })
    await expect.poll(() => server.size).toBe(1)
    const [other] = server.associations
    expect([association.role, other!.role]).toEqual(['requestor', 'acceptor'])
    expect([association.state, other!.state]).toEqual(['associated', 'associated'])
    const requestor = { apTitle: '1.1.1.999', aeQualifier: 12, apInvocationIdentifier: 3, sessionSelector: unhex('05') }
    const acceptor = { apTitle: '1.1.1.1', aeQualifier: 7, presentationSelector: unhex('00 01') }
    expect(association.requestor).toMatchObject(requestor)
    expect(other!.requestor).toMatchObject({ ...requestor, host: expect.stringContaining('127.0.0.1') })
    expect(association.acceptor).toMatchObject({ ...acceptor, host: '127.0.0.1', port: server.port })
    expect(other!.acceptor).toMatchObject(acceptor)
    expect(association.peer).toMatchObject({ host: '127.0.0.1', port: server.port })
    expect(association.timeouts).toMatchObject({ connect: 10_000, associate: 10_000, release: 5_000, idle: undefined })
  })

  test('N-02 and N-29: a promise of an association, for both roles; data and release end to end', async () => {
    const heard: Uint8Array[] = []
    await using server = await listen({
      ...local,
      onAssociation: async association => {
        for await (const { octets } of association) {
          heard.push(octets)
          await association.send(octets)
        }
      },
    })
    const association = await associate({ ...asking, ...local, port: server.port })
    await association.send(octets(7, 8))
    expect((await association.receive())?.octets).toEqual(octets(7, 8))
    await association.send(Sdu.of(octets(9)), 3)
    expect(await association.receive()).toMatchObject({ presentationContextIdentifier: 3, octets: octets(9) })
    expect(await association.release()).toMatchObject({ reason: 0 })
    expect(association.closeReason).toEqual({ type: 'released', by: 'local', reason: 0 })
    await expect.poll(() => server.size).toBe(0)
    expect(heard).toHaveLength(2)
  })

  test('A-02 and A-04: everything that an AARQ and an AARE hold is asked with, answered with, and read afterwards', async () => {
    const userInformation = [{ indirectReference: 3, octets: octets(1) }]
    await using server = await listen({
      ...local,
      onAssociate: incoming =>
        incoming.accept({
          responding: { apTitle: '1.1.1.2', aeQualifier: 3, apInvocationIdentifier: 4, aeInvocationIdentifier: 5 },
          userInformation: [{ indirectReference: 3, octets: octets(2) }],
          implementationInformation: 'other',
          applicationContextName: '1.2.3',
        }),
    })
    const association = await associate({
      ...asking,
      ...local,
      port: server.port,
      applicationContextAlternatives: ['1.2.3'],
      implementationInformation: 'one',
      called: { apTitle: '1.1.1.1' },
      userInformation,
    })
    await expect.poll(() => server.size).toBe(1)
    const [other] = server.associations
    expect(other!.asked).toMatchObject({
      implementationInformation: 'one',
      applicationContextName: echoContext,
      applicationContextNameList: ['1.2.3'],
      called: { apTitle: '1.1.1.1' },
    })
    expect(association.answered).toMatchObject({
      implementationInformation: 'other',
      responding: { apTitle: '1.1.1.2', aeQualifier: 3, apInvocationIdentifier: 4, aeInvocationIdentifier: 5 },
    })
    expect([association.applicationContext, other!.applicationContext]).toEqual(['1.2.3', '1.2.3'])
    expect(association.functionalUnits).toEqual(['application-context-negotiation'])
    expect(association.userInformation).toMatchObject([{ octets: octets(2) }])
    expect(other!.userInformation).toMatchObject([{ octets: octets(1) }])
    await association.abort()
  })

  test('N-29: a local address is used, and a port where nobody listens is one error that says so', async () => {
    await using server = await listen(local)
    const association = await associate({ ...asking, host: '127.0.0.1', port: server.port, localAddress: '127.0.0.2' })
    await expect.poll(() => server.size).toBe(1)
    expect([...server][0]!.peer.host).toContain('127.0.0.2')
    await association.release()
    const { port } = server
    await server.close()
    expect(await failure(associate({ ...asking, host: '127.0.0.1', port }))).toMatchObject({ name: 'RefusedError', layer: 'network' })
  })
})

describe('what was asked and answered', () => {
  test('A-03 and A-06: a rejection carries result, source and diagnostic, and the association stays readable on both sides', async () => {
    const refusals: unknown[] = []
    const { opening, server } = meeting({
      onAssociate: incoming => incoming.reject({ result: 'rejected-transient', diagnostic: 7, responding: { apTitle: '1.1.1.9' } }),
    })
    server.on('rejected', ({ association, reason }) => refusals.push(reason, association.requestor.apTitle))
    const error = await failure(opening)
    expect(error).toMatchObject({ name: 'RefusedError', layer: 'acse', by: 'peer', reason: 7 })
    const association = associationOf(error)!
    expect(association.closeReason).toEqual({
      type: 'rejected',
      by: 'remote',
      layer: 'acse',
      result: 'rejected-transient',
      source: 'acse-service-user',
      diagnostic: 7,
    })
    expect(association.requestor).toMatchObject({ apTitle: '1.1.1.999' })
    expect(association.acceptor).toMatchObject({ apTitle: '1.1.1.9' })
    expect(association.answered).toMatchObject({ result: 'rejected-transient', diagnostic: 7 })
    expect(association.state).toBe('closed')
    const rejected = {
      type: 'rejected',
      by: 'local',
      layer: 'acse',
      result: 'rejected-transient',
      source: 'acse-service-user',
      diagnostic: 7,
    }
    expect(refusals).toEqual([rejected, '1.1.1.999'])
  })

  test('N-09: the text of a rejection names result, source and diagnostic; the whole confirm is with it', async () => {
    const { opening } = meeting({ onAssociate: incoming => incoming.reject({ diagnostic: 3 }) })
    const error = await failure(opening)
    expect(error.message).toBe(
      'association rejected permanent by the acse-service-user of the peer: calling-AP-title-not-recognized (diagnostic 3)',
    )
    expect(error.answered).toMatchObject({ type: 'A-ASSOCIATE.confirm', result: 'rejected-permanent' })
    expect(associationOf(new Error('another'))).toBeUndefined()
    expect(associationOf('text')).toBeUndefined()
  })

  test('N-03: no contexts to propose is an argument error, before anything is connected', async () => {
    await expect(associate({ ...asking, contexts: [], host: '127.0.0.1', port: 1 })).rejects.toMatchObject({
      name: 'UsageError',
      code: 'ACSE_CONTEXT',
    })
    await expect(associate({ ...asking, contexts: ['2.2.1.0.1'], host: '127.0.0.1', port: 1 })).rejects.toMatchObject({
      code: 'ACSE_CONTEXT',
    })
    const twice = [
      { abstractSyntax: echo, id: 5 },
      { abstractSyntax: '1.2.3', id: 5 },
    ]
    await expect(associate({ ...asking, contexts: twice, host: '127.0.0.1', port: 1 })).rejects.toMatchObject({ code: 'ACSE_CONTEXT' })
  })

  test('N-04: accepted without a context that can be used is an abort, and the error lists what became of each', async () => {
    const { opening, accepting } = meeting(
      { presentation: { abstractSyntaxes: { '2.2.1.0.1': ['2.1.1'] } } },
      { contexts: [echo, '1.2.3'] },
    )
    const error = await failure(opening)
    expect(error).toMatchObject({ name: 'AbortedError', code: 'ACSE_NO_CONTEXT' })
    expect(error.message).toContain(`3 ${echo} provider-rejection (provider-reason 1); 5 1.2.3 provider-rejection (provider-reason 1)`)
    expect(associationOf(error)!.contexts).toMatchObject([
      { result: 'acceptance' },
      { result: 'provider-rejection' },
      { result: 'provider-rejection' },
    ])
    expect(associationOf(error)!.closeReason).toEqual({ type: 'u-abort', by: 'local', diagnostic: 1 })
    expect(associationOf(await failure(accepting))!.closeReason).toMatchObject({ type: 'u-abort', by: 'remote' })
  })

  test('N-04: all of the contexts may be required, or none', async () => {
    const one = { presentation: { abstractSyntaxes: { '2.2.1.0.1': ['2.1.1'], [echo]: ['2.1.1'] } } }
    const contexts = [echo, '1.2.3']
    await expect(meeting(one, { contexts, requireContexts: 'all' }).opening).rejects.toMatchObject({ code: 'ACSE_NO_CONTEXT' })
    expect((await meeting(one, { contexts }).opening).state).toBe('associated')
    const none = { presentation: { abstractSyntaxes: { '2.2.1.0.1': ['2.1.1'] } } }
    expect((await meeting(none, { contexts, requireContexts: 'none' }).opening).state).toBe('associated')
  })

  test('N-32 and A-01: identifiers of contexts are chosen or given, the acceptor’s order of transfer syntaxes decides, each result is kept', async () => {
    const { requestor, acceptor } = await associated(
      { presentation: { abstractSyntaxes: { '2.2.1.0.1': ['2.1.1'], [echo]: ['1.9.9', '2.1.1'] }, contextLimit: 2 } },
      { contexts: [{ abstractSyntax: '2.2.1.0.1', id: 7 }, { abstractSyntax: echo, transferSyntaxes: ['2.1.1', '1.9.9'] }, echo, '1.2.3'] },
    )
    const expected = [
      { id: 7, abstractSyntax: '2.2.1.0.1', transferSyntaxes: ['2.1.1'], result: 'acceptance', transferSyntax: '2.1.1' },
      { id: 1, abstractSyntax: echo, transferSyntaxes: ['2.1.1', '1.9.9'], result: 'acceptance', transferSyntax: '1.9.9' },
      { id: 3, abstractSyntax: echo, transferSyntaxes: ['2.1.1'], result: 'provider-rejection', providerReason: 3 },
      { id: 5, abstractSyntax: '1.2.3', transferSyntaxes: ['2.1.1'], result: 'provider-rejection', providerReason: 1 },
    ]
    expect(requestor.contexts).toEqual(expected)
    expect(acceptor.contexts).toEqual(expected)
    await requestor.send(octets(1))
    expect(await acceptor.receive()).toMatchObject({ presentationContextIdentifier: 1 })
  })

  test('a context must be named where there are several, or none', async () => {
    const { requestor } = await associated({}, { contexts: [echo, '1.2.3'] })
    await expect(requestor.send(octets(1))).rejects.toMatchObject({ name: 'UsageError', code: 'ACSE_CONTEXT' })
    await requestor.send(octets(1), 5)
    await expect(requestor.send(octets(1), 1)).rejects.toMatchObject({ code: 'ACSE_CONTEXT' })
    await requestor.abort()
    await expect(requestor.send(octets(1), 5)).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
