import type { Data, DataAccessError } from '../../asn1/data.js'
import type { TypeDescription } from '../../asn1/variable-access.js'
import { andThen, type Maybe } from '../maybe.js'
import { partOfMember } from './item-access.js'
import type { AccessContext } from './model.js'
import type { ScatteredMember } from './objects.js'
import { described, membersOf } from './select.js'
import { writeInTurn } from './turns.js'
import { measureOf } from './types.js'
import type { Variable } from './variable.js'

/** The value of a scattered access: a structure whose components are where they are. ISO 9506-1, annex E. */
export function scatteredOver(members: readonly ScatteredMember[]): Variable {
  const type: TypeDescription = {
    type: 'structure',
    value: {
      packed: false,
      components: members.map(({ componentName, part }) => ({
        ...(componentName === undefined ? {} : { componentName }),
        componentType: described(part.type),
      })),
    },
  }
  const { depth, leastOctets } = measureOf(type)
  return {
    type,
    depth,
    leastOctets,
    source: members,
    part: undefined,
    unreadable: undefined,
    unwritable: undefined,
    read: context => readFrom(members, 0, [], context),
    write: (value, context) => {
      // Our reading: nothing is written before each component has been seen to be writable.
      for (const member of members) {
        const part = partOfMember(context.association, 'write', member)
        if (typeof part !== 'object') return part
      }
      return writeFrom(members, 0, membersOf(value), context)
    },
  }
}

/** Our reading: the first component that fails is the failure of the whole. */
function readFrom(members: readonly ScatteredMember[], at: number, values: Data[], context: AccessContext): Maybe<Data | DataAccessError> {
  for (let i = at; i < members.length; i++) {
    const part = partOfMember(context.association, 'read', members[i]!)
    if (typeof part !== 'object') return part
    const value = part.read(context)
    if (value instanceof Promise) {
      return value.then(given => {
        if (typeof given !== 'object') return given
        values.push(given)
        return readFrom(members, i + 1, values, context)
      })
    }
    if (typeof value !== 'object') return value
    values.push(value)
  }
  return { type: 'structure', value: values }
}

function writeFrom(
  members: readonly ScatteredMember[],
  at: number,
  values: readonly Data[],
  context: AccessContext,
): Maybe<DataAccessError | undefined> {
  if (at === members.length) return undefined
  return andThen(writeInTurn(members[at]!.part, values[at]!, context), failure => failure ?? writeFrom(members, at + 1, values, context))
}
