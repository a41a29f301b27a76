import { unhex } from '@x/core'
import { describe, expect, test, vi } from 'vitest'
import { associated, failure, handTimers, meeting, octets } from '../../test/edge.js'
import { echoContext } from '../../test/kit.js'
import { passwordMechanism } from '../index.js'
import { type AcceptorPolicy, associationOf, type IncomingAssociation, type Rejection } from '../open.js'

const outcome = async (serving: Parameters<typeof meeting>[0], request: Parameters<typeof meeting>[1] = {}) => {
  const error = await failure(meeting(serving, request).opening)
  return associationOf(error)!.closeReason
}
const user = (diagnostic: number) => ({
  type: 'rejected',
  by: 'remote',
  layer: 'acse',
  result: 'rejected-permanent',
  source: 'acse-service-user',
  diagnostic,
})
const full = { ...user(1), result: 'rejected-transient', source: 'acse-service-provider' }

describe('the policy of an acceptor', () => {
  test.each<[string, AcceptorPolicy, unknown]>([
    ['a T-selector that is not ours', { selectors: { transport: [unhex('01')] } }, { layer: 'cotp', diagnostic: 3 }],
    ['an S-selector that is not ours', { selectors: { session: [unhex('01')] } }, { layer: 'session', diagnostic: 129 }],
    ['a P-selector that is not ours', { selectors: { presentation: [unhex('01')] } }, { layer: 'presentation', diagnostic: 3 }],
    ['no room', { full: () => true }, full],
    ['an application context that is unknown', { applicationContexts: ['1.2.3'] }, user(2)],
    ['a called AP title that is unknown', { called: { apTitles: ['1.1.1.1'], absent: 'refuse' } }, user(7)],
    ['a called AE qualifier that is unknown', { called: { aeQualifiers: [1], absent: 'refuse' } }, user(9)],
    ['a calling AP title that is unknown', { calling: { apTitles: ['1.1.1.1'] } }, user(3)],
    ['a calling AE qualifier that is unknown', { calling: { aeQualifiers: [1] } }, user(5)],
    ['no proof', { authentication: { mechanisms: [passwordMechanism({ peer: 'x' })] } }, user(14)],
    ['no user information', { requireUserInformation: true }, user(1)],
  ])('N-05: %s is refused with the exact code, and the hook is not asked', async (_, policy, expected) => {
    const onAssociate = vi.fn()
    expect(await outcome({ policy, onAssociate })).toMatchObject(expected as object)
    expect(onAssociate).not.toHaveBeenCalled()
  })

  test('N-05: the order is that of the layers, then room, application context, called, calling, proof, user information', async () => {
    const policy: Record<string, unknown> = {
      selectors: { transport: [unhex('01')], session: [unhex('01')], presentation: [unhex('01')] },
      full: () => true,
      applicationContexts: ['1.2.3'],
      called: { apTitles: ['1.1'], absent: 'refuse' },
      calling: { apTitles: ['1.1'] },
      authentication: { mechanisms: [passwordMechanism({ peer: 'x' })] },
      requireUserInformation: true,
    }
    const seen: unknown[] = []
    const selectors = policy.selectors as Record<string, unknown>
    for (const drop of ['transport', 'session', 'presentation']) {
      const { layer, diagnostic } = (await outcome({ policy })) as { layer: string; diagnostic: number }
      seen.push(`${layer} ${diagnostic}`)
      delete selectors[drop]
    }
    for (const drop of ['full', 'applicationContexts', 'called', 'calling', 'authentication', 'requireUserInformation']) {
      const { source, diagnostic } = (await outcome({ policy })) as { source: string; diagnostic: number }
      seen.push(`${source} ${diagnostic}`)
      delete policy[drop]
    }
    const by = 'acse-service-user'
    expect(seen).toEqual([
      'cotp 3',
      'session 129',
      'presentation 3',
      'acse-service-provider 1',
      ...[2, 7, 3, 14, 1].map(diagnostic => `${by} ${diagnostic}`),
    ])
    expect((await meeting({ policy }).opening).state).toBe('associated')
  })

  test('N-05: selectors that are ours are let through, none included where an empty one is listed', async () => {
    const ours = [unhex('00 01')]
    const policy = { selectors: { transport: ours, session: ours, presentation: ours } }
    const called = { transportSelector: ours[0]!, sessionSelector: ours[0]!, presentationSelector: ours[0]! }
    expect((await meeting({ policy }, { called }).opening).state).toBe('associated')
    const none = [new Uint8Array(0)]
    expect((await meeting({ policy: { selectors: { transport: none, session: none, presentation: none } } }).opening).state).toBe(
      'associated',
    )
  })

  test('N-05: the hook has the last word, at once or later, and sees address and names', async () => {
    const seen: unknown[] = []
    const onAssociate = async (incoming: IncomingAssociation) => {
      seen.push(incoming.peer.remote, incoming.indication.calling.apTitle, incoming.indication.applicationContextName)
      await Promise.resolve()
      incoming.accept({ responding: { apTitle: '1.1.1.5' } })
    }
    const { requestor, acceptor } = await associated({ onAssociate })
    expect(seen).toEqual(['memory', '1.1.1.999', echoContext])
    expect(requestor.acceptor.apTitle).toBe('1.1.1.5')
    expect(acceptor.state).toBe('associated')
  })
})

