/**
 * State tables as plain data, written from the standards beside the machines and not from them: a second witness.
 *
 * A cell is a list of alternatives, tried in order. `[predicate] ↓what goes down ↑what goes up +fact -fact → state`; the arrow may
 * be missing when the machine stays. A predicate joins facts, and variants of the event, by `&`; `not` turns one round. In the place
 * of actions may stand `usage` (the caller's mistake: it throws and nothing changes), `ignored`, `never: reason` (it cannot happen; if
 * it does, nothing comes of it), `kept away: reason` (the layer below does not let it happen, and it is not brought about), or a name out of `macros`, which may have alternatives of its own. `!` in front marks the standard's
 * treatment of a protocol error.
 */
export interface LayerTable {
  readonly name: string
  /** Where in the standard. */
  readonly source: string
  /** Each state with its meaning. */
  readonly states: Readonly<Record<string, string>>
  /** States of the standard that our machine does not have, and why; their cells are counted and checked to be unreachable. */
  readonly absent?: Readonly<Record<string, string>>
  readonly initial: string
  /** The variables behind the predicates: what is true beside the state. */
  readonly facts: Readonly<Record<string, string>>
  /** The facts that a fresh machine may begin with: one list for each way to set it up. */
  readonly starts: readonly (readonly string[])[]
  readonly events: Readonly<Record<string, Source>>
  /** Kinds of one event that a predicate asks for. An event without an entry has one kind, ''. */
  readonly variants: Readonly<Record<string, readonly string[]>>
  readonly macros: Readonly<Record<string, string | readonly string[]>>
  /** Event → states, joined by blanks, → alternatives. `*` stands for all states that the row does not name. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

export type Source = 'user' | 'peer' | 'provider' | 'timer' | 'malformed'

export interface Outcome {
  readonly kind: 'valid' | 'ignored' | 'usage' | 'error' | 'never' | 'kept away'
  readonly when: readonly string[]
  /** In order: `↓PDU or primitive`, `↑primitive`. */
  readonly actions: readonly string[]
  readonly set: readonly string[]
  readonly clear: readonly string[]
  /** Absent: the machine stays. */
  readonly to?: string
  readonly reason?: string
}

export interface Config {
  readonly state: string
  readonly facts: ReadonlySet<string>
}

export interface Step {
  readonly event: string
  readonly variant: string
}

/** How legal events lead to a configuration. */
export interface Way {
  readonly start: ReadonlySet<string>
  readonly path: readonly Step[]
  readonly config: Config
}

/** A table taken apart: every cell of every state is there, or this throws. */
export class Oracle {
  readonly table: LayerTable
  /** States of our machine. */
  readonly states: readonly string[]
  /** States of the standard, those that we do not have included. */
  readonly allStates: readonly string[]
  readonly events: readonly string[]
  readonly #cells = new Map<string, readonly Outcome[]>()

