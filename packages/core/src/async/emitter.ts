/** What every event carries. */
export interface Stamp<Name> {
  readonly event: Name
  /** Milliseconds since 1970-01-01 UTC. */
  readonly timestamp: number
}

export type Listener<Events, Name extends keyof Events> = (event: Events[Name] & Stamp<Name>) => unknown

/** A listener or a hook that threw, or whose promise rejected. */
export interface Fault {
  /** The event, or the name of the hook. */
  readonly of: string
  readonly error: unknown
}

interface Entry {
  readonly listener: (event: never) => unknown
  readonly once: boolean
}

/**
 * Notification: any number of listeners, none of which can disturb what they are told of, or one another. What a listener throws, or its
 * promise rejects with, is told as `fault`, and written to the console when nobody listens to that.
 *
 * Without listeners it costs one empty field.
 */
export class Emitter<Events extends { fault: Fault }> {
  #entries: Map<keyof Events, readonly Entry[]> | undefined
  readonly #parent: Emitter<Events> | undefined

  /** @param parent its listeners are told after those here */
  constructor(parent?: Emitter<Events>) {
    this.#parent = parent
  }

  /** @returns takes the listener off again */
  on<Name extends keyof Events>(event: Name, listener: Listener<Events, Name>): () => void {
    this.#add(event, { listener, once: false })
    return () => this.off(event, listener)
  }

  /** As `on`, for the next event only. */
  once<Name extends keyof Events>(event: Name, listener: Listener<Events, Name>): () => void {
    this.#add(event, { listener, once: true })
    return () => this.off(event, listener)
  }

  /** @param listener absent: all of that event */
  off<Name extends keyof Events>(event: Name, listener?: Listener<Events, Name>): void {
    const left = listener ? this.#of(event).filter(entry => entry.listener !== listener) : []
    if (left.length > 0) this.#entries?.set(event, left)
    else this.#entries?.delete(event)
  }

  /** The listeners of an event, here and not at the parent. */
  listeners<Name extends keyof Events>(event: Name): readonly Listener<Events, Name>[] {
    return this.#of(event).map(({ listener }) => listener as Listener<Events, Name>)
  }

  /** The events that have listeners here. */
  get eventNames(): readonly (keyof Events)[] {
    return [...(this.#entries?.keys() ?? [])]
  }

  /** Whether anybody, here or at the parent, would hear of an event. */
  hears(event: keyof Events): boolean {
    return this.#entries?.has(event) || (this.#parent?.hears(event) ?? false)
  }

  /** Tells the listeners, in the order in which they came. Never throws. */
  emit<Name extends keyof Events>(event: Name, what: Events[Name]): void {
    if (!this.hears(event)) {
      if (event === 'fault') unheard(what as Fault)
      return
    }
    this.#tell(event, { ...what, event, timestamp: Date.now() })
  }

  /** Runs foreign code that nothing depends on: what it throws, or its promise rejects with, becomes a `fault`. */
  guard(of: string, run: () => unknown): void {
    const fault = (error: unknown) => {
      // A listener of faults that fails would be told of itself for ever.
      if (of === 'fault') unheard({ of, error })
      else this.emit('fault', { of, error } as Events['fault'])
    }
    try {
      const result = run()
      if (isThenable(result)) result.then(undefined, fault)
    } catch (error) {
      fault(error)
    }
  }

  #add(event: keyof Events, entry: Entry): void {
    this.#entries ??= new Map()
    this.#entries.set(event, [...this.#of(event), entry])
  }

  #of(event: keyof Events): readonly Entry[] {
    return this.#entries?.get(event) ?? []
  }

  #tell<Name extends keyof Events>(event: Name, stamped: Events[Name] & Stamp<Name>): void {
    for (const entry of this.#of(event)) {
      if (entry.once) {
        const left = this.#of(event).filter(other => other !== entry)
        if (left.length > 0) this.#entries?.set(event, left)
        else this.#entries?.delete(event)
      }
      this.guard(String(event), () => entry.listener(stamped as never))
    }
    if (this.#parent) this.#parent.#tell(event, stamped)
  }
}

function unheard({ of, error }: Fault): void {
  console.error(`a listener or hook of '${of}' failed:`, error)
}

/** Whether it is a promise, of whatever make. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
