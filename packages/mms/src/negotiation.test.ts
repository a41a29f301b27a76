import { describe, expect, test } from 'vitest'
import { request, settings } from '../test/harness.js'
import { answer, initiateSettings, negotiated, parameterNames, proposal, WHOLE_OF_MMS } from './negotiation.js'

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

describe('what is inside additionalService', () => {
  const full = initiateSettings(WHOLE_OF_MMS)
  const offered = proposal(full, ['vMDStop', 'startUC', 'read', 'conclude', 'cancel'])
  const outcome = (settings: ReturnType<typeof initiateSettings>) => {
    const given = answer(offered, settings, ['select', 'deleteECL', 'read'])
    if ('error' in given) throw given.error
    return {
      response: given.response,
      calling: negotiated(offered, given.response, 'calling'),
      called: negotiated(offered, given.response, 'called'),
    }
  }

  test('M-07: is announced by bits of its own, both ways, where csr and cspi are in force', () => {
    const { calling, called } = outcome(full)
    expect(called.additionalSupportedPeer).toEqual(['vMDStop', 'startUC'])
    expect(calling.additionalSupportedPeer).toEqual(['select', 'deleteECL'])
    expect(calling.additionalCBB).toEqual(['des', 'dei', 'recl'])
    expect(calling.parameterCBB).toEqual([...parameterNames])
  })

  test('M-07: with csr alone there are only the services of csr, and no additional building blocks', () => {
    const { calling, response } = outcome(initiateSettings({ versionNumber: 3, parameterCBB: ['csr'] }))
    expect(calling.additionalSupportedPeer).toEqual(['select'])
    expect(response.initResponseDetail.additionalCbbSupportedCalled).toBeUndefined()
  })

  test('M-07: without either, the fields are left out', () => {
    const { called, response } = outcome(initiateSettings())
    expect(response.initResponseDetail.additionalSupportedCalled).toBeUndefined()
    expect(called.parameterCBB).toEqual(['str1', 'str2', 'vnam', 'valt', 'vlis'])
    expect(proposal(initiateSettings(), ['vMDStop']).initRequestDetail.additionalSupportedCalling).toBeUndefined()
  })
})
