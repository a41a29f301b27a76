import type { LayerTable } from './table.js'

/**
 * The table of the MMS environment, from ISO 9506-2 as our notes of it have it (who may send what, and when; conclude; cancel; reject), with
 * the states that docs/decisions/0003 adds: the user has not answered the peer's conclude; our conclude was answered and the association is
 * being released; the peer's release crossed ours and X.227 lets the other side answer first. A machine serves one association: aborted,
 * concluded and refused are one state, ended.
 *
 * One request may be open each way, so that the limit is met; and one reject may be sent in a minute, so that its end is met.
 */
export const mms: LayerTable = {
  name: 'MMS',
  source: 'ISO 9506-2, the environment',
  initial: 'idle',
  states: {
    idle: 'no environment',
    initiating: 'initiate-Request sent',
    'initiated-by-peer': 'initiate-Request indicated',
    operational: 'the environment',
    concluding: 'conclude-Request sent',
    'asked-to-conclude': 'conclude-Request indicated',
    'concluded-by-peer': 'conclude-Response sent, release expected',
    releasing: 'conclude-Response received, release requested',
    collided: 'the releases crossed and the peer answers first',
    ended: 'aborted, or over',
  },
  facts: {
    initiator: 'we asked for the association',
    own: 'a confirmed request of ours is open',
    peer: 'a confirmed request of the peer is open',
    cancelling: 'we asked to cancel ours and have no answer',
    rejected: 'a reject was sent within the last minute',
  },
  starts: [[]],
  events: {
    'M-INITIATE.request': 'user',
    'M-INITIATE.response': 'user',
    'M-CONFIRMED.request': 'user',
    'M-CONFIRMED.response': 'user',
    'M-UNCONFIRMED.request': 'user',
    'M-CANCEL.request': 'user',
    'M-CANCEL.response': 'user',
    'M-CONCLUDE.request': 'user',
    'M-CONCLUDE.response': 'user',
    'M-REJECT.request': 'user',
    'M-ABORT.request': 'user',
    confirmedRequestPDU: 'peer',
    confirmedResponsePDU: 'peer',
    confirmedErrorPDU: 'peer',
    unconfirmedPDU: 'peer',
    rejectPDU: 'peer',
    cancelRequestPDU: 'peer',
    cancelResponsePDU: 'peer',
    cancelErrorPDU: 'peer',
    initiateRequestPDU: 'peer',
    initiateResponsePDU: 'peer',
    initiateErrorPDU: 'peer',
    concludeRequestPDU: 'peer',
    concludeResponsePDU: 'peer',
    concludeErrorPDU: 'peer',
    'A-ASSOCIATE.indication': 'provider',
    'A-ASSOCIATE.confirm': 'provider',
    'A-RELEASE.indication': 'provider',
    'A-RELEASE.confirm': 'provider',
    'A-ABORT.indication': 'provider',
    'A-P-ABORT.indication': 'provider',
    'a minute passes': 'timer',
    malformed: 'malformed',
  },
  variants: {
    'M-INITIATE.response': ['accepted', 'refused'],
    'M-CONFIRMED.response': ['response', 'error'],
    'M-CANCEL.response': ['cancelled', 'not possible'],
    'M-CONCLUDE.response': ['concluded', 'refused'],
    confirmedRequestPDU: ['served', 'not served'],
    confirmedResponsePDU: ['of its service', 'of another service', 'of no request'],
    confirmedErrorPDU: ['of a request', 'of no request'],
    rejectPDU: ['of a request', 'of nothing'],
    cancelRequestPDU: ['of a request', 'of no request'],
    'A-ASSOCIATE.indication': ['with initiate-Request', 'without initiate', 'another application context'],
    'A-ASSOCIATE.confirm': [
      'accepted',
      'accepted but worse',
      'accepted without initiate',
      'accepted with Error',
      'refused',
      'refused with Error',
    ],
    malformed: ['request', 'answer', 'reject', 'octets', 'foreign context'],
  },
  macros: {
    ABORT: '! ↓A-ABORT.request ↑M-ABORT.indication -* → ended',
    REJECT: ['[not rejected] ! ↓rejectPDU +rejected', '[else] ABORT'],
    // The request that a useless answer names is over as well.
    UNREADABLE: [
      '[not rejected] ! ↓rejectPDU ↑M-CONFIRMED.confirm(unreadable) +rejected -own',
      '[else] ! ↑M-CONFIRMED.confirm(unreadable) ↓A-ABORT.request ↑M-ABORT.indication -* → ended',
    ],
    OVER: '-* → ended',
    // Before the environment is open there is no reject: the association ends.
    EARLY: 'ABORT',
    NOTASKED: 'never: ACSE delivers it only where it was asked for',
  },
  rows: {
    'M-INITIATE.request': { idle: '↓A-ASSOCIATE.request +initiator → initiating', '*': 'usage' },
    'M-INITIATE.response': {
      'initiated-by-peer': ['[accepted] ↓A-ASSOCIATE.response+ → operational', '[refused] ↓A-ASSOCIATE.response- -* → ended'],
      '*': 'usage',
    },
    'M-CONFIRMED.request': { operational: ['[own] usage', '[cancelling] usage', '[else] ↓confirmedRequestPDU +own'], '*': 'usage' },
    'M-CONFIRMED.response': {
      'operational concluding': ['[not peer] usage', '[response] ↓confirmedResponsePDU -peer', '[error] ↓confirmedErrorPDU -peer'],
      '*': 'usage',
    },
    'M-UNCONFIRMED.request': { operational: '↓unconfirmedPDU', '*': 'usage' },
    // Sent by the side whose request it is. Two cancels of one request could not be told apart.
    'M-CANCEL.request': {
      operational: ['[not own] usage', '[cancelling] usage', '[else] ↓cancelRequestPDU +cancelling'],
      '*': 'usage',
    },
    'M-CANCEL.response': {
      'operational concluding': ['[cancelled] ↓cancelResponsePDU', '[not possible] ↓cancelErrorPDU'],
      '*': 'usage',
    },
    // The sender's duty to wait for its own answers.
    'M-CONCLUDE.request': { operational: ['[own] usage', '[else] ↓concludeRequestPDU → concluding'], '*': 'usage' },
    'M-CONCLUDE.response': {
      'asked-to-conclude': ['[concluded] ↓concludeResponsePDU → concluded-by-peer', '[refused] ↓concludeErrorPDU → operational'],
      '*': 'usage',
    },
    'M-REJECT.request': { 'operational concluding': ['[not peer] usage', '[else] ↓rejectPDU -peer'], '*': 'usage' },
    'M-ABORT.request': { 'idle ended': 'usage', '*': '↓A-ABORT.request -* → ended' },

    confirmedRequestPDU: {
      'idle releasing collided ended': 'ignored',
      'initiating initiated-by-peer': 'EARLY',
      // 1:3, 1:6 or 1:1; else served. One that arrives in concluding is still served.
      'operational concluding': ['[peer] REJECT', '[not served] REJECT', '[else] ↑M-CONFIRMED.indication +peer'],
      'asked-to-conclude concluded-by-peer': 'REJECT',
    },
    confirmedResponsePDU: {
      'idle releasing collided ended': 'ignored',
      'initiating initiated-by-peer': 'EARLY',
      operational: ['[own & of its service] ↑M-CONFIRMED.confirm(response) -own', '[own & of another service] UNREADABLE', '[else] REJECT'],
      // No request of ours is open there: 2:2.
      '*': 'REJECT',
    },
    confirmedErrorPDU: {
      'idle releasing collided ended': 'ignored',
      'initiating initiated-by-peer': 'EARLY',
      operational: ['[own & of a request] ↑M-CONFIRMED.confirm(error) -own', '[else] REJECT'],
      '*': 'REJECT',
    },
    unconfirmedPDU: {
      'idle releasing collided ended': 'ignored',
      'initiating initiated-by-peer': 'EARLY',
      'operational concluding': '↑M-UNCONFIRMED.indication',
      // Who has asked to conclude may not send it any more: dropped and counted.
      'asked-to-conclude concluded-by-peer': 'ignored',
    },
    rejectPDU: {
      'idle releasing collided ended': 'ignored',
      'initiating initiated-by-peer': 'EARLY',
      operational: ['[own & of a request] ↑M-CONFIRMED.confirm(reject) -own', '[else] ↑M-REJECT.indication'],
      '*': '↑M-REJECT.indication',
    },
    cancelRequestPDU: {
      'idle releasing collided ended': 'ignored',
      'initiating initiated-by-peer': 'EARLY',
      'operational concluding': ['[peer & of a request] ↑M-CANCEL.indication', '[else] ↓cancelErrorPDU'],
      // can/1: nothing is open.
      'asked-to-conclude concluded-by-peer': '↓cancelErrorPDU',
    },
    ...Object.fromEntries(
      (['cancelResponsePDU', 'cancelErrorPDU'] as const).map(event => [
        event,
        {
          'idle releasing collided ended': 'ignored',
          'initiating initiated-by-peer': 'EARLY',
          '*': [`[cancelling] ↑M-CANCEL.confirm${event === 'cancelResponsePDU' ? '+' : '-'} -cancelling`, '[else] REJECT'],
        },
      ]),
    ),
    // An initiate PDU in P-DATA is an illegal mapping: 5:2.
    ...Object.fromEntries(
      ['initiateRequestPDU', 'initiateResponsePDU', 'initiateErrorPDU'].map(event => [
        event,
        { 'idle releasing collided ended': 'ignored', 'initiating initiated-by-peer': 'EARLY', '*': 'REJECT' },
      ]),
    ),
    concludeRequestPDU: {
      'idle releasing collided ended': 'ignored',
      'initiating initiated-by-peer': 'EARLY',
      // con/1 while a request of either side is open.
      operational: ['[own] ↓concludeErrorPDU', '[peer] ↓concludeErrorPDU', '[else] ↑M-CONCLUDE.indication → asked-to-conclude'],
      // Both wish it: each answers the other's.
      concluding: ['[peer] ↓concludeErrorPDU', '[else] ↓concludeResponsePDU'],
      'asked-to-conclude concluded-by-peer': 'REJECT',
    },
    concludeResponsePDU: {
      'idle releasing collided ended': 'ignored',
      'initiating initiated-by-peer': 'EARLY',
      concluding: '↓A-RELEASE.request → releasing',
      '*': 'REJECT',
    },
    concludeErrorPDU: {
      'idle releasing collided ended': 'ignored',
      'initiating initiated-by-peer': 'EARLY',
      concluding: '↑M-CONCLUDE.confirm- → operational',
      '*': 'REJECT',
    },

    'A-ASSOCIATE.indication': {
      idle: ['[with initiate-Request] ↑M-INITIATE.indication → initiated-by-peer', '[else] ↓A-ASSOCIATE.response- → ended'],
      '*': 'never: ACSE has one association, and this one is taken',
    },
    'A-ASSOCIATE.confirm': {
      initiating: [
        '[accepted] ↑M-INITIATE.confirm+ → operational',
        '[accepted with Error] ↓A-ABORT.request ↑M-INITIATE.confirm- -* → ended',
        '[refused] ↑M-INITIATE.confirm- -* → ended',
        '[refused with Error] ↑M-INITIATE.confirm- -* → ended',
        '[else] ABORT',
      ],
      '*': 'NOTASKED',
    },
    'A-RELEASE.indication': {
      'operational concluding asked-to-conclude concluded-by-peer': '↓A-RELEASE.response ↑M-RELEASE.indication -* → ended',
      // X.227, 7.2.3.5: the association-initiator answers first.
      releasing: ['[initiator] ↓A-RELEASE.response', '[else] → collided'],
      '*': 'never: there is no association, or the release has been seen',
    },
    'A-RELEASE.confirm': {
      releasing: '↑M-CONCLUDE.confirm+ -* → ended',
      collided: '↓A-RELEASE.response ↑M-CONCLUDE.confirm+ -* → ended',
      '*': 'NOTASKED',
    },
    ...Object.fromEntries(
      ['A-ABORT.indication', 'A-P-ABORT.indication'].map(event => [
        event,
        {
          'idle ended': 'ignored',
          // The environment ended with the conclude-Response: the association may end in any way.
          'concluded-by-peer': '↑M-RELEASE.indication -* → ended',
          'releasing collided': '↑M-CONCLUDE.confirm+ -* → ended',
          '*': '↑M-ABORT.indication -* → ended',
        },
      ]),
    ),
    'a minute passes': {
      'idle initiating initiated-by-peer ended': 'never: nothing was rejected, and no timer outlives the association',
      '*': ['[rejected] -rejected', '[else] never: nothing was rejected'],
    },
    malformed: {
      'idle ended': 'ignored',
      'initiating initiated-by-peer': 'EARLY',
      'releasing collided': ['[foreign context] ABORT', '[else] ignored'],
      operational: ['[foreign context] ABORT', '[reject] ignored', '[own & answer] UNREADABLE', '[else] REJECT'],
      '*': [
        '[foreign context] ABORT',
        // A reject is never answered.
        '[reject] ignored',
        '[else] REJECT',
      ],
    },
  },
}
