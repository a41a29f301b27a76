import { connect, listen } from '@x/mms/node'
import { describe, expect, test } from 'vitest'
import { type Json, leaves, loadModel, nodeOf, typeOf, variableNames } from './model.js'
import { dataOfText, lineOf, typeLineOf } from './values.js'
import { vmdOf } from './vmd.js'

const model = loadModel()

describe('values as the line protocol spells them', () => {
  test.each([
    ['boolean:true', { boolean: true }],
    ['integer:-5', { integer: -5 }],
    ['integer:9007199254740993', { integer: '9007199254740993' }],
    ['unsigned:4294967295', { unsigned: 4_294_967_295 }],
    ['floating-point:1.5', { 'floating-point': 1.5 }],
    ['double:0.1', { 'floating-point': 0.1 }],
    ['bit-string:0101', { 'bit-string': '0101' }],
    ['octet-string:00ff', { 'octet-string': '00ff' }],
    ['visible-string:a:b', { 'visible-string': 'a:b' }],
    ['mMSString:µ', { mMSString: 'µ' }],
    ['utc-time:6553f1000000a018', { 'utc-time': '6553f1000000a018' }],
    ['array:["integer:1","structure:[\\"boolean:false\\"]"]', { array: [{ integer: 1 }, { structure: [{ boolean: false }] }] }],
  ])('%s', (text, line) => {
    expect(lineOf(dataOfText(text)!)).toEqual(line)
  })

  test('a kind that no command has is no value', () => {
    expect(dataOfText('colour:red')).toBeUndefined()
  })
})

describe('the fixture on our server', () => {
  async function served<T>(ask: (client: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> {
    await using server = await listen({ host: '127.0.0.1', port: 0, model: vmdOf(model) })
    await using client = await connect({ host: '127.0.0.1', port: server.port })
    return await ask(client)
  }

  test('every node is a variable with the type of the fixture, and each leaf has its value', async () => {
    const { names, types, values } = await served(async mms => {
      const names = await mms.variableNames('INTEROPLD0')
      const own = variableNames(model, 'INTEROPLD0').filter(name => name !== 'LLN0')
      const types = await Promise.all(
        own.map(async name => [name, typeLineOf((await mms.getVariableAccessAttributes(`INTEROPLD0/${name}`)).typeDescription)] as const),
      )
      const items = leaves(model).filter(({ path }) => !path.includes('('))
      const values = await mms.read(items.map(({ path }) => path))
      return { names, types, values: values.map((value, i) => [items[i]!, value] as const) }
    })
    expect(names.filter(name => !name.startsWith('LLN0$RP')).sort()).toEqual(variableNames(model, 'INTEROPLD0').sort())
    for (const [name, type] of types) expect(type, name).toEqual(typeOf(nodeOf(model, 'INTEROPLD0', name)!))
    for (const [{ path, value }, result] of values) {
      expect(result.type, path).toBe('success')
      expect(Object.values(lineOf(result.value as never) as { [kind: string]: Json })[0], path).toEqual(value)
    }
  })

  test('what is under SP can be written, down to the element; anything else is denied', async () => {
    const grid = 'INTEROPLD0/GGIO1$SP$Grid'
    const written = await served(async mms => {
      await mms.writeValue(`${grid}$num(1)`, dataOfText('integer:-20')!)
      const answers = await mms.write([
        { item: `${grid}$pts(0).x`, value: dataOfText('integer:9')! },
        { item: 'INTEROPLD0/GGIO1$ST$Ind1$stVal', value: dataOfText('boolean:false')! },
        { item: 'INTEROPLD0/LLN0$RP$urcb01$RptID', value: dataOfText('visible-string:x')! },
      ])
      return { answers, grid: lineOf(await mms.readValue(grid)) }
    })
    expect(written.answers).toEqual([
      { type: 'success', value: null },
      { type: 'failure', value: 'object-access-denied' },
      { type: 'failure', value: 'object-access-denied' },
    ])
    expect(written.grid).toMatchObject({
      structure: [
        { array: [10, -20, 30, 40, 50].map(integer => ({ integer })) },
        { array: [{ structure: [{ integer: 9 }, { 'floating-point': 0 }] }, {}, {}, {}] },
      ],
    })
  })

  test('a report control block belongs to one client, which gets the values it asks for, and is free when that client has gone', async () => {
    const block = 'INTEROPLD0/LLN0$RP$urcb01'
    const yes = dataOfText('boolean:true')!
    await using server = await listen({ host: '127.0.0.1', port: 0, model: vmdOf(model) })
    await using other = await connect({ host: '127.0.0.1', port: server.port })
    const first = await connect({ host: '127.0.0.1', port: server.port })
    const reports = first.reports()
    await first.writeValue(`${block}$RptEna`, yes)
    await expect(other.writeValue(`${block}$RptEna`, yes)).rejects.toMatchObject({ answered: 'temporarily-unavailable' })
    await first.writeValue(`${block}$GI`, yes)
    const { value: report } = await reports.next()
    expect(report.variableAccessSpecification).toEqual({ type: 'variableListName', value: { type: 'vmdSpecific', value: 'RPT' } })
    const members = model.lists.INTEROPLD0!.LLN0$ds1!.length
    expect(report.listOfAccessResult).toHaveLength(5 + 2 * members)
    await first.close()
    await expect.poll(() => server.server.associations.size).toBe(1)
    await other.writeValue(`${block}$RptEna`, yes)
    expect(lineOf(await other.readValue(`${block}$RptEna`))).toEqual({ boolean: true })
  })
})
