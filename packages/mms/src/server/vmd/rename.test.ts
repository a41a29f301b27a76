import { ServiceError } from '@x/core'
import { describe, expect, test } from 'vitest'
import { int, type Pair, pair } from '../../../test/pair.js'
import type { AccessCondition } from '../../asn1/access-control.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import { types } from '../../value-types.js'
import type { VmdModel } from '../model.js'
import type { HeldClass, MmsObject } from '../objects.js'

const number = { type: types.integer(8), value: int(1) }
const model: VmdModel = {
  identity: { vendorName: 'v', modelName: 'm', revision: 'r' },
  variables: { x: number },
  lists: { x: { items: ['vmd:x'] } },
  types: { x: { type: types.integer(8) } },
  domains: {
    x: { semaphores: { s: { tokens: 1 } }, journals: { j: {} }, eventConditions: { c: {} } },
  },
  program: {},
  programInvocations: { x: { domains: ['x'] } },
  operatorStations: { x: { type: 'display' } },
  dataExchanges: { x: { request: [], response: [], exchange: () => [] } },
  semaphores: { s: { tokens: 1 } },
  journals: { x: {} },
  eventConditions: { x: {} },
  eventActions: { x: { request: { type: 'identify', value: null } } },
  eventEnrollments: { x: { condition: 'x', action: 'x' } },
  eventConditionLists: { x: { conditions: ['x'] } },
  unitControls: { x: { domains: ['x'], programInvocations: ['x'] } },
}
const made = () => pair({ model, services: 'all', initiate: WHOLE_OF_MMS, client: { initiate: WHOLE_OF_MMS } })
const namesOf = ({ server: { vmd } }: Pair) =>
  [...vmd.scopes()].map(scope => Object.fromEntries(scope.classes.map(each => [each, [...scope.of(each).names]])))

async function codeOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => 'no error',
    (reason: unknown) => reason,
  )
  if (!(error instanceof ServiceError)) return String(error)
  const { errorClass } = error.answered as { errorClass: { type: string; value: unknown } }
  return `${errorClass.type}/${errorClass.value}`
}

describe('rename, of each class', () => {
  const classes: [HeldClass, name: string][] = [
    ['namedVariable', 'vmd:x'],
    ['namedVariableList', 'vmd:x'],
    ['namedType', 'vmd:x'],
    ['domain', 'vmd:x'],
    ['programInvocation', 'vmd:x'],
    ['operatorStation', 'vmd:x'],
    ['dataExchange', 'vmd:x'],
    ['semaphore', 'vmd:s'],
    ['semaphore', 'x/s'],
    ['journal', 'vmd:x'],
    ['journal', 'x/j'],
    ['eventCondition', 'vmd:x'],
    ['eventCondition', 'x/c'],
    ['eventAction', 'vmd:x'],
    ['eventEnrollment', 'vmd:x'],
    ['eventConditionList', 'vmd:x'],
    ['unitControl', 'vmd:x'],
  ]

  test.each(classes)(
    '%s %s: the same object under another name; a name that is taken, or a list that forbids it, is refused',
    async (...row) => {
      const [objectClass, name] = row
      const p = await made()
      const { vmd } = p.server
      const [scopeName, item] = name.includes('/') ? name.split('/') : [undefined, name.slice(4)]
      const scope = scopeName === undefined ? vmd.vmdSpecific : vmd.domain(scopeName)!.objects
      const objects = scope.of(objectClass)
      const object = objects.get(item!) as MmsObject
      const rename = (to: string) => codeOf(p.mms.vmd.rename(objectClass as 'journal', name, to))
      const before = namesOf(p)
      expect(await rename(item!)).toBe('definition/object-exists')
      const list = object.accessControlList
      const never: AccessCondition = { type: 'never', value: null }
      const forbids = { name: 'Forbids', scope: undefined, accessControlList: 'M_Never', conditions: { editAccessCondition: never } }
      vmd.vmdSpecific.add('accessControlList', forbids as never)
      object.accessControlList = 'Forbids'
      expect(await rename('other')).toBe('access/object-access-denied')
      vmd.vmdSpecific.remove('accessControlList', vmd.vmdSpecific.get('accessControlList', 'Forbids')!)
      object.accessControlList = list
      expect(namesOf(p)).toEqual(before)
      // A semaphore shares its name with its event condition.
      if (objectClass === 'semaphore') {
        expect(await rename('other')).toBe('access/object-access-denied')
        expect(namesOf(p)).toEqual(before)
      } else {
        expect(await rename('other')).toBe('no error')
        expect(objects.get('other')).toBe(object)
        expect(objects.has(item!)).toBe(false)
        expect(await rename('other')).toBe('access/object-non-existent')
      }
      p.mms.abort()
    },
  )

  test('what refers to an event object, a domain or an invocation goes on doing so', async () => {
    const p = await made()
    const { events, eventConditionLists, unitControl, vmd } = p.mms
    for (const objectClass of ['eventCondition', 'eventAction', 'domain', 'programInvocation'] as const)
      await vmd.rename(objectClass, 'vmd:x', 'y')
    const named = { type: 'vmdSpecific', value: 'y' }
    const enrollments = []
    for await (const each of events.enrollments({
      scopeOfRequest: 'specific',
      eventEnrollmentNames: [{ type: 'vmdSpecific', value: 'x' }],
    }))
      enrollments.push(each)
    expect(enrollments).toMatchObject([{ eventConditionName: { value: named }, eventActionName: { value: named } }])
    expect((await eventConditionLists.getEventConditionListAttributes('x')).listOfEventConditionName).toEqual([named])
    expect(await unitControl.getUnitControlAttributes('x')).toEqual({ domains: ['y'], programInvocations: ['y'] })
    p.mms.abort()
  })

  test.each(['current', 'permanent'] as const)(
    'a %s monitor: neither the invocation nor its condition, action and enrollment; all of them once it is over',
    async monitor => {
      const p = await made()
      const { programInvocations, vmd } = p.mms
      await programInvocations.createProgramInvocation('P', ['x'], { monitor })
      const rename = (objectClass: 'programInvocation' | 'eventCondition' | 'eventAction' | 'eventEnrollment') =>
        codeOf(vmd.rename(objectClass, 'vmd:P', 'Q'))
      const before = namesOf(p)
      for (const objectClass of ['programInvocation', 'eventCondition', 'eventAction', 'eventEnrollment'] as const) {
        expect([objectClass, await rename(objectClass)]).toEqual([objectClass, 'access/object-access-denied'])
      }
      expect(namesOf(p)).toEqual(before)
      await programInvocations.deleteProgramInvocation('P')
      await programInvocations.createProgramInvocation('P', ['x'])
      expect(await rename('programInvocation')).toBe('no error')
      p.mms.abort()
    },
  )
})
