import { HandTimers, type Recording, turnsOf } from '@x/core/testing'
import { MmsServer, type MmsServerOptions } from '../src/server/server.js'
import { failed } from './client-replay.js'
import { type Cut, feedCut, ScriptChannel, settle } from './script-channel.js'

/** All that is seen of our server from outside and by its user, and what is left of an association. */
export interface ServerTrace {
  readonly sent: Uint8Array
  /** How the server told its user that it ended. */
  readonly ends: readonly string[]
  /** Whether the server closed before the client did. */
  readonly closedFirst: boolean
  readonly left: { readonly associations: number; readonly timers: number; readonly closed: boolean; readonly paused: boolean }
}

/** Plays the recorded client to our server, with its octets cut. */
export async function playServer(
  recording: Recording,
  stream: number,
  options: Omit<MmsServerOptions, 'timers'>,
  cut?: Cut,
): Promise<ServerTrace> {
  const timers = new HandTimers()
  const channel = new ScriptChannel()
  const ends: string[] = []
  const server = new MmsServer({
    ...options,
    // Our reference is fixed, so that every run gives the same octets.
    transport: { timers, reference: 7, ...options.transport },
    session: { timers, ...options.session },
    timers,
    onEnd: error => {
      const { failed: name, code, by } = failed(error)
      ends.push(`${name} ${code} by ${by}`)
    },
  })
  server.accept(channel).catch(() => {})
  let from = 0
  let closedFirst = false
  for (const { dir, octets, end } of turnsOf(recording, stream)) {
    if (dir === 's2c') continue
    if (octets.length > 0) {
      feedCut(channel, octets, from, cut)
      from += octets.length
      await settle()
    }
    closedFirst ||= channel.closedBy !== undefined
    if (end !== undefined) channel.finish(end)
    await settle()
  }
  // Who neither speaks nor closes meets a deadline.
  for (let i = 0; i < 10 && !channel.ended; i++) {
    timers.advance(10_000)
    await settle()
    if (channel.closedBy === 'end') channel.finish()
  }
  closedFirst ||= channel.closedBy !== undefined
  return {
    sent: channel.sent,
    ends,
    closedFirst,
    left: { associations: server.associations.size, timers: timers.pending, closed: channel.ended, paused: channel.paused },
  }
}