describe('N-06: exactly one answer', () => {
  test('a second answer is a UsageError, whatever it is', async () => {
    const seen: unknown[] = []
    const { opening } = meeting({
      onAssociate: incoming => {
        seen.push(incoming.answered)
        incoming.accept()
        for (const again of [() => incoming.accept(), () => incoming.reject(), () => incoming.abort()]) {
          try {
            again()
          } catch (error) {
            seen.push((error as { code: string }).code)
          }
        }
        seen.push(incoming.answered)
      },
    })
    expect((await opening).state).toBe('associated')
    expect(seen).toEqual([false, 'ACSE_ANSWERED', 'ACSE_ANSWERED', 'ACSE_ANSWERED', true])
  })

  test('an answer that cannot be sent throws, and the peer still waits', async () => {
    const { opening } = meeting({
      onAssociate: incoming => {
        expect(() => incoming.accept({ applicationContextName: 'no identifier' })).toThrowError(/object identifier|expected/i)
        expect(() => incoming.reject({ diagnostic: 99 } as never)).toThrowError('0 to 14')
        expect(incoming.answered).toBe(false)
        incoming.accept()
      },
    })
    expect((await opening).state).toBe('associated')
  })

  test('the hook may abort, with a diagnostic where the authentication unit is in force', async () => {
    const authentication = { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: 'x' } } as const
    expect(await outcome({ onAssociate: incoming => incoming.abort({ diagnostic: 5 }) }, { authentication })).toEqual({
      type: 'u-abort',
      by: 'remote',
      diagnostic: 5,
    })
    expect(await outcome({ onAssociate: incoming => incoming.abort() })).toEqual({ type: 'u-abort', by: 'remote' })
  })

  test.each<[string, () => unknown]>([
    ['throws', () => { throw new TypeError('broken hook') }], // biome-ignore format: one line each
    ['rejects', async () => { throw new TypeError('broken hook') }], // biome-ignore format: one line each
  ])('F-13: a hook that %s rejects the peer, permanent 1, and is told as a fault', async (_, onAssociate) => {
    const faults: unknown[] = []
    const { server, opening } = meeting({ onAssociate })
    server.on('fault', ({ of, error, association }) => faults.push(of, error, association?.requestor.apTitle))
    expect(associationOf(await failure(opening))!.closeReason).toEqual(user(1))
    expect(faults).toEqual(['onAssociate', new TypeError('broken hook'), '1.1.1.999'])
  })

  test('F-13: a hook that does not answer has the peer rejected at the deadline, transient; its late answer has no effect', async () => {
    const timers = handTimers()
    const faults: string[] = []
    let late!: IncomingAssociation
    const { server, opening } = meeting({ timers, timeouts: { decision: 3_000 }, onAssociate: incoming => { late = incoming } }) // biome-ignore format: short
    server.on('fault', ({ error }) => faults.push((error as Error).message))
    await Promise.resolve()
    timers.advance(2_999)
    expect(late.answered).toBe(false)
    timers.advance(1)
    expect(associationOf(await failure(opening))!.closeReason).toEqual({ ...user(1), result: 'rejected-transient' })
    expect(faults).toEqual(['no answer to the association request within 3000 ms'])
    expect(late.answered).toBe(true)
    expect(() => late.accept()).toThrow('answered already')
  })

  test('F-13: an answer for a peer that has gone meanwhile has no effect', async () => {
    let late!: IncomingAssociation
    const { a, accepting } = meeting({ onAssociate: incoming => { late = incoming } }) // biome-ignore format: short
    await Promise.resolve()
    a.destroy()
    await failure(accepting)
    late.accept()
    expect(late.association.closeReason).toEqual({ type: 'transport-lost', by: 'remote' })
  })
})

