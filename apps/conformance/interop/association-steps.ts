import { is, refused, satisfies, show } from './check.js'
import type { Json, Model } from './model.js'
import { anIn, conclude, expected, far, near, open, readOne, type Sequence, type Step, step } from './step.js'

/** Steps on how an association is opened, what it can carry, and how it ends. */
export function associationSequences(model: Model): readonly Sequence[] {
  return [
    { name: 'selectors', steps: selectors(model) },
    { name: 'TPDU sizes', steps: tpduSizes.flatMap(size => sized(model, size)) },
    { name: 'server TPDU 256', tpdu: 256, steps: [open('server-tpdu-256'), readLarge(model, 'read-large-server-tpdu-256', 1), conclude()] },
    { name: 'PDU sizes', steps: pduSizes(model) },
    {
      name: 'server ends',
      steps: [
        open(),
        readOne('read-before-end', model),
        {
          id: 'server-ends',
          service: 'release or abort by the server',
          commands: [[stopServer], ['ended', '8']],
          check: satisfies(value =>
            ['released', 'aborted', 'lost'].includes(String(value))
              ? undefined
              : `expected the end of the association, found ${show(value)}`,
          ),
        },
      ],
    },
  ]
}

/** Every size that the parameter of a CR can name, in octets. */
export const tpduSizes = [128, 256, 512, 1024, 2048, 4096, 8192] as const

/** In place of a command: the runner stops the server, whose association is open. */
export const stopServer = '@stop-server'

/** T-selector, S-selector, P-selector, in hex. 4, 2 and 4 octets are the usual lengths; libiec61850 takes no T-selector above 4. */
const selectorCases = [
  ['absent', 'absent'],
  ['custom', '4d4d5331/0a0b/11223344'],
  ['long', '01020304/000102030405060708090a0b0c0d0e0f/00112233'],
] as const

function selectors(model: Model): Step[] {
  return selectorCases.flatMap(([name, value]) => [
    open(`selectors-${name}`, `selectors=${value}`),
    readOne(`read-selectors-${name}`, model),
    { ...conclude(), id: `conclude-selectors-${name}` },
  ])
}

function sized(model: Model, size: number): Step[] {
  return [
    open(`tpdu-${size}`, `tpdu=${size}`),
    readOne(`read-tpdu-${size}`, model),
    readLarge(model, `read-large-tpdu-${size}`, 1),
    { ...conclude(), id: `conclude-tpdu-${size}` },
  ]
}

/** @param times the structure is read in one request */
function readLarge(model: Model, id: string, times: number): Step {
  const value = expected(model, far, 'GGIO1$MX')
  return step(
    id,
    'read',
    ['readMany', far, ...Array.from({ length: times }, () => 'GGIO1$MX')],
    is(Array.from({ length: times }, () => value)),
  )
}

function pduSizes(model: Model): Step[] {
  // What was negotiated, where the interface tells it.
  const answered = (pdu: number, outstanding?: number): Step['check'] =>
    satisfies(value => {
      const found = value as { readonly pdu?: Json; readonly outstanding?: Json }
      if (found.pdu !== undefined && Number(found.pdu) > pdu) return `expected at most ${pdu} octets, found ${show(found.pdu)}`
      return outstanding !== undefined && found.outstanding !== undefined && Number(found.outstanding) > outstanding
        ? `expected at most ${outstanding} requests, found ${show(found.outstanding)}`
        : undefined
    })
  const pipeline = (id: string, count: number): Step =>
    step(id, 'read', ['pipeline', String(count), near, anIn], is(Array.from({ length: count }, () => expected(model, near, anIn))))
  return [
    { ...open('pdu-1000', 'pdu=1000'), check: answered(1000) },
    readOne('read-pdu-1000', model),
    step('read-too-large-pdu-1000', 'read', ['read', far, 'GGIO1$MX'], refused()),
    step(
      'names-pdu-1000',
      'getNameList',
      ['names', 'variables', near],
      satisfies(value => (Array.isArray(value) ? undefined : show(value))),
    ),
    { ...conclude(), id: 'conclude-pdu-1000' },
    { ...open('pdu-65000', 'pdu=65000'), check: answered(65_000) },
    readLarge(model, 'read-62-kB', 20),
    step('read-over-65000', 'read', ['readMany', far, ...Array.from({ length: 22 }, () => 'GGIO1$MX')], refused()),
    readOne('read-after-refusal-65000', model),
    { ...conclude(), id: 'conclude-pdu-65000' },
    { ...open('outstanding-1', 'outstanding=1'), check: answered(65_000, 1) },
    pipeline('read-outstanding-1', 20),
    { ...conclude(), id: 'conclude-outstanding-1' },
    { ...open('outstanding-5', 'outstanding=5'), check: answered(65_000, 5) },
    pipeline('read-outstanding-5', 100),
    { ...conclude(), id: 'conclude-outstanding-5' },
  ]
}
