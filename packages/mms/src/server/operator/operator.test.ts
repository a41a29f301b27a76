import { HandTimers } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { codeOf, type Pair, pair, settle } from '../../../test/pair.js'
import type { AccessCondition } from '../../asn1/access-control.js'
import type { MmsServerOptions } from '../server.js'
import type { OperatorStationModel } from './model.js'
import { type StationEvent, type StationState, type StationTarget, stationTable } from './states.js'
import { OperatorStation } from './station.js'

/** An independent copy of the table of the document; `.`: no event of that state. */
const STATES: StationState[] = ['idle', 'display-prompt-data', 'waiting-for-input', 'input-buffer-filled', 'output-buffers-filled']
const ROWS: Record<StationEvent, string> = {
  'input with prompt': 'display-prompt-data queue queue queue queue',
  'input without prompt': 'waiting-for-input queue queue queue queue',
  'prompt shown': '. waiting-for-input . . .',
  'line ended': 'kept . input-buffer-filled . .',
  'input answered': '. . . idle .',
  'time over': '. idle idle . .',
  'given up': '. idle idle . output-buffers-filled',
  output: 'output-buffers-filled queue queue queue queue',
  'lines shown': '. . . . idle',
}
const cells = (Object.keys(ROWS) as StationEvent[]).flatMap(event =>
  ROWS[event].split(' ').map((target, i) => ({ event, state: STATES[i]!, target: target as StationTarget | '.' })),
)
test.each(cells)('operator station, $state: $event leads to $target (self-only)', ({ event, state, target }) => {
  expect(stationTable[event][state]).toBe(target === '.' ? undefined : target)
})

/** A hook that waits until it is told, with what it was called with. */
function held<T>() {
  const calls: unknown[][] = []
  const settlers: { resolve: (value: T) => void; reject: (reason: unknown) => void }[] = []
  const hook = (...given: unknown[]) => {
    calls.push(given)
    return new Promise<T>((resolve, reject) => settlers.push({ resolve, reject }))
  }
  return { hook, calls, next: () => settlers.shift()! }
}

const call = () => {
  const controller = new AbortController()
  return { signal: controller.signal, cancelable: false, suspend() {}, restart() {}, abort: () => controller.abort() }
}
const INPUT = { type: 'input', echo: true, prompt: [] as string[], timeout: undefined as number | undefined } as const

/** A station in a state, by events that lead there, with what tells it on. */
function stationIn(state: StationState, more: Partial<OperatorStationModel> = {}) {
  const timers = new HandTimers()
  const show = held<void>()
  const station = new OperatorStation('S', { type: 'entry-display', show: show.hook, ...more }, 'M_NonDeletable', timers)
  const asked = call()
  if (state === 'display-prompt-data') void station.ask({ ...INPUT, prompt: ['?'] }, asked)
  if (state === 'waiting-for-input') void station.ask(INPUT, asked)
  if (state === 'output-buffers-filled') void station.ask({ type: 'output', lines: ['x'] }, asked)
  expect(station.state).toBe(state)
  return { station, show, asked, timers }
}
// Its response leaves at once, so nobody meets a station in this state.
const seen = STATES.filter(state => state !== 'input-buffer-filled')

describe.each(seen)('a station in %s does what its row says', state => {
  const isBusy = state !== 'idle'
  test.each([
    ['input with prompt', { ...INPUT, prompt: ['?'] }, 'display-prompt-data'],
    ['input without prompt', INPUT, 'waiting-for-input'],
    ['output', { type: 'output', lines: ['x'] }, 'output-buffers-filled'],
  ] as const)('%s', (_, job, then) => {
    const { station } = stationIn(state)
    void station.ask(job, call())
    expect([station.state, station.waiting]).toEqual(isBusy ? [state, 1] : [then, 0])
  })

  test('line ended', () => {
    const { station } = stationIn(state)
    expect(station.enter('abc\r\n')).toBe(state === 'waiting-for-input')
    expect(station.state).toBe(state === 'waiting-for-input' ? 'idle' : state)
  })

  test('given up', async () => {
    const { station, asked } = stationIn(state)
    asked.abort()
    expect(station.state).toBe(state === 'output-buffers-filled' ? state : 'idle')
  })

  test('shown', async () => {
    const { station, show } = stationIn(state)
    if (state === 'idle' || state === 'waiting-for-input') return expect(show.calls).toEqual([])
    show.next().resolve()
    await settle()
    expect(station.state).toBe(state === 'display-prompt-data' ? 'waiting-for-input' : 'idle')
  })
})

