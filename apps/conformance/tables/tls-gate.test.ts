import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Channel } from '@x/core'
import { secureTransport } from '@x/tls'
import { describe, expect, test } from 'vitest'
import { crl, entity } from '../../../packages/tls/test/certificates.js'
import { ca, client, eventLog, server } from '../../../packages/tls/test/kit.js'

/**
 * The gate of TLS as a table: nothing of a peer is heard before the gate has decided, and only an open channel can be ended. From the
 * rules for IEC 62351-3 in our notes. `then`: what a decision to allow, coming later, must still lead to.
 */
const table = {
  handshake: {
    'handshake succeeds': 'deciding',
    'handshake fails': 'closed',
    'octets of the peer': 'never: without a handshake they are one that fails',
    'the gate allows': 'never: nobody has been shown to it',
    'the gate refuses': 'never: nobody has been shown to it',
    'a list names the peer': 'handshake, then closed',
    'a list names another': 'handshake, then open',
    deadline: 'closed',
    'the peer resets': 'closed',
  },
  deciding: {
    'handshake succeeds': 'never: it has',
    'handshake fails': 'never: it has succeeded',
    'octets of the peer': 'deciding, then open',
    'the gate allows': 'open',
    'the gate refuses': 'closed',
    'a list names the peer': 'deciding, then closed',
    'a list names another': 'deciding, then open',
    deadline: 'closed',
    'the peer resets': 'closed, then closed',
  },
  open: {
    'handshake succeeds': 'never: it has',
    'handshake fails': 'never: it has succeeded',
    'octets of the peer': 'open',
    'the gate allows': 'never: it has',
    'the gate refuses': 'never: it has decided',
    'a list names the peer': 'closed',
    'a list names another': 'open',
    deadline: 'open',
    'the peer resets': 'closed',
  },
  closed: {
    'handshake succeeds': 'closed',
    'handshake fails': 'closed',
    'octets of the peer': 'closed',
    'the gate allows': 'closed',
    'the gate refuses': 'never: it has decided',
    'a list names the peer': 'closed',
    'a list names another': 'closed',
    deadline: 'closed',
    'the peer resets': 'closed',
  },
} as const
type State = keyof typeof table
type Event = keyof (typeof table)[State]
const events = Object.keys(table.handshake) as Event[]

const another = await entity(ca, { name: 'another' })
const lists = { mine: await crl(ca, [client]), others: await crl(ca, [another]) }
const DEADLINE = 400

/** Our listener and one peer of it. */
class Gate {
  readonly log = eventLog()
  readonly heard: string[] = []
  channel: Channel | undefined
  ended = false
  asked = 0
  #decide: (allow: boolean) => void = () => {}
  #socket!: Socket
  #secure: Socket | undefined
  #closed = false
  readonly #over
  close: () => Promise<void> = async () => {}

  constructor(deadline: number) {
    this.#over = secureTransport({
      ...server,
      ca: ca.pem,
      crl: lists.others,
      handshakeTimeout: deadline,
      onSecurityEvent: this.log.onSecurityEvent,
      authorize: () => {
        this.asked += 1
        return new Promise<boolean>(resolve => {
          this.#decide = resolve
        })
      },
    })
  }

  async open(): Promise<void> {
    const listener = await this.#over.listen({ host: '127.0.0.1', port: 0 }, channel => {
      this.channel = channel
      channel.onData = octets => this.heard.push(Buffer.from(octets).toString())
      channel.onEnd = () => {
        this.ended = true
      }
    })
    this.close = async () => {
      this.#secure?.destroy()
      this.#socket.destroy()
      await listener.close({ mode: 'abort' })
    }
    this.#socket = connectTcp(listener.port, '127.0.0.1')
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.#closed = true
    })
    await new Promise<void>(resolve => this.#socket.once('connect', () => resolve()))
  }

  get state(): State {
    if (this.channel !== undefined) return this.ended ? 'closed' : 'open'
    if (this.#closed) return 'closed'
    return this.asked > 0 ? 'deciding' : 'handshake'
  }

  async to(state: State): Promise<void> {
    if (state === 'handshake') return
    this.apply('handshake succeeds')
    await this.reaches('deciding')
    if (state === 'open') this.apply('the gate allows')
    if (state === 'closed') this.apply('the gate refuses')
    await this.reaches(state)
  }

  async reaches(state: State): Promise<void> {
    await expect.poll(() => this.state, { timeout: 3_000, interval: 5 }).toBe(state)
  }

  apply(event: Event): void {
    switch (event) {
      case 'handshake succeeds':
        if (this.#closed) return
        this.#secure = connectTls({ socket: this.#socket, rejectUnauthorized: false, key: client.key, cert: client.certificate })
        this.#secure.on('error', () => {})
        this.#secure.on('data', () => {})
        return
      case 'handshake fails':
        this.#socket.write('GET / HTTP/1.1\r\n\r\n')
        return
      case 'octets of the peer':
        this.#secure?.write('octets')
        return
      case 'the gate allows':
        return this.#decide(true)
      case 'the gate refuses':
        return this.#decide(false)
      case 'a list names the peer':
        return this.#over.updateCrl(lists.mine)
      case 'a list names another':
        return this.#over.updateCrl(lists.others)
      case 'deadline':
        return
      case 'the peer resets':
        this.#socket.resetAndDestroy()
        return
      default:
        event satisfies never
    }
  }
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

describe('TLS gate: every cell', () => {
  const cells = (Object.keys(table) as State[]).flatMap(state =>
    events.map(event => ({ state, event, cell: table[state][event] as string })),
  )

  test.each(cells)('TLS gate $state × $event: $cell', async ({ state, event, cell }) => {
    const [now, then] = cell.split(', then ') as [State | string, State | undefined]
    if (now.startsWith('never')) return expect(now).toMatch(/^never: \S/)
    const gate = new Gate(event === 'deadline' ? DEADLINE : 5_000)
    await gate.open()
    try {
      await gate.to(state)
      gate.apply(event)
      // What is to stay is looked at again when everything under way has arrived.
      await pause(event === 'deadline' ? 2 * DEADLINE : 30)
      await gate.reaches(now as State)
      if (now === 'deciding') expect(gate.heard).toEqual([])
      if (then !== undefined) {
        if (now === 'handshake') gate.apply('handshake succeeds')
        if (now === 'handshake' && then === 'open') await gate.reaches('deciding')
        gate.apply('the gate allows')
        await gate.reaches(then)
      }
      const isHeard = event === 'octets of the peer' && (state === 'open' || then === 'open')
      await expect.poll(() => gate.heard.join('')).toBe(isHeard ? 'octets' : '')
      if (state !== 'open' && (then ?? now) === 'closed') expect(gate.channel).toBeUndefined()
    } finally {
      await gate.close()
    }
  })

  test('TLS gate: 4 states × 9 events = 36 cells, none left out', () => {
    expect(cells).toHaveLength(36)
    expect(new Set(cells.map(({ state, event }) => `${state} ${event}`)).size).toBe(36)
  })
})
