import { describe, expect, test } from 'vitest'
import { associated, failure, handTimers, octets } from '../../test/edge.js'
import type { Association, IncomingRelease, ServerOptions } from '../open.js'

/** Negotiated release in force: the side that holds the release token may ask, and the other may refuse. */
const units = 0x0082
const negotiated = { session: { functionalUnits: units } }
const negotiatedPair = (serving: ServerOptions) => associated({ ...negotiated, ...serving }, { ...negotiated, sessionRequirements: units })
const released = (by: 'local' | 'remote', reason = 0) => ({ type: 'released', by, reason })

describe('release by one side', () => {
  test.each(['requestor', 'acceptor'] as const)('N-10 and A-08: by the %s; reason and user information go both ways', async role => {
    let seen: IncomingRelease | undefined
    const onRelease = (release: IncomingRelease) => {
      seen = release
      release.accept({ reason: 30, userInformation: [{ indirectReference: 3, octets: octets(2) }] })
    }
    const pair = await associated({ onRelease }, { onRelease })
    const [one, other] = role === 'requestor' ? [pair.requestor, pair.acceptor] : [pair.acceptor, pair.requestor]
    const result = await one.release({ reason: 1, userInformation: [{ indirectReference: 3, octets: octets(1) }] })
    expect(seen).toMatchObject({ reason: 1, userInformation: [{ octets: octets(1) }] })
    expect(seen?.association).toBe(other)
    expect(result).toMatchObject({ reason: 30, userInformation: [{ octets: octets(2) }] })
    expect([one.closeReason, other.closeReason]).toEqual([released('local', 30), released('remote', 1)])
    expect(one.closingInformation).toMatchObject([{ octets: octets(2) }])
    expect(other.closingInformation).toMatchObject([{ octets: octets(1) }])
  })

  test('N-10: again, it waits for the same; afterwards it has no effect', async () => {
    const { requestor } = await associated()
    const [one, two] = await Promise.all([requestor.release(), requestor.release()])
    expect(one).toEqual(two)
    expect(await requestor.release()).toEqual(one)
    await requestor.close()
    await requestor.abort()
    expect(requestor.closeReason).toEqual(released('local'))
  })

  test('N-10: no answer within the timeout is an abort, and the release throws it', async () => {
    const timers = handTimers()
    const { requestor, acceptor } = await associated(
      { onRelease: () => {}, timeouts: { release: undefined } },
      { timers, timeouts: { release: 3_000 } },
    )
    const releasing = failure(requestor.release())
    expect([requestor.state, acceptor.state]).toEqual(['releasing', 'release-requested'])
    timers.advance(2_999)
    expect(requestor.state).toBe('releasing')
    timers.advance(1)
    expect(await releasing).toMatchObject({ name: 'TimeoutError', code: 'RELEASE_TIMEOUT' })
    expect(requestor.closeReason).toEqual({ type: 'timeout', which: 'release' })
    expect(acceptor.closeReason).toMatchObject({ type: 'u-abort', by: 'remote' })
  })

  test('N-10: the peer aborts instead of answering: the release throws that', async () => {
    const { requestor, acceptor } = await associated({ onRelease: release => release.abort() })
    expect(await failure(requestor.release())).toMatchObject({ name: 'AbortedError', by: 'peer' })
    expect(acceptor.closeReason).toEqual({ type: 'u-abort', by: 'local' })
    expect(await failure(requestor.release())).toMatchObject({ name: 'AbortedError' })
  })

  test('N-18: a signal gives a release up, which aborts', async () => {
    const { requestor } = await associated({ onRelease: () => {} })
    const stop = new AbortController()
    const releasing = failure(requestor.release({ signal: stop.signal }))
    stop.abort(new Error('enough'))
    expect(await releasing).toMatchObject({ message: 'enough' })
    expect(requestor.closeReason).toEqual({ type: 'u-abort', by: 'local' })
    const { requestor: another } = await associated()
    await expect(another.release({ signal: AbortSignal.abort('no') })).rejects.toBe('no')
    expect(another.state).toBe('associated')
  })
})

