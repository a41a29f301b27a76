import { isDeepStrictEqual } from 'node:util'
import { hex } from '@x/core'
import { octetsOf, streamsOf } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { type ClientTrace, clientScript, type Failed, playClient } from '../../test/client-replay.js'
import { cutsOf } from '../../test/cuts.js'
import { dissect, type Unit } from '../../test/dissect.js'
import { type Recording, recordings } from '../../test/recordings.js'
import type { MmsPdu } from '../asn1/pdu.js'

/** Conversations of the recorded client, and those of a scripted one that our client can take part in. */
const scripted = [
  'rawclient-handshake-reference',
  'rawclient-initiate-minimal-no-optionals',
  'rawclient-initiate-tiny-pdu-64',
  'rawclient-wrong-called-psel',
  'rawclient-read-by-address',
  'rawclient-array-index-past-end',
  'rawclient-define-nvl-with-vmd-variable',
  'rawclient-mms-ctx-id-9',
  'rawclient-wrong-application-context',
]
const dialogues = recordings
  .filter(({ name, client }) => client === 'libiec61850' || scripted.includes(name))
  .flatMap(recording =>
    streamsOf(recording).map(stream => ({
      recording,
      stream,
      title: `${recording.name}${stream ? `, connection ${stream}` : ''}`,
    })),
  )

/** How the association ends, or why there is none, where it is not an orderly release by our client. */
const endings: Readonly<Record<string, string>> = {
  'assoc-abort-by-client': 'AbortedError ABORTED by user',
  // The recorded server says no by closing.
  'assoc-auth-missing': 'RefusedError ACSE_CLOSED by peer',
  'assoc-auth-none-mechanism': 'RefusedError ACSE_CLOSED by peer',
  'assoc-auth-password-wrong': 'RefusedError ACSE_CLOSED by peer',
  'assoc-max-connections-refused, connection 1': 'RefusedError ACSE_CLOSED by peer',
  'assoc-server-stop': 'DisconnectedError ACSE_DISCONNECTED by peer',
  'fakeserver-aare-rejected-auth-failure': 'RefusedError ACSE_REFUSED by peer',
  'fakeserver-aare-rejected-no-userinfo': 'RefusedError ACSE_REFUSED by peer',
  'fakeserver-abort-provider-on-request': 'AbortedError ACSE_ABORTED by peer provider',
  'fakeserver-abort-user-on-request': 'AbortedError ACSE_ABORTED by peer',
  // A conclude that is refused becomes an abort of ours.
  'fakeserver-conclude-error': 'AbortedError RELEASE_REFUSED by user',
  'fakeserver-conclude-request-from-server': 'ReleasedError RELEASED by peer',
  'fakeserver-cotp-dr': 'RefusedError COTP_REFUSED by peer',
  'fakeserver-cotp-er': 'RefusedError COTP_REJECTED by peer provider',
  'fakeserver-initiate-error': 'RefusedError MMS_REFUSED by peer',
  'fakeserver-reject-without-invokeid': 'DisconnectedError ACSE_DISCONNECTED by peer',
  'fakeserver-release-request-from-server': 'ReleasedError MMS_RELEASED by peer',
  // Reason 2: the called user of the session said no.
  'fakeserver-session-refuse': 'RefusedError SESSION_REFUSED by peer',
  'fakeserver-session-refuse-with-cpr': 'RefusedError SESSION_REFUSED by peer',
  // User information in context 3, which is none of this association; and an application context that was not proposed.
  'rawclient-mms-ctx-id-9': 'AbortedError ACSE_ABORTED by local provider',
  'rawclient-wrong-application-context': 'AbortedError ACSE_ABORTED by local provider',
}
const released = 'ReleasedError RELEASED by user'
/** The recorded client closes TCP without a word; so does the test, in its place. */
const closed = 'DisconnectedError ACSE_DISCONNECTED by peer'

const ending = ({ outcomes, end }: ClientTrace) => {
  const [associate] = outcomes
  const how = end ?? (associate && 'failed' in associate ? associate : undefined)
  return how && `${how.failed} ${how.code} by ${how.by}`
}
const pdusOf = (units: readonly Unit[]) => units.flatMap(({ mms }) => (mms ? [mms] : []))
type Answer = Extract<MmsPdu, { type: 'confirmedResponsePDU' | 'confirmedErrorPDU' | 'rejectPDU' }>

/** What the recorded server answered to each request, in the order of the requests. */
function answersTo(requests: readonly MmsPdu[], server: readonly MmsPdu[]): readonly (readonly [string, Answer | undefined])[] {
  return requests.flatMap(request => {
    if (request.type !== 'confirmedRequestPDU') return []
    const { invokeID, service } = request.value
    const answer = server.find(
      pdu =>
        ((pdu.type === 'confirmedResponsePDU' || pdu.type === 'confirmedErrorPDU') && pdu.value.invokeID === invokeID) ||
        (pdu.type === 'rejectPDU' && pdu.value.originalInvokeID === invokeID),
    )
    return [[service.type, answer as Answer | undefined] as const]
  })
}

/** The outcome that a user must see for an answer. */
function outcomeFor(call: string, answer: Answer | undefined, end: Failed | undefined): object {
  switch (answer?.type) {
    case 'confirmedResponsePDU':
      return { call, result: answer.value.service.value }
    case 'confirmedErrorPDU':
      return { call, failed: 'ServiceError', layer: 'mms', by: 'peer', answered: answer.value.serviceError }
    case 'rejectPDU':
      return { call, failed: 'RejectedError', layer: 'mms', by: 'peer provider', answered: answer.value.rejectReason }
    default:
      return { call, ...end }
  }
}

