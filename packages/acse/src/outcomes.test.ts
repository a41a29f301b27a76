import { AbortedError, DecodeError, DisconnectedError, RefusedError } from '@x/core'
import { describe, expect, test } from 'vitest'
import { AARE_REJECTED, acse, connectRejection, inState, RLRQ } from '../test/kit.js'
import type { AAbortIndication, AAssociateConfirm, APAbortIndication } from './index.js'
import { associationAborted, associationLost, associationRefused } from './open.js'

describe('A-07: how an association ends, as one error each', () => {
  test('N-09: rejected by the user of the peer, in the words of the standard', () => {
    const [confirm] = inState('STA1').hear(connectRejection(acse(AARE_REJECTED)))
    const error = associationRefused(confirm as AAssociateConfirm)
    expect(error).toBeInstanceOf(RefusedError)
    expect(error).toMatchObject({ layer: 'acse', by: 'peer', reason: 1, answered: confirm })
    expect(error.message).toMatch('no-reason-given')
  })

  test('rejected by presentation, without an AARE', () => {
    const [confirm] = inState('STA1').hear(connectRejection([], 'provider-rejection'))
    expect(associationRefused(confirm as AAssociateConfirm)).toMatchObject({
      name: 'RefusedError',
      layer: 'presentation',
      by: 'peer provider',
    })
  })

  test('N-09: rejected below presentation: who and why is what that layer says', () => {
    const [rejected] = inState('STA1').hear(connectRejection([], 'provider-rejection'))
    const cause = new RefusedError('session', 'SESSION_REFUSED', 'refused (RF reason 2)', { by: 'peer', reason: 2 })
    expect(associationRefused({ ...(rejected as AAssociateConfirm), cause })).toMatchObject({
      layer: 'session',
      by: 'peer',
      reason: 2,
      cause,
    })
  })

  test('rejected, with an AARE that cannot be read: the cause says where it breaks', () => {
    const [confirm] = inState('STA1').hear(connectRejection(acse('61 05')))
    const error = associationRefused(confirm as AAssociateConfirm)
    expect(error.cause).toBeInstanceOf(DecodeError)
    expect(error.reason).toBeUndefined()
  })

  test('aborted by the user of the peer, with a diagnostic', () => {
    const [indication] = inState('STA5').hear({ type: 'P-U-ABORT.indication', userData: acse('64 06 80 01 00 81 01 05') })
    const error = associationAborted(indication as AAbortIndication)
    expect(error).toBeInstanceOf(AbortedError)
    expect(error).toMatchObject({ by: 'peer', reason: 5 })
    expect(error.message).toMatch('authentication-failure')
  })

  test('aborted by our own machine, for a protocol error of the peer', () => {
    const [indication] = inState('STA5').hear({ type: 'P-DATA.indication', userData: acse(RLRQ) })
    const error = associationAborted(indication as AAbortIndication)
    expect(error).toMatchObject({ name: 'AbortedError', by: 'local provider', cause: { code: 'ACSE_UNEXPECTED' } })
  })

  test('aborted by the presentation provider, and lost with the connection below', () => {
    const aborted = inState('STA5').hear({ type: 'P-P-ABORT.indication', by: 'peer provider', abortReason: 6 })[0] as APAbortIndication
    expect(associationLost(aborted)).toMatchObject({ name: 'AbortedError', layer: 'presentation', reason: 6 })
    const lost = inState('STA5').hear({ type: 'P-P-ABORT.indication', by: 'peer' })[0] as APAbortIndication
    expect(associationLost(lost)).toBeInstanceOf(DisconnectedError)
  })
})
