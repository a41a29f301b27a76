import {
  type InformationReport,
  type MmsClient,
  parseVariable,
  type ReportQueue,
  type RequestOptions,
  type VariableReference,
} from '@x/mms'
import { assignmentsOf, parseAssignment } from '../client/assign.js'
import { type Outcome, readAll } from '../client/bulk.js'
import { type Report, ReportReader } from '../client/reports.js'
import { typesOfParts } from '../client/types.js'
import type { Context } from '../context.js'
import { BadUsage, Failed } from '../errors.js'
import { ExitCode } from '../exit-codes.js'
import { valueJson } from '../render/json.js'
import { counted, displayWidth, safe, truncated } from '../render/text.js'
import { failureText, valueLine } from '../render/values.js'

export interface WatchOptions {
  /** Milliseconds between two reads. @default 1_000 */
  readonly interval: number
  /** Ends after so many reports, or rounds of reading. */
  readonly count?: number
  /** Ends after so many milliseconds; with `count`, too little by then is a failure. */
  readonly for?: number
  /** Shows at each round what has not changed, too. */
  readonly all?: boolean
  /** `item=value`, written before watching, on the same association: switches a report on. */
  readonly set?: readonly string[]
}

/** `mms watch [item…]`: information reports of the device as they come; with items, their values whenever they change. Ends with Ctrl-C. */
export async function watch(context: Context, items: readonly string[], options: WatchOptions): Promise<void> {
  const references = items.map(parseVariable)
  const assignments = (options.set ?? []).map(parseAssignment)
  await context.associated(async (mms, request) => {
    const reports = mms.reports()
    const stop = stopSignal(context.io.signal, options.for)
    try {
      await setFirst(mms, assignments, request)
      context.talk(items.length > 0 ? `reading every ${options.interval} ms, Ctrl-C ends it` : 'waiting for reports, Ctrl-C ends it')
      const left =
        items.length > 0
          ? await poll(context, mms, { references, items }, options, stop.signal)
          : await listen(context, mms, reports, options, stop.signal)
      if (left > 0 && options.count !== undefined && !context.io.signal.aborted) {
        context.talk(`the time is over, and ${left} of ${options.count} have not come`)
        throw new Failed(ExitCode.lost)
      }
    } finally {
      stop.clear()
      await reports.return()
    }
  })
}

async function setFirst(mms: MmsClient, given: Parameters<typeof assignmentsOf>[1], request: RequestOptions): Promise<void> {
  // One after the other: a report must be set up before it is switched on.
  for (const { reference, value } of await assignmentsOf(mms, given, undefined, request)) await mms.writeValue(reference, value, request)
}

/** Fires at Ctrl-C and when the time is over: both end a watch in order. */
function stopSignal(interrupt: AbortSignal, duration: number | undefined): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController()
  const end = (): void => controller.abort()
  if (interrupt.aborted) end()
  interrupt.addEventListener('abort', end, { once: true })
  const timer = duration === undefined ? undefined : setTimeout(end, duration)
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer)
      interrupt.removeEventListener('abort', end)
    },
  }
}

/** @returns how many of the reports that were asked for have not come */
async function listen(
  context: Context,
  mms: MmsClient,
  reports: ReportQueue<InformationReport>,
  options: WatchOptions,
  stop: AbortSignal,
): Promise<number> {
  const leave = (): void => void reports.return()
  stop.addEventListener('abort', leave, { once: true })
  if (stop.aborted) leave()
  let left = options.count ?? Number.POSITIVE_INFINITY
  const reader = new ReportReader(mms)
  try {
    for await (const report of reports) {
      const read = await reader.read(report)
      showReport(context, read, reports.dropped)
      if (--left <= 0) break
    }
  } finally {
    stop.removeEventListener('abort', leave)
  }
  const end = mms.connection.endedWith
  if (end !== undefined && left > 0) throw end
  return left
}

/** A time of day for people. */
function clock(at: Date): string {
  return at.toTimeString().slice(0, 8) + at.toISOString().slice(19, 23)
}

