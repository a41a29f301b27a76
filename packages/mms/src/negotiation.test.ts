import { describe, expect, test } from 'vitest'
import { request, settings } from '../test/harness.js'
import { answer, initiateSettings } from './negotiation.js'

describe('negotiation', () => {
  test.each([
    ['a PDU size below the floor', { localDetailCalling: 100 }, 'other'],
    ['a version below 1', { initRequestDetail: { ...request.initRequestDetail, proposedVersionNumber: 0 } }, 'other'],
    ['nothing outstanding, calling', { proposedMaxServOutstandingCalling: 0 }, 'max-services-outstanding-calling-insufficient'],
    ['nothing outstanding, called', { proposedMaxServOutstandingCalled: -1 }, 'max-services-outstanding-called-insufficient'],
    ['a nesting level below 0', { proposedDataStructureNestingLevel: -1 }, 'nesting-level-insufficient'],
  ])('RM-02: a proposal with %s is answered with an initiate error', (_, bad, code) => {
    expect(answer({ ...request, ...bad }, settings, [])).toEqual({ error: { errorClass: { type: 'initiate', value: code } } })
  })

  test('absent proposals are answered with the values of this side', () => {
    const { localDetailCalling: _, proposedDataStructureNestingLevel: __, ...bare } = request
    expect(answer(bare, settings, [])).toMatchObject({ response: { localDetailCalled: 65_000, negotiatedDataStructureNestingLevel: 10 } })
  })

  test('options outside their range are usage errors', () => {
    for (const bad of [
      { maxPduSize: 100 },
      { maxServOutstanding: 0 },
      { dataStructureNestingLevel: 25 },
      { versionNumber: 4 },
      { minPduSize: 1 },
    ]) {
      expect(() => initiateSettings(bad)).toThrow(expect.objectContaining({ code: 'MMS_OPTION' }))
    }
  })
})
