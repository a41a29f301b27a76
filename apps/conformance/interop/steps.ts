import { associationSequences } from './association-steps.js'
import { is, lists, notOpened, refused, same, satisfies, show } from './check.js'
import { fileSequence } from './file-steps.js'
import { dataKind, type Json, type Leaf, type Model, type Node, nodeOf, splitType, type Tree, typeOf, variableNames } from './model.js'
import { anIn, conclude, expected, far, near, open, readOne, type Sequence, type Step, step } from './step.js'

const types = 'GGIO1$SP$Types'
const grid = 'GGIO1$SP$Grid'
const urcb = 'LLN0$RP$urcb01'

/** Everything an interop run asks of a pair. */
export function sequences(model: Model): readonly Sequence[] {
  return [
    {
      name: 'everyday',
      steps: [
        open(),
        ...vmd(model),
        ...names(model),
        ...descriptions(model),
        ...reads(model),
        ...writes(model),
        ...variableLists(model),
        report(model),
        step('unsupported', 'fileDirectory', ['fileDirectory'], refused('unrecognized-service', 'object-access-unsupported')),
        readOne('read-after-reject', model),
        conclude(),
      ],
    },
    { name: 'small PDU', steps: smallPdu(model) },
    { name: 'abort', steps: [open(), step('abort', 'abort', ['abort']), open('again'), readOne('read-after-abort', model), conclude()] },
    {
      name: 'password',
      password: 'secret1',
      steps: [open('password', 'password=secret1'), readOne('read-with-password', model), conclude(), ...refusals()],
    },
    ...associationSequences(model),
    fileSequence,
  ]
}

function refusals(): Step[] {
  return [
    step('associate-wrong-password', 'associate', ['open', 'password=wrong'], notOpened),
    step('associate-no-password', 'associate', ['open'], notOpened),
  ]
}

function vmd(model: Model): Step[] {
  return [
    step('identify', 'identify', ['identify'], is(model.identify)),
    step('status', 'status', ['status'], is({ logical: 0, physical: 0 })),
  ]
}

function names(model: Model): Step[] {
  return [
    step('names-domains', 'getNameList', ['names', 'domains'], lists(Object.keys(model.domains))),
    step('names-variables', 'getNameList', ['names', 'variables', near], lists(variableNames(model, near), ['LLN0$RP'])),
    step('names-variables-many', 'getNameList', ['names', 'variables', far], lists(variableNames(model, far))),
    step('names-lists', 'getNameList', ['names', 'lists', near], lists(Object.keys(model.lists[near]!))),
    step('names-lists-association', 'getNameList', ['names', 'lists', '@aa'], lists([])),
    step('names-unknown-domain', 'getNameList', ['names', 'lists', 'NONE'], refused('object-non-existent', 'object-undefined')),
  ]
}

function descriptions(model: Model): Step[] {
  const describe = (id: string, item: string): Step =>
    step(id, 'getVariableAccessAttributes', ['describe', near, item], is(typeOf(nodeOf(model, near, item)!)))
  return [
    describe('describe-structure', anIn),
    describe('describe-each-type', types),
    describe('describe-arrays', grid),
    describe('describe-simple', `${anIn}$mag$f`),
    step('describe-unknown', 'getVariableAccessAttributes', ['describe', near, 'GGIO1$ST$Nope'], refused()),
  ]
}

