import { decode } from '@x/ber'
import { requiredResults, resultOf } from './answer.js'
import { AC, ACA } from './asn1.js'
import { ContextProviderReason } from './codes.js'
import {
  type ContextPolicy,
  type DefinedContext,
  type DefinedContextSet,
  definedContextSet,
  definitionListProblem,
  evaluateContexts,
  IDENTIFIER_LIMIT,
  refused,
} from './contexts.js'
import type { ACAEvent, ACEvent } from './events.js'
import { invalid } from './faults.js'
import type { PresentationContext, PresentationContextDeletionResult, PresentationContextResult } from './service.js'
import type { Tolerate } from './tolerances.js'
import { formOf, nestedValues } from './user-data.js'

/** A change of the DCS that one side proposed and the other has not answered. X.226, 6.5. */
export interface Alteration {
  readonly additions: readonly PresentationContext[]
  readonly deletions: readonly number[]
}

/** What context management keeps of a connection, X.226, A.5.2; no other connection has it. */
export interface ContextManagement {
  /** This side opened the connection: it gives odd identifiers, the other even ones. */
  readonly initiator: boolean
  /** Every identifier that either side has ever given. */
  readonly used: ReadonlySet<number>
  /** Ours, until the ACA. */
  readonly asked?: Alteration | undefined
  /** The peer's, until our response, with what this provider makes of the additions. */
  readonly indicated?: (Alteration & { readonly marked: readonly PresentationContextResult[] }) | undefined
}

/** At the start of a connection. */
export function contextManagement(initiator: boolean, proposed: readonly PresentationContext[]): ContextManagement {
  return { initiator, used: new Set(proposed.map(context => context.presentationContextIdentifier)) }
}

/** Identifiers of a list count as used from when they are proposed, whatever becomes of them (X.226, 6.5.2.1), except those that are
 *  refused because there are too many. */
export function withUsed(alter: ContextManagement, additions: readonly PresentationContext[]): ContextManagement {
  if (exceeds(alter, additions)) return alter
  return { ...alter, used: new Set([...alter.used, ...additions.map(context => context.presentationContextIdentifier)]) }
}

/** More identifiers than one connection may see. */
export function exceeds({ used }: ContextManagement, additions: readonly PresentationContext[]): boolean {
  return used.size + additions.length > IDENTIFIER_LIMIT
}

/** What is wrong with an alteration that `who` proposes; undefined: nothing. A context that is gone may be deleted once more, as
 *  requests can cross (6.5.5.1). */
export function alterationProblem({ additions, deletions }: Alteration, alter: ContextManagement, ours: boolean): string | undefined {
  const by = alter.initiator === ours ? 'initiator' : 'responder'
  const unknown = deletions.find(identifier => !alter.used.has(identifier))
  if (unknown !== undefined) return `the context deletion list: expected contexts of the connection, found ${unknown}`
  return definitionListProblem(additions, { by, used: alter.used })
}

/** The DCS without some of its members. */
export function without(set: DefinedContextSet, deletions: readonly number[] = []): DefinedContextSet {
  if (deletions.length === 0) return set
  const rest = new Map(set)
  for (const identifier of deletions) rest.delete(identifier)
  return rest
}

/** The DCS that results from an answer: actions [11] and then [06] or [10] of X.226. */
export function altered(
  set: DefinedContextSet,
  { additions, deletions }: Alteration,
  results: readonly PresentationContextResult[],
  deletionResults: readonly PresentationContextDeletionResult[],
): ReadonlyMap<number, DefinedContext> {
  const rest = without(
    set,
    deletions.filter((_, i) => deletionResults[i] === 'acceptance'),
  )
  return new Map([...rest, ...definedContextSet(additions, results)])
}

interface Connection {
  readonly set: DefinedContextSet
  readonly alter: ContextManagement | undefined
}

/**
 * Decides on an AC. X.226, 6.5.2. Whether its values are of the DCS, p05 or p06, is left to the state table.
 *
 * @throws DecodeError PRESENTATION_CONTEXTS, PRESENTATION_USER_DATA, BER_…: an invalid AC
 */
export function readAC(octets: Uint8Array, { set, alter }: Connection, policy: ContextPolicy): ACEvent {
  const {
    presentationContextAdditionList: additions = [],
    presentationContextDeletionList: deletions = [],
    userData,
  } = decode(AC, octets, { layer: 'presentation' })
  const alteration = { additions, deletions }
  const problem = alterationProblem(alteration, alter!, false)
  if (problem !== undefined) throw invalid('PRESENTATION_CONTEXTS', `AC: ${problem}`, 'X.226, 6.5.2')
  return {
    type: 'AC',
    alteration: {
      ...alteration,
      marked: exceeds(alter!, additions) ? additions.map(tooMany) : evaluateContexts(additions, policy, set.size),
    },
    values: nestedValues(userData, set, formOf(set, true), never),
  }
}

/**
 * Decides on the ACA that answers our AC. X.226, 6.5.3. Whether its values are of the DCS that results, p09, is left to the state
 * table.
 *
 * @throws DecodeError PRESENTATION_RESULTS, PRESENTATION_USER_DATA, BER_…: an invalid ACA
 */
export function readACA(octets: Uint8Array, { set, alter }: Connection, tolerate: Tolerate): ACAEvent {
  const asked = alter!.asked!
  const ppdu = decode(ACA, octets, { layer: 'presentation' })
  const results = (ppdu.presentationContextAdditionResultList ?? []).map((item, i) => resultOf(item, i, tolerate))
  requiredResults(asked.additions, results, 'X.226, 6.5.3.1')
  const deletionResults = (ppdu.presentationContextDeletionResultList ?? []).map(deletionResultOf)
  if (deletionResults.length !== asked.deletions.length)
    throw invalid(
      'PRESENTATION_RESULTS',
      `expected ${asked.deletions.length} context deletion results, found ${deletionResults.length}`,
      'X.226, 6.5.3.2',
    )
  const resulting = altered(set, asked, results, deletionResults)
  return {
    type: 'ACA',
    results,
    deletionResults,
    set: resulting,
    values: nestedValues(ppdu.userData, resulting, formOf(resulting, true), never),
  }
}

function deletionResultOf(result: number | PresentationContextDeletionResult, i: number): PresentationContextDeletionResult {
  if (typeof result === 'number')
    throw invalid('PRESENTATION_RESULTS', `context deletion result ${i + 1}: expected 0 or 1, found ${result}`, 'X.226, 6.5.3.2')
  return result
}

function tooMany(): PresentationContextResult {
  return refused(ContextProviderReason.localLimitOnDcsExceeded)
}

/** With context management a DCS of one member is fully encoded, so there is nothing to put up with. */
function never(): boolean {
  return false
}
