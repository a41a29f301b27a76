import { bitAt } from '@x/ber'
import type { Data, DataAccessError } from '../../asn1/data.js'
import type {
  AccessSelection,
  AlternateAccess,
  AlternateAccessSelection,
  TypeDescription,
  TypeSpecification,
} from '../../asn1/variable-access.js'
import { descriptionIn } from '../../value-types.js'

/** What an alternate access picks from a variable: its type, how to take it out of a value, and how to put it back. */
export interface Selection {
  readonly type: TypeDescription
  readonly read: (whole: Data) => Data
  /** @returns the whole value with `part` in the place of what is selected; nothing else changes */
  readonly write: (whole: Data, part: Data) => Data
}

/** Selections inside selections that are followed. */
const MAX_DEPTH = 16

/**
 * Applies an alternate access to a type. ISO 9506-1, 14.3.1.
 *
 * One selection gives the selected thing itself, several a structure of them; a range keeps the array form, an index drops it.
 * @returns a DataAccessError where the access does not fit the type
 */
export function select(type: TypeDescription, access: AlternateAccess, depth = MAX_DEPTH): Selection | DataAccessError {
  if (depth === 0) return 'object-access-unsupported'
  if (access.length === 0) return 'object-attribute-inconsistent'
  if (access.length === 1) {
    const entry = access[0]!
    // A single selection is not wrapped, so there is no structure whose component could carry the name.
    return entry.type === 'unnamed' ? selectOne(type, entry.value, depth) : 'object-attribute-inconsistent'
  }
  const parts: { name: string | undefined; selection: Selection }[] = []
  for (const entry of access) {
    const selection = selectOne(type, entry.type === 'unnamed' ? entry.value : entry.value.access, depth)
    if (typeof selection !== 'object') return selection
    parts.push({ name: entry.type === 'named' ? entry.value.componentName : undefined, selection })
  }
  return {
    type: {
      type: 'structure',
      value: {
        packed: false,
        components: parts.map(({ name, selection }) => ({
          ...(name === undefined ? {} : { componentName: name }),
          componentType: described(selection.type),
        })),
      },
    },
    read: whole => ({ type: 'structure', value: parts.map(({ selection }) => selection.read(whole)) }),
    write: (whole, part) => parts.reduce((value, { selection }, i) => selection.write(value, membersOf(part)[i]!), whole),
  }
}

function selectOne(type: TypeDescription, selection: AlternateAccessSelection, depth: number): Selection | DataAccessError {
  if (selection.type === 'selectAccess') return pick(type, selection.value)
  const { accessSelection, alternateAccess } = selection.value
  const outer = pick(type, accessSelection)
  if (typeof outer !== 'object') return outer
  const each = accessSelection.type === 'indexRange' || accessSelection.type === 'allElements'
  const innerType = each && outer.type.type === 'array' ? descriptionIn(outer.type.value.elementType) : outer.type
  if (innerType.type !== 'array' && innerType.type !== 'structure') return 'type-inconsistent'
  const inner = select(innerType, alternateAccess, depth - 1)
  if (typeof inner !== 'object') return inner
  if (!each || outer.type.type !== 'array') return within(outer, inner)
  return {
    type: { type: 'array', value: { ...outer.type.value, elementType: described(inner.type) } },
    read: whole => ({ type: 'array', value: membersOf(outer.read(whole)).map(inner.read) }),
    write: (whole, part) => {
      const parts = membersOf(part)
      return outer.write(whole, { type: 'array', value: membersOf(outer.read(whole)).map((element, i) => inner.write(element, parts[i]!)) })
    },
  }
}

/** One node of the path. */
function pick(type: TypeDescription, node: AccessSelection): Selection | DataAccessError {
  if (node.type === 'component') {
    if (type.type !== 'structure') return 'type-inconsistent'
    const at = type.value.components.findIndex(component => component.componentName === node.value)
    if (at < 0) return 'object-non-existent'
    return member(type.value.components[at]!.componentType, at)
  }
  if (type.type !== 'array') return 'type-inconsistent'
  const { numberOfElements, elementType } = type.value
  if (node.type === 'index') {
    return node.value >= 0 && node.value < numberOfElements ? member(elementType, node.value) : 'object-non-existent'
  }
  const range = node.type === 'indexRange' ? node.value : { lowIndex: 0, numberOfElements: 0 }
  const all = range.lowIndex === 0 && range.numberOfElements === 0
  const low = range.lowIndex
  const count = all ? numberOfElements : range.numberOfElements
  if (low < 0 || count < 1 || low + count > numberOfElements) return all ? whole(type) : 'object-non-existent'
  return {
    type: { type: 'array', value: { ...type.value, numberOfElements: count } },
    read: data => ({ type: 'array', value: membersOf(data).slice(low, low + count) }),
    write: (data, part) => {
      const items = [...membersOf(data)]
      items.splice(low, count, ...membersOf(part))
      return { type: 'array', value: items }
    },
  }
}

/** The member of an array or a structure at a place. */
function member(specification: TypeSpecification, at: number): Selection {
  return {
    type: descriptionIn(specification),
    read: data => membersOf(data)[at]!,
    write: (data, part) => {
      const items = [...membersOf(data)]
      items[at] = part
      return { type: data.type === 'structure' ? 'structure' : 'array', value: items }
    },
  }
}

/** A selection made in what another one selects. */
export function within(outer: Selection, inner: Selection): Selection {
  return {
    type: inner.type,
    read: whole => inner.read(outer.read(whole)),
    write: (whole, part) => outer.write(whole, inner.write(outer.read(whole), part)),
  }
}

/** The selection of everything. */
export function whole(type: TypeDescription): Selection {
  return { type, read: data => data, write: (_, part) => part }
}

/** The members of an array or structure value, also of an array of boolean that goes as bits; of anything else none. */
export function membersOf(data: Data): readonly Data[] {
  if (data.type === 'booleanArray') {
    return Array.from({ length: data.value.size }, (_, i) => ({ type: 'boolean', value: bitAt(data.value, i) }))
  }
  return data.type === 'array' || data.type === 'structure' ? data.value : []
}

export function described(type: TypeDescription): TypeSpecification {
  return { type: 'typeDescription', value: type }
}
