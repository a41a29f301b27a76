import { UsageError } from './errors.js'
import type { Primitive } from './service.js'

/** What a row does: where the machine goes, what it sends down, and (as the result) what it delivers upwards, last. */
export interface Cell<M, S extends string, E extends Primitive, D extends Primitive> {
  /** Next state; absent: the machine stays. */
  readonly to?: S
  /** The row's predicate. It must not act. Absent: always. */
  readonly if?: (machine: M, event: E) => boolean
  /** Acts downwards. @returns what goes up, if anything */
  // biome-ignore lint/suspicious/noConfusingVoidType: an action without a delivery is written as a plain call
  readonly do?: (machine: M, event: E) => D | undefined | void
}

/** One line of a state table. */
export interface Row<M, S extends string, E extends Primitive, D extends Primitive> extends Cell<M, S, E, D> {
  readonly event: E['type']
  readonly states: readonly S[]
}

// biome-ignore lint/suspicious/noExplicitAny: rows of one table differ in their event; `rowsFor` types both ends of each row
export type AnyRow<M, S extends string, D extends Primitive> = Row<M, S, any, D>

/** A typed maker of rows: in the row for `'DT'`, the event is the member of `E` whose type is `'DT'`. */
export function rowsFor<M, S extends string, E extends Primitive, D extends Primitive>() {
  return <T extends E['type']>(
    event: T,
    states: S | readonly S[],
    cell: Cell<M, S, Extract<E, { readonly type: T }>, D>,
  ): AnyRow<M, S, D> =>
    // All rows have the same members, absent ones too: the kernel meets rows of one shape only.
    ({
      event,
      states: typeof states === 'string' ? [states] : states,
      to: cell.to,
      if: cell.if,
      do: cell.do,
    }) as AnyRow<M, S, D>
}

/**
 * A state table as it stands in the annex of its standard: rows of event, states, predicate, action and next state.
 * Rows with the same event and state are tried in order.
 */
export class StateTable<M, S extends string, E extends Primitive, D extends Primitive> {
  readonly rows: readonly AnyRow<M, S, D>[]
  readonly #cells = new Map<string, Map<string, AnyRow<M, S, D>[]>>()
  /** The two cells asked for last: while data flows there are no others, one for each way. */
  #recent = NOWHERE as Found<AnyRow<M, S, D>>
  #other = NOWHERE as Found<AnyRow<M, S, D>>

  /** @throws UsageError `TABLE_UNREACHABLE` when a row stands behind one without predicate */
  constructor(rows: readonly AnyRow<M, S, D>[]) {
    this.rows = rows
    for (const row of rows) {
      const byState = this.#cells.get(row.event) ?? new Map<string, AnyRow<M, S, D>[]>()
      this.#cells.set(row.event, byState)
      for (const state of row.states) {
        const cell = byState.get(state) ?? []
        if (cell.at(-1) && !cell.at(-1)!.if) {
          throw new UsageError(
            'network',
            'TABLE_UNREACHABLE',
            `${row.event} in ${state}: a row stands behind one without a predicate`,
            state,
          )
        }
        cell.push(row)
        byState.set(state, cell)
      }
    }
  }

  /** The row that applies, or undefined: the cell is empty or none of its predicates is true. */
  find(machine: M, state: S, event: E): Row<M, S, E, D> | undefined {
    const cell = this.#cellOf(event.type, state)
    if (cell === undefined) return undefined
    for (let i = 0; i < cell.length; i++) {
      const row = cell[i]!
      if (row.if === undefined || row.if(machine, event)) return row
    }
    return undefined
  }

  #cellOf(event: string, state: string): readonly AnyRow<M, S, D>[] | undefined {
    const recent = this.#recent
    if (recent.event === event && recent.state === state) return recent.cell
    const other = this.#other
    this.#other = recent
    if (other.event === event && other.state === state) {
      this.#recent = other
      return other.cell
    }
    const cell = this.#cells.get(event)?.get(state)
    this.#recent = { event, state, cell }
    return cell
  }

  /** The rows of one cell, in the order of trying. */
  cell(state: S, event: string): readonly AnyRow<M, S, D>[] {
    return this.#cells.get(event)?.get(state) ?? []
  }

  /** All events that have a row, in the order of the table. */
  get events(): string[] {
    return [...this.#cells.keys()]
  }

  /**
   * The table as a Markdown matrix, events down, states across: `→ B` for each row of a cell, in the order of trying, behind the name of its
   * predicate, or `if` where that has no name.
   */
  toMarkdown(states: readonly S[]): string {
    const lines = [`| event | ${states.join(' | ')} |`, `|---|${states.map(() => '---').join('|')}|`]
    for (const event of this.events) {
      const cells = states.map(state =>
        this.cell(state, event)
          .map(row => `${row.if === undefined ? '' : `${row.if.name || 'if'} `}→ ${row.to ?? state}`)
          .join('<br>'),
      )
      lines.push(`| ${event} | ${cells.join(' | ')} |`)
    }
    return `${lines.join('\n')}\n`
  }

  /**
   * The table as a Mermaid state diagram: one arrow for each pair of states, with the events on it.
   *
   * @param initial where the arrow of the beginning points to. @default there is none
   */
  toMermaid(initial?: S): string {
    const arrows = new Map<string, { readonly from: string; readonly to: string; readonly events: Set<string> }>()
    for (const row of this.rows) {
      for (const state of row.states) {
        const to = row.to ?? state
        const arrow = arrows.get(`${state}→${to}`) ?? { from: state, to, events: new Set<string>() }
        arrows.set(`${state}→${to}`, arrow)
        arrow.events.add(row.event)
      }
    }
    const states = new Set([...arrows.values()].flatMap(({ from, to }) => [from, to]))
    return [
      'stateDiagram-v2',
      ...[...states].filter(state => mermaidId(state) !== state).map(state => `  state "${state}" as ${mermaidId(state)}`),
      ...(initial === undefined ? [] : [`  [*] --> ${mermaidId(initial)}`]),
      ...[...arrows.values()].map(({ from, to, events }) => `  ${mermaidId(from)} --> ${mermaidId(to)}: ${broken([...events])}`),
      '',
    ].join('\n')
  }
}

/** Mermaid has no hyphens and blanks in the names of states. */
function mermaidId(state: string): string {
  return state.replace(/\W/g, '_')
}

/** A label of a few events a line; without the signs that end a label. */
function broken(events: readonly string[]): string {
  const label: string[] = []
  for (let i = 0; i < events.length; i += 4) label.push(events.slice(i, i + 4).join(', '))
  return label.join('<br/>').replace(/[:;#]/g, '')
}

interface Found<Row> {
  readonly event: string
  readonly state: string
  readonly cell: readonly Row[] | undefined
}

const NOWHERE: Found<never> = { event: '', state: '', cell: undefined }