test('a line that is typed while nobody asks waits for the next input, where that is offered: one does', async () => {
  const { station } = stationIn('idle', { typeAhead: true })
  expect([station.enter('first'), station.enter('second')]).toEqual([true, false])
  expect(await station.ask({ ...INPUT, timeout: 0 }, call())).toEqual({ line: 'first' })
  expect(station.state).toBe('idle')
  expect(await station.ask({ ...INPUT, timeout: 0 }, call())).toHaveProperty('error.errorClass', {
    type: 'servicePreempt',
    value: 'timeout',
  })
})

test('a time-out longer than a timer can wait is waited for in parts', async () => {
  const { station, timers } = stationIn('idle')
  let outcome: unknown
  void station.ask({ ...INPUT, timeout: 0x7fff_ffff + 5_000 }, call()).then(given => {
    outcome = given
  })
  timers.advance(0x7fff_ffff)
  await settle()
  expect([station.state, outcome]).toEqual(['waiting-for-input', undefined])
  timers.advance(5_000)
  await settle()
  expect(station.state).toBe('idle')
  expect(outcome).toHaveProperty('error')
})

function operators(stations: Record<string, OperatorStationModel>, more: Partial<MmsServerOptions> = {}): Promise<Pair> {
  return pair({ model: { identity: { vendorName: 'v', modelName: 'm', revision: 'r' }, operatorStations: stations }, ...more })
}
const stationOf = (p: Pair, name = 'S') => p.server.vmd.vmdSpecific.get('operatorStation', name)!

