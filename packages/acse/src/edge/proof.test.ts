import { inspect } from 'node:util'
import { type PeerCertificate, UsageError } from '@x/core'
import { joinedChannels } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { asking, associated, failure, handTimers, meeting } from '../../test/edge.js'
import {
  type AuthenticationMechanism,
  type AuthenticationRules,
  acceptWhen,
  certificateMechanism,
  passwordMechanism,
  verifyAuthentication,
} from '../index.js'
import { AssociationServer, associateOver, associationOf } from '../open.js'

const SECRET = 'correct-horse-battery'
const secret = passwordMechanism({ own: SECRET, peer: SECRET })
const wrong = passwordMechanism({ own: 'not-the-one-at-all' })
const reasonOf = async (rules: AuthenticationRules | 'refuse' | undefined, authentication?: AuthenticationMechanism) => {
  const { opening } = meeting(rules ? { policy: { authentication: rules } } : {}, authentication ? { authentication } : {})
  return opening.then(
    association => association.state,
    error => (associationOf(error)!.closeReason as { diagnostic?: number }).diagnostic,
  )
}
/** A mechanism of nobody's standard, in each alternative of the value. */
const custom = (verify: AuthenticationMechanism['verify'], mechanismName = '1.3.6.1.4.1.99999.7'): AuthenticationMechanism => ({
  mechanismName,
  prove: () => ({ mechanismName, authenticationValue: { type: 'bitstring', value: { octets: Uint8Array.of(0xa5), size: 8 } } }),
  verify,
})

