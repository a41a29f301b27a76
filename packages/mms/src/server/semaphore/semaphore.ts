import type { ApplicationReference } from '../../asn1/application-reference.js'
import type { ServiceError } from '../../asn1/error.js'
import type { AttachToSemaphore } from '../../asn1/modifier.js'
import type { NamedToken } from '../../asn1/semaphore.js'
import { compareNames } from '../../names.js'
import { isMeant } from '../application.js'
import type { ServerAssociation } from '../association.js'
import { serviceError } from '../errors.js'
import type { ServedCall } from '../handlers.js'
import type { MmsObject, Scope } from '../objects.js'
import { SemaphoreEntry } from './entry.js'
import type { EntryEvent, EntryState, EntryStep } from './entry-states.js'

/** Who wants control, and how. */
export interface Asked {
  readonly request: AttachToSemaphore & { readonly applicationToPreempt?: ApplicationReference }
  readonly entryClass: 'simple' | 'modifier'
  readonly association: ServerAssociation
  /** The request: it may be cancelled as long as it waits. */
  readonly call: Pick<ServedCall, 'signal' | 'cancelable'>
}

/** What a semaphore needs of where it is. */
export interface SemaphoreSurroundings {
  /** Whether one more entry may be made, of all semaphores together. */
  readonly hasRoom: (association: ServerAssociation) => boolean
  /** Entries that there are now more, or less. */
  readonly count: (difference: 1 | -1) => void
  /** The time of an owner is over: its event condition is triggered. */
  readonly onTimeOut: () => void
}

/** How an attempt to take control ended, or that it waits in the queue. */
export type Taken =
  | { readonly entry: SemaphoreEntry }
  | { readonly error: ServiceError }
  | Promise<{ entry: SemaphoreEntry } | { error: ServiceError }>

/**
 * Something of which only so many clients may have control at a time. ISO 9506-1, 16. A *token* semaphore has equal tokens, a *pool* semaphore
 * named ones that stand for real things.
 *
 * A free token goes to the entry of the highest priority (0 is the highest), among equals to the one that came first; of a pool, to the first
 * one that wants that token or any. So a low priority may wait for ever, and clients that each wait for what another has wait until their
 * acceptable delays are over: deadlocks are not looked for.
 */
export class Semaphore implements MmsObject {
  name: string
  scope: Scope | undefined
  accessControlList: string
  readonly semaphoreClass: 'token' | 'pool'
  readonly numberOfTokens: number
  /** Of a pool, in collating order, and who has each. */
  readonly #pool: Map<string, SemaphoreEntry | undefined> | undefined
  readonly #surroundings: SemaphoreSurroundings
  readonly #owners = new Set<SemaphoreEntry>()
  /** By priority, then by time of arrival. */
  #queue: SemaphoreEntry[] = []
  #lastID = 0

  /** @param tokens their number, or the names of a pool's, each once */
  constructor(name: string, tokens: number | readonly string[], accessControlList: string, surroundings: SemaphoreSurroundings) {
    this.name = name
    this.accessControlList = accessControlList
    this.#surroundings = surroundings
    this.semaphoreClass = typeof tokens === 'number' ? 'token' : 'pool'
    this.numberOfTokens = typeof tokens === 'number' ? tokens : tokens.length
    if (typeof tokens !== 'number') this.#pool = new Map([...tokens].sort(compareNames).map(token => [token, undefined]))
  }