function associationOf(recording: Recording, stream: number) {
  const c2s = dissect(octetsOf(recording, stream, 'c2s')).units
  const s2c = dissect(octetsOf(recording, stream, 's2c')).units
  return { c2s, s2c, requests: pdusOf(c2s), answers: pdusOf(s2c) }
}

describe('our client hears a recorded server', () => {
  test.each(dialogues.map(dialogue => [dialogue.title, dialogue] as const))(
    '%s: each call ends as recorded, and nothing is left over',
    async (title, { recording, stream }) => {
      const { trace, sent } = await playClient(clientScript(recording, stream))
      const { c2s, requests, answers } = associationOf(recording, stream)
      const concluded = answers.some(({ type }) => type === 'concludeResponsePDU')
      expect(ending(trace)).toBe(endings[title] ?? (concluded ? released : closed))
      expect(trace.left).toEqual({ unsettled: 0, timers: 0, closed: true, paused: false })

      const [associate, ...calls] = trace.outcomes
      const response = answers.find(pdu => pdu.type === 'initiateResponsePDU')
      if (response?.type === 'initiateResponsePDU' && associate && 'result' in associate) {
        const { localDetailCalled, initResponseDetail, negotiatedDataStructureNestingLevel } = response.value
        expect(associate.result).toMatchObject({
          negotiated: {
            maxPduSize: localDetailCalled,
            dataStructureNestingLevel: negotiatedDataStructureNestingLevel,
            versionNumber: initResponseDetail.negotiatedVersionNumber,
          },
        })
      }
      if (associate && 'failed' in associate) return expect(calls).toEqual([])

      const expected = answersTo(requests, answers).map(([call, answer]) => outcomeFor(call, answer, trace.end))
      expect(calls.filter(({ call }) => call !== 'close')).toMatchObject(expected)
      expect(calls.filter(({ call }) => call === 'close').every(call => 'result' in call)).toBe(true)
      const reports = answers.flatMap(pdu => (pdu.type === 'unconfirmedPDU' ? [pdu.value.service.value] : []))
      expect(trace.reports).toEqual(reports)

      // What we sent means what the recorded client said, octet by octet in the data phase.
      const data = (units: readonly Unit[]) => units.flatMap(({ layers }) => layers.filter(({ name }) => name === 'confirmedRequestPDU'))
      expect(data(dissect(sent).units).map(pdu => hex(pdu.octets))).toEqual(data(c2s).map(pdu => hex(pdu.again)))
    },
  )

  test.each(
    dialogues
      .filter(({ title, recording }) => recording.client !== 'scripted' && !endings[title])
      .map(({ title, ...dialogue }) => [title, dialogue] as const),
  )('%s: our client asks for the association in the same words', async (_, { recording, stream }) => {
    const { sent } = await playClient(clientScript(recording, stream))
    const ours = dissect(sent).units
    const theirs = associationOf(recording, stream).c2s
    const names = (units: readonly Unit[]) => units.map(({ tpdus, spdu, mms }) => mms?.type ?? spdu?.type ?? tpdus[0]?.type)
    expect(names(ours)).toEqual(names(theirs))
    const aarq = (units: readonly Unit[]) => {
      const { userInformation, ...named } = units.find(({ apdu }) => apdu?.type === 'AARQ')!.apdu!.value as { userInformation?: unknown }
      // How long a bit string is says nothing here.
      return JSON.parse(JSON.stringify(named, (key, value) => (key === 'size' ? undefined : value)))
    }
    expect(aarq(ours)).toEqual(aarq(theirs))
    const selectors = (units: readonly Unit[]) => {
      const { spdu, ppdu } = units.find(unit => unit.spdu?.type === 'CN')!
      const { callingSessionSelector, calledSessionSelector, sessionUserRequirements } = spdu as Extract<typeof spdu, { type: 'CN' }>
      const { userData, ...presentation } = (ppdu as Extract<typeof ppdu, { type: 'CP' }>).value.normalModeParameters!
      // A selector without octets is no selector.
      const some = Object.entries({ callingSessionSelector, calledSessionSelector, ...presentation })
      return {
        sessionUserRequirements,
        ...Object.fromEntries(some.filter(([, value]) => !(value instanceof Uint8Array && value.length === 0))),
      }
    }
    expect(selectors(ours)).toEqual(selectors(theirs))
    const numbers = (units: readonly Unit[]) => {
      const { initRequestDetail, ...proposed } = units.find(({ mms }) => mms?.type === 'initiateRequestPDU')!.mms!.value as {
        initRequestDetail: { proposedVersionNumber: number }
      }
      return { ...proposed, version: initRequestDetail.proposedVersionNumber }
    }
    expect(numbers(ours)).toEqual(numbers(theirs))
  })
})

describe('F-08: the server’s stream in pieces changes nothing', () => {
  test.each(dialogues.map(({ title, ...dialogue }) => [title, dialogue] as const))(
    '%s: cut at octets, and octet by octet',
    async (_, { recording, stream }) => {
      const script = clientScript(recording, stream)
      const whole = await playClient(script)
      for (const cut of [...cutsOf(recording, stream, 's2c'), 'octets' as const]) {
        const pieces = await playClient(script, cut)
        if (!isDeepStrictEqual(pieces, whole)) expect({ cut, ...pieces }).toEqual({ cut, ...whole })
      }
    },
  )
})
