import type { MmsClient } from '@x/mms'
import { listen } from '@x/mms/node'
import { associate, endAssociation } from '../association.js'
import type { Context } from '../context.js'
import { headline, type Stage, type StepResult, stageContext, TourFault, tourWidth } from '../demo/stage.js'
import { type Step, steps, type TourState } from '../demo/tour.js'
import { type Bay, makeBay } from '../device/bay.js'
import { Failed } from '../errors.js'
import { ExitCode } from '../exit-codes.js'
import { failureOf } from '../failure.js'
import { counted, safe } from '../render/text.js'
import { Packets } from '../tap.js'
import { Trace } from '../trace.js'

/** Milliseconds between two reports of measurements: short, for nobody wants to wait. */
const REPORT_INTERVAL = 400

/**
 * `mms demo`: a virtual bay controller on a free port of this machine, an association with it over TCP, a look at everything, an
 * orderly end, and one PDU taken apart. Ends with 1 when anything is not as it should be.
 */
export async function demo(context: Context): Promise<void> {
  const started = performance.now()
  const { json } = context.settings
  const quiet: Context = json ? { ...context, print: () => {}, talk: () => {} } : context
  const bay = makeBay({ reportInterval: REPORT_INTERVAL })
  const server = await listen({ host: '127.0.0.1', port: 0, model: bay.model })
  let results: readonly StepResult[]
  try {
    results = await tour(quiet, bay, server)
  } finally {
    bay.stop()
    await server.close()
  }
  const failed = results.filter(result => !result.ok)
  const seconds = (performance.now() - started) / 1_000
  if (json) context.printJson({ ok: failed.length === 0, seconds: Number(seconds.toFixed(3)), steps: results })
  else epilogue(context, results, seconds)
  if (failed.length > 0) throw new Failed(ExitCode.refused)
}

async function tour(context: Context, bay: Bay, server: Awaited<ReturnType<typeof listen>>): Promise<readonly StepResult[]> {
  const { colours, settings, io } = context
  const results: StepResult[] = []
  const sent: Uint8Array[] = []
  const packets = new Packets()
  const port = server.port
  bay.start(server.server)
  context.print(
    colours.bold('A virtual bay controller and an MMS client, over TCP on this machine'),
    colours.dim(`The device listens on 127.0.0.1:${port}.`),
    colours.dim('Each step names the command that does the same on any device.'),
    '',
  )
  // What goes over the wire is shown while the association is made and ended; in between it would be noise.
  const wire = { shown: true }
  const indented = {
    ...io,
    err: (text: string) =>
      context.print(
        ...text
          .trimEnd()
          .split('\n')
          .map(line => `  ${line.trimStart()}`),
      ),
  }
  const trace = new Trace({ ...indented, columns: tourWidth(context) }, colours, { detail: 'lines', times: false })
  const stage: { mms?: MmsClient } = {}
  const state: { tour?: TourState } = {}
  const play = async (step: Step): Promise<void> => {
    const known = stage.mms === undefined ? undefined : { context: stageContext(context, stage.mms, port), mms: stage.mms }
    results.push(await playStep(context, step, results.length + 1, known as Stage, state.tour as TourState))
  }
  await play({
    title: 'Associate, through all seven layers',
    run: async () => {
      stage.mms = await associate({ ...settings, host: '127.0.0.1', port, verbose: 0 }, io, colours, {
        tap(way, octets) {
          if (wire.shown) trace.see(way, octets)
          if (way === 'out') sent.push(...packets.take(octets))
        },
      })
      state.tour = { reports: stage.mms.reports(), sent }
      wire.shown = false
    },
  })
  const { mms } = stage
  if (mms === undefined) return results
  try {
    for (const step of steps) {
      if (io.signal.aborted) throw io.signal.reason
      await play(step)
    }
  } finally {
    wire.shown = true
    await play({ title: 'Conclude and release', run: () => endAssociation(mms, io.signal.aborted) })
  }
  return results
}

async function playStep(context: Context, step: Step, number: number, stage: Stage, state: TourState): Promise<StepResult> {
  const { colours } = context
  const started = performance.now()
  context.print(headline(context, number, step.title, step.command))
  const took = (): number => Math.round(performance.now() - started)
  try {
    await step.run(stage, state)
    context.print('')
    return { title: step.title, ok: true, ms: took() }
  } catch (error) {
    if (context.io.signal.aborted) throw error
    const problem = error instanceof TourFault || error instanceof Failed ? error.message : failureOf(error).message
    context.print(`  ${colours.red(safe(problem))}`, '')
    return { title: step.title, ok: false, ms: took(), problem }
  }
}

function epilogue(context: Context, results: readonly StepResult[], seconds: number): void {
  const { green, red, bold, dim, cyan } = context.colours
  const failed = results.filter(result => !result.ok)
  context.print(
    failed.length === 0
      ? green(`All ${counted(results.length, 'step')} went as they should, in ${seconds.toFixed(1)} s.`)
      : red(`${failed.length} of ${counted(results.length, 'step')} failed: ${failed.map(({ title }) => title).join('; ')}.`),
    '',
    bold('The same client with a device of yours:'),
    `  ${cyan('mms identify --host 192.0.2.7')}              ${dim('port 102, or --port')}`,
    `  ${cyan('mms browse --host 192.0.2.7 --values')}`,
    `  ${cyan('mms browse --host … --called-tsel 0002 -v')}   ${dim('selectors in hex; -v: every PDU')}`,
    bold('And this device for a client of yours:'),
    `  ${cyan('mms serve --port 10102')}`,
    dim('In this repository mms is `npx mms`. Every command has --help.'),
  )
}
