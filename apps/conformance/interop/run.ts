import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Adapter, AdapterFailure, type Answer } from './adapter.js'
import { stopServer } from './association-steps.js'
import { type Dissection, dissect, hasTshark } from './dissect.js'
import { type Explanation, explainSegments } from './explained.js'
import { makeFiles } from './file-steps.js'
import { loadModel, modelFile } from './model.js'
import { between, type Peer, type Role, type StartOptions } from './peers.js'
import { type Recorder, record } from './recorder.js'
import { sclOf, sclValues } from './scl.js'
import type { Sequence, Step } from './step.js'
import { sequences } from './steps.js'

/** How a step went. `skipped`: an earlier step left no association to try it on. */
export type Outcome = 'pass' | 'fail' | 'not offered' | 'skipped'

/** One line of the matrix. */
export interface Result {
  readonly server: string
  readonly client: string
  readonly sequence: string
  readonly step: string
  readonly service: string
  readonly outcome: Outcome
  readonly reason?: string
  /** The last answer was an error, as it may well have to be. */
  readonly refused?: true
  /** Of the whole step. */
  readonly ms: number
}

/** One side of a pair, installed. */
export interface Side {
  readonly peer: Peer
  readonly folder: string
}

/** What a pair yields. */
export interface PairReport {
  readonly client: string
  readonly server: string
  readonly results: readonly Result[]
  /** What was on the wire in each sequence that ran. */
  readonly recordings: readonly Recording[]
}

/** One sequence as two readers saw it. */
export interface Recording {
  readonly sequence: string
  readonly explanation: Explanation
  /** Absent without tshark. */
  readonly dissection?: Dissection
}

/** Seconds after which an adapter ends itself. */
const adapterDeadline = 180

/** What to run, and what to keep. */
export interface RunOptions {
  /** Folder for a capture of each sequence. @default none are kept */
  readonly captures?: string | undefined
  /** Names of sequences. @default all */
  readonly only?: readonly string[]
}

