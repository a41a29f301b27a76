import { CHOICE, type Choice, implicit, integerRange, NULL, SEQUENCE, SEQUENCE_OF, UTF8String } from '@x/ber'

/** What this application is called on an association: its abstract syntax, in BER, and its application context. */
export const directory = { applicationContext: '1.3.6.1.4.1.99999.3.1', contexts: ['1.3.6.1.4.1.99999.3.2'] }

export interface Entry {
  readonly name: string
  readonly attributes: readonly Attribute[]
}
export interface Attribute {
  readonly type: string
  readonly value: string
}

export type Operation = Choice<{ lookup: string; list: string; add: Entry }>
export type Outcome = Choice<{ entry: Entry; names: readonly string[]; done: null; error: string }>

/** One PDU: what is asked, and what is answered to the question with the same number. */
export type DirectoryPdu = Choice<{
  request: { readonly id: number; readonly operation: Operation }
  response: { readonly id: number; readonly outcome: Outcome }
}>

const Attribute = SEQUENCE<Attribute>('Attribute', { type: implicit(0, UTF8String), value: implicit(1, UTF8String) })
const Entry = SEQUENCE<Entry>('Entry', { name: implicit(0, UTF8String), attributes: implicit(1, SEQUENCE_OF(Attribute)) })
const Id = integerRange('Id', 0, 0x7fff_ffff)

const Operation = CHOICE<Operation>('Operation', {
  lookup: implicit(0, UTF8String),
  list: implicit(1, UTF8String),
  add: implicit(2, Entry),
})
const Outcome = CHOICE<Outcome>('Outcome', {
  entry: implicit(0, Entry),
  names: implicit(1, SEQUENCE_OF(UTF8String)),
  done: implicit(2, NULL),
  error: implicit(3, UTF8String),
})
export const DirectoryPdu = CHOICE<DirectoryPdu>('DirectoryPdu', {
  request: implicit(0, SEQUENCE<{ readonly id: number; readonly operation: Operation }>('Request', { id: Id, operation: Operation })),
  response: implicit(1, SEQUENCE<{ readonly id: number; readonly outcome: Outcome }>('Response', { id: Id, outcome: Outcome })),
})