describe('N-24: the registry of mechanisms', () => {
  test('A-11: a password, right and wrong, and none', async () => {
    const rules = { mechanisms: [secret] }
    expect(await reasonOf(rules, secret)).toBe('associated')
    expect(await reasonOf(rules, wrong)).toBe(13)
    expect(await reasonOf(rules)).toBe(14)
    expect(await reasonOf({ ...rules, required: false })).toBe('associated')
  })

  test('a proof goes to the mechanism of its name; one that nobody has is 11; without a name among several it is 12', async () => {
    const rules = { mechanisms: [secret, custom(() => true)] }
    expect(
      await reasonOf(
        rules,
        custom(() => true),
      ),
    ).toBe('associated')
    expect(await reasonOf(rules, secret)).toBe('associated')
    expect(
      await reasonOf(
        rules,
        custom(() => true, '1.2.3'),
      ),
    ).toBe(11)
    expect(await reasonOf(rules, passwordMechanism({ own: SECRET, sendName: false }))).toBe(12)
  })

  test('A-10: both sides may take their time: a proof, a verdict, and a proof in return', async () => {
    const slow: AuthenticationMechanism = {
      mechanismName: '1.2.3',
      prove: async () => ({ mechanismName: '1.2.3', authenticationValue: { type: 'charstring', value: SECRET } }),
      verify: async value => {
        await new Promise(resolve => setTimeout(resolve, 1))
        return { verified: value.value === SECRET, identity: { user: 'operator' } }
      },
    }
    const rules = { mechanisms: [slow], respond: true }
    const identities: unknown[] = []
    const { requestor, acceptor } = await associated(
      {
        policy: { authentication: rules },
        onAssociate: incoming => {
          identities.push(incoming.identity)
          incoming.accept()
        },
      },
      { authentication: slow, verifyPeer: { mechanisms: [slow] } },
    )
    expect(identities).toEqual([{ user: 'operator' }])
    expect(acceptor.identity).toEqual({ user: 'operator' })
    expect(requestor.identity).toEqual({ user: 'operator' })
    expect(requestor.functionalUnits).toContain('authentication')
  })

  test('a verdict may carry the value to respond with', async () => {
    const responding = { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: 'back' } } as const
    const { requestor } = await associated(
      { policy: { authentication: { mechanisms: [custom(() => ({ verified: true, responding }))] } } },
      { authentication: custom(() => true), verifyPeer: { mechanisms: [passwordMechanism({ peer: 'back' })] } },
    )
    expect(requestor.state).toBe('associated')
  })

  test('A-07: a responder that does not prove who it is: this side aborts with the diagnostic of Annex B', async () => {
    const { opening, server } = meeting({}, { authentication: secret, verifyPeer: { mechanisms: [secret] } })
    const seen: unknown[] = []
    server.on('closed', ({ reason }) => seen.push(reason))
    const error = await failure(opening)
    expect(error).toMatchObject({ name: 'AbortedError', code: 'ACSE_PEER_NOT_AUTHENTICATED', by: 'user', reason: 6 })
    expect(associationOf(error)!.closeReason).toEqual({ type: 'u-abort', by: 'local', diagnostic: 6 })
    expect(seen).toEqual([{ type: 'u-abort', by: 'remote', diagnostic: 6 }])
  })

  test('without rules a proof is not looked at; by rule it may be refused since none can check it', async () => {
    expect(await reasonOf(undefined, secret)).toBe('associated')
    expect(await reasonOf('refuse', secret)).toBe(11)
    expect(await reasonOf('refuse')).toBe('associated')
  })

  test('the hook can read a value that no rule has looked at, though it is not listed', async () => {
    const seen: unknown[] = []
    const { opening } = meeting(
      {
        onAssociate: incoming => {
          seen.push(incoming.indication.authentication?.authenticationValue, Object.keys(incoming.indication.authentication!))
          incoming.accept()
        },
      },
      { authentication: secret },
    )
    await opening
    expect(seen).toEqual([{ type: 'charstring', value: SECRET }, ['mechanismName']])
  })

  test('F-13: a mechanism that throws, rejects or says neither yes nor no lets nobody in', async () => {
    const odd: AuthenticationMechanism['verify'][] = [
      () => {
        throw new TypeError(SECRET)
      },
      () => Promise.reject(new TypeError(SECRET)),
      () => ({ verified: 'yes' }) as never,
      () => ({}) as never,
    ]
    for (const verify of odd) {
      const { opening, server } = meeting(
        { policy: { authentication: { mechanisms: [custom(verify)] } } },
        { authentication: custom(() => true) },
      )
      server.on('fault', () => {})
      expect(associationOf(await failure(opening))!.closeReason).toMatchObject({ diagnostic: 13 })
    }
  })

  test('F-13: a verifier that never answers has the peer rejected when the time for the decision is up', async () => {
    const timers = handTimers()
    const never = custom(() => new Promise(() => {}))
    const { opening, server } = meeting(
      { timers, timeouts: { decision: 1_000 }, policy: { authentication: { mechanisms: [never] } } },
      { authentication: never },
    )
    server.on('fault', () => {})
    await new Promise(resolve => setTimeout(resolve, 0))
    timers.advance(1_000)
    expect(associationOf(await failure(opening))!.closeReason).toMatchObject({ result: 'rejected-transient', diagnostic: 1 })
  })

  test('a bad proof may be answered with an ABRT, as Annex B has it', async () => {
    const { opening } = meeting(
      { policy: { authentication: { mechanisms: [secret] }, onBadAuthentication: 'abort' } },
      { authentication: wrong },
    )
    expect(associationOf(await failure(opening))!.closeReason).toEqual({ type: 'u-abort', by: 'remote', diagnostic: 5 })
  })

  test('a mechanism that takes time cannot be used where there is none: acceptWhen refuses, and says why', () => {
    const faults: unknown[] = []
    const rules = { mechanisms: [custom(async () => true)], onFault: (error: unknown) => faults.push(error) }
    expect(verifyAuthentication(custom(() => true).prove({}) as never, {}, rules)).toBe('failure')
    expect(faults[0]).toBeInstanceOf(UsageError)
    expect(
      verifyAuthentication(custom(() => true).prove({}) as never, {}, { mechanisms: [custom(() => ({ verified: true }))] }),
    ).toBeUndefined()
    expect(acceptWhen({})).toBeTypeOf('function')
  })
})

describe('certificates', () => {
  const certificate = { subject: 'CN=operator', raw: new Uint8Array(0) } as unknown as PeerCertificate
  const security = { protocol: 'TLSv1.3', cipher: 'x', peerCertificate: certificate, authorizedBy: 'chain', resumed: false } as const
  const mechanismName = '1.3.6.1.4.1.99999.8'
  const token = { type: 'other', value: { mechanismName, value: Uint8Array.of(4, 1, 1) } } as const

  test('N-24: the hook gets value, titles and the certificate that the channel has made sure of', async () => {
    const proofs: unknown[] = []
    const mechanism = certificateMechanism({
      mechanismName,
      prove: async () => token,
      verify: async proof => {
        proofs.push(proof.value.type, proof.peer.apTitle, proof.certificate?.subject, proof.context.remote)
        return proof.certificate === certificate
      },
      requireSecureChannel: true,
    })
    const { a, b } = joinedChannels()
    Object.assign(b, { security })
    const server = new AssociationServer({ policy: { authentication: { mechanisms: [mechanism] } } })
    const accepting = server.accept(b)
    await associateOver(a, { ...asking, authentication: mechanism })
    expect((await accepting).peer.security?.peerCertificate.subject).toBe('CN=operator')
    expect(proofs).toEqual(['other', '1.1.1.999', 'CN=operator', 'memory'])
    expect(await reasonOf({ mechanisms: [mechanism] }, mechanism)).toBe(13)
    const silent = certificateMechanism({ mechanismName, verify: () => true })
    expect(silent.prove({})).toEqual({ mechanismName })
    expect(certificateMechanism({ mechanismName, verify: () => true, prove: () => token }).prove({})).toEqual({
      mechanismName,
      authenticationValue: token,
    })
  })
})

