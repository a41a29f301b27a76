import { connect, createServer, type Server, type Socket } from 'node:net'

/** What happens to the octets of a link, the same both ways. */
export interface LinkFaults {
  /** Octets that leave together, at most; a function cuts each chunk itself. @default as they came */
  readonly chunk?: number | ((octets: Uint8Array) => readonly Uint8Array[])
  /** Milliseconds before each piece leaves. @default 0 */
  readonly delay?: number
}

/** The side that opened the TCP connection, or the side that listens. */
export type LinkSide = 'client' | 'server'

/** One TCP connection through the proxy, and what a test does to it. */
export class ProxyLink {
  /** The proxy's sockets: to the client and to the server. */
  readonly sockets: Readonly<Record<LinkSide, Socket>>
  /** Octets that each side has sent. */
  readonly sent: Record<LinkSide, number> = { client: 0, server: 0 }
  /** Both sockets are gone. */
  readonly closed: Promise<void>
  readonly #lost = new Set<LinkSide>()
  readonly #stopped = new Set<LinkSide>()
  #go: (() => void)[] = []

  /** @internal */
  constructor(client: Socket, server: Socket, faults: LinkFaults) {
    this.sockets = { client, server }
    this.closed = Promise.all([client, server].map(socket => new Promise<void>(resolve => socket.once('close', () => resolve())))).then(
      () => undefined,
    )
    for (const [from, to] of [
      ['client', 'server'],
      ['server', 'client'],
    ] as const) {
      const [source, target] = [this.sockets[from], this.sockets[to]]
      source.setNoDelay(true)
      source.on('error', () => target.resetAndDestroy())
      source.once('close', () => {
        if (!target.writableEnded) target.destroy()
      })
      void this.#carry(from, source, target, faults)
    }
  }

  /** Octets of that side are not read any more, as by a peer that does not read: its sending comes to a halt. */
  stop(from: LinkSide): void {
    this.#stopped.add(from)
  }

  /** What was stopped goes on. */
  resume(): void {
    this.#stopped.clear()
    for (const go of this.#go.splice(0)) go()
  }

  /** Octets of both sides are taken and thrown away, as by a gateway that answers for a peer that is gone. */
  lose(): void {
    this.#lost.add('client').add('server')
  }

  /** FIN to that side; the other way stays. */
  halfClose(to: LinkSide): void {
    this.sockets[to].end()
  }

  /** RST to that side, or to both. */
  reset(to?: LinkSide): void {
    for (const side of to === undefined ? (['client', 'server'] as const) : [to]) this.sockets[side].resetAndDestroy()
  }

  async #carry(from: LinkSide, source: Socket, target: Socket, { chunk, delay = 0 }: LinkFaults): Promise<void> {
    try {
      for await (const octets of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
        this.sent[from] += octets.length
        for (const piece of cut(octets, chunk)) {
          if (this.#stopped.has(from)) await new Promise<void>(resolve => this.#go.push(resolve))
          if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay))
          // In a turn of its own, so that the other side may read it alone.
          else if (chunk !== undefined) await new Promise(resolve => setImmediate(resolve))
          if (this.#lost.has(from) || !target.writable) continue
          if (!target.write(piece)) await drained(target)
        }
      }
    } catch (error) {
      // The `error` listener has passed it on.
      if (!(error instanceof Error)) throw error
    }
    if (!this.#lost.has(from) && target.writable) target.end()
  }
}

/** A TCP proxy in front of a server, for what networks do to connections: `faults` holds for links that come from then on. */
export class FaultProxy implements AsyncDisposable {
  /** Listens on a free port of the loopback. @param target where links lead */
  static async listen(target: { readonly port: number; readonly host?: string }, faults: LinkFaults = {}): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true })
    const proxy = new FaultProxy(server, faults)
    server.on('connection', client => {
      const onward = connect({ host: '127.0.0.1', ...target, allowHalfOpen: true, noDelay: true })
      proxy.links.push(new ProxyLink(client, onward, proxy.faults))
    })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
    return proxy
  }

  /** Those that came, in order, closed ones too. */
  readonly links: ProxyLink[] = []
  faults: LinkFaults
  readonly #server: Server

  private constructor(server: Server, faults: LinkFaults) {
    this.#server = server
    this.faults = faults
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Resets every link and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve))
    for (const link of this.links) link.reset()
    await closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function cut(octets: Uint8Array, chunk: LinkFaults['chunk']): readonly Uint8Array[] {
  if (chunk === undefined) return [octets]
  if (typeof chunk === 'function') return chunk(octets)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < octets.length; at += chunk) pieces.push(octets.subarray(at, at + chunk))
  return pieces
}

function drained(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.on('drain', done).on('close', done)
  })
}