  /** Entries of a state by ascending id; of all states when it is absent. */
  entries(state?: EntryState): readonly SemaphoreEntry[] {
    return [...this.#owners, ...this.#queue].filter(entry => state === undefined || entry.state === state).sort((a, b) => a.id - b.id)
  }

  /** How many entries have control, hung ones or not. */
  get taken(): number {
    return this.#owners.size
  }

  hasToken(name: string): boolean {
    return this.#pool?.has(name) ?? false
  }

  /** The tokens of a pool in collating order, with how each stands. */
  get namedTokens(): readonly NamedToken[] {
    return [...(this.#pool ?? [])].map(([value, owner]) => {
      if (owner === undefined) return { type: 'freeNamedToken', value }
      return { type: owner.state === 'hung' ? 'hungNamedToken' : 'ownedNamedToken', value }
    })
  }

  /** Gives control, puts into the queue, or refuses. ISO 9506-1, 16.2. The request must fit the class of the semaphore. */
  take(asked: Asked): Taken {
    const { request, call } = asked
    const hung = request.applicationToPreempt && this.#hungOf(request.applicationToPreempt, request.namedToken)
    const free = hung ?? this.#freeToken(request.namedToken)
    if (free === undefined && request.acceptableDelay === 0) return { error: serviceError('servicePreempt', 'timeout') }
    if (!this.#surroundings.hasRoom(asked.association)) return { error: serviceError('resource', 'capability-unavailable') }
    this.#lastID += 1
    const entry: SemaphoreEntry = new SemaphoreEntry(this.#lastID, asked, step => this.#stepped(entry, step))
    this.#surroundings.count(1)
    if (free !== undefined) {
      const { namedToken } = free
      hung?.take('preempted')
      this.#give(entry, namedToken)
      return { entry }
    }
    return new Promise(resolve => {
      this.#enqueue(entry)
      call.cancelable = true
      entry.wait(call.signal, outcome => {
        // From now on, not from when the response is sent: nobody would give the token back.
        call.cancelable = false
        resolve(outcome === 'granted' ? { entry } : { error: outcome })
      })
    })
  }

  /** Something that happens to all entries. */
  tell(event: EntryEvent): void {
    // The queue first, so that nobody in it is given what is about to be lost.
    for (const entry of [...this.#queue, ...this.#owners]) entry.take(event)
  }

  #stepped(entry: SemaphoreEntry, { to, frees, and }: EntryStep): void {
    const at = this.#queue.indexOf(entry)
    if (at >= 0) this.#queue.splice(at, 1)
    if (and === 'trigger') this.#surroundings.onTimeOut()
    if (to !== undefined) return
    this.#surroundings.count(-1)
    if (!this.#owners.delete(entry)) return
    if (entry.namedToken !== undefined) this.#pool?.set(entry.namedToken, undefined)
    if (frees) this.#serveNext(entry.namedToken)
  }

  #give(entry: SemaphoreEntry, namedToken: string | undefined): void {
    this.#owners.add(entry)
    if (namedToken !== undefined) this.#pool!.set(namedToken, entry)
    entry.own(namedToken)
  }

  #serveNext(namedToken: string | undefined): void {
    const next = this.#queue.find(entry => entry.namedToken === undefined || entry.namedToken === namedToken)
    if (next !== undefined) this.#give(next, namedToken)
  }

  #enqueue(entry: SemaphoreEntry): void {
    const at = this.#queue.findIndex(other => other.priority > entry.priority)
    this.#queue.splice(at < 0 ? this.#queue.length : at, 0, entry)
  }

  /** A token that is free; of a pool the one that is wanted, or the first. */
  #freeToken(wanted: string | undefined): { readonly namedToken: string | undefined } | undefined {
    if (this.#owners.size >= this.numberOfTokens) return undefined
    if (this.#pool === undefined) return { namedToken: undefined }
    for (const [namedToken, owner] of this.#pool) {
      if (owner === undefined && (wanted === undefined || wanted === namedToken)) return { namedToken }
    }
    return undefined
  }

  #hungOf(application: ApplicationReference, namedToken: string | undefined): SemaphoreEntry | undefined {
    for (const entry of this.#owners) {
      const isWanted = namedToken === undefined || entry.namedToken === namedToken
      if (entry.state === 'hung' && isWanted && isMeant(entry.calling, application)) return entry
    }
    return undefined
  }
}
