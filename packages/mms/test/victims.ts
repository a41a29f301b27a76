import type { Channel } from '@x/core'
import { HandTimers, octetsOf } from '@x/core/testing'
import type { MmsClient } from '../src/client/client.js'
import { proposal } from '../src/negotiation.js'
import { DEFAULT_ADDRESS, mmsStack, openMms } from '../src/open.js'
import { MmsServer } from '../src/server/server.js'
import type { MmsDelivery } from '../src/service.js'
import { types } from '../src/values.js'
import { dissect, type Unit } from './dissect.js'
import { recorded } from './recordings.js'
import { ScriptChannel, settle } from './script-channel.js'
import { readOf, wire } from './wire.js'

/** A whole stack of ours in a known state, with a peer that a test plays. */
export interface Victim {
  readonly channel: ScriptChannel
  readonly timers: HandTimers
  readonly server?: MmsServer
  readonly client?: MmsClient
  /** Calls of a user that have not settled. */
  readonly unsettled: () => number
}

/** What one side of a recorded conversation sent. */
export function unitsOf(name: string, dir: 'c2s' | 's2c'): readonly Unit[] {
  return dissect(octetsOf(recorded(name), 0, dir)).units
}

/** The unit of a recorded client that begins with this SPDU. */
export function recordedUnit(name: string, spdu: string): Unit {
  return unitsOf(name, 'c2s').find(unit => unit.spdu?.type === spdu)!
}

const asked = unitsOf('assoc-conclude-release', 'c2s')
const answered = unitsOf('assoc-conclude-release', 's2c')

/** Units that a client, or a server, of any kind might send: the seeds of mutations. */
export function seedsFor(role: 'client' | 'server', names: readonly string[]): readonly Unit[] {
  const seen = new Set<string>()
  return names
    .flatMap(name => unitsOf(name, role === 'server' ? 'c2s' : 's2c'))
    .filter(({ octets }) => {
      const key = octets.join()
      return octets.length < 2_000 && !seen.has(key) && seen.add(key)
    })
}

const slow = { type: types.boolean, read: () => new Promise<never>(() => {}) }
export const model = {
  identity: { vendorName: 'vendor', modelName: 'model', revision: '1' },
  domains: {
    PEERLD0: {
      componentsAsVariables: true,
      variables: {
        GGIO1$MX$AnIn1: { type: types.structure({ mag: types.structure({ f: types.float32 }), q: types.bitString(13), t: types.utcTime }) },
        TYPE1$SP$All$int32: { type: types.integer(32) },
        TYPE1$SP$All$vs32: { type: types.visibleString(-255) },
        slow,
        big: { type: types.octetString(60_000) },
      },
      lists: { LLN0$dsInd: { items: ['PEERLD0/GGIO1$MX$AnIn1', 'PEERLD0/TYPE1$SP$All$int32'] } },
    },
  },
}

// ---------------------------------------------------------------- our server

/** How a client gets our server into each state, and what is done on the server's side. */
export const serverStates = {
  connected: [],
  'after the CR': asked.slice(0, 1),
  undecided: [asked[0]!, asked[1]!],
  associated: [asked[0]!, asked[1]!],
  serving: [asked[0]!, asked[1]!],
  'concluded by the peer': asked.slice(0, 3),
  'released by the peer': asked.slice(0, 4),
  concluding: [asked[0]!, asked[1]!],
} as const satisfies Record<string, readonly Unit[]>
export type ServerState = keyof typeof serverStates

export async function serverIn(state: ServerState): Promise<Victim> {
  const channel = new ScriptChannel()
  const timers = new HandTimers()
  let unsettled = 0
  const server = new MmsServer({
    model,
    timers,
    transport: { timers },
    session: { timers },
    ...(state === 'undecided' ? { onAssociate: () => new Promise<never>(() => {}) } : {}),
  })
  const pending = (promise: Promise<unknown>) => {
    unsettled += 1
    const done = () => {
      unsettled -= 1
    }
    promise.then(done, done)
  }
  pending(server.accept(channel))
  for (const { octets } of serverStates[state]) {
    channel.feed(octets)
    await settle()
  }
  if (state === 'serving') channel.feed(wire(readOf('slow', 7)))
  if (state === 'concluding') pending(server.close())
  await settle()
  return { channel, timers, server, unsettled: () => unsettled }
}

// ---------------------------------------------------------------- our client

/** What a server sends to get our client into each state; the client does the rest. */
export const clientStates = {
  'CR sent': [],
  'CN sent': answered.slice(0, 1),
  associated: [answered[0]!, answered[1]!],
  waiting: [answered[0]!, answered[1]!],
  concluding: [answered[0]!, answered[1]!],
  releasing: answered.slice(0, 3),
} as const satisfies Record<string, readonly Unit[]>
export type ClientState = keyof typeof clientStates

export async function clientIn(state: ClientState): Promise<Victim> {
  const channel = new ScriptChannel()
  const timers = new HandTimers()
  let unsettled = 0
  let client: MmsClient | undefined
  const pending = (promise: Promise<unknown>) => {
    unsettled += 1
    const done = () => {
      unsettled -= 1
    }
    promise.then(done, done)
  }
  const stack = { transport: { timers, reference: 1 }, session: { timers }, mms: { timers } }
  pending(
    openMms(channel, { timers, ...stack }).then(opened => {
      client = opened
    }),
  )
  for (const { octets } of clientStates[state].slice(0, 2)) {
    channel.feed(octets)
    await settle()
  }
  if (state === 'waiting') for (let i = 0; i < 3; i++) pending(client!.identify())
  if (state === 'concluding' || state === 'releasing') pending(client!.close())
  if (state === 'releasing') channel.feed(answered[2]!.octets)
  await settle()
  return { channel, timers, ...(client && { client }), unsettled: () => unsettled }
}

// ---------------------------------------------------------------- the machines alone

const serves = [
  'read',
  'write',
  'getNameList',
  'defineNamedVariableList',
  'deleteNamedVariableList',
  'getVariableAccessAttributes',
] as const

/** The machines of a stack without the async edge, with a user who agrees to everything. */
export function machineWith<C extends Channel = ScriptChannel>(
  role: 'server' | 'client',
  prefix: readonly Unit[],
  channel: C = new ScriptChannel() as never,
) {
  const timers = new HandTimers()
  const machine = mmsStack(channel, {
    transport: { timers, reference: 1 },
    session: { timers },
    mms: { timers, serves, maxRejects: 1_000_000 },
  })
  const deliveries: MmsDelivery['type'][] = []
  machine.onDeliver = delivery => {
    deliveries.push(delivery.type)
    if (delivery.type === 'M-INITIATE.indication') {
      const answer = machine.defaultAnswer()
      const accepts = !('errorClass' in answer)
      machine.submit({
        type: 'M-INITIATE.response',
        ...(accepts ? { result: 'accepted', initiate: answer } : { result: 'rejected', error: answer }),
      })
    }
    if (delivery.type === 'M-CONCLUDE.indication') machine.submit({ type: 'M-CONCLUDE.response' })
  }
  if (role === 'client') {
    machine.submit({
      type: 'M-INITIATE.request',
      initiate: proposal(machine.settings, machine.serves),
      association: { calledPresentationAddress: DEFAULT_ADDRESS, callingPresentationAddress: DEFAULT_ADDRESS },
    })
  }
  for (const { octets } of prefix) channel.onData(octets)
  deliveries.length = 0
  return { channel, timers, machine, deliveries }
}
