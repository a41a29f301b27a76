import { describe, expect, test } from 'vitest'
import {
  AbortDiagnostic,
  AcseOid,
  describeAbortDiagnostic,
  describeAbortSource,
  describeDiagnostic,
  describeReleaseReason,
  describeRequirement,
  describeResult,
  ProviderDiagnostic,
  UserDiagnostic,
} from './index.js'

describe('the numbers of X.227 and their words', () => {
  test('A-01: the object identifiers', () => {
    expect(AcseOid).toMatchObject({ abstractSyntax: '2.2.1.0.1', password: '2.2.3.1', basicEncoding: '2.1.1' })
  })

  test('A-06: results, and the diagnostics of the user and of the provider', () => {
    expect([0, 1, 2].map(describeResult)).toEqual(['accepted', 'rejected-permanent', 'rejected-transient'])
    expect(Object.values(UserDiagnostic)).toEqual(Array.from({ length: 15 }, (_, i) => i))
    expect(Object.values(UserDiagnostic).map(code => describeDiagnostic('acse-service-user', code))).toEqual([
      'null',
      'no-reason-given',
      'application-context-name-not-supported',
      'calling-AP-title-not-recognized',
      'calling-AP-invocation-identifier-not-recognized',
      'calling-AE-qualifier-not-recognized',
      'calling-AE-invocation-identifier-not-recognized',
      'called-AP-title-not-recognized',
      'called-AP-invocation-identifier-not-recognized',
      'called-AE-qualifier-not-recognized',
      'called-AE-invocation-identifier-not-recognized',
      'authentication-mechanism-name-not-recognized',
      'authentication-mechanism-name-required',
      'authentication-failure',
      'authentication-required',
    ])
    expect(Object.values(ProviderDiagnostic).map(code => describeDiagnostic('acse-service-provider', code))).toEqual([
      'null',
      'no-reason-given',
      'no-common-acse-version',
    ])
  })

  test('A-09: sources and diagnostics of an abort are another list', () => {
    expect([0, 1].map(describeAbortSource)).toEqual(['acse-service-user', 'acse-service-provider'])
    expect(Object.values(AbortDiagnostic).map(describeAbortDiagnostic)).toEqual([
      'no-reason-given',
      'protocol-error',
      'authentication-mechanism-name-not-recognized',
      'authentication-mechanism-name-required',
      'authentication-failure',
      'authentication-required',
    ])
  })

  test('A-08: reasons of a release', () => {
    expect([0, 1, 30].map(reason => describeReleaseReason('RLRQ', reason))).toEqual(['normal', 'urgent', 'user-defined'])
    expect([0, 1, 30].map(reason => describeReleaseReason('RLRE', reason))).toEqual(['normal', 'not-finished', 'user-defined'])
  })

  test('a number without a meaning is called that, never guessed', () => {
    expect(describeDiagnostic('acse-service-user', 15)).toBe('acse-service-user diagnostic 15, not defined in X.227')
    expect(describeDiagnostic('acse-service-provider', 13)).toBe('acse-service-provider diagnostic 13, not defined in X.227')
    expect(describeDiagnostic('presentation-service-provider', 2)).toBe('presentation provider-reason 2')
    expect(describeResult(3)).toBe('result 3, not defined in X.227')
    expect(describeAbortDiagnostic(0)).toMatch('not defined')
    expect(describeAbortSource(2)).toMatch('not defined')
    expect(describeReleaseReason('RLRE', 2)).toMatch('not defined')
  })

  test('an error of an older trace: diagnostic 6 is a calling AE invocation identifier in an AARE, authentication-required in an ABRT', () => {
    expect(describeDiagnostic('acse-service-user', 6)).toBe('calling-AE-invocation-identifier-not-recognized')
    expect(describeAbortDiagnostic(6)).toBe('authentication-required')
  })

  test('bits of ACSE-requirements, with those of X.227 bis', () => {
    expect([0, 1, 2, 3, 4].map(describeRequirement)).toEqual([
      'authentication',
      'application-context-negotiation',
      'higher-level-association',
      'nested-association',
      'requirement bit 4, not defined in X.227',
    ])
  })
})
