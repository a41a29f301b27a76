import { HandTimers, joinedChannels, type MemoryChannel } from '@x/core/testing'
import { ManagedClient, type ManagedOptions } from '../src/client/managed.js'
import { type MmsClient, MmsServer, type MmsServerOptions, type StateChange } from '../src/index.js'
import { openMms } from '../src/open.js'
import { model, settle } from './pair.js'

/** A managed client, its server, and a hand on each attempt. */
export class Managed {
  readonly timers = new HandTimers()
  readonly server: MmsServer
  readonly clients: MmsClient[] = []
  readonly channels: MemoryChannel[] = []
  readonly changes: StateChange[] = []
  readonly managed: ManagedClient
  /** Attempts that `hold` keeps from ending. */
  readonly held: { succeed: () => Promise<void>; fail: (error: Error) => void; readonly signal: AbortSignal }[] = []
  /** Attempts end when the test says so; otherwise at once. */
  hold = false
  /** Attempts that are not held fail with it. */
  failure: Error | undefined
  attempts = 0

  constructor(options: Partial<ManagedOptions> = {}, server: Partial<MmsServerOptions> = {}) {
    const { timers } = this
    this.server = new MmsServer({ model: model(), timers, session: { timers }, ...server })
    this.managed = new ManagedClient({
      timers,
      keepAlive: { interval: 0 },
      backOff: { random: () => 0 },
      connect: signal => this.#connect(signal),
      ...options,
    })
    this.managed.on('state', change => void this.changes.push(change))
  }

  async #connect(signal: AbortSignal): Promise<MmsClient> {
    this.attempts += 1
    if (!this.hold) {
      if (this.failure) throw this.failure
      return this.associate()
    }
    return new Promise((resolve, reject) => {
      this.held.push({ succeed: async () => resolve(await this.associate()), fail: reject, signal })
    })
  }

  /** An association with the server, whoever wants it. */
  async associate(): Promise<MmsClient> {
    const { timers } = this
    const { a, b } = joinedChannels()
    const accepted = this.server.accept(b)
    accepted.catch(() => {})
    const client = await openMms(a, { timers, session: { timers }, mms: { timers } })
    await accepted
    this.channels.push(a)
    this.clients.push(client)
    return client
  }

  /** The newest association. */
  get client(): MmsClient {
    return this.clients.at(-1)!
  }

  async connected(): Promise<void> {
    this.managed.open()
    await this.managed.whenConnected()
  }

  /** The server, or the network, ends the association. */
  async lose(): Promise<void> {
    this.client.connection.channel.destroy()
    await settle()
  }

  /** The wait before the next attempt passes. */
  again(): Promise<void> {
    return this.advance(this.changes.at(-1)!.delay ?? 0)
  }

  async advance(milliseconds: number): Promise<void> {
    this.timers.advance(milliseconds)
    await settle()
    await settle()
  }
}