function reads(model: Model): Step[] {
  const value = (domain: string, item: string): Json => expected(model, domain, item)
  const elements = (value(near, `${grid}$num`) as { array: Json[] }).array
  const large = 8
  return [
    ...Object.keys(nodeOf(model, near, types) as Tree).map(name => readOne(`read-${name}`, model, `${types}$${name}`)),
    readOne('read-structure', model),
    readOne('read-structure-of-structures', model, 'GGIO1$MX'),
    readOne('read-array', model, 'GGIO1$MX$Har1$har'),
    readOne('read-array-of-structures', model, `${grid}$pts`),
    step('read-element', 'read', ['readElement', near, `${grid}$num`, '2'], is(elements[2]!)),
    step('read-range', 'read', ['readRange', near, `${grid}$num`, '1', '3'], is({ array: elements.slice(1, 4) })),
    step('read-component', 'read', ['readComponent', near, anIn, 'mag$f'], is(value(near, `${anIn}$mag$f`))),
    step('read-element-component', 'read', ['readElementComponent', near, `${grid}$pts`, '2', 'y'], is({ 'floating-point': 1 })),
    step(
      'read-many',
      'read',
      ['readMany', near, `${anIn}$mag$f`, 'GGIO1$ST$Ind1', 'GGIO1$ST$Nope'],
      is([value(near, `${anIn}$mag$f`), value(near, 'GGIO1$ST$Ind1'), { failure: 'object-non-existent' }]),
    ),
    step('read-unknown', 'read', ['read', near, 'GGIO1$ST$Nope'], refused('object-non-existent', 'object-undefined')),
    step('read-unknown-domain', 'read', ['read', 'NONE', 'GGIO1$ST$Nope'], refused('object-non-existent', 'object-undefined')),
    step(
      'read-outstanding',
      'read',
      ['pipeline', '20', near, `${anIn}$mag$f`],
      is(Array.from({ length: 20 }, () => value(near, `${anIn}$mag$f`))),
    ),
    step(
      'read-large',
      'read',
      ['readMany', far, ...Array.from({ length: large }, () => 'GGIO1$MX')],
      is(Array.from({ length: large }, () => value(far, 'GGIO1$MX'))),
    ),
  ]
}

/** Another value of each type, as the text of a command. */
const others: { readonly [type: string]: string } = {
  BOOLEAN: 'false',
  INT8: '127',
  INT16: '-2',
  INT32: '70000',
  INT64: '9007199254740993',
  INT8U: '7',
  INT16U: '256',
  INT32U: '2147483648',
  FLOAT32: '0.375',
  FLOAT64: '-2.718281828459045',
  Quality: '0100000000000',
  Timestamp: '65540000a0000000',
  VisString64: '',
  VisString255: 'abc',
  Unicode255: 'µ',
  Octet64: 'deadbeef',
}

function writes(model: Model): Step[] {
  const each = Object.entries(nodeOf(model, near, types) as Tree).map(([name, node]) => writeType(name, node as Leaf))
  return [
    ...each,
    {
      id: 'write-element',
      service: 'write',
      commands: [
        ['writeElement', near, `${grid}$num`, '4', 'integer:-9'],
        ['read', near, `${grid}$num`],
      ],
      check: is({ array: [10, 20, 30, 40, -9].map(integer => ({ integer })) }),
    },
    {
      id: 'write-array',
      service: 'write',
      commands: [
        [
          'write',
          near,
          `${grid}$num`,
          list(
            'array',
            [1, 2, 3, 4, 5].map(integer => `integer:${integer}`),
          ),
        ],
        ['read', near, `${grid}$num`],
      ],
      check: is({ array: [1, 2, 3, 4, 5].map(integer => ({ integer })) }),
    },
    {
      id: 'write-range',
      service: 'write',
      commands: [
        ['writeRange', near, `${grid}$num`, '1', '2', list('array', ['integer:-2', 'integer:-3'])],
        ['read', near, `${grid}$num`],
      ],
      check: is({ array: [1, -2, -3, 4, 5].map(integer => ({ integer })) }),
    },
    {
      id: 'write-array-of-structures',
      service: 'write',
      commands: [
        [
          'write',
          near,
          `${grid}$pts`,
          list(
            'array',
            points.map(([x, y]) => list('structure', [`integer:${x}`, `floating-point:${y}`])),
          ),
        ],
        ['read', near, `${grid}$pts`],
      ],
      check: is({ array: points.map(([integer, float]) => ({ structure: [{ integer }, { 'floating-point': float }] })) }),
    },
    {
      id: 'write-element-component',
      service: 'write',
      commands: [
        ['writeElementComponent', near, `${grid}$pts`, '3', 'y', 'floating-point:-8.5'],
        ['readElementComponent', near, `${grid}$pts`, '3', 'y'],
      ],
      check: is({ 'floating-point': -8.5 }),
    },
    {
      id: 'write-structure',
      service: 'write',
      commands: [
        ['write', near, types, textOf(nodeOf(model, near, types)!)],
        ['read', near, types],
      ],
      check: is(expected(model, near, types)),
    },
    step(
      'write-many',
      'write',
      ['writeMany', near, `${types}$i32`, 'integer:5', 'GGIO1$ST$Ind1$stVal', 'boolean:true'],
      is(['success', { failure: 'object-access-denied' }]),
    ),
    step('write-denied', 'write', ['write', near, 'GGIO1$ST$Ind1$stVal', 'boolean:true'], refused('object-access-denied')),
    step('write-wrong-type', 'write', ['write', near, `${types}$bool`, 'visible-string:x'], refused('type-inconsistent')),
    step('write-unknown', 'write', ['write', near, 'GGIO1$SP$Nope', 'boolean:true'], refused('object-non-existent', 'object-undefined')),
  ]
}

