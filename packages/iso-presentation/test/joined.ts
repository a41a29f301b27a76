import type { ServiceProvider } from '@x/core'
import { HandTimers } from '@x/core/testing'
import { SessionMachine } from '@x/iso-session'
import { PresentationMachine, type PresentationOptions } from '../src/machine.js'
import type { PresentationDelivery, PresentationSubmit } from '../src/service.js'
import { sessionPair, UNITS } from './harness.js'

/** A way to join two machines, and to let everything that is under way arrive. */
export type Join = (options?: { a?: PresentationOptions; b?: PresentationOptions }) => {
  a: PresentationMachine
  b: PresentationMachine
  run: () => void
}

export const overPair: Join = ({ a = {}, b = {} } = {}) => {
  const pair = sessionPair()
  return { a: new PresentationMachine(pair.a, a), b: new PresentationMachine(pair.b, b), run: pair.run }
}

/** Over the real session machine, whose transport connections are joined in memory. */
export const overSession: Join = ({ a = {}, b = {} } = {}) => {
  type Transport = ConstructorParameters<typeof SessionMachine>[0]
  type TSubmit = Parameters<Transport['submit']>[0]
  type TDelivery = Parameters<Transport['onDeliver']>[0]
  const queue: (() => void)[] = []
  const end = (): ServiceProvider<TSubmit, TDelivery> => ({ submit: () => {}, onDeliver: () => {} })
  const ends = [end(), end()] as const
  const join = (here: Transport, there: Transport) => {
    here.submit = primitive => {
      const octets = primitive.type === 'T-DATA.request' ? primitive.userData.octets().slice() : undefined
      queue.push(() => {
        if (octets) there.onDeliver({ type: 'T-DATA.indication', userData: octets })
        else if (primitive.type === 'T-CONNECT.request') there.onDeliver({ type: 'T-CONNECT.indication', called: {}, calling: {} })
        else if (primitive.type === 'T-CONNECT.response') there.onDeliver({ type: 'T-CONNECT.confirm', responding: {} })
        else there.onDeliver({ type: 'T-DISCONNECT.indication', by: 'peer' })
      })
    }
  }
  join(ends[0], ends[1])
  join(ends[1], ends[0])
  const machine = (transport: Transport, options: PresentationOptions) =>
    new PresentationMachine(new SessionMachine(transport, { timers: new HandTimers(), functionalUnits: UNITS }), options)
  return {
    a: machine(ends[0], a),
    b: machine(ends[1], b),
    run: () => {
      for (let next = queue.shift(); next; next = queue.shift()) next()
    },
  }
}

/** Runs `open`, then lets `answer` answer what is delivered: at once, from inside the delivery, or after everything arrived. */
export function talk(
  join: Join,
  when: 'inside' | 'later',
  open: (a: PresentationMachine, b: PresentationMachine) => void,
  answer: (delivery: PresentationDelivery, who: 'a' | 'b') => PresentationSubmit | undefined,
  options?: Parameters<Join>[0],
) {
  const { a, b, run } = join(options)
  const trace: Record<'a' | 'b', PresentationDelivery[]> = { a: [], b: [] }
  const later: (() => void)[] = []
  for (const [who, machine] of [
    ['a', a],
    ['b', b],
  ] as const) {
    machine.onDeliver = delivery => {
      trace[who].push(delivery)
      const primitive = answer(delivery, who)
      if (primitive === undefined) return
      if (when === 'inside') machine.submit(primitive)
      else later.push(() => machine.submit(primitive))
    }
  }
  open(a, b)
  run()
  for (let next = later.shift(); next; next = later.shift()) {
    next()
    run()
  }
  return { trace, states: [a.state, b.state], types: { a: trace.a.map(d => d.type), b: trace.b.map(d => d.type) } }
}
