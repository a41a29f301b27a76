import { hex, Sdu } from '@x/core'
import { describe, expect, test } from 'vitest'
import { ACCEPT, CONCLUDE, CP, CPA, connectedBy, down, type Harness, harness, inState, sConnectIndication, TD } from '../test/harness.js'
import type { PresentationSubmit } from './service.js'

const none = new Uint8Array(0)

describe('what the annex leaves to the session, and our rows guard', () => {
  const refused = (h: Harness, primitive: PresentationSubmit, code: string, text: RegExp) => {
    h.session.take()
    const { variables } = h.machine
    expect(() => h.machine.submit(primitive)).toThrow(
      expect.objectContaining({ name: 'UsageError', code, message: expect.stringMatching(text) }),
    )
    expect(h.machine.variables).toBe(variables)
    expect(h.sent).toEqual([])
  }

  test('a response without an indication is refused', () => {
    refused(inState('STAt0'), { type: 'P-RELEASE.response', result: 'affirmative' }, 'PRESENTATION_RELEASE', /no release was indicated/)
  })

  test('a negative response without negotiated release is refused', () => {
    const h = inState('STAt0')
    h.from({ type: 'S-RELEASE.indication', userData: none })
    refused(h, { type: 'P-RELEASE.response', result: 'negative' }, 'PRESENTATION_RELEASE', /negotiated release/)
  })

  test('negotiated release that the responder did not answer with is not in force', () => {
    const h = harness()
    h.from(sConnectIndication(CP, { sessionRequirements: 0x82 }))
    h.machine.submit({ ...ACCEPT, sessionRequirements: 0x02 })
    h.from({ type: 'S-RELEASE.indication', userData: none })
    refused(h, { type: 'P-RELEASE.response', result: 'negative' }, 'PRESENTATION_RELEASE', /negotiated release/)
    const initiator = connectedBy(CPA, {}, 0x82)
    initiator.from({ type: 'S-RELEASE.indication', userData: none })
    initiator.machine.submit({ type: 'P-RELEASE.response', result: 'negative' })
    expect(initiator.machine.state).toBe('STAt0')
  })

  test('a second request, and data, are refused until the first request is answered, also when half of a collision is over', () => {
    const again: PresentationSubmit = { type: 'P-RELEASE.request' }
    const data: PresentationSubmit = { type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of(CONCLUDE) }
    const h = inState('STAt0')
    h.machine.submit(again)
    refused(h, again, 'PRESENTATION_RELEASE', /requested already/)
    refused(h, data, 'PRESENTATION_RELEASE', /nothing can be sent/)
    h.from({ type: 'S-RELEASE.indication', userData: none })
    h.from({ type: 'S-RELEASE.confirm', result: 'affirmative', userData: none })
    refused(h, again, 'PRESENTATION_RELEASE', /requested already/)
    refused(h, data, 'PRESENTATION_RELEASE', /nothing can be sent/)
  })

  test('after an indication data may still be sent, until the response', () => {
    const h = inState('STAt0')
    h.from({ type: 'S-RELEASE.indication', userData: none })
    h.machine.submit({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of(CONCLUDE) })
    expect(down(h)).toEqual([`S-DATA.request ${hex(TD, '')}`])
  })
})