const points = [
  [-1, 0.25],
  [70_000, -4],
  [0, 1e9],
  [127, 0.5],
] as const

/** A list of values as the text of a command. */
function list(kind: 'array' | 'structure', parts: readonly string[]): string {
  return `${kind}:${JSON.stringify(parts)}`
}

/** A structure of leaves as the text of a command. */
function textOf(node: Node): string {
  return list(
    'structure',
    Object.values(node as Tree).map(child => {
      const [base, value] = child as Leaf
      return `${base === 'FLOAT64' ? 'double' : dataKind(base)}:${String(value)}`
    }),
  )
}

function writeType(name: string, leaf: Leaf): Step {
  const { base } = splitType(leaf[0])
  const text = others[base]!
  const kind = dataKind(base)
  return {
    id: `write-${name}`,
    service: 'write',
    commands: [
      ['write', near, `${types}$${name}`, `${base === 'FLOAT64' ? 'double' : kind}:${text}`],
      ['read', near, `${types}$${name}`],
    ],
    check: is({ [kind]: parsed(base, text) }),
  }
}

function parsed(base: string, text: string): Json {
  if (base === 'BOOLEAN') return text === 'true'
  if (base.startsWith('FLOAT')) return Number(text)
  return base.startsWith('INT') && Number.isSafeInteger(Number(text)) ? Number(text) : text
}

function variableLists(model: Model): Step[] {
  const members = ['GGIO1$ST$Ind1', `${anIn}$mag$f`]
  const given = members.map(member => `${near}/${member}`)
  const values = members.map(member => expected(model, near, member))
  const life = (scope: string, name: string, kind: string): Step[] => [
    step(`list-define-${kind}`, 'defineNamedVariableList', ['defineList', scope, name, ...given], is('defined')),
    step(
      `list-attributes-${kind}`,
      'getNamedVariableListAttributes',
      ['listAttributes', scope, name],
      is({ deletable: true, members: given }),
    ),
    step(`list-read-${kind}`, 'read', ['readList', scope, name], is(values)),
    step(`list-read-specified-${kind}`, 'read', ['readListSpecified', scope, name], is(values)),
    step(`list-delete-${kind}`, 'deleteNamedVariableList', ['deleteList', scope, name], is(true)),
  ]
  const fixed = model.lists[near]!.LLN0$ds1!
  return [
    step(
      'list-attributes',
      'getNamedVariableListAttributes',
      ['listAttributes', near, 'LLN0$ds1'],
      is({ deletable: false, members: fixed.map(member => `${near}/${member}`) }),
    ),
    step('list-read', 'read', ['readList', near, 'LLN0$ds1'], is(fixed.map(member => expected(model, near, member)))),
    step('list-read-specified', 'read', ['readListSpecified', near, 'LLN0$ds1'], is(fixed.map(member => expected(model, near, member)))),
    ...life(near, 'LLN0$made', 'domain'),
    ...life('@aa', 'made', 'association'),
    ...partLists(),
    step(
      'list-define-unknown-member',
      'defineNamedVariableList',
      ['defineList', near, 'LLN0$bad', `${near}/GGIO1$ST$Nope`],
      refused('object-undefined', 'object-non-existent'),
    ),
    step(
      'list-attributes-unknown',
      'getNamedVariableListAttributes',
      ['listAttributes', near, 'LLN0$none'],
      refused('object-non-existent', 'object-undefined'),
    ),
    step('list-read-unknown', 'read', ['readList', near, 'LLN0$none'], refused('object-non-existent', 'object-undefined')),
    {
      id: 'list-delete-fixed',
      service: 'deleteNamedVariableList',
      commands: [['deleteList', near, 'LLN0$ds1']],
      check: answers =>
        same(true, 'value' in answers[0]! ? answers[0].value : null) ? 'a list that is not deletable was deleted' : undefined,
    },
  ]
}