describe('N-12: the answer to a release', () => {
  test('affirmative by default, at once', async () => {
    const { requestor, acceptor } = await associated()
    await requestor.release()
    expect(acceptor.closeReason).toEqual(released('remote'))
  })

  test('is the hook’s, before anything leaves, and may take time; data can be sent until then', async () => {
    let asked!: IncomingRelease
    const { requestor, acceptor } = await associated({
      onRelease: async release => {
        asked = release
        await acceptor.send(octets(1))
        await Promise.resolve()
        release.accept()
      },
    })
    const releasing = requestor.release()
    expect(acceptor.state).toBe('release-requested')
    await releasing
    expect((await requestor.receive())?.octets).toEqual(octets(1))
    expect(asked.answered).toBe(true)
  })

  test('is one: a second answer is a UsageError', async () => {
    const codes: string[] = []
    const { requestor } = await associated({
      onRelease: release => {
        release.accept()
        try {
          release.accept()
        } catch (error) {
          codes.push((error as { code: string }).code)
        }
      },
    })
    await requestor.release()
    expect(codes.every(code => code === 'ACSE_ANSWERED')).toBe(true)
  })

  test('may be no where negotiated release is in force: the association goes on, and may be released later', async () => {
    let no = true
    const { requestor, acceptor } = await negotiatedPair({ onRelease: release => (no ? release.refuse() : release.accept()) })
    expect(await failure(requestor.release())).toMatchObject({ name: 'RefusedError', code: 'ACSE_RELEASE_REFUSED', by: 'peer', reason: 1 })
    expect([requestor.state, acceptor.state]).toEqual(['associated', 'associated'])
    await requestor.send(octets(1))
    expect((await acceptor.receive())?.octets).toEqual(octets(1))
    no = false
    await requestor.release()
    expect(requestor.closeReason).toEqual(released('local'))
  })

  test('cannot be no otherwise: the hook gets the error and can still say yes', async () => {
    const codes: string[] = []
    const { requestor } = await associated({
      onRelease: release => {
        try {
          release.refuse()
        } catch (error) {
          codes.push((error as { name: string }).name)
        }
        release.accept()
      },
    })
    await requestor.release()
    expect(codes).toEqual(['UsageError'])
  })

  test('the side that does not hold the release token may not ask: a UsageError, and nothing has changed', async () => {
    const { acceptor, requestor } = await negotiatedPair({})
    const error = await failure(acceptor.release())
    expect(error.name).toBe('UsageError')
    expect(acceptor.state).toBe('associated')
    await requestor.release()
  })

  test.each<[string, (release: IncomingRelease) => unknown]>([
    ['throws', () => { throw new TypeError('broken') }], // biome-ignore format: one line each
    ['rejects', async () => { throw new TypeError('broken') }], // biome-ignore format: one line each
  ])('F-13: a hook that %s is told as a fault, and the release goes on', async (_, onRelease) => {
    const { requestor, server } = await associated({ onRelease })
    const faults: string[] = []
    server.on('fault', ({ of }) => faults.push(of))
    await requestor.release()
    expect(faults).toEqual(['onRelease'])
  })

  test('F-13: a hook that does not answer is answered for at the deadline', async () => {
    const timers = handTimers()
    const { requestor } = await associated({ onRelease: () => new Promise(() => {}), timers, timeouts: { release: 1_000 } })
    const releasing = requestor.release()
    timers.advance(1_000)
    await releasing
    expect(requestor.closeReason).toEqual(released('local'))
  })
})

describe('N-11: release collision, as X.227, 7.2.3.5 has it', () => {
  test.each(['requestor', 'acceptor'] as const)('both ask at the same time, the %s first: both are released by themselves', async first => {
    const { requestor, acceptor, a, b } = await associated()
    // Both write before either is heard.
    a.pause()
    b.pause()
    const [one, other] = first === 'requestor' ? [requestor, acceptor] : [acceptor, requestor]
    const both = [one.release(), other.release()]
    const transitions: string[] = []
    for (const side of [requestor, acceptor]) side.on('transition', ({ to }) => transitions.push(`${side.role} ${to}`))
    a.resume()
    b.resume()
    expect(await Promise.all(both)).toEqual([
      { reason: 0, userInformation: [] },
      { reason: 0, userInformation: [] },
    ])
    expect(transitions.filter(line => line.startsWith('requestor'))).toEqual(['requestor STA6', 'requestor STA3', 'requestor STA0'])
    expect(transitions.filter(line => line.startsWith('acceptor'))).toEqual(['acceptor STA7', 'acceptor STA4', 'acceptor STA0'])
    expect([requestor.closeReason, acceptor.closeReason]).toEqual([released('local'), released('local')])
  })

  test('the hook is not asked: a release that has collided cannot be refused', async () => {
    let asked = 0
    const { requestor, acceptor, a, b } = await associated({ onRelease: () => asked++ }, { onRelease: () => asked++ })
    a.pause()
    b.pause()
    const both = [requestor.release(), acceptor.release()]
    a.resume()
    b.resume()
    await Promise.all(both)
    expect(asked).toBe(0)
  })
})

describe('N-13: data while a release is under way', () => {
  const values = async (association: Association) => {
    const all: Uint8Array[] = []
    for await (const { octets } of association) all.push(octets)
    return all
  }

  test('what the peer had sent is delivered, sending is blocked', async () => {
    const { requestor, acceptor, b } = await associated()
    b.pause()
    const releasing = requestor.release()
    await acceptor.send(octets(1))
    await acceptor.send(octets(2))
    await expect(requestor.send(octets(3))).rejects.toMatchObject({ name: 'UsageError', code: 'STATE' })
    b.resume()
    await releasing
    expect(await values(requestor)).toEqual([octets(1), octets(2)])
  })

  test('more than the reader takes does not keep the answer out', async () => {
    const { requestor, acceptor } = await associated({}, { queueLimit: 4 })
    for (let i = 0; i < 20; i++) await acceptor.send(octets(i))
    await requestor.release()
    expect(await values(requestor)).toHaveLength(20)
    expect(requestor.closeReason).toEqual(released('local'))
  })

  test('leaving the loop releases', async () => {
    const { requestor, acceptor } = await associated()
    await acceptor.send(octets(1))
    for await (const _ of requestor) break
    expect(requestor.closeReason).toEqual(released('local'))
  })
})