describe('N-07: what a rejection may say', () => {
  const diagnostics = Array.from({ length: 15 }, (_, diagnostic) => diagnostic)
  test.each(diagnostics)('user diagnostic %i, permanent and transient', async diagnostic => {
    for (const result of ['rejected-permanent', 'rejected-transient'] as const) {
      const reason = await outcome({ onAssociate: incoming => incoming.reject({ result, diagnostic } as Rejection) })
      const { diagnostic: _, ...plain } = { ...user(diagnostic), result }
      expect(reason).toEqual(diagnostic === 0 ? plain : { ...user(diagnostic), result })
    }
  })

  test.each([0, 1, 2])('provider diagnostic %i', async diagnostic => {
    const reason = await outcome({
      onAssociate: incoming => incoming.reject({ source: 'acse-service-provider', diagnostic } as Rejection),
    })
    expect(reason).toMatchObject({ source: 'acse-service-provider', result: 'rejected-permanent', ...(diagnostic > 0 && { diagnostic }) })
  })

  test.each([0, 1, 2, 3, 4, 5, 6, 7] as const)('presentation provider reason %i: a CPR without AARE', async reason => {
    const policy = { admit: () => ({ source: 'presentation-service-provider', reason }) as const }
    const local: unknown[] = []
    const { server, opening } = meeting({ policy })
    server.on('rejected', ({ reason }) => local.push(reason))
    expect(associationOf(await failure(opening))!.closeReason).toMatchObject({
      type: 'rejected',
      by: 'remote',
      layer: 'presentation',
      source: 'presentation-service-provider',
      diagnostic: reason,
    })
    expect(local).toEqual([{ type: 'rejected', by: 'local', layer: 'presentation', diagnostic: reason }])
  })

  test.each([129, 130, 131, 132, 133, 134] as const)('session provider reason %i: an RF', async reason => {
    const policy = { admit: () => ({ source: 'session-service-provider', reason }) as const }
    const local: unknown[] = []
    const { server, opening } = meeting({ policy })
    server.on('rejected', ({ reason }) => local.push(reason))
    expect(associationOf(await failure(opening))!.closeReason).toMatchObject({
      type: 'rejected',
      by: 'remote',
      layer: 'session',
      diagnostic: reason,
    })
    expect(local).toEqual([{ type: 'rejected', by: 'local', layer: 'session', diagnostic: reason }])
  })

  test('what does not go together is an error of the types, and of run time', async () => {
    const incoming = async (rejection: unknown) => {
      let error: unknown
      const { opening } = meeting({
        onAssociate: one => {
          try {
            one.reject(rejection as Rejection)
          } catch (thrown) {
            error = thrown
          }
          one.accept()
        },
      })
      await opening
      return error
    }
    // @ts-expect-error the provider has no such diagnostic
    const typed: Rejection = { source: 'acse-service-provider', diagnostic: 3 }
    // @ts-expect-error refusals below ACSE are said before the AARQ is read
    const below: Rejection = { source: 'presentation-service-provider', diagnostic: 1 }
    for (const rejection of [typed, below, { diagnostic: 15 }, { diagnostic: -1 }, { diagnostic: 1.5 }, { result: 'accepted' }]) {
      expect(await incoming(rejection)).toMatchObject({ name: 'UsageError', code: 'ACSE_REJECTION' })
    }
  })

  test('admit that throws, or says what it cannot say, is RF 133 and a fault', async () => {
    for (const admit of [
      () => {
        throw new TypeError('no')
      },
      () => ({ source: 'session-service-provider', reason: 1 }) as never,
      () => ({ source: 'x' }) as never,
    ]) {
      // biome-ignore format: short
      const faults: string[] = []
      const { server, opening } = meeting({ policy: { admit } })
      server.on('fault', ({ of }) => faults.push(of))
      expect(associationOf(await failure(opening))!.closeReason).toMatchObject({ layer: 'session', diagnostic: 133 })
      expect(faults).toEqual(['admit'])
    }
  })

  test('admit sees the peer and the selectors; settings of the layers below stay in force beside it', async () => {
    const seen: unknown[] = []
    const policy: AcceptorPolicy = {
      admit: ({ peer, called }) => {
        seen.push(peer.remote, called.sessionSelector)
        return 'accept'
      },
    }
    const serving = {
      policy,
      presentation: { acceptAddress: () => 7 },
      session: { timers: undefined as never, accept: () => 'accept' as const },
    }
    const { session: _, ...plain } = serving
    expect(await outcome(plain, { called: { sessionSelector: octets(1) } })).toMatchObject({ layer: 'presentation', diagnostic: 7 })
    expect(seen).toEqual(['memory', octets(1)])
    expect(await outcome({ policy, transport: { accept: () => 1 } })).toMatchObject({ layer: 'cotp', diagnostic: 1 })
    expect(await outcome({ acse: { accept: () => ({ type: 'reject', diagnostic: 4 }) } })).toEqual(user(4))
    expect(await outcome({ acse: { accept: () => ({ type: 'abort' }) } })).toEqual({ type: 'u-abort', by: 'remote' })
  })

  test('N-08 and N-25: the rejection names what this side supports, and carries titles, proof and user information', async () => {
    const { opening } = meeting(
      {
        onAssociate: incoming =>
          incoming.reject({
            diagnostic: 2,
            applicationContextNameList: ['1.2.9'],
            responding: { apTitle: '1.1.1.5' },
            userInformation: [{ indirectReference: 3, octets: octets(5) }],
          }),
      },
      { applicationContextAlternatives: ['1.2.3'] },
    )
    const association = associationOf(await failure(opening))!
    expect(association.answered).toMatchObject({ applicationContextNameList: ['1.2.9'], responding: { apTitle: '1.1.1.5' } })
    expect(association.userInformation).toMatchObject([{ octets: octets(5) }])
  })
})
