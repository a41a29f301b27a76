import { OsiError, OutcomeError } from '@x/core'
import { HandTimers, octetsOf, type Recording, type Turn, turnsOf } from '@x/core/testing'
import type { MmsClient } from '../src/client/client.js'
import { type OpenMmsOptions, openMms } from '../src/open.js'
import type { ConfirmedServiceName } from '../src/services.js'
import { dissect, type Unit } from './dissect.js'
import { parameterValue } from './layers.js'
import { type Cut, feedCut, ScriptChannel, settle } from './script-channel.js'

/** An error as far as a user tells errors apart. */
export type Failed = {
  readonly failed: string
  readonly code: string
  readonly layer: string
  readonly by?: string
  readonly answered?: unknown
}
/** How one call of the client ended. */
export type Outcome = { readonly call: string; readonly result: unknown } | ({ readonly call: string } & Failed)

/** All that a user of the client sees of a dialogue, and what is left of it. */
export interface ClientTrace {
  readonly outcomes: readonly Outcome[]
  readonly reports: readonly unknown[]
  /** How the association ended; undefined when there was none. */
  readonly end: Failed | undefined
  /** Calls that never settled, timers that still run, the channel. */
  readonly left: { readonly unsettled: number; readonly timers: number; readonly closed: boolean; readonly paused: boolean }
}

export function failed(error: unknown): Failed {
  if (!(error instanceof OsiError)) throw error
  return {
    failed: error.name,
    code: error.code,
    layer: error.layer,
    ...(error instanceof OutcomeError && { by: error.by, ...(error.answered !== undefined && { answered: error.answered }) }),
  }
}

/** What our client must be told to ask for the association as the recorded client did. */
export function associateAs(units: readonly Unit[]): OpenMmsOptions {
  const [cr] = units[0]?.tpdus ?? []
  const cn = units.find(({ spdu }) => spdu?.type === 'CN')
  const size = cr?.type === 'CR' ? parameterValue(cr.parameters, 'tpduSize') : undefined
  const transport = { reference: cr?.type === 'CR' ? cr.sourceReference : 1, ...(size !== undefined && { tpduSize: size }) }
  if (cr?.type !== 'CR' || cn?.spdu?.type !== 'CN' || cn.ppdu?.type !== 'CP') return { transport }
  const { calledSessionSelector, callingSessionSelector } = cn.spdu
  const { calledPresentationSelector, callingPresentationSelector, presentationContextDefinitionList } = cn.ppdu.value.normalModeParameters!
  const address = (transportSelector?: Uint8Array, sessionSelector?: Uint8Array, presentationSelector?: Uint8Array) => ({
    ...(transportSelector && { transportSelector }),
    ...(sessionSelector && { sessionSelector }),
    ...(presentationSelector && { presentationSelector }),
  })
  const aarq = cn.apdu?.type === 'AARQ' ? cn.apdu.value : undefined
  const mms = cn.mms?.type === 'initiateRequestPDU' ? cn.mms.value : undefined
  return {
    transport,
    association: {
      calledPresentationAddress: address(
        parameterValue(cr.parameters, 'calledTransportSelector'),
        calledSessionSelector,
        calledPresentationSelector,
      ),
      callingPresentationAddress: address(
        parameterValue(cr.parameters, 'callingTransportSelector'),
        callingSessionSelector,
        callingPresentationSelector,
      ),
      ...(presentationContextDefinitionList && { presentationContextDefinitionList }),
      ...(aarq && {
        applicationContextName: aarq.applicationContextName,
        called: {
          ...(aarq.calledApTitle !== undefined && { apTitle: aarq.calledApTitle }),
          ...(aarq.calledAeQualifier !== undefined && { aeQualifier: aarq.calledAeQualifier }),
        },
        calling: {
          ...(aarq.callingApTitle !== undefined && { apTitle: aarq.callingApTitle }),
          ...(aarq.callingAeQualifier !== undefined && { aeQualifier: aarq.callingAeQualifier }),
        },
        ...(aarq.senderAcseRequirements && {
          authentication: {
            ...(aarq.mechanismName !== undefined && { mechanismName: aarq.mechanismName }),
            ...(aarq.callingAuthenticationValue && { authenticationValue: aarq.callingAuthenticationValue }),
          },
        }),
      }),
    },
    ...(mms && {
      initiate: {
        maxPduSize: mms.localDetailCalling ?? 65_000,
        minPduSize: 64,
        maxServOutstanding: mms.proposedMaxServOutstandingCalling,
        ...(mms.proposedDataStructureNestingLevel !== undefined && { dataStructureNestingLevel: mms.proposedDataStructureNestingLevel }),
        versionNumber: Math.max(1, mms.initRequestDetail.proposedVersionNumber),
      },
    }),
  }
}

