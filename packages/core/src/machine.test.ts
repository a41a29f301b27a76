import { describe, expect, test } from 'vitest'
import { Machine, type Primitive, rowsFor, StateTable, seen, tap, UsageError } from './index.js'
import { FakeProvider, recordDeliveries } from './testing/index.js'

type State = 'idle' | 'open'
type Submit = { type: 'OPEN.request'; good: boolean } | { type: 'CLOSE.request' }
type Delivery = { type: 'OPEN.confirm'; by: string }
type Event = Submit | { type: 'TICK' }

const on = rowsFor<Door, State, Event, Delivery>()
const table = new StateTable<Door, State, Event, Delivery>([
  on('OPEN.request', 'idle', { to: 'open', if: (_, e) => e.good, do: door => door.opened() }),
  on('CLOSE.request', ['open'], { to: 'idle', do: door => door.note('closed') }),
  on('TICK', ['idle', 'open'], {}),
])

class Door extends Machine<State, Submit, Delivery, Event> {
  readonly layer = 'cotp'
  protected readonly table = table
  readonly notes: string[] = []
  constructor() {
    super('idle')
  }
  opened(): Delivery {
    this.note(`opened in ${this.state}`)
    return { type: 'OPEN.confirm', by: this.notes.join() }
  }
  note(text: string): void {
    this.notes.push(text)
  }
  tick(): boolean {
    return this.step({ type: 'TICK' })
  }
}

describe('Machine', () => {
  test('commits the state, acts, and delivers last', () => {
    const door = new Door()
    const transitions: string[] = []
    door.onTransition = (event, from, to) => transitions.push(`${event.type}: ${from} to ${to}`)
    const seen = recordDeliveries(door, () => door.submit({ type: 'CLOSE.request' }))
    door.submit({ type: 'OPEN.request', good: true })
    expect(seen).toEqual([{ type: 'OPEN.confirm', by: 'opened in open' }])
    expect(door.notes).toEqual(['opened in open', 'closed'])
    expect(door.state).toBe('idle')
    expect(transitions).toEqual(['OPEN.request: idle to open', 'CLOSE.request: open to idle'])
  })

  test('what the table does not allow is a UsageError that names primitive and state, and changes nothing', () => {
    const door = new Door()
    expect(() => door.submit({ type: 'CLOSE.request' })).toThrow(
      expect.objectContaining({ name: 'UsageError', code: 'STATE', state: 'idle', message: 'CLOSE.request is not allowed in state idle' }),
    )
    expect(() => door.submit({ type: 'OPEN.request', good: false })).toThrow(UsageError)
    expect(door.state).toBe('idle')
    expect(door.tick()).toBe(true)
  })
})

describe('StateTable', () => {
  test('a row behind one without predicate is refused when the table is made', () => {
    expect(() => new StateTable<Door, State, Event, Delivery>([on('TICK', 'idle', {}), on('TICK', 'idle', {})])).toThrow('TICK in idle')
  })

  test('prints as a matrix and as a diagram', () => {
    expect(table.toMarkdown(['idle', 'open'])).toBe(
      '| event | idle | open |\n|---|---|---|\n| OPEN.request | if → open |  |\n| CLOSE.request |  | → idle |\n| TICK | → idle | → open |\n',
    )
    expect(table.toMermaid('idle')).toBe(
      'stateDiagram-v2\n  [*] --> idle\n  idle --> open: OPEN.request\n  open --> idle: CLOSE.request\n  idle --> idle: TICK\n  open --> open: TICK\n',
    )
  })

  test('a print names a predicate that has a name, and gives the diagram names without hyphens', () => {
    const isOpen = (door: Door) => door.state === 'open'
    const rows = [on('TICK', 'idle', { if: isOpen, to: 'half-open' as State }), on('TICK', 'half-open' as State, {})]
    const ajar = new StateTable<Door, State, Event, Delivery>(rows)
    expect(ajar.toMarkdown(['idle'])).toContain('| TICK | isOpen → half-open |')
    expect(ajar.toMermaid()).toContain('  state "half-open" as half_open\n  idle --> half_open: TICK\n  half_open --> half_open: TICK\n')
  })
})

test('a tap sees both ways and changes nothing', () => {
  const provider = new FakeProvider<Primitive, Primitive>()
  const seen: string[] = []
  const tapped = tap(provider, (way, primitive) => seen.push(`${way} ${primitive.type}`))
  const delivered = recordDeliveries(tapped)
  tapped.submit({ type: 'A' })
  provider.deliver({ type: 'B' })
  expect(seen).toEqual(['down A', 'up B'])
  expect(provider.take()).toEqual([{ type: 'A' }])
  expect(delivered).toEqual([{ type: 'B' }])
})

test('what is tapped keeps its other members, also those that have fields of their own', () => {
  class Provider extends FakeProvider<Primitive, Primitive> {
    #limit = 1
    get limit() {
      return this.#limit
    }
    set limit(value: number) {
      this.#limit = value
    }
    twice() {
      return 2 * this.#limit
    }
  }
  const provider = new Provider()
  const heard: string[] = []
  const tapped = seen(provider, 'network', (layer, way, { type }) => heard.push(`${layer} ${way} ${type}`))
  tapped.limit = 4
  expect([provider.limit, tapped.limit, tapped.twice()]).toEqual([4, 4, 8])
  tapped.submit({ type: 'A' })
  expect(heard).toEqual(['network down A'])
  expect(seen(provider, 'network', undefined)).toBe(provider)
})
