/**
 * A map from numbers, for tables whose entries come and go all the time, such as open requests.
 *
 * A `Map` makes a new table of itself whenever it has seen as many additions as it has room for, also when it is nearly empty, and each
 * old table points to the next: once one of them is old, the garbage collector keeps all that follow, with what they held, until its next
 * full run. Here entries are written over in place. Open addressing with linear probing; a removal closes the gap.
 */
export class NumberMap<V> {
  /** NaN: the place is free. */
  #keys = NO_KEYS
  #values: (V | undefined)[] = NO_VALUES
  #size = 0

  get size(): number {
    return this.#size
  }

  has(key: number): boolean {
    return this.#placeOf(key) >= 0
  }

  get(key: number): V | undefined {
    const place = this.#placeOf(key)
    return place < 0 ? undefined : this.#values[place]
  }

  /** @param key any number but NaN */
  set(key: number, value: V): void {
    const place = this.#placeOf(key)
    if (place >= 0) {
      this.#values[place] = value
      return
    }
    if (2 * (this.#size + 1) > this.#keys.length) this.#grow()
    this.#insert(key, value)
    this.#size += 1
  }

  /** @returns whether it was there */
  delete(key: number): boolean {
    let gap = this.#placeOf(key)
    if (gap < 0) return false
    const keys = this.#keys
    const values = this.#values
    const mask = keys.length - 1
    // Whoever stands behind the gap and would have liked to stand in it or before it moves up.
    for (let place = (gap + 1) & mask; !Number.isNaN(keys[place]!); place = (place + 1) & mask) {
      const home = keys[place]! & mask
      if (((place - home) & mask) < ((place - gap) & mask)) continue
      keys[gap] = keys[place]!
      values[gap] = values[place]
      gap = place
    }
    keys[gap] = Number.NaN
    values[gap] = undefined
    this.#size -= 1
    return true
  }

  clear(): void {
    this.#keys = NO_KEYS
    this.#values = NO_VALUES
    this.#size = 0
  }

  /** The values now, in no order. */
  values(): V[] {
    return this.#values.filter((_, place) => !Number.isNaN(this.#keys[place]!)) as V[]
  }

  /** @returns -1: it is not there */
  #placeOf(key: number): number {
    const keys = this.#keys
    const mask = keys.length - 1
    for (let place = key & mask; ; place = (place + 1) & mask) {
      const found = keys[place]!
      if (found === key) return place
      if (Number.isNaN(found)) return -1
    }
  }

  #insert(key: number, value: V): void {
    const keys = this.#keys
    const mask = keys.length - 1
    let place = key & mask
    while (!Number.isNaN(keys[place]!)) place = (place + 1) & mask
    keys[place] = key
    this.#values[place] = value
  }

  #grow(): void {
    const keys = this.#keys
    const values = this.#values
    const places = Math.max(SMALLEST, 2 * keys.length)
    this.#keys = emptyKeys(places)
    this.#values = new Array(places).fill(undefined)
    for (let i = 0; i < keys.length; i++) if (!Number.isNaN(keys[i]!)) this.#insert(keys[i]!, values[i] as V)
  }
}

/** Places of the smallest map with entries; a power of two, as is every larger number of them. */
const SMALLEST = 8

function emptyKeys(places: number): Float64Array {
  return new Float64Array(places).fill(Number.NaN)
}

/** What all maps without entries share: one place that is free, and never taken. */
const NO_KEYS = emptyKeys(1)
const NO_VALUES: undefined[] = [undefined]