/** A list of an element of an array, and a list that is written. */
function partLists(): Step[] {
  const element = `${near}/${grid}$num(3)`
  const settings = [`${types}$i16`, `${types}$bool`]
  return [
    step('list-define-element', 'defineNamedVariableList', ['defineList', near, 'LLN0$element', element], is('defined')),
    step(
      'list-attributes-element',
      'getNamedVariableListAttributes',
      ['listAttributes', near, 'LLN0$element'],
      is({ deletable: true, members: [element] }),
    ),
    step('list-read-element', 'read', ['readList', near, 'LLN0$element'], is([{ integer: 4 }])),
    step('list-delete-element', 'deleteNamedVariableList', ['deleteList', near, 'LLN0$element'], is(true)),
    {
      id: 'list-write',
      service: 'write',
      commands: [
        ['defineList', near, 'LLN0$settings', ...settings.map(item => `${near}/${item}`)],
        ['writeList', near, 'LLN0$settings', 'integer:-77', 'boolean:false'],
        ['readMany', near, ...settings],
        ['deleteList', near, 'LLN0$settings'],
      ],
      check: answers =>
        is(['success', 'success'])(answers.slice(0, 2)) ??
        is([{ integer: -77 }, { boolean: false }])(answers.slice(0, 3)) ??
        is(true)(answers),
    },
  ]
}

/** Enables the report control block, asks for all values at once, and waits for the informationReport. */
function report(model: Model): Step {
  const control = model.reports[near]![urcb]!
  const values = model.lists[near]![control.list]!.map(member => expected(model, near, member))
  return {
    id: 'report',
    service: 'informationReport',
    commands: [
      ['write', near, `${urcb}$RptEna`, 'boolean:true'],
      ['write', near, `${urcb}$GI`, 'boolean:true'],
      ['report', '5'],
    ],
    check: satisfies(value => {
      const found = value as { readonly name?: Json; readonly list?: Json; readonly value?: { readonly array?: readonly Json[] } }
      const results = found.value?.array ?? []
      const inclusion = results.findIndex(result => same({ 'bit-string': '1'.repeat(values.length) }, result))
      if (found.name !== 'RPT' || found.list !== true) return `expected the list RPT of the VMD, found ${show(value)}`
      if (!same({ 'visible-string': control.rptId }, results[0])) return `expected RptID ${control.rptId}, found ${show(results[0])}`
      if (inclusion < 0) return `no inclusion bit string of ${values.length} ones in ${show(results)}`
      const members = results.slice(inclusion + 1, inclusion + 1 + values.length)
      return same(values, members) ? undefined : `expected ${show(values)}, found ${show(members)}`
    }),
  }
}

function smallPdu(model: Model): Step[] {
  return [
    open('small-pdu', 'pdu=1200'),
    step('names-paged', 'getNameList', ['names', 'variables', far], lists(variableNames(model, far))),
    step('read-too-large', 'read', ['read', far, 'GGIO1$MX'], refused()),
    readOne('read-after-refusal', model),
    conclude(),
  ]
}
