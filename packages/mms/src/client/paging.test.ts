import { describe, expect, test } from 'vitest'
import { model, pair } from '../../test/pair.js'
import type { Handlers } from '../server/handlers.js'
import { types } from '../value-types.js'

const many = model({
  domains: {
    D: {
      variables: { x: { type: types.boolean } },
      lists: Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`l${String(i).padStart(2, '0')}`, { items: ['D/x'] }])),
    },
  },
  lists: {},
})

describe('paged lists', () => {
  test('F-20: the lists of a domain come with their members, in order, several asked for ahead', async () => {
    const { mms } = await pair({ model: many, client: { initiate: { maxServOutstanding: 3 } } })
    const seen = []
    for await (const list of mms.namedVariableLists('D')) {
      expect(mms.connection.outstanding).toBeLessThanOrEqual(3)
      seen.push(list)
    }
    expect(seen).toHaveLength(25)
    expect(seen[7]).toMatchObject({
      name: { type: 'domainSpecific', value: { domainID: 'D', itemID: 'l07' } },
      listOfVariable: [{ variableSpecification: { type: 'name' } }],
    })
  })

  test('a list that is gone meanwhile says so in its place', async () => {
    const handlers: Handlers = {
      getNameList: () => ({ response: { listOfIdentifier: ['l00', 'gone', 'l01'], moreFollows: false } }),
    }
    const { mms } = await pair({ model: many, handlers })
    const seen = []
    for await (const list of mms.namedVariableLists('D')) seen.push(list)
    expect(seen).toMatchObject([
      { listOfVariable: [{}] },
      { name: { value: { itemID: 'gone' } }, error: { code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' } },
      { listOfVariable: [{}] },
    ])
  })

  test('RM-12: a server whose pages never end is given up at `most`', async () => {
    let page = 0
    const handlers: Handlers = {
      getNameList: () => ({ response: { listOfIdentifier: [`a${page++}`, `b${page}`], moreFollows: true } }),
    }
    const { mms } = await pair({ handlers })
    await expect(mms.variableNames('D', { most: 10 })).rejects.toMatchObject({ name: 'UsageError', code: 'MMS_TOO_MANY' })
    expect(page).toBe(6)
    expect(await mms.identify()).toMatchObject({ modelName: 'model' })
  })

  test.each([
    ['an empty page', []],
    ['the same page again', ['a', 'b']],
  ])('RM-13: %s that promises more is the last one', async (_, listOfIdentifier) => {
    const { mms } = await pair({ handlers: { getNameList: () => ({ response: { listOfIdentifier, moreFollows: true } }) } })
    expect((await mms.variableNames('D')).length).toBeLessThanOrEqual(4)
  })

  test('who leaves the loop asks for no more pages', async () => {
    let pages = 0
    const handlers: Handlers = {
      getNameList: () => ({ response: { listOfIdentifier: [`a${pages++}`], moreFollows: true } }),
    }
    const { mms } = await pair({ handlers })
    for await (const name of mms.names({ type: 'basicObjectClass', value: 'domain' }, { type: 'vmdSpecific', value: null })) {
      if (name === 'a2') break
    }
    expect(pages).toBe(3)
  })
})
