import { readFileSync } from 'node:fs'
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8'
import type { NetworkAddress } from '../channel.js'
import { sourceOf } from './address.js'

/** Why a connection was closed before anything was read from it. */
export type RefusalReason = 'limit' | 'address limit' | 'rate' | 'not admitted' | 'closing'

/** How often each reason was met. */
export type Refusals = Readonly<Record<RefusalReason, number>>

export interface AdmissionOptions {
  /** Connections held at once. Lowered to what the descriptors of the process allow. @default 1_000 */
  readonly maxConnections?: number
  /** Connections held at once from one IPv4 address or one IPv6 network of 64 bits. @default as `maxConnections` */
  readonly maxPerAddress?: number
  /** New connections from one such address: so many a second in the long run, `burst` at once. @default no limit */
  readonly acceptRate?: { readonly perSecond: number /** @default as `perSecond` */; readonly burst?: number }
  /** Addresses for which places are kept free that nobody else gets. */
  readonly reserved?: { readonly addresses: readonly string[] /** @default 2 for each address */; readonly places?: number }
  /** Asked last: why this peer must stay out, in words; undefined lets it in. See `heapAbove`. */
  readonly admit?: (remote: NetworkAddress) => string | undefined
}

/** Addresses whose rate is remembered at most. */
const MOST_REMEMBERED = 10_000
/** Descriptors kept for files, name lookups and the like. */
const RESERVED_DESCRIPTORS = 64

/** Decides on each connection that arrives. What it remembers is bounded, however many addresses come. */
export class Admission {
  readonly maxConnections: number
  readonly counts: Record<RefusalReason, number> = { limit: 0, 'address limit': 0, rate: 0, 'not admitted': 0, closing: 0 }
  readonly #maxPerAddress: number
  readonly #reserved: ReadonlySet<string>
  readonly #places: number
  readonly #rate: Rate | undefined
  readonly #admit: ((remote: NetworkAddress) => string | undefined) | undefined
  readonly #perSource = new Map<string, number>()
  /** Connections from addresses without reserved places. */
  #others = 0
  #all = 0

  constructor(options: AdmissionOptions) {
    const { maxConnections = 1_000, acceptRate, reserved } = options
    this.maxConnections = Math.max(1, Math.min(maxConnections, descriptorLimit() - RESERVED_DESCRIPTORS))
    this.#maxPerAddress = options.maxPerAddress ?? this.maxConnections
    this.#reserved = new Set(reserved?.addresses.map(sourceOf))
    this.#places = Math.min(reserved?.places ?? 2 * this.#reserved.size, this.maxConnections)
    this.#rate = acceptRate && new Rate(acceptRate.perSecond, acceptRate.burst ?? acceptRate.perSecond)
    this.#admit = options.admit
  }

  /** @returns why it is refused, and it is counted; undefined: it has a place now, until `leave` */
  enter(remote: NetworkAddress): { readonly reason: RefusalReason; readonly text: string } | undefined {
    const refused = this.#judge(remote)
    if (refused !== undefined) {
      this.counts[refused.reason] += 1
      return refused
    }
    const source = sourceOf(remote.host)
    this.#all += 1
    if (!this.#reserved.has(source)) this.#others += 1
    this.#perSource.set(source, (this.#perSource.get(source) ?? 0) + 1)
    return undefined
  }

  leave(host: string): void {
    const source = sourceOf(host)
    this.#all -= 1
    if (!this.#reserved.has(source)) this.#others -= 1
    const rest = this.#perSource.get(source)! - 1
    if (rest === 0) this.#perSource.delete(source)
    else this.#perSource.set(source, rest)
  }

  #judge(remote: NetworkAddress): { reason: RefusalReason; text: string } | undefined {
    const source = sourceOf(remote.host)
    // First, so that whoever tries too often does not learn more.
    if (this.#rate?.take(source) === false) return { reason: 'rate', text: `${source} connects too often` }
    const open = this.#perSource.get(source) ?? 0
    if (open >= this.#maxPerAddress) return { reason: 'address limit', text: `${source} has ${open} connections already` }
    if (this.#all >= this.maxConnections) return { reason: 'limit', text: `${this.#all} connections are open already` }
    if (this.#others >= this.maxConnections - this.#places && !this.#reserved.has(source)) {
      return { reason: 'limit', text: `${this.#all} connections are open already, and the other places are reserved` }
    }
    const text = this.#asked(remote)
    return text === undefined ? undefined : { reason: 'not admitted', text }
  }

  /** Who cannot be decided on stays out, and the others are served. */
  #asked(remote: NetworkAddress): string | undefined {
    try {
      return this.#admit?.(remote)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      process.emitWarning(error)
      return `the decision failed: ${error.message}`
    }
  }
}

/** A bucket of tokens for each address: one is taken each time, and they come back with time. */
class Rate {
  readonly #perSecond: number
  readonly #burst: number
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond
    this.#burst = burst
  }

  take(source: string): boolean {
    const now = performance.now()
    let bucket = this.#buckets.get(source)
    if (bucket === undefined) {
      bucket = { tokens: this.#burst, at: now }
      this.#remember(source, bucket, now)
    }
    bucket.tokens = this.#tokensIn(bucket, now)
    bucket.at = now
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  #tokensIn({ tokens, at }: { tokens: number; at: number }, now: number): number {
    return Math.min(this.#burst, tokens + ((now - at) / 1_000) * this.#perSecond)
  }

  #remember(source: string, bucket: { tokens: number; at: number }, now: number): void {
    if (this.#buckets.size >= MOST_REMEMBERED) {
      // A full bucket says as much as none.
      for (const [other, held] of this.#buckets) if (this.#tokensIn(held, now) >= this.#burst) this.#buckets.delete(other)
      // Still too many: the one that came first is forgotten.
      if (this.#buckets.size >= MOST_REMEMBERED) this.#buckets.delete(this.#buckets.keys().next().value!)
    }
    this.#buckets.set(source, bucket)
  }
}

/** What V8 keeps for young objects unless told otherwise: it is part of its limit, but no room for what stays. */
const YOUNG = 48 * 2 ** 20

/**
 * For `admit`: keeps new peers out while the heap is nearly full, so that those who are in stay served. Buffers are not counted: they
 * are not part of the limit either.
 * @param share of what the heap may hold, 0 … 1. @default 0.9
 */
export function heapAbove(share = 0.9): () => string | undefined {
  const limit = getHeapStatistics().heap_size_limit - YOUNG
  return () => {
    const used = getHeapSpaceStatistics().reduce(
      (sum, { space_name: name, space_used_size: size }) => (name.startsWith('new') ? sum : sum + size),
      0,
    )
    if (used < share * limit) return undefined
    return `memory is short: ${Math.round(used / 2 ** 20)} of ${Math.round(limit / 2 ** 20)} MiB of heap are in use`
  }
}

/** Descriptors this process may have; Infinity where the system does not say in a file. */
function descriptorLimit(): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY
  let limits: string
  try {
    limits = readFileSync('/proc/self/limits', 'latin1')
  } catch (error) {
    if (error instanceof Error) return Number.POSITIVE_INFINITY
    throw error
  }
  const line = limits.split('\n').find(text => text.startsWith('Max open files'))
  const soft = Number(line?.slice(14).trim().split(' ')[0])
  return soft > 0 ? soft : Number.POSITIVE_INFINITY
}
