import { acceptWhen, passwordMechanism } from '@x/acse'
import { type Channel, OsiError, ReleasedError, sameOctets } from '@x/core'
import { listenTcp } from '@x/core/node'
import { DisconnectReason } from '@x/cotp'
import { ProviderReason } from '@x/iso-presentation'
import { RefuseReason } from '@x/iso-session'
import { MmsServer, type MmsServerOptions, type ServerAssociation } from '@x/mms'
import { selectorText } from '../association.js'
import type { Context } from '../context.js'
import { makeBay, type Reporter } from '../device/bay.js'
import { loadModelFile } from '../model-file/load.js'
import { counted, safe } from '../render/text.js'
import { type End, passwordOf } from '../settings.js'
import { tapChannel } from '../tap.js'
import { Trace } from '../trace.js'

export interface ServeOptions {
  /** A model as JSON in place of the virtual bay controller. */
  readonly model?: string
  /** Says nothing of associations. */
  readonly quiet?: boolean
  /** What callers must ask for; absent: anything does. */
  readonly demanded: Pick<End, 'tsel' | 'ssel' | 'psel'>
  /** Milliseconds between two reports of measurements; 0: none. */
  readonly reports: number
}

/** What is served: a model, and what goes on beside it. */
interface Served {
  readonly name: string
  readonly model: MmsServerOptions['model']
  start(server: Reporter): void
  stop(): void
}

/** `mms serve`: the virtual device, or a model from a file, for the clients of others. Ends with Ctrl-C. */
export async function serve(context: Context, options: ServeOptions): Promise<void> {
  const { io, settings } = context
  const served = await choose(options)
  const password = await passwordOf(settings, io)
  const log = new Log(context, options.quiet === true)
  const server = new MmsServer({
    model: served.model,
    onAssociation: association => log.associated(association),
    onEnd: (error, remote) => log.ended(error, remote),
    ...admission(options.demanded, password, settings.tpduSize, text => log.refused(text)),
    initiate: {
      ...(settings.maxPdu === undefined ? {} : { maxPduSize: settings.maxPdu, minPduSize: Math.min(settings.maxPdu, 1_024) }),
      ...(settings.outstanding === undefined ? {} : { maxServOutstanding: settings.outstanding }),
    },
  })
  // A client that gets no association has been told why, and so has the log.
  const listener = await listenTcp(
    { host: settings.host, port: settings.port },
    channel => void server.accept(traced(context, channel)).catch(() => {}),
  )
  served.start(server)
  log.ready(served.name, listener.port, options)
  try {
    await interrupted(io.signal)
    log.stopping(server.associations.size)
  } finally {
    served.stop()
    const closed = listener.close()
    await server.close()
    await closed
  }
}

async function choose({ model: file, reports }: ServeOptions): Promise<Served> {
  if (file !== undefined) return { name: `the model of ${file}`, model: await loadModelFile(file), start: () => {}, stop: () => {} }
  const bay = makeBay({ reportInterval: reports })
  return { name: 'the virtual bay controller', model: bay.model, start: server => bay.start(server), stop: () => bay.stop() }
}

/** Refuses callers that ask for somebody else, or do not know the password. @param refused told why */
function admission(
  { tsel, ssel, psel }: ServeOptions['demanded'],
  password: string | undefined,
  tpduSize: number | undefined,
  refused: (text: string) => void,
): Partial<MmsServerOptions> {
  const is = (name: string, wanted: Uint8Array | undefined, found: Uint8Array | undefined): boolean => {
    if (wanted === undefined || (found !== undefined && sameOctets(wanted, found))) return true
    refused(`refused: ${name} must be ${selectorText(wanted)}, called was ${selectorText(found)}`)
    return false
  }
  const authenticated =
    password === undefined ? undefined : acceptWhen({ authentication: { mechanisms: [passwordMechanism({ peer: password })] } })
  return {
    transport: {
      accept: ({ called }) => (is('TSEL', tsel, called.transportSelector) ? 'accept' : DisconnectReason.addressUnknown),
      ...(tpduSize === undefined ? {} : { tpduSize }),
    },
    session: { accept: ({ called }) => (is('SSEL', ssel, called?.sessionSelector) ? 'accept' : RefuseReason.selectorUnknown) },
    presentation: {
      acceptAddress: called => (is('PSEL', psel, called.presentationSelector) ? 'accept' : ProviderReason.calledPresentationAddressUnknown),
    },
    ...(authenticated === undefined
      ? {}
      : {
          acse: {
            accept: indication => {
              const verdict = authenticated(indication)
              if (verdict !== 'accept') refused('refused: no password, or not the right one')
              return verdict
            },
          },
        }),
  }
}

function traced({ settings, io, talkColours }: Context, channel: Channel): Channel {
  if (settings.verbose === 0) return channel
  const trace = new Trace(io, talkColours, { detail: settings.verbose > 1 ? 'octets' : 'lines' })
  return tapChannel(channel, (way, octets) => trace.see(way, octets))
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** What happens to associations: for people on standard error, with `--json` as events on standard output. */
class Log {
  readonly #context: Context
  readonly #quiet: boolean

  constructor(context: Context, quiet: boolean) {
    this.#context = context
    this.#quiet = quiet
  }

  ready(name: string, port: number, { demanded }: ServeOptions): void {
    const { settings, printJsonLine, talkColours, talk, io } = this.#context
    if (settings.json) return printJsonLine({ event: 'ready', role: 'server', host: settings.host, port })
    const { host } = settings
    io.err(`${talkColours.bold(`Serving ${safe(name)} on ${host}:${port}.`)} Ctrl-C ends it.\n`)
    const selectors = Object.entries(demanded).filter(([, selector]) => selector !== undefined)
    if (selectors.length > 0)
      talk(`callers must ask for ${selectors.map(([which, selector]) => `${which} ${selectorText(selector)}`).join(', ')}`)
    if (host === '127.0.0.1') talk('Only programs on this machine reach it; --host 0.0.0.0 lets others in.')
    talk(`Try: mms --port ${port} browse --values`)
  }

  associated(association: ServerAssociation): void {
    const { remote, negotiated } = association
    const { calling } = association.association
    const title = typeof calling.apTitle === 'string' ? `, AP title ${calling.apTitle}` : ''
    this.#say(
      remote,
      'associated',
      `associated${title}, PDU size ${negotiated.maxPduSize}, ${negotiated.maxServOutstandingPeer} outstanding`,
    )
  }

  ended(error: unknown, remote: string): void {
    if (error instanceof ReleasedError) return this.#say(remote, 'released', 'released')
    const why = error instanceof OsiError ? `${error.message} (${error.code})` : String(error)
    this.#say(remote, 'ended', why)
  }

  /** Why a caller is turned away. It is not known yet who calls; the end of the connection follows. */
  refused(text: string): void {
    this.#say('?', 'refused', text)
  }

  stopping(open: number): void {
    this.#context.talk(open === 0 ? 'Stopped.' : `Ending ${counted(open, 'association')} …`)
  }

  #say(remote: string, event: string, text: string): void {
    const { settings, printJsonLine, talkColours, io } = this.#context
    if (this.#quiet) return
    if (settings.json) return printJsonLine({ event, remote, text, time: new Date().toISOString() })
    io.err(`${talkColours.dim(new Date().toTimeString().slice(0, 8))}  ${remote}  ${safe(text)}\n`)
  }
}
