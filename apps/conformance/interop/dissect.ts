import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'

/** One protocol unit as tshark names it. P-DATA is listed as its MMS PDU only. */
export interface DissectedPdu {
  readonly layer: 'cotp' | 'spdu' | 'acse' | 'mms'
  /** `CR`, `CN`, `AARQ`, `confirmed-Request` … as in `vectors/README.md`. */
  readonly pdu: string
  readonly service?: string
  readonly invokeId?: number
}

/** What tshark made of one frame. */
export interface DissectedFrame {
  readonly frame: number
  readonly protocols: readonly string[]
  readonly pdus: readonly DissectedPdu[]
}

/** What tshark made of a capture. */
export interface Dissection {
  readonly frames: readonly DissectedFrame[]
  /** Frames it could not dissect to the end. */
  readonly malformed: readonly number[]
  /** Frames with a fragment it could not put together. */
  readonly unreassembled: readonly number[]
  /** Frames about which it says something of severity warning or error, and what. */
  readonly remarks: readonly { readonly frame: number; readonly text: string }[]
}

/** Whether tshark is on this machine. */
export function hasTshark(): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, 'tshark')))
}

/** Has tshark read a capture, with `port` taken for TPKT. Undefined when tshark cannot read it. */
export function dissect(file: string, port: number): Promise<Dissection | undefined> {
  const reading = new Reading()
  return new Promise(resolve => {
    const child = spawn('tshark', ['-n', '-r', file, '-d', `tcp.port==${port},tpkt`, '-T', 'pdml'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const patience = setTimeout(() => child.kill('SIGKILL'), 120_000)
    const lines = createInterface({ input: child.stdout })
    lines.on('line', line => reading.line(line))
    const finished = new Promise<void>(end => lines.on('close', end))
    child.on('error', () => resolve(undefined))
    child.on('close', code => {
      clearTimeout(patience)
      void finished.then(() => resolve(code === 0 ? reading.result() : undefined))
    })
  })
}

const severities = { error: 0x0080_0000, warning: 0x0060_0000 }

/** Follows the lines of PDML, which holds one element per line. */
class Reading {
  readonly #frames: {
    frame: number
    protocols: string[]
    pdus: { layer: DissectedPdu['layer']; pdu: string; service?: string; invokeId?: number }[]
  }[] = []
  readonly #malformed = new Set<number>()
  readonly #unreassembled = new Set<number>()
  readonly #remarks: { frame: number; text: string }[] = []
  #inMms = false
  #remark = ''

  line(line: string): void {
    const text = line.trimStart()
    if (text.startsWith('<packet')) this.#frames.push({ frame: this.#frames.length + 1, protocols: [], pdus: [] })
    else if (text.startsWith('<proto ')) this.#proto(attribute(text, 'name'))
    else if (text.startsWith('<field ')) this.#field(attribute(text, 'name'), attribute(text, 'showname'), attribute(text, 'show'))
  }

  result(): Dissection {
    return { frames: this.#frames, malformed: [...this.#malformed], unreassembled: [...this.#unreassembled], remarks: this.#remarks }
  }

  #proto(name: string): void {
    const frame = this.#frames.at(-1)!
    this.#inMms = name === 'mms'
    if (name === '_ws.malformed') this.#malformed.add(frame.frame)
    else if (name === '_ws.unreassembled') this.#unreassembled.add(frame.frame)
    else if (name !== 'geninfo' && name !== 'frame') frame.protocols.push(name)
  }

  #field(name: string, shown: string, show: string): void {
    const frame = this.#frames.at(-1)!
    if (name.startsWith('_ws.malformed')) this.#malformed.add(frame.frame)
    else if (name.startsWith('_ws.unreassembled')) this.#unreassembled.add(frame.frame)
    else if (name === '_ws.expert.message') this.#remark = show
    else if (name === '_ws.expert.severity' && Number(show) >= severities.warning)
      this.#remarks.push({ frame: frame.frame, text: this.#remark })
    else if (name === 'cotp.type') this.#add('cotp', firstWord(afterColon(shown)), ['CR', 'CC', 'DR', 'ER'])
    else if (name === 'ses.type') this.#add('spdu', inParentheses(shown), ['CN', 'AC', 'RF', 'FN', 'DN', 'NF', 'AB', 'AA'])
    else if (name.startsWith('acse.') && name.endsWith('_element'))
      this.#add('acse', name.slice(5, -8).toUpperCase(), ['AARQ', 'AARE', 'RLRQ', 'RLRE', 'ABRT'])
    else if (name.startsWith('mms.')) this.#mms(name.slice(4), shown, show)
  }

  #mms(name: string, shown: string, show: string): void {
    if (this.#inMms) {
      this.#inMms = false
      this.#frames.at(-1)!.pdus.push({ layer: 'mms', pdu: mmsPdu(shown) })
      return
    }
    const pdu = this.#frames.at(-1)!.pdus.at(-1)
    if (pdu === undefined || pdu.layer !== 'mms') return
    if ((name === 'invokeID' || name === 'originalInvokeID') && pdu.invokeId === undefined) pdu.invokeId = Number(show)
    else if (name === 'confirmedServiceRequest' || name === 'confirmedServiceResponse' || name === 'unconfirmedService')
      pdu.service ??= firstWord(afterColon(shown))
  }

  #add(layer: DissectedPdu['layer'], pdu: string, known: readonly string[]): void {
    if (known.includes(pdu)) this.#frames.at(-1)!.pdus.push({ layer, pdu })
  }
}

/** `confirmed-RequestPDU` → `confirmed-Request`, `unconfirmed-PDU` → `unconfirmed`. */
export function mmsPdu(shown: string): string {
  const name = firstWord(shown)
  return name.endsWith('-PDU') ? name.slice(0, -4) : name.endsWith('PDU') ? name.slice(0, -3) : name
}

function attribute(text: string, name: string): string {
  const start = text.indexOf(` ${name}="`)
  if (start < 0) return ''
  const from = start + name.length + 3
  return text.slice(from, text.indexOf('"', from))
}

function afterColon(text: string): string {
  return text.slice(text.indexOf(':') + 1).trim()
}

function firstWord(text: string): string {
  const end = [...text].findIndex(c => c === ' ' || c === ':')
  return end < 0 ? text : text.slice(0, end)
}

/** `SPDU Type: CONNECT (CN) SPDU (13)` → `CN`. */
function inParentheses(text: string): string {
  const open = text.indexOf('(')
  return open < 0 ? '' : text.slice(open + 1, text.indexOf(')', open))
}
