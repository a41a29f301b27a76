import { type Channel, UsageError } from '@x/core'
import { Emitter, type Listener, systemTimers, Timer } from '@x/core/async'
import { type AcceptOptions, type AcceptorPolicy, acceptAssociation } from './acceptor.js'
import type { Association } from './association.js'
import type { AssociationEvents } from './events.js'
import type { AssociationKeeper } from './making.js'
import { type Peer, peerOf } from './names.js'
import type { TimeoutSettings } from './timeouts.js'

export interface ServerOptions extends AcceptOptions {
  /** Associations at a time; more are rejected, transient, by the provider. @default 1_000 */
  readonly maxAssociations?: number
  /** The same for each peer. @default no limit of its own */
  readonly maxAssociationsPerPeer?: number
  /** What makes two peers the same. @default the network address without the port */
  readonly peerKey?: (peer: Peer) => string
  /** Serves an association; when it throws, that association is aborted. When it returns, the association goes on. */
  readonly onAssociation?: (association: Association) => unknown
}

export interface CloseOptions {
  /** `release`: each association is released. `drain`: they may end by themselves for `timeout`, and are released then. `abort`: at once. @default 'release' */
  readonly mode?: 'release' | 'drain' | 'abort'
  /** Of `drain`, in milliseconds. @default 10_000 */
  readonly timeout?: number
}

/**
 * Serves associations over channels: give it each one that arrives, or use `listen`. Listeners hear of all its associations. New peers are
 * judged by the policy that is set when they arrive.
 */
export class AssociationServer extends Emitter<AssociationEvents> implements AsyncDisposable, Iterable<Association> {
  policy: AcceptorPolicy
  readonly #options: ServerOptions
  #timeouts: TimeoutSettings
  readonly #live = new Set<Association>()
  readonly #perPeer = new Map<string, Place>()
  /** Not established yet. */
  readonly #arriving = new Set<Association>()
  /** Places taken. */
  #counted = 0
  #closing = false

  constructor(options: ServerOptions = {}) {
    super()
    this.#options = options
    this.policy = options.policy ?? {}
    this.#timeouts = options.timeouts ?? {}
  }

  /** Those established now, in the order in which they were. */
  get associations(): IterableIterator<Association> {
    return this.#live.keys()
  }

  [Symbol.iterator](): IterableIterator<Association> {
    return this.associations
  }

  /** How many are established now. */
  get size(): number {
    return this.#live.size
  }

  /** For associations to come and for those that live. */
  setTimeouts(settings: TimeoutSettings): void {
    this.#timeouts = { ...this.#timeouts, ...settings }
    for (const association of [...this.#arriving, ...this.#live]) association.setTimeouts(settings)
  }

  override on<Name extends keyof AssociationEvents>(event: Name, listener: Listener<AssociationEvents, Name>): () => void {
    const off = super.on(event, listener)
    for (const association of [...this.#arriving, ...this.#live]) association.watch()
    return off
  }

  override once<Name extends keyof AssociationEvents>(event: Name, listener: Listener<AssociationEvents, Name>): () => void {
    const off = super.once(event, listener)
    for (const association of [...this.#arriving, ...this.#live]) association.watch()
    return off
  }

  /** Serves the peer of one channel. @returns the association, once it is established @throws why there is none, as `acceptAssociation` */
  async accept(channel: Channel): Promise<Association> {
    if (this.#closing) {
      channel.destroy()
      throw new UsageError('acse', 'ACSE_CLOSED', 'this server has been closed')
    }
    const key = (this.#options.peerKey ?? hostOf)(peerOf(channel))
    const { policy } = this
    let arriving: Association | undefined
    // Counted from the moment the ACPM lets it pass, so that two that are being decided on cannot both take the last place.
    const full = () => {
      if (policy.full?.() || this.#isFull(key)) return true
      arriving!.keeper = this.#placeFor(key)
      return false
    }
    const made = (association: Association) => {
      this.#arriving.add(association)
      association.keeper = this
      arriving = association
    }
    const special = { parent: this, made, policy: { ...policy, full }, timeouts: this.#timeouts }
    const association = await acceptAssociation(channel, this.#options, special)
    if (association.error) throw association.error
    this.#arriving.delete(association)
    this.#live.add(association)
    this.#serve(association)
    return association
  }

  /** No more peers; resolves when every association is over and every network connection gone. Called again, it may be more urgent. */
  async close({ mode = 'release', timeout = 10_000 }: CloseOptions = {}): Promise<void> {
    this.#closing = true
    const arriving = [...this.#arriving].map(association => association.abort())
    if (mode === 'drain') await this.#drained(timeout)
    const live = [...this.#live].map(association => (mode === 'abort' ? association.abort() : association.close()))
    await Promise.all([...arriving, ...live])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close({ mode: 'abort' })
  }

  #serve(association: Association): void {
    const { onAssociation } = this.#options
    if (!onAssociation) return
    association.guard('onAssociation', async () => {
      try {
        await onAssociation(association)
      } catch (error) {
        // The loop of a handler throws how its association ended; that is no fault of its own.
        if (error === association.error) return
        void association.abort()
        throw error
      }
    })
  }

  #isFull(key: string): boolean {
    const { maxAssociations = 1_000, maxAssociationsPerPeer = Number.POSITIVE_INFINITY } = this.#options
    return this.#counted >= maxAssociations || (this.#perPeer.get(key)?.taken ?? 0) >= maxAssociationsPerPeer
  }

  #placeFor(key: string): Place {
    const place = this.#perPeer.get(key) ?? new Place(this, key)
    this.#perPeer.set(key, place)
    place.taken += 1
    this.#counted += 1
    return place
  }

  /** @internal */
  left(association: Association, place?: Place): void {
    this.#arriving.delete(association)
    this.#live.delete(association)
    if (place === undefined) return
    this.#counted -= 1
    place.taken -= 1
    if (place.taken === 0) this.#perPeer.delete(place.key)
  }

  #drained(timeout: number): Promise<void> {
    const { timers = systemTimers } = this.#options
    if (this.#live.size === 0) return Promise.resolve()
    return new Promise(resolve => {
      const done = () => {
        stop()
        timer.stop()
        resolve()
      }
      const timer = new Timer(timers, timeout, done)
      const stop = this.on('closed', () => this.#live.size === 0 && done())
      timer.start()
    })
  }
}

/** How many associations a peer has; they share it, and give their place back. */
class Place implements AssociationKeeper {
  taken = 0
  readonly key: string
  readonly #server: AssociationServer

  constructor(server: AssociationServer, key: string) {
    this.#server = server
    this.key = key
  }

  left(association: Association): void {
    this.#server.left(association, this)
  }
}

function hostOf({ host }: Peer): string {
  return host
}