/** Shows a report, or prints it as JSON. @param dropped reports that were lost before it */
export function showReport(context: Context, { name, at, values }: Report, dropped: number): void {
  const { settings, colours, io } = context
  if (settings.json) {
    return context.printJsonLine({
      time: at.toISOString(),
      report: name,
      values: values.map(({ item, outcome, type }) =>
        'data' in outcome ? { item, value: valueJson(outcome.data, type) } : { item, error: outcome.failure },
      ),
      ...(dropped > 0 ? { dropped } : {}),
    })
  }
  const lost = dropped > 0 ? `  ${colours.red(`${dropped} lost: too slow`)}` : ''
  context.print(`${colours.dim(clock(at))}  ${colours.bold(safe(name))}  ${colours.dim(counted(values.length, 'value'))}${lost}`)
  const labels = Math.min(48, Math.max(0, ...values.map(({ item }) => displayWidth(safe(item)))))
  for (const { item, outcome, type } of values) {
    const label = truncated(safe(item), labels)
    const room = io.columns === undefined ? undefined : Math.max(16, io.columns - labels - 18)
    const shown = 'data' in outcome ? colours.cyan(valueLine(outcome.data, type, room)) : colours.red(failureText(outcome.failure))
    context.print(`${' '.repeat(14)}${label}${' '.repeat(labels - displayWidth(label))}  ${shown}`)
  }
}

/** @returns how many of the rounds that were asked for are missing */
async function poll(
  context: Context,
  mms: MmsClient,
  { references, items }: { readonly references: readonly VariableReference[]; readonly items: readonly string[] },
  options: WatchOptions,
  stop: AbortSignal,
): Promise<number> {
  if (options.interval < 1) throw new BadUsage('watch: --interval must be above 0')
  const types = await typesOfParts(mms, references, {})
  const wanted = references.map((reference, i) => ({ reference, type: types[i] }))
  const last: (string | undefined)[] = items.map(() => undefined)
  const labels = Math.min(48, Math.max(...items.map(item => displayWidth(safe(item)))))
  let left = options.count ?? Number.POSITIVE_INFINITY
  while (!stop.aborted) {
    const started = performance.now()
    const outcomes = await readAll(mms, wanted, {})
    const at = new Date()
    for (const [i, outcome] of outcomes.entries()) {
      const text = outcomeText(outcome, types[i])
      if (text === last[i] && !options.all) continue
      last[i] = text
      showValue(context, at, items[i]!, outcome, types[i], labels)
    }
    if (--left <= 0) return 0
    await sleep(options.interval - (performance.now() - started), [stop, mms.signal])
    if (mms.connection.endedWith !== undefined) throw mms.connection.endedWith
  }
  return left
}

function outcomeText(outcome: Outcome, type: Parameters<typeof valueLine>[1]): string {
  return 'data' in outcome ? valueLine(outcome.data, type) : failureText(outcome.failure)
}

function showValue(
  context: Context,
  at: Date,
  item: string,
  outcome: Outcome,
  type: Parameters<typeof valueLine>[1],
  labels: number,
): void {
  const { settings, colours, io } = context
  if (settings.json) {
    const result = 'data' in outcome ? { value: valueJson(outcome.data, type) } : { error: outcome.failure }
    return context.printJsonLine({ time: at.toISOString(), item, ...result })
  }
  const label = truncated(safe(item), labels)
  const room = io.columns === undefined ? Number.POSITIVE_INFINITY : Math.max(16, io.columns - labels - 16)
  const text = truncated(outcomeText(outcome, type), room)
  const shown = 'data' in outcome ? colours.cyan(text) : colours.red(text)
  context.print(`${colours.dim(clock(at))}  ${label}${' '.repeat(labels - displayWidth(label))}  ${shown}`)
}

/** Waits, or until one of the signals fires. */
function sleep(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise(resolve => {
    if (signals.some(signal => signal.aborted)) return resolve()
    const wake = (): void => {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, Math.max(0, ms))
    for (const signal of signals) signal.addEventListener('abort', wake)
  })
}
