import { decode } from '@x/ber'
import { DecodeError } from '@x/core'
import type { AdditionalServiceError, ServiceError } from '../../asn1/error.js'
import { type ControlElement, UnitControlLoadSegmentResponse } from '../../asn1/unit-control.js'
import { additionalResponse } from '../../client/requester.js'
import type { ServerAssociation } from '../association.js'
import { failureOf } from '../domain/failures.js'
import { limitsOf } from '../domain/limits.js'
import { beginTransfer, hasForeignField, partsOf } from '../domain/transfer.js'
import { invalidArgument, serviceError } from '../errors.js'
import type { AdditionalHandler } from '../handlers.js'
import type { Vmd } from '../vmd.js'
import { Assembly } from './assembly.js'
import { newRefusal } from './services.js'
import { PartFailed } from './unit-control.js'

/** Names of unit controls that are being loaded. */
const going = new WeakMap<Vmd, Set<string>>()

/** ISO 9506-1, 13.3: the server asks the client for control elements until no more follow, and answers when it has done what they say. */
export const initiateUCLoad: AdditionalHandler<'initiateUCLoad'> = (name, association, call) => {
  const begun = begin(name, association)
  if ('error' in begun) return begun
  const { assembly, end } = begun
  call.cancelable = true
  // Whatever ends it early: a Cancel, the end of the association, a client that does not answer.
  call.signal.addEventListener('abort', () => assembly.undo())
  const work = async () => {
    try {
      for (let more = true; more; ) {
        call.suspend()
        const timeout = limitsOf(association.vmd).answerTimeout
        const response = await association.request('additionalService', { type: 'uCLoad', value: name }, { timeout })
        call.restart()
        const { controlElements, moreFollows } = additionalResponse('uCLoad', response)
        if (controlElements.length === 0 && moreFollows) throw { error: serviceError('service', 'primitives-out-of-sequence') }
        for (const element of controlElements) await assembly.apply(element)
        more = moreFollows
      }
      assembly.finish()
      return { response: null }
    } catch (error) {
      return { error: failure(error, part => part && { type: 'initiateUC', value: part }) }
    } finally {
      end()
    }
  }
  return work()
}

/**
 * The same elements from a file: the encoding of one uCLoad response, which is our own choice of a format. A file is held as a whole, up to the
 * `maxOctets` of `DomainLoading`.
 */
export const loadUCFromFile: AdditionalHandler<'loadUCFromFile'> = (request, association, call) => {
  if (hasForeignField(association, request)) return invalidArgument
  const begun = begin(request.unitControlName, association)
  if ('error' in begun) return begun
  const { assembly, end } = begun
  const work = async () => {
    let errorOf = failureOf
    try {
      const transfer = await beginTransfer(association, request, call, () => assembly.undo())
      ;({ errorOf } = transfer)
      const file = await transfer.files.open(transfer.name)
      let elements: readonly ControlElement[]
      try {
        if (file.size > limitsOf(association.vmd).maxOctets) throw { error: serviceError('resource', 'memory-unavailable') }
        elements = await elementsIn(partsOf(file, transfer.step))
      } finally {
        await file.close()
      }
      for (const element of elements) {
        await assembly.apply(element)
        transfer.step()
      }
      assembly.finish()
      return { response: null }
    } catch (error) {
      const where = (part: PartFailed['part']): AdditionalServiceError => ({
        type: 'loadUCFromFile',
        value: part ?? { type: 'none', value: null },
      })
      return { error: failure(error, where, errorOf) }
    } finally {
      end()
    }
  }
  return work()
}

function begin(name: string, association: ServerAssociation) {
  const loads = going.get(association.vmd) ?? new Set<string>()
  going.set(association.vmd, loads)
  if (loads.has(name)) return { error: serviceError('definition', 'object-exists') }
  const refused = newRefusal(name, association)
  if (refused !== undefined) return refused
  loads.add(name)
  const assembly = new Assembly(association, name)
  const end = () => {
    loads.delete(name)
    // Without effect on one that is finished.
    assembly.undo()
  }
  return { assembly, end }
}

async function elementsIn(parts: AsyncIterable<Uint8Array>): Promise<readonly ControlElement[]> {
  const whole: Uint8Array[] = []
  for await (const part of parts) whole.push(part)
  try {
    return decode(UnitControlLoadSegmentResponse, joined(whole)).controlElements
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw { error: serviceError('file', 'content-type-invalid') }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const octets = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    octets.set(part, at)
    at += part.length
  }
  return octets
}

function failure(
  thrown: unknown,
  where: (part: PartFailed['part']) => AdditionalServiceError | undefined,
  errorOf: (thrown: unknown) => ServiceError = failureOf,
): ServiceError {
  const { error, part } = thrown instanceof PartFailed ? thrown : { error: errorOf(thrown), part: undefined }
  const value = where(part)
  return value === undefined ? error : { errorClass: error.errorClass, serviceSpecificInfo: { type: 'additionalService', value } }
}
