import {
  type AccessContext,
  type AccessFailure,
  type AccessResult,
  bitsOf,
  type Data,
  type ServerAssociation,
  type TypeDescription,
  types,
  type VariableModel,
} from '@x/mms'
import type { ReportControl } from './model.js'

/**
 * An unbuffered report control block of IEC 61850-8-1, as far as the interop runs need one: it is enabled by one client at a time,
 * and reports all members of its list when GI is written.
 */
export class ReportControlBlock {
  /** `LLN0$RP$urcb01` */
  readonly item: string
  readonly type: TypeDescription = types.structure(COMPONENTS)
  readonly #dataSet: string
  readonly #control: ReportControl
  readonly #members: number
  readonly #values: () => readonly Data[]
  #owner: ServerAssociation | undefined
  #sequence = 0

  /** @param values of the members of the list, now */
  constructor(item: string, domain: string, control: ReportControl, members: number, values: () => readonly Data[]) {
    this.item = item
    this.#dataSet = `${domain}/${control.list}`
    this.#control = control
    this.#members = members
    this.#values = values
  }

  /** The block and its attributes, by item name. */
  variables(): Readonly<Record<string, VariableModel>> {
    const found: Record<string, VariableModel> = { [this.item]: { type: this.type, read: () => this.read(), writable: false } }
    for (const [i, [name, type]] of Object.entries(COMPONENTS).entries()) {
      const write = this.#hooks[name]
      found[`${this.item}$${name}`] = { type, read: () => this.#attributes()[i]!, ...(write ? { write } : { writable: false }) }
    }
    return found
  }

  read(): Data {
    return { type: 'structure', value: this.#attributes() }
  }

  readonly #hooks: { readonly [name: string]: (value: Data, context: AccessContext) => AccessFailure | undefined } = {
    RptEna: (value, { association }) => this.#take(value.value === true, association),
    Resv: (value, { association }) => this.#take(value.value === true, association),
    GI: (value, { association }) => {
      if (this.#owner !== association) return { failure: 'temporarily-unavailable' }
      // Behind the response to the write.
      if (value.value === true) setImmediate(() => this.#report(association))
      return undefined
    },
  }

  #take(wanted: boolean, association: ServerAssociation): AccessFailure | undefined {
    if (this.#owner !== undefined && this.#owner !== association) return { failure: 'temporarily-unavailable' }
    const before = this.#owner
    this.#owner = wanted ? association : undefined
    if (wanted && before === undefined) {
      this.#sequence = 0
      association.signal.addEventListener('abort', () => this.#take(false, association), { once: true })
    }
    return undefined
  }

  #report(association: ServerAssociation): void {
    const { optFlds, rptId, confRev } = this.#control
    const has = (bit: number): boolean => optFlds[bit] === '1'
    const inclusion: Data = { type: 'bitString', value: bitsOf('1'.repeat(this.#members)) }
    const values: Data[] = [
      { type: 'visibleString', value: rptId },
      { type: 'bitString', value: bitsOf(optFlds) },
      ...(has(1) ? [{ type: 'unsigned', value: this.#sequence } as const] : []),
      ...(has(4) ? [{ type: 'visibleString', value: this.#dataSet } as const] : []),
      ...(has(8) ? [{ type: 'unsigned', value: confRev } as const] : []),
      inclusion,
      ...this.#values(),
      ...(has(3) ? Array.from({ length: this.#members }, (): Data => ({ type: 'bitString', value: bitsOf(GENERAL_INTERROGATION) })) : []),
    ]
    this.#sequence = (this.#sequence + 1) % 256
    association.sendReport({
      variableAccessSpecification: { type: 'variableListName', value: { type: 'vmdSpecific', value: 'RPT' } },
      listOfAccessResult: values.map((value): AccessResult => ({ type: 'success', value })),
    })
  }

  #attributes(): readonly Data[] {
    const { rptId, confRev, optFlds, trgOps } = this.#control
    const enabled: Data = { type: 'boolean', value: this.#owner !== undefined }
    return [
      { type: 'visibleString', value: rptId },
      enabled,
      enabled,
      { type: 'visibleString', value: this.#dataSet },
      { type: 'unsigned', value: confRev },
      { type: 'bitString', value: bitsOf(optFlds) },
      { type: 'unsigned', value: 0 },
      { type: 'unsigned', value: this.#sequence },
      { type: 'bitString', value: bitsOf(trgOps) },
      { type: 'unsigned', value: 0 },
      { type: 'boolean', value: false },
    ]
  }
}

/** In the order of IEC 61850-8-1. */
const COMPONENTS = {
  RptID: types.visibleString(-129),
  RptEna: types.boolean,
  Resv: types.boolean,
  DatSet: types.visibleString(-129),
  ConfRev: types.unsigned(32),
  OptFlds: types.bitString(-10),
  BufTm: types.unsigned(32),
  SqNum: types.unsigned(8),
  TrgOps: types.bitString(-6),
  IntgPd: types.unsigned(32),
  GI: types.boolean,
} as const

/** Bit 5 of a reason for inclusion. */
const GENERAL_INTERROGATION = '000001'
