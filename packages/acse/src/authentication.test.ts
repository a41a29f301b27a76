import { unhex } from '@x/core'
import { describe, expect, test, vi } from 'vitest'
import {
  type AuthenticationMechanism,
  type AuthenticationRules,
  type AuthenticationValue,
  authenticationDiagnostics,
  passwordMechanism,
  sameSecret,
  verifyAuthentication,
} from './index.js'

const charstring = (value: string): AuthenticationValue => ({ type: 'charstring', value })
const password = passwordMechanism({ own: 'mine', peer: 'theirs' })
const rules: AuthenticationRules = { mechanisms: [password] }
const name = '2.2.3.1'

describe('a proof', () => {
  test('A-11: password-1 sends a charstring under its name', () => {
    expect(password.prove({})).toEqual({ mechanismName: '2.2.3.1', authenticationValue: charstring('mine') })
    expect(passwordMechanism({ own: 'mine', sendName: false }).prove({})).toEqual({ authenticationValue: charstring('mine') })
    expect(passwordMechanism({ peer: 'theirs' }).prove({})).toEqual({ mechanismName: '2.2.3.1' })
  })

  test('A-11: the right password is accepted, with the name or, by prior agreement, without', () => {
    expect(verifyAuthentication({ mechanismName: name, authenticationValue: charstring('theirs') }, {}, rules)).toBeUndefined()
    expect(verifyAuthentication({ authenticationValue: charstring('theirs') }, {}, rules)).toBeUndefined()
  })

  test.each<[string, Parameters<typeof verifyAuthentication>[0], Partial<AuthenticationRules>, string]>([
    ['a wrong password', { mechanismName: name, authenticationValue: charstring('their') }, {}, 'failure'],
    ['a longer password', { mechanismName: name, authenticationValue: charstring('theirs!') }, {}, 'failure'],
    ['an empty password', { mechanismName: name, authenticationValue: charstring('') }, {}, 'failure'],
    [
      'a value of another kind',
      { mechanismName: name, authenticationValue: { type: 'bitstring', value: { octets: unhex('74'), size: 8 } } },
      {},
      'failure',
    ],
    ['no authentication', undefined, {}, 'required'],
    ['the unit without name and value', {}, {}, 'required'],
    ['a name without value', { mechanismName: name }, {}, 'required'],
    ['a name without value, though nothing is required', { mechanismName: name }, { required: false }, 'required'],
    ['another mechanism', { mechanismName: '2.2.3.9', authenticationValue: charstring('theirs') }, {}, 'mechanism-name-not-recognized'],
    [
      'a wrong name that some write for it',
      { mechanismName: '2.2.3.0.1', authenticationValue: charstring('theirs') },
      {},
      'mechanism-name-not-recognized',
    ],
    [
      'a value without name where the name is required',
      { authenticationValue: charstring('theirs') },
      { nameRequired: true },
      'mechanism-name-required',
    ],
    [
      'a value without name among several mechanisms',
      { authenticationValue: charstring('theirs') },
      { mechanisms: [password, password] },
      'mechanism-name-required',
    ],
    ['a value longer than the limit', { mechanismName: name, authenticationValue: charstring('theirs') }, { valueLimit: 5 }, 'failure'],
  ])('RA-06: %s is refused', (_, authentication, more, failure) => {
    expect(verifyAuthentication(authentication, {}, { ...rules, ...more })).toBe(failure)
  })

  test('N-24: without a proof a peer is let in only where none is required', () => {
    expect(verifyAuthentication(undefined, {}, { ...rules, required: false })).toBeUndefined()
    expect(verifyAuthentication({}, {}, { ...rules, required: false })).toBeUndefined()
    expect(verifyAuthentication({ mechanismName: name, authenticationValue: charstring('no') }, {}, { ...rules, required: false })).toBe(
      'failure',
    )
  })

  test('the default limit of a value is 8192: at it, and one above', () => {
    const any: AuthenticationMechanism = { mechanismName: name, prove: () => ({}), verify: () => true }
    const judge = (value: AuthenticationValue) =>
      verifyAuthentication({ mechanismName: name, authenticationValue: value }, {}, { mechanisms: [any] })
    expect(judge(charstring('x'.repeat(8192)))).toBeUndefined()
    expect(judge(charstring('x'.repeat(8193)))).toBe('failure')
    expect(judge({ type: 'bitstring', value: { octets: new Uint8Array(8193), size: 65_544 } })).toBe('failure')
    expect(judge({ type: 'external', value: { octets: new Uint8Array(8193) } })).toBe('failure')
    expect(judge({ type: 'other', value: { mechanismName: name, value: new Uint8Array(8193) } })).toBe('failure')
  })

  test('9.1: in "other" the mechanism is named outside and inside, equally', () => {
    const custom: AuthenticationMechanism = {
      mechanismName: '1.2.3',
      prove: () => ({}),
      verify: value => value.type === 'other' && value.value.value[0] === 5,
    }
    const other = (inside: string): AuthenticationValue => ({ type: 'other', value: { mechanismName: inside, value: unhex('05 00') } })
    const judge = (mechanismName: string | undefined, inside: string) =>
      verifyAuthentication({ ...(mechanismName && { mechanismName }), authenticationValue: other(inside) }, {}, { mechanisms: [custom] })
    expect(judge('1.2.3', '1.2.3')).toBeUndefined()
    expect(judge('1.2.3', '1.2.4')).toBe('failure')
    expect(judge(undefined, '1.2.3')).toBe('mechanism-name-required')
  })

  test('N-24: a mechanism that throws lets nobody in, and is reported', () => {
    const fault = new RangeError('bug in the verifier')
    const broken: AuthenticationMechanism = {
      mechanismName: name,
      prove: () => ({}),
      verify() {
        throw fault
      },
    }
    const onFault = vi.fn()
    expect(verifyAuthentication({ authenticationValue: charstring('x') }, {}, { mechanisms: [broken], onFault })).toBe('failure')
    expect(onFault).toHaveBeenCalledExactlyOnceWith(fault)
    expect(verifyAuthentication({ authenticationValue: charstring('x') }, {}, { mechanisms: [broken] })).toBe('failure')
  })

  test('the four findings have other numbers in an AARE than in an ABRT', () => {
    expect(authenticationDiagnostics).toEqual({
      'mechanism-name-not-recognized': { aare: 11, abrt: 3 },
      'mechanism-name-required': { aare: 12, abrt: 4 },
      failure: { aare: 13, abrt: 5 },
      required: { aare: 14, abrt: 6 },
    })
  })
})