  constructor(table: LayerTable) {
    this.table = table
    this.states = Object.keys(table.states)
    this.allStates = [...this.states, ...Object.keys(table.absent ?? {})]
    this.events = Object.keys(table.events)
    for (const [event, row] of Object.entries(table.rows)) this.#takeRow(event, row)
    const missing = this.events.flatMap(event =>
      this.states.filter(state => !this.#cells.has(`${state}×${event}`)).map(state => `${state} × ${event}`),
    )
    if (missing.length > 0) throw new TypeError(`${table.name}: no entry for ${missing.join(', ')}`)
  }

  /** Cells of the table: states × events, those of absent states too. */
  get size(): number {
    return this.allStates.length * this.events.length
  }

  cell(state: string, event: string): readonly Outcome[] {
    const cell = this.#cells.get(`${state}×${event}`)
    if (cell === undefined) throw new TypeError(`${this.table.name}: no cell ${state} × ${event}`)
    return cell
  }

  variantsOf(event: string): readonly string[] {
    return this.table.variants[event] ?? ['']
  }

  /** What must happen. The first alternative whose predicate is true. */
  predict(config: Config, { event, variant }: Step): Outcome {
    const { state, facts } = config
    const found = this.cell(state, event).find(outcome => outcome.when.every(term => holds(term, facts, variant)))
    if (found === undefined)
      throw new TypeError(
        `${this.table.name}: ${state} × ${event} ${variant}: no predicate is true with ${[...facts].join(', ') || 'no fact'}`,
      )
    return found
  }

  next({ state, facts }: Config, outcome: Outcome): Config {
    if (outcome.set.length === 0 && outcome.clear.length === 0) return { state: outcome.to ?? state, facts }
    const after = new Set([...facts, ...outcome.set])
    for (const fact of outcome.clear) {
      if (fact === '*') after.clear()
      else after.delete(fact)
    }
    return { state: outcome.to ?? state, facts: after }
  }

  /** Every configuration that legal events reach, and errors that the connection survives, each with a shortest path. */
  reach(): readonly Way[] {
    const found = new Map<string, Way>()
    const open = this.table.starts.map((facts): Way => {
      const start = new Set(facts)
      return { start, path: [], config: { state: this.table.initial, facts: start } }
    })
    for (let at = open.shift(); at; at = open.shift()) {
      const key = keyOf(at.config)
      if (found.has(key)) continue
      found.set(key, at)
      for (const event of this.events) {
        for (const variant of this.variantsOf(event)) {
          const outcome = this.predict(at.config, { event, variant })
          const goesOn = outcome.kind === 'valid' || outcome.kind === 'ignored' || (outcome.kind === 'error' && outcome.to === undefined)
          if (!goesOn) continue
          const config = this.next(at.config, outcome)
          if (!found.has(keyOf(config))) open.push({ start: at.start, path: [...at.path, { event, variant }], config })
        }
      }
    }
    return [...found.values()]
  }

  #takeRow(event: string, row: Readonly<Record<string, string | readonly string[]>>): void {
    if (!(event in this.table.events)) throw new TypeError(`${this.table.name}: ${event} is no event of the table`)
    const named = Object.keys(row).flatMap(states => states.split(' '))
    for (const [states, cell] of Object.entries(row)) {
      const outcomes = (typeof cell === 'string' ? [cell] : cell).flatMap(text => this.#outcomes(text))
      for (const state of states === '*' ? this.states.filter(s => !named.includes(s)) : states.split(' ')) {
        if (!this.states.includes(state)) throw new TypeError(`${this.table.name}: ${event}: ${state} is no state`)
        const key = `${state}×${event}`
        if (this.#cells.has(key)) throw new TypeError(`${this.table.name}: ${key} has two entries`)
        this.#cells.set(key, outcomes)
      }
    }
  }

  #outcomes(text: string): readonly Outcome[] {
    const match = /^(?:\[([^\]]*)\] ?)?(.*)$/.exec(text.trim())!
    const when = match[1] === undefined || match[1] === 'else' ? [] : match[1].split('&').map(term => term.trim())
    const macro = this.table.macros[match[2]!]
    if (macro === undefined) return [this.#outcome(text, when, match[2]!)]
    const alternatives = typeof macro === 'string' ? [macro] : macro
    return alternatives.flatMap(each => this.#outcomes(each)).map(outcome => ({ ...outcome, when: [...when, ...outcome.when] }))
  }

  #outcome(text: string, when: readonly string[], rest: string): Outcome {
    if (rest === 'usage') return { kind: 'usage', when, actions: [], set: [], clear: [] }
    if (rest === 'ignored') return { kind: 'ignored', when, actions: [], set: [], clear: [] }
    if (rest.startsWith('kept away: ')) return { kind: 'kept away', when, actions: [], set: [], clear: [], reason: rest.slice(11) }
    if (rest.startsWith('never')) return { kind: 'never', when, actions: [], set: [], clear: [], reason: rest.replace(/^never:? ?/, '') }
    const [before = '', to] = rest.split('→').map(part => part.trim())
    const words = before.split(/\s+/).filter(word => word !== '')
    const error = words[0] === '!'
    const known = [...words.slice(error ? 1 : 0)]
    const stray = known.find(word => !/^[↓↑+-]/.test(word))
    if (stray !== undefined) throw new TypeError(`${this.table.name}: “${stray}” in “${text}” is neither an action nor a macro`)
    if (to !== undefined && !this.states.includes(to)) throw new TypeError(`${this.table.name}: “${to}” in “${text}” is no state`)
    return {
      kind: error ? 'error' : 'valid',
      when,
      actions: known.filter(word => /^[↓↑]/.test(word)),
      set: known.filter(word => word.startsWith('+')).map(word => word.slice(1)),
      clear: known.filter(word => word.startsWith('-')).map(word => word.slice(1)),
      ...(to === undefined ? {} : { to }),
    }
  }
}

/** One name for a configuration. */
export function keyOf({ state, facts }: Config): string {
  return [state, ...[...facts].sort()].join(' ')
}

/** A cell in words, for titles: `T-DISCONNECT.indication, CLOSED; or …`. */
export function inWords(outcomes: readonly Outcome[]): string {
  return outcomes
    .map(({ kind, when, actions, to, reason }) => {
      const what =
        kind === 'never' || kind === 'kept away'
          ? `cannot occur: ${reason}`
          : kind === 'usage'
            ? 'usage error'
            : kind === 'ignored'
              ? 'ignored'
              : [...(kind === 'error' ? ['protocol error'] : []), ...actions.map(action => action.slice(1)), to ?? 'stays'].join(', ')
      if (when.length > 0) return `if ${when.join(' and ')}: ${what}`
      return outcomes.length > 1 ? `otherwise: ${what}` : what
    })
    .join('; ')
}

function holds(term: string, facts: ReadonlySet<string>, variant: string): boolean {
  if (term.startsWith('not ')) return !holds(term.slice(4), facts, variant)
  return facts.has(term) || variant === term
}
