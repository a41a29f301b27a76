import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Model, Tree } from '@x/conformance/model'

export const DOMAIN = 'BENCHLD0'
export const ITEM = 'GGIO1$MX$AnIn1'
export const LIST = 'LLN0$All'
export const MEMBERS = 100
export const FILE = 'large.bin'
export const FILE_SIZE = 64 * 1_048_576

/** A folder with what both servers are started with: a model, and a file that they give. */
export class Device implements Disposable {
  readonly model: string
  readonly files: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'mms-bench-'))

  /** @param nodes logical nodes, each with a hundred measured values: structures of a float in a structure, its quality and its time */
  constructor(nodes: number) {
    this.model = join(this.#folder, 'model.json')
    this.files = this.#folder
    writeFileSync(this.model, JSON.stringify(modelOf(nodes)))
  }

  /** Writes the file. */
  withFile(): this {
    const octets = Buffer.alloc(1_048_576)
    for (let i = 0; i < octets.length; i++) octets[i] = (i * 31) >> 3
    for (let at = 0; at < FILE_SIZE; at += octets.length) writeFileSync(join(this.files, FILE), octets, { flag: 'a' })
    return this
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }
}

function modelOf(nodes: number): Model {
  const measured = { mag: { f: ['FLOAT32', 229.5] }, q: ['Quality', '0000000000000'], t: ['Timestamp', '6553f10000000018'] } as const
  const node: Tree = { MX: Object.fromEntries(Array.from({ length: MEMBERS }, (_, i) => [`AnIn${i + 1}`, measured])) }
  const head: Tree = { ST: { Mod: { stVal: ['Enum', 1] } } }
  return {
    ied: DOMAIN.slice(0, 5),
    identify: { vendor: 'bench', model: 'bench', revision: '1' },
    writable: [],
    domains: { [DOMAIN]: { LLN0: head, ...Object.fromEntries(Array.from({ length: nodes }, (_, i) => [`GGIO${i + 1}`, node])) } },
    lists: { [DOMAIN]: { [LIST]: Array.from({ length: MEMBERS }, (_, i) => `GGIO1$MX$AnIn${i + 1}`) } },
    reports: { [DOMAIN]: {} },
  }
}