/** Runs every sequence of one client against one server, each with processes and a port of its own. */
export async function runPair(server: Side, client: Side, { captures, only }: RunOptions = {}): Promise<PairReport> {
  const scratch = mkdtempSync(join(tmpdir(), 'interop-'))
  const model = loadModel()
  const scl = join(scratch, 'model.icd')
  const values = join(scratch, 'values.txt')
  writeFileSync(scl, sclOf(model))
  writeFileSync(values, sclValues(model))
  makeFiles(join(scratch, 'files'))
  const results: Result[] = []
  const recordings: Recording[] = []
  try {
    for (const sequence of sequences(model).filter(({ name }) => only?.includes(name) ?? true)) {
      const options: StartOptions = {
        model: modelFile,
        scl,
        values,
        port: 0,
        deadline: adapterDeadline,
        ...(sequence.password === undefined ? {} : { password: sequence.password }),
        ...(sequence.tpdu === undefined ? {} : { tpdu: sequence.tpdu }),
        ...(sequence.files ? { files: join(scratch, 'files') } : {}),
      }
      const capture = join(captures ?? scratch, `${client.peer.name}-to-${server.peer.name}-${sequence.name.replaceAll(' ', '-')}.pcap`)
      if (captures !== undefined) mkdirSync(captures, { recursive: true })
      const { found, recorder } = await runSequence(sequence, server, client, options, capture)
      results.push(...found.map(result => ({ server: server.peer.name, client: client.peer.name, sequence: sequence.name, ...result })))
      if (recorder === undefined) continue
      const dissection = hasTshark() ? await dissect(capture, recorder.port) : undefined
      const explanation = explainSegments(recorder.segments)
      recordings.push({ sequence: sequence.name, explanation, ...(dissection === undefined ? {} : { dissection }) })
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return { client: client.peer.name, server: server.peer.name, results, recordings }
}

type Found = Omit<Result, 'server' | 'client' | 'sequence'>

async function runSequence(
  sequence: Sequence,
  server: Side,
  client: Side,
  options: StartOptions,
  capture: string,
): Promise<{ found: Found[]; recorder?: Recorder }> {
  const lack = server.peer.server!.lacks[sequence.name] ?? client.peer.client!.lacks[sequence.name]
  if (lack !== undefined) return { found: sequence.steps.map(step => outcome(step, 'not offered', 0, lack)) }
  const open: { adapter?: Adapter; calling?: Adapter; recorder?: Recorder } = {}
  try {
    const started = await startSide(server.peer.server!, server.folder, options)
    open.adapter = started.adapter
    open.recorder = await record(started.ready.port!)
    const calling = await startSide(client.peer.client!, client.folder, { ...options, port: open.recorder.port })
    open.calling = calling.adapter
    const found = await runSteps(
      sequence.steps,
      { client: calling.adapter, server: started.adapter },
      {
        ...server.peer.server!.lacks,
        ...client.peer.client!.lacks,
        ...between[`${client.peer.name} → ${server.peer.name}`],
      },
    )
    return { found, recorder: open.recorder }
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    return { found: sequence.steps.map((step, i) => outcome(step, i === 0 ? 'fail' : 'skipped', 0, error.message)) }
  } finally {
    await open.calling?.stop()
    await open.adapter?.stop()
    open.recorder?.save(capture)
    await open.recorder?.close()
  }
}

function startSide(role: Role, folder: string, options: StartOptions): Promise<{ adapter: Adapter; ready: { readonly port?: number } }> {
  return Adapter.start(role.command(folder, options))
}

async function runSteps(steps: readonly Step[], { client, server }: Running, lacks: { readonly [name: string]: string }): Promise<Found[]> {
  const found: Found[] = []
  let opened: readonly string[] = ['open']
  let broken: string | undefined
  for (const step of steps) {
    const lack = lacks[step.id] ?? lacks[step.service]
    const opens = step.service === 'associate'
    if (lack !== undefined) found.push(outcome(step, 'not offered', 0, lack))
    else if (broken !== undefined && !opens) found.push(outcome(step, 'skipped', 0, broken))
    else {
      const result = await runStep(step, { client, server })
      found.push(result)
      if (opens) {
        opened = step.commands[0]!
        broken = result.outcome === 'pass' ? undefined : 'no association'
      } else if (result.outcome === 'fail') broken = await mend(client, opened)
    }
  }
  return found
}

/** Both adapters of a sequence. */
interface Running {
  readonly client: Adapter
  readonly server: Adapter
}

/** After a failure: whether the association still works, or can be opened again, so that later steps say something of their own. */
async function mend(client: Adapter, opened: readonly string[]): Promise<string | undefined> {
  try {
    if ('value' in (await client.ask(['names', 'domains']))) return undefined
    return 'value' in (await client.ask(opened)) ? undefined : 'no association'
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    return error.message
  }
}

async function runStep(step: Step, { client, server }: Running): Promise<Found> {
  const from = performance.now()
  const answers: Answer[] = []
  try {
    for (const command of step.commands) {
      if (command[0] === stopServer) {
        await server.stop()
        continue
      }
      const answer = await client.ask(command)
      answers.push(answer)
      if ('notOffered' in answer) return outcome(step, 'not offered', performance.now() - from, answer.notOffered)
      if ('error' in answer) break
    }
    const wrong = step.check(answers)
    const found = outcome(step, wrong === undefined ? 'pass' : 'fail', performance.now() - from, wrong)
    return 'error' in (answers.at(-1) ?? {}) ? { ...found, refused: true } : found
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    return outcome(step, 'fail', performance.now() - from, error.message)
  }
}

function outcome(step: Step, result: Outcome, ms: number, reason?: string): Found {
  return {
    step: step.id,
    service: step.service,
    outcome: result,
    ms: Math.round(ms * 100) / 100,
    ...(reason === undefined ? {} : { reason }),
  }
}