/** Our client in the place of the recorded one: it makes the same calls in the same order, and hears the recorded server. */
export class ClientReplay {
  readonly channel = new ScriptChannel()
  readonly timers = new HandTimers()
  readonly outcomes: Outcome[] = []
  readonly reports: unknown[] = []
  readonly #options: OpenMmsOptions
  #client: MmsClient | undefined
  #unsettled = 0

  constructor(options: OpenMmsOptions) {
    this.#options = options
  }

  /** Does what the recorded client did when it sent this. What the stack sends by itself needs no call. */
  perform({ tpdus, spdu, mms }: Unit): void {
    if (tpdus[0]?.type === 'CR') return this.#associate()
    const client = this.#client
    if (spdu?.type === 'AB') client?.abort()
    // Where our client has no association, there is nobody to call.
    if (client === undefined) return
    if (mms?.type === 'concludeRequestPDU') this.#call('close', client.close())
    if (mms?.type !== 'confirmedRequestPDU') return
    const { type, value } = mms.value.service
    if (type === 'unknown') throw new Error('a request that our client cannot make')
    this.#call(type, client.request(type as ConfirmedServiceName, value as never))
  }

  #associate(): void {
    const { timers } = this
    const opening = openMms(this.channel, { ...this.#options, timers, session: { timers }, mms: { timers } }).then(client => {
      this.#client = client
      void this.#listen(client)
      return { negotiated: client.negotiated, responding: client.association.responding }
    })
    this.#call('associate', opening)
  }

  async #listen(client: MmsClient): Promise<void> {
    try {
      for await (const report of client.reports()) this.reports.push(report)
    } catch {
      // How it ended is seen in `end`.
    }
  }

  #call(call: string, promise: Promise<unknown>): void {
    const at = this.outcomes.length
    this.#unsettled += 1
    this.outcomes.push({ call, result: 'unsettled' })
    promise.then(
      result => this.#settled(at, { call, result }),
      error => this.#settled(at, { call, ...failed(error) }),
    )
  }

  #settled(at: number, outcome: Outcome): void {
    this.#unsettled -= 1
    this.outcomes[at] = outcome
  }

  get trace(): ClientTrace {
    const { channel, timers, outcomes, reports } = this
    const ended = this.#client?.connection.endedWith
    return {
      outcomes,
      reports,
      end: ended && failed(ended),
      left: { unsettled: this.#unsettled, timers: timers.pending, closed: channel.ended, paused: channel.paused },
    }
  }
}

/** A dialogue prepared to be played many times: the recorded turns, with the calls that the client's turns stand for. */
export interface ClientScript {
  readonly options: OpenMmsOptions
  readonly turns: readonly (Turn & { readonly units: readonly Unit[] })[]
  /** Octets of the server in all. */
  readonly length: number
}

export function clientScript(recording: Recording, stream = 0): ClientScript {
  const turns = turnsOf(recording, stream).map(turn => ({ ...turn, units: turn.dir === 'c2s' ? dissect(turn.octets).units : [] }))
  const [first, second] = turns
  // A server may have closed before the client says its first word; the client finds that out when it has said it.
  if (first?.dir === 's2c' && second) turns.splice(0, 2, second, first)
  return {
    turns,
    options: associateAs(turns.flatMap(({ units }) => units)),
    length: octetsOf(recording, stream, 's2c').length,
  }
}

/** Plays it, with the server's octets cut. @returns what the user saw, and all that our client sent */
export async function playClient({ turns, options }: ClientScript, cut?: Cut): Promise<{ trace: ClientTrace; sent: Uint8Array }> {
  const replay = new ClientReplay(options)
  const { channel, timers } = replay
  let from = 0
  for (const { dir, units, octets, end } of turns) {
    if (dir === 'c2s') for (const unit of units) replay.perform(unit)
    else if (octets.length > 0) {
      feedCut(channel, octets, from, cut)
      from += octets.length
    }
    await settle()
    if (end !== undefined) {
      channel.finish(end)
      await settle()
    }
  }
  // Whoever still waits meets a deadline.
  for (let i = 0; i < 10 && (timers.pending > 0 || !channel.ended); i++) {
    timers.advance(30_000)
    await settle()
  }
  return { trace: replay.trace, sent: channel.sent }
}
