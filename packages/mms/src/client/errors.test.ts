import { DecodeError } from '@x/core'
import { describe, expect, test } from 'vitest'
import { accessFailed, describeRejectReason, describeServiceError, outcomeOf } from './errors.js'

const base = { type: 'M-CONFIRMED.confirm', invokeID: 1 } as const

describe('M-09: what a request can end with, as errors', () => {
  test('a service error: class and code by name, and what the server adds', () => {
    const error = {
      errorClass: { type: 'access', value: 'object-non-existent' },
      additionalCode: 17,
      additionalDescription: 'gone',
    } as const
    expect(describeServiceError(error)).toBe('access: object-non-existent (additional code 17, "gone")')
    expect(outcomeOf('read', 'asked', { ...base, result: 'error', error })).toMatchObject({
      name: 'ServiceError',
      layer: 'mms',
      code: 'MMS_ACCESS_OBJECT_NON_EXISTENT',
      by: 'peer',
      reason: 2,
      offered: 'asked',
      answered: error,
    })
  })

  test('a code without a name keeps its number', () => {
    expect(outcomeOf('read', null, { ...base, result: 'error', error: { errorClass: { type: 'file', value: 99 } } })).toMatchObject({
      code: 'MMS_FILE_99',
      reason: 99,
    })
    expect(outcomeOf('read', null, { ...base, result: 'error', error: { errorClass: { type: 'others', value: 5n } } })).toMatchObject({
      code: 'MMS_OTHERS_5',
    })
  })

  test('a reject: by the provider, with its group', () => {
    const rejectReason = { type: 'confirmedRequestPDU', value: 'unrecognized-service' } as const
    expect(describeRejectReason(rejectReason)).toBe('confirmed-request: unrecognized-service')
    expect(outcomeOf('status', true, { ...base, result: 'reject', rejectReason })).toMatchObject({
      name: 'RejectedError',
      by: 'peer provider',
      reason: 1,
      message: "status rejected by the peer's MMS provider: confirmed-request: unrecognized-service",
    })
  })

  test('an answer that could not be read keeps the cause', () => {
    const cause = new DecodeError('mms', 'BER_LENGTH', 'too long')
    expect(outcomeOf('read', null, { ...base, result: 'unreadable', cause })).toMatchObject({
      name: 'RejectedError',
      code: 'MMS_UNREADABLE',
      by: 'local provider',
      cause,
    })
  })

  test('a failed item names itself in every form it can have', () => {
    const name = { type: 'domainSpecific', value: { domainID: 'D', itemID: 'v' } } as const
    const text = (item: Parameters<typeof accessFailed>[1]) => accessFailed('read', item, 'hardware-fault').message
    expect(text('D/v(1)')).toBe('read of D/v(1) failed at the peer: hardware-fault')
    expect(text(name)).toContain('D/v')
    expect(text({ name })).toContain('D/v')
    expect(text({ variableSpecification: { type: 'name', value: name } })).toContain('D/v')
    expect(text({ variableSpecification: { type: 'invalidated', value: null } })).toContain('invalidated')
    expect(accessFailed('write', 'D/v', 77)).toMatchObject({ reason: 77, code: 'MMS_DATA_ACCESS_77' })
    expect(accessFailed('read', 'D/v', undefined)).toMatchObject({ code: 'MMS_RESULTS', by: 'peer' })
  })
})