describe('secrets', () => {
  test('RA-06: an unknown user and a wrong secret get the same text, the same number, and the answer no earlier than the delay', async () => {
    const timers = handTimers()
    const known = passwordMechanism({ peer: ({ apTitle }) => (apTitle === '1.1.1.999' ? SECRET : undefined) })
    const tried = async (apTitle: string) => {
      const { opening } = meeting(
        { timers, policy: { authentication: { mechanisms: [known], failureDelay: 500 } } },
        { calling: { apTitle }, authentication: wrong },
      )
      let settled = false
      const failed = failure(opening).finally(() => {
        settled = true
      })
      await new Promise(resolve => setTimeout(resolve, 5))
      timers.advance(499)
      await new Promise(resolve => setTimeout(resolve, 5))
      expect(settled).toBe(false)
      timers.advance(1)
      return (await failed).message
    }
    const [unknown, wrongSecret] = [await tried('1.1.1.111'), await tried('1.1.1.999')]
    expect(unknown).toBe(wrongSecret)
    expect(unknown).toContain('authentication-failure (diagnostic 13)')
  })

  test('RA-06: nothing that can be printed holds one: association, errors, events, hooks, mechanisms', async () => {
    const printed: string[] = []
    const show = (value: unknown) => {
      printed.push(inspect(value, { depth: 5 }))
      const seen = new Set<unknown>()
      const once = (_: string, member: unknown) => {
        if (typeof member !== 'object' || member === null) return member
        if (seen.has(member)) return null
        seen.add(member)
        return member
      }
      printed.push(JSON.stringify(value, once))
    }
    const octetsShown: string[] = []
    for (const rules of [{ mechanisms: [secret], respond: true }, { mechanisms: [passwordMechanism({ peer: 'another' })] }]) {
      const { a, b } = joinedChannels()
      const server = new AssociationServer({
        policy: { authentication: rules },
        onAssociate: incoming => {
          show(incoming.indication)
          incoming.accept()
        },
      })
      for (const event of ['requested', 'accepted', 'established', 'rejected', 'closed'] as const)
        server.on(event, ({ association: _, ...rest }) => show(rest))
      for (const event of ['apduIn', 'apduOut'] as const) {
        server.on(event, ({ octets, format }) => octetsShown.push(String.fromCharCode(...octets), format()))
      }
      const accepting = server.accept(b)
      const opening = associateOver(a, { ...asking, authentication: secret })
      const [one, two] = await Promise.allSettled([opening, accepting])
      for (const end of [one, two]) {
        const error = end.status === 'rejected' ? end.reason : undefined
        const association = end.status === 'fulfilled' ? end.value : associationOf(error)!
        if (error) show({ ...error, message: error.message, cause: error.cause, stack: error.stack })
        show([association.asked, association.answered, association.closeReason, association.machine.association, association.requestor])
        printed.push(inspect(association.machine, { depth: 5 }))
      }
    }
    show(secret)
    expect(printed.join('\n')).not.toContain(SECRET)
    expect(octetsShown.join('\n')).not.toContain(SECRET)
    expect(octetsShown.join('\n')).toContain('AARQ')
  })

  test('RA-12: user information is not shown to anybody before titles and proof have been checked', async () => {
    const order: string[] = []
    const watched = custom(() => {
      order.push('proof')
      return false
    })
    const { opening } = meeting(
      {
        policy: { authentication: { mechanisms: [watched] }, requireUserInformation: true },
        onAssociate: () => order.push('hook'),
      },
      { authentication: watched },
    )
    expect(associationOf(await failure(opening))!.closeReason).toMatchObject({ diagnostic: 13 })
    expect(order).toEqual(['proof'])
  })
})
