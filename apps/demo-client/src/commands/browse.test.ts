import { types, usualHandlers } from '@x/mms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mms, startDevice, type TestDevice } from '../testing/harness.js'

let device: TestDevice
beforeAll(async () => {
  device = await startDevice()
})
afterAll(() => device[Symbol.asyncDispose]())
const run = (...args: readonly (string | number)[]) => mms([...args, '--port', device.port])

describe('browse', () => {
  test('X-04: the whole device with values, as it was looked at by a person', async () => {
    const { code, out, err } = await run('browse', '--values')
    expect([code, err]).toEqual([0, ''])
    await expect(out).toMatchFileSnapshot('golden/browse-values.txt')
  })

  test('one level: domains, their variables and lists', async () => {
    await expect((await run('browse', '--depth', 1)).out).toMatchFileSnapshot('golden/browse-depth-1.txt')
  })

  test('an item and what is below it', async () => {
    expect((await run('browse', 'BAY1CTRL/XCBR1$ST$Pos', '--values')).out).toBe(`BAY1CTRL  352 variable names
└─ XCBR1           structure of 3
   └─ ST           structure of 6
      └─ Pos       structure of 3
         ├─ stVal  bit-string 2         10
         ├─ q      bit-string up to 13  0000000000000
         └─ t      utc-time             2026-01-31T12:30:00Z
`)
  })

  test('a filter keeps what matches, and what leads there', async () => {
    expect((await run('browse', '--filter', '*setMag$f', '--no-types', '--values')).out).toBe(`BAY1CTRL  352 variable names, 2 lists
└─ PTOC1
   └─ SP
      ├─ StrVal
      │  └─ setMag
      │     └─ f    1.2
      └─ TmMult
         └─ setMag
            └─ f    0.3
`)
    expect(await run('browse', '--filter', 'horse')).toEqual({ code: 0, out: '', err: 'nothing found\n' })
  })

  test('flat: a line for each value, with its whole name', async () => {
    const lines = (await run('browse', 'BAY1MEAS/LastEvent', 'vmd:Uptime', '--values', '--flat')).out.trimEnd().split('\n')
    expect(lines).toEqual([
      'BAY1MEAS/LastEvent$number\tunsigned 32\t1874',
      'BAY1MEAS/LastEvent$at\tutc-time\t2026-01-31T12:30:00Z',
      'BAY1MEAS/LastEvent$text\tmMSString up to 64\t"breaker closed"',
      'vmd:Uptime\tunsigned 32\t0',
    ])
  })

  test('as JSON: domains, variables with types and values, lists with members', async () => {
    const views = JSON.parse((await run('browse', 'BAY1MEAS', '--values', '--json')).out)
    expect(views).toHaveLength(1)
    expect(views[0]).toMatchObject({ domain: 'BAY1MEAS' })
    expect(views[0].variables).toHaveLength(74)
    expect(views[0].variables).toContainEqual({
      name: 'Kind_octet_string',
      type: 'octet-string up to 64',
      value: '00ff10a5',
    })
    expect(views[0].variables).toContainEqual({ name: 'Kind_integer', type: 'integer 64', value: '-9007199254740993' })
    expect(views[0].lists[1]).toEqual({
      name: 'Overview',
      members: ['BAY1MEAS/f', 'BAY1MEAS/P', 'BAY1MEAS/Phases(0).u', 'BAY1CTRL/XCBR1$ST$Pos$stVal'],
    })
  })

  test('a domain or an item that is not there', async () => {
    const domain = await run('browse', 'NOWHERE')
    expect(domain.code).toBe(1)
    expect(domain.err).toContain('object-non-existent')
    const item = await run('browse', 'BAY1CTRL/nothing')
    expect(item.code).toBe(2)
    expect(item.err).toContain('there is no BAY1CTRL/nothing')
  })
})

describe('browse of devices that do not give all', () => {
  const value = { type: 'integer', value: 7 } as const
  const structure = types.structure({ open: types.integer(8), closed: types.integer(8) })

  test('a device that lists no variables of the VMD: its domains are shown all the same', async () => {
    await using other = await startDevice({
      handlers: {
        getNameList: (argument, association, call) => {
          const { objectClass, objectScope } = argument
          if (objectScope.type === 'vmdSpecific' && objectClass.value !== 'domain') {
            return { error: { errorClass: { type: 'access', value: 'object-access-unsupported' } } }
          }
          return usualHandlers.getNameList!(argument, association, call)
        },
      },
    })
    const { code, out } = await mms(['browse', '--depth', 1, '--port', other.port])
    expect(code).toBe(0)
    expect(out).toMatch(/^BAY1CTRL {2}352 variable names/)
    const asked = await mms(['browse', 'vmd:', '--port', other.port])
    expect(asked.code).toBe(1)
    expect(asked.err).toContain('offered     request: { objectClass: basicObjectClass namedVariable, objectScope: vmdSpecific }')
  })

  test('a structure that cannot be read as a whole is read by its components', async () => {
    await using other = await startDevice({
      model: {
        identity: { vendorName: 'v', modelName: 'm', revision: 'r' },
        domains: {
          D: { variables: { s: { type: structure, readable: false }, s$open: { type: types.integer(8), value } } },
        },
      },
    })
    const { out } = await mms(['browse', '--values', '--port', other.port])
    expect(out).toBe(`D  2 variable names
└─ s          structure of 2
   ├─ open    integer 8       7
   └─ closed  integer 8       object-access-denied (3)
`)
  })

  test('where nothing below can be read either, one error says it all', async () => {
    await using other = await startDevice({
      model: {
        identity: { vendorName: 'v', modelName: 'm', revision: 'r' },
        domains: { D: { variables: { s: { type: structure, readable: false } } } },
      },
    })
    const { out } = await mms(['browse', '--values', '--port', other.port])
    expect(out).toBe(`D  1 variable name
└─ s          structure of 2  object-access-denied (3)
   ├─ open    integer 8
   └─ closed  integer 8
`)
  })

  test('types and values larger than a PDU are taken in parts', async () => {
    const part = types.structure(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`member${i}`, types.integer(32)])))
    const large = types.structure({ first: part, second: part })
    await using other = await startDevice({
      model: {
        identity: { vendorName: 'v', modelName: 'm', revision: 'r' },
        domains: { D: { componentsAsVariables: true, variables: { large: { type: large } } } },
      },
    })
    const { code, out } = await mms(['browse', '--values', '--flat', '--max-pdu', 1024, '--port', other.port])
    expect(code).toBe(0)
    expect(out).toContain('D/large\ttype not told\t')
    for (const half of ['first', 'second']) {
      for (let i = 0; i < 40; i++) expect(out).toContain(`D/large$${half}$member${i}\tinteger 32\t0\n`)
    }
  })

  test('what a device calls things cannot steer the terminal', async () => {
    await using other = await startDevice({
      model: {
        identity: { vendorName: '\u001b[2Jv', modelName: 'm', revision: 'r' },
        domains: {
          'D\u202e': { variables: { text: { type: types.mMSString(-20), value: { type: 'mMSString', value: '\u001b]0;x\u0007' } } } },
        },
      },
    })
    const shown = await mms(['browse', '--values', '--port', other.port])
    const identity = await mms(['identify', '--port', other.port])
    for (const { out, err } of [shown, identity]) expect([...(out + err)].filter(c => c < ' ' && c !== '\n').join('')).toBe('')
    expect(shown.out).toContain('D·')
    expect(identity.out).toContain('·[2Jv')
  })
})
