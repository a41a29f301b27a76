import { associationTable } from '@x/acse'
import type { Primitive, StateTable } from '@x/core'
import { HandTimers, joinedChannels, type MemoryChannel } from '@x/core/testing'
import { transportTable } from '@x/cotp'
import { presentationTable } from '@x/iso-presentation'
import { sessionTable } from '@x/iso-session'
import { type MmsClient, MmsServer, mmsTable, type ServerAssociation, types } from '@x/mms'
import { openMms } from '@x/mms/open'

/** How a whole association is ended in its middle: F-07. The channel in memory has no TLS; its reset is that of TCP. */
export const abortKinds = [
  'client aborts',
  'server aborts',
  'client channel reset',
  'server channel reset',
  'client channel closed',
] as const
export type AbortKind = (typeof abortKinds)[number]
/** Who ends the association in order, unless it is aborted before. Both: conclude and release collide. */
export const courses = ['client closes', 'server closes', 'both close'] as const
export type Course = (typeof courses)[number]

export interface Cycle {
  /** `layer state` of every machine, of both sides, when it was aborted. */
  readonly states: readonly string[]
  /** The dialogue was over before the abort. */
  readonly complete: boolean
  /** Calls that were made, and those that settled. */
  readonly calls: number
  readonly settled: number
  /** What is left of it, by name; nothing should be. */
  readonly leaks: readonly string[]
}

// biome-ignore lint/suspicious/noExplicitAny: looks at the machines of any table
const tables: readonly (readonly [string, StateTable<any, any, any, any>])[] = [
  ['COTP', transportTable],
  ['Session', sessionTable],
  ['Presentation', presentationTable],
  ['ACSE', associationTable],
  ['MMS', mmsTable],
]

/** The machines that ask their table for a row while `run` runs, on either side. */
async function seeing<T>(run: (states: () => readonly string[]) => Promise<T>): Promise<T> {
  const machines = new Map<{ readonly state: string }, string>()
  for (const [name, table] of tables) {
    const find = table.find.bind(table)
    table.find = (machine: { readonly state: string }, state: string, event: Primitive) => {
      machines.set(machine, name)
      return find(machine, state, event)
    }
  }
  try {
    return await run(() => [...machines].map(([machine, name]) => `${name} ${machine.state}`))
  } finally {
    for (const [, table] of tables) Reflect.deleteProperty(table, 'find')
  }
}

/** Counts calls and how often each of them settles. */
class Calls {
  made = 0
  settled = 0

  watch<T>(promise: Promise<T>): Promise<T | undefined> {
    this.made += 1
    return promise.then(
      value => {
        this.settled += 1
        return value
      },
      () => {
        this.settled += 1
        return undefined
      },
    )
  }
}

/** One dialogue of a client and a server, all layers, delivered chunk by chunk; aborted after `steps` chunks. */
export function abortedDialogue(course: Course, kind: AbortKind, steps: number): Promise<Cycle> {
  return seeing(async states => {
    const { a, b } = joinedChannels({ manual: true })
    const timers = new HandTimers()
    const calls = new Calls()
    const controller = new AbortController()
    let decide = () => {}
    const onAssociate = () => new Promise<{ accept: true }>(resolve => (decide = () => resolve({ accept: true })))
    const server = new MmsServer({ model: MODEL, timers, session: { timers }, onAssociate })
    let client: MmsClient | undefined
    let association: ServerAssociation | undefined
    void calls.watch(server.accept(b)).then(accepted => {
      association = accepted
    })
    const opening = openMms(a, { timers, session: { timers }, mms: { timers }, signal: controller.signal })
    void calls.watch(opening).then(async opened => {
      client = opened
      if (opened === undefined) return
      void calls.watch(opened.ended)
      void calls.watch(drain(opened.reports()))
      void calls.watch(opened.readValue('LD/x'))
      await calls.watch(opened.identify())
      if (course !== 'server closes') void calls.watch(opened.close())
      if (course !== 'client closes' && association !== undefined) void calls.watch(association.close())
    })
    await settle()
    let complete = false
    for (let i = 0; i < steps && !complete; i++) {
      complete = !step(a, b)
      await settle()
      if (complete) {
        // Only the server's user can go on, if it has not decided yet.
        decide()
        await settle()
        complete = !step(a, b)
        await settle()
      }
    }
    const seen = states()
    switch (kind) {
      case 'client aborts':
        client?.abort()
        controller.abort()
        break
      case 'server aborts':
        if (association !== undefined) association.abort()
        else b.destroy()
        break
      case 'client channel reset':
        a.destroy()
        break
      case 'server channel reset':
        b.destroy()
        break
      case 'client channel closed':
        a.end()
        break
      default:
        kind satisfies never
    }
    await runOut(a, b, timers)
    const leaks = [
      ...(timers.pending > 0 ? [`${timers.pending} timers`] : []),
      ...(server.associations.size > 0 ? ['an association of the server'] : []),
      ...(a.ended ? [] : ['the channel of the client']),
      ...(b.ended ? [] : ['the channel of the server']),
      ...(client !== undefined && client.connection.outstanding > 0 ? [`${client.connection.outstanding} requests`] : []),
    ]
    return { states: seen, complete, calls: calls.made, settled: calls.settled, leaks }
  })
}

/** All courses and kinds, behind every chunk, over and over. @returns cycles run, and the first that left something */
export async function abortedDialogues(cycles: number): Promise<{ readonly run: number; readonly broken?: string }> {
  let run = 0
  for (;;) {
    for (const course of courses) {
      for (const kind of abortKinds) {
        for (let steps = 0, complete = false; !complete; steps++) {
          if (run === cycles) return { run }
          const cycle = await abortedDialogue(course, kind, steps)
          run += 1
          complete = cycle.complete
          const left = [...cycle.leaks, ...(cycle.calls === cycle.settled ? [] : [`${cycle.calls - cycle.settled} calls`])]
          if (left.length > 0) return { run, broken: `${course}, ${kind} behind ${steps} chunks: ${left.join(', ')}` }
        }
      }
    }
  }
}

const MODEL = {
  identity: { vendorName: 'v', modelName: 'm', revision: 'r' },
  domains: { LD: { variables: { x: { type: types.integer(32) } } } },
}

async function drain(reports: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of reports);
}

/** Delivers one chunk, or the end of one side. @returns false when nothing is under way */
function step(a: MemoryChannel, b: MemoryChannel): boolean {
  const next = a.inbox.shift() ?? b.inbox.shift()
  next?.()
  return next !== undefined
}

/** Everything is delivered, and every deadline that then still runs is met. */
async function runOut(a: MemoryChannel, b: MemoryChannel, timers: HandTimers): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await settle()
    while (step(a, b)) await settle()
    if (timers.pending === 0) return
    timers.advance(60_000)
  }
}

/** Lets promises that are due settle. */
const settle = () => new Promise<void>(resolve => setImmediate(resolve))