describe('passwords by peer', () => {
  const byTitle = passwordMechanism({ peer: ({ apTitle }) => (apTitle === '1.1.1.999' ? ['old', 'new'] : undefined) })

  test('a peer may have several, and none but its own', () => {
    expect(byTitle.verify(charstring('old'), { apTitle: '1.1.1.999' })).toBe(true)
    expect(byTitle.verify(charstring('new'), { apTitle: '1.1.1.999' })).toBe(true)
    expect(byTitle.verify(charstring('new'), { apTitle: '1.1.1.998' })).toBe(false)
    expect(byTitle.verify(charstring('none'), { apTitle: '1.1.1.999' })).toBe(false)
  })

  test('without a password for the peer nobody is let in, whatever is sent', () => {
    for (const peer of [undefined, [], () => undefined, () => []]) {
      const mechanism = passwordMechanism(peer === undefined ? {} : { peer })
      for (const guess of ['', '\0', 'undefined']) expect(mechanism.verify(charstring(guess), {})).toBe(false)
    }
  })

  test('trap 11: another name for the mechanism is taken when it is listed', () => {
    const lenient = { mechanisms: [passwordMechanism({ peer: 'theirs', alsoNamed: ['2.2.3.0.1'] })] }
    expect(verifyAuthentication({ mechanismName: '2.2.3.0.1', authenticationValue: charstring('theirs') }, {}, lenient)).toBeUndefined()
  })
})

describe('the comparison of secrets', () => {
  /** Counts how many elements are read. */
  const counted = (values: readonly number[]) => {
    let reads = 0
    const proxy = new Proxy(values as ArrayLike<number>, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads++
        return Reflect.get(target, key)
      },
    })
    return { proxy, reads: () => reads }
  }

  test('tells equal from different', () => {
    expect(sameSecret([1, 2, 3], [1, 2, 3])).toBe(true)
    expect(sameSecret([], [])).toBe(true)
    for (const [a, b] of [
      [
        [1, 2, 3],
        [1, 2, 4],
      ],
      [
        [1, 2],
        [1, 2, 3],
      ],
      [
        [1, 2, 3],
        [1, 2],
      ],
      [[], [0]],
      [[0], []],
      [
        [1, 2, 1, 2],
        [1, 2],
      ],
    ] as const) {
      expect(sameSecret(a, b)).toBe(false)
    }
  })

  test('RA-06: reads all that was received, wherever the first difference is and however long the expected one', () => {
    for (const expected of [[1, 2, 3, 4], [9, 2, 3, 4], [1, 2, 3, 9], [1], [], [1, 2, 3, 4, 5, 6]]) {
      const received = counted([1, 2, 3, 4])
      sameSecret(received.proxy, expected)
      expect(received.reads()).toBe(4)
    }
  })
})