describe('over an association', () => {
  test('a prompt is shown, a line is typed and answered without its end; an output is answered when it is shown', async () => {
    const show = held<void>()
    const read = held<string>()
    const p = await operators({ S: { type: 'entry-display', show: show.hook, read: read.hook } })
    const { operators: client } = p.mms
    const typed = client.input('S', { prompt: ['Name', 'of the batch?'], echo: false })
    const shown = client.output('S', ['one', 'two'])
    await settle()
    expect(show.calls).toEqual([[['Name', 'of the batch?'], { isPrompt: true, signal: expect.any(AbortSignal) }]])
    show.next().resolve()
    await settle()
    expect(read.calls).toEqual([[{ echo: false, signal: expect.any(AbortSignal) }]])
    read.next().resolve('B 17\n')
    expect(await typed).toBe('B 17')
    await settle()
    expect(show.calls[1]).toEqual([['one', 'two'], { isPrompt: false, signal: expect.any(AbortSignal) }])
    expect(stationOf(p).state).toBe('output-buffers-filled')
    show.next().resolve()
    await shown
    expect(stationOf(p).state).toBe('idle')
    const names: string[] = []
    for await (const name of p.mms.names({ type: 'basicObjectClass', value: 'operatorStation' }, { type: 'vmdSpecific', value: null }))
      names.push(name)
    expect(names).toEqual(['S'])
    p.mms.abort()
  })

  test('without hooks the application enters lines and looks at the buffers; an entry station does not echo', async () => {
    const echoes: boolean[] = []
    const p = await operators({
      Keys: { type: 'entry' },
      Panel: { type: 'display' },
      Echo: { type: 'entry', read: ({ echo }) => `${echoes.push(echo)}` },
    })
    const typed = p.mms.operators.input('Keys')
    await settle()
    expect(stationOf(p, 'Keys').enter('42')).toBe(true)
    expect(await typed).toBe('42')
    await p.mms.operators.output('Panel', ['a', 'b'])
    expect(stationOf(p, 'Panel').outputBuffers).toEqual(['a', 'b'])
    await p.mms.operators.input('Echo', { echo: true })
    expect(echoes).toEqual([false])
    p.mms.abort()
  })

  test('an input waits longer than any call may, but not longer than its time-out, in seconds', async () => {
    const p = await operators({ S: { type: 'entry' } }, { limits: { callTimeout: 1_000 } })
    const patient = p.mms.operators.input('S')
    await settle()
    p.timers.advance(3_600_000)
    expect(stationOf(p).state).toBe('waiting-for-input')
    stationOf(p).enter('at last')
    expect(await patient).toBe('at last')
    const hasty = codeOf(p.mms.operators.input('S', { inputTimeOut: 5 }))
    await settle()
    p.timers.advance(4_999)
    await settle()
    expect(stationOf(p).state).toBe('waiting-for-input')
    p.timers.advance(1)
    expect(await hasty).toBe('servicePreempt/timeout')
    expect(stationOf(p).state).toBe('idle')
    expect(await codeOf(p.mms.operators.input('S', { inputTimeOut: 0 }))).toBe('servicePreempt/timeout')
    p.mms.abort()
  })

  test('requests wait in order, each in its place, as many as may', async () => {
    const p = await operators({ S: { type: 'entry', maxWaiting: 2 } })
    const answers = ['a', 'b', 'c'].map(async name => [name, await p.mms.operators.input('S')])
    await settle()
    expect(stationOf(p).waiting).toBe(2)
    expect(await codeOf(p.mms.operators.input('S'))).toBe('resource/capability-unavailable')
    for (const line of ['1', '2', '3']) stationOf(p).enter(line)
    expect(await Promise.all(answers)).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ])
    p.mms.abort()
  })

  test('a cancel ends an input that waits, and one in the queue; the next one has its turn', async () => {
    const read = held<string>()
    const p = await operators({ S: { type: 'entry', read: read.hook } })
    const [first, second] = [new AbortController(), new AbortController()]
    const one = p.mms.operators.input('S', { signal: first.signal })
    const two = p.mms.operators.input('S', { signal: second.signal })
    const three = p.mms.operators.input('S')
    await settle()
    second.abort()
    first.abort()
    await expect(one).rejects.toThrow()
    await expect(two).rejects.toThrow()
    await settle()
    const [[turn]] = read.calls as [[{ signal: AbortSignal }]]
    expect(turn.signal.aborted).toBe(true)
    expect([stationOf(p).state, stationOf(p).waiting, read.calls.length]).toEqual(['waiting-for-input', 0, 2])
    read.next().resolve('too late')
    await settle()
    expect(stationOf(p).state).toBe('waiting-for-input')
    read.next().resolve('right')
    expect(await three).toBe('right')
    p.mms.abort()
  })

  test('an output that has begun cannot be cancelled, and is shown to its end when its client has gone; what waits goes', async () => {
    const show = held<void>()
    const p = await operators({ S: { type: 'entry-display', show: show.hook } })
    const cancelled: unknown[] = []
    p.mms.on('cancelled', what => cancelled.push(what))
    const gone = new AbortController()
    p.mms.operators.output('S', ['x'], { signal: gone.signal }).catch(() => {})
    p.mms.operators.input('S').catch(() => {})
    await settle()
    gone.abort()
    await settle()
    expect(cancelled).toMatchObject([{ error: { errorClass: { type: 'cancel', value: 'cancel-not-possible' } } }])
    p.mms.abort()
    await p.association.ended
    await settle()
    expect([stationOf(p).state, stationOf(p).waiting]).toEqual(['output-buffers-filled', 0])
    show.next().resolve()
    await settle()
    expect(stationOf(p).state).toBe('idle')
  })

  test('an input that waits is given up when its association ends', async () => {
    const p = await operators({ S: { type: 'entry' } })
    p.mms.operators.input('S').catch(() => {})
    await settle()
    expect(stationOf(p).state).toBe('waiting-for-input')
    p.mms.abort()
    await p.association.ended
    await settle()
    expect(stationOf(p).state).toBe('idle')
  })

  test('an output is answered when it is buffered, where that is wanted', async () => {
    const show = held<void>()
    const p = await operators({ S: { type: 'display', show: show.hook, outputAnswered: 'buffered' } })
    await p.mms.operators.output('S', ['x'])
    expect(stationOf(p).state).toBe('output-buffers-filled')
    show.next().resolve()
    await settle()
    expect(stationOf(p).state).toBe('idle')
    p.mms.abort()
  })

  const jammed = () => Promise.reject(new TypeError('jammed'))
  const throws = () => {
    throw new TypeError('no paper')
  }
  type Refusal = [title: string, station: OperatorStationModel, ask: (p: Pair) => Promise<unknown>, code: string]
  const refusals: Refusal[] = [
    ['input, there is no such station', { type: 'entry' }, p => p.mms.operators.input('None'), 'access/object-non-existent'],
    ['output, there is no such station', { type: 'display' }, p => p.mms.operators.output('None', []), 'access/object-non-existent'],
    ['input, the station only shows', { type: 'display' }, p => p.mms.operators.input('S'), 'definition/object-attribute-inconsistent'],
    [
      'output, the station only takes in',
      { type: 'entry' },
      p => p.mms.operators.output('S', ['x']),
      'definition/object-attribute-inconsistent',
    ],
    [
      'input, a prompt at a station that does not show',
      { type: 'entry' },
      p => p.mms.operators.input('S', { prompt: ['?'] }),
      'invalid-argument',
    ],
    [
      'input, the prompt cannot be shown',
      { type: 'entry-display', show: jammed },
      p => p.mms.operators.input('S', { prompt: ['?'] }),
      'vmdState/vmd-operational-problem',
    ],
    [
      'input, the line cannot be read',
      { type: 'entry', read: jammed },
      p => p.mms.operators.input('S'),
      'vmdState/vmd-operational-problem',
    ],
    [
      'input, the line cannot be read at once',
      { type: 'entry', read: throws },
      p => p.mms.operators.input('S'),
      'vmdState/vmd-operational-problem',
    ],
    [
      'output, the lines cannot be shown',
      { type: 'display', show: throws },
      p => p.mms.operators.output('S', ['x']),
      'vmdState/vmd-operational-problem',
    ],
  ]
  test.each(refusals)('%s: refused, and the station is idle', async (...[, station, ask, code]: Refusal) => {
    const p = await operators({ S: station })
    expect(await codeOf(ask(p))).toBe(code)
    expect(stationOf(p).state).toBe('idle')
    p.mms.abort()
  })

  test('the list of a station guards input by its write condition and output by its read condition', async () => {
    const p = await operators({ S: { type: 'entry-display', read: () => 'x' } })
    const never: AccessCondition = { type: 'never', value: null }
    const guard = (conditions: object) =>
      p.server.vmd.vmdSpecific.add('accessControlList', { name: 'Guard', scope: undefined, accessControlList: 'M_Never', conditions })
    stationOf(p).accessControlList = 'Guard'
    guard({ writeAccessCondition: never })
    expect(await codeOf(p.mms.operators.input('S'))).toBe('access/object-access-denied')
    await p.mms.operators.output('S', ['x'])
    guard({ readAccessCondition: never })
    expect(await codeOf(p.mms.operators.output('S', ['x']))).toBe('access/object-access-denied')
    expect(await p.mms.operators.input('S')).toBe('x')
    p.mms.abort()
  })

  test('without output there is no prompt', async () => {
    const p = await operators({ S: { type: 'entry-display' } }, { handlers: { output: false } })
    expect(await codeOf(p.mms.operators.input('S', { prompt: ['?'] }))).toBe('invalid-argument')
    p.mms.abort()
  })

  test('a model whose display would be read is refused', async () => {
    await expect(operators({ S: { type: 'display', read: () => 'x' } })).rejects.toThrow('operator station S')
  })
})
