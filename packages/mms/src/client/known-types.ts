import { UsageError } from '@x/core'
import type { ObjectName } from '../asn1/identifiers.js'
import type { StructureComponent, TypeDescription, TypeSpecification } from '../asn1/variable-access.js'
import { formatObjectName } from '../names.js'
import type { Requester } from './requester.js'

/** Arrays and structures inside each other that are followed: the deepest that can be negotiated. */
const DEEPEST = 24
/** Parts of a type that is put together of named ones. */
const MOST_PARTS = 100_000

/**
 * The types that a server has told, each asked for once. Those that were used longest ago are forgotten beyond the limit. A type that another
 * type only names is asked for as well: what comes out holds descriptions only.
 */
export class KnownTypes {
  readonly #requester: Requester
  readonly #limit: number
  readonly #known = new Map<string, Promise<TypeDescription>>()

  /** @param limit types remembered */
  constructor(requester: Requester, limit: number) {
    this.#requester = requester
    this.#limit = limit
  }

  /** Types remembered. */
  get size(): number {
    return this.#known.size
  }

  has(name: ObjectName): boolean {
    return this.#known.has(formatObjectName(name))
  }

  /** The type of a whole variable. @throws ServiceError, RejectedError where the server does not tell */
  of(name: ObjectName): Promise<TypeDescription> {
    const key = formatObjectName(name)
    const known = this.#known.get(key)
    if (known !== undefined) {
      // The one used last is forgotten last.
      this.#known.delete(key)
      this.#known.set(key, known)
      return known
    }
    const asked = this.#ask(name)
    this.#known.set(key, asked)
    if (this.#known.size > this.#limit) this.#known.delete(this.#known.keys().next().value!)
    // What failed once may be there the next time.
    asked.catch(() => {
      if (this.#known.get(key) === asked) this.#known.delete(key)
    })
    return asked
  }

  /** @param name absent: all of them */
  forget(name?: ObjectName): void {
    if (name === undefined) this.#known.clear()
    else this.#known.delete(formatObjectName(name))
  }

  async #ask(name: ObjectName): Promise<TypeDescription> {
    const { typeDescription } = await this.#requester.request('getVariableAccessAttributes', { type: 'name', value: name })
    return isDescribed(typeDescription) ? typeDescription : new Describing(this.#requester).type(typeDescription, 0)
  }
}

function isDescribed(type: TypeDescription): boolean {
  const inside = (specification: TypeSpecification) => specification.type === 'typeDescription' && isDescribed(specification.value)
  if (type.type === 'array') return inside(type.value.elementType)
  return type.type !== 'structure' || type.value.components.every(({ componentType }) => inside(componentType))
}

/** Puts descriptions in the place of names. */
class Describing {
  readonly #requester: Requester
  readonly #asked = new Map<string, TypeSpecification>()
  #parts = 0

  constructor(requester: Requester) {
    this.#requester = requester
  }

  async type(type: TypeDescription, depth: number): Promise<TypeDescription> {
    this.#parts += 1
    if (depth > DEEPEST || this.#parts > MOST_PARTS) {
      const limit = depth > DEEPEST ? `${DEEPEST} levels` : `${MOST_PARTS} parts`
      throw new UsageError('mms', 'MMS_TYPE_NAME', `expected a type of at most ${limit}, found more: its names lead to one another`)
    }
    if (type.type === 'array') {
      return { type: 'array', value: { ...type.value, elementType: await this.#inside(type.value.elementType, depth) } }
    }
    if (type.type !== 'structure') return type
    const components: StructureComponent[] = []
    for (const component of type.value.components) {
      components.push({ ...component, componentType: await this.#inside(component.componentType, depth) })
    }
    return { type: 'structure', value: { ...type.value, components } }
  }

  async #inside(specification: TypeSpecification, depth: number): Promise<TypeSpecification> {
    let described = specification
    for (let names = 0; described.type === 'typeName'; names++) {
      if (names > DEEPEST)
        throw new UsageError('mms', 'MMS_TYPE_NAME', `${formatObjectName(described.value)} is only the name of another type`)
      described = await this.#named(described.value)
    }
    return { type: 'typeDescription', value: await this.type(described.value, depth + 1) }
  }

  async #named(name: ObjectName): Promise<TypeSpecification> {
    const key = formatObjectName(name)
    const known = this.#asked.get(key)
    if (known !== undefined) return known
    const { typeSpecification } = await this.#requester.request('getNamedTypeAttributes', name)
    this.#asked.set(key, typeSpecification)
    return typeSpecification
  }
}
