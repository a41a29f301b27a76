import { ContextProviderReason, nameOf } from './codes.js'
import type { PresentationContext, PresentationContextResult } from './service.js'

/** The Basic Encoding Rules as a transfer syntax: joint-iso-itu-t asn1(1) basic-encoding(1). */
export const BER_TRANSFER_SYNTAX = '2.1.1'

/** Stands for the default context in `presentationContextIdentifier`; it has no identifier of its own (X.226, 3.5.7), and
 *  0 can be no other: identifiers are odd when the initiator gives them and begin at 2 when the responder does. */
export const DEFAULT_CONTEXT = 0

/** The largest identifier accepted. X.226 sets no limit; this is what four octets of INTEGER hold. */
export const GREATEST_IDENTIFIER = 0x7fff_ffff

/** Contexts proposed in one list that are looked at further; the rest is refused with local-limit-on-DCS-exceeded. */
export const CONTEXT_LIMIT = 16

/** Identifiers that one connection may see. With context management a peer could go on for ever, and each has to be remembered
 *  (X.226, 6.5.2.1); additions beyond them are refused with local-limit-on-DCS-exceeded. */
export const IDENTIFIER_LIMIT = 1024

/** A member of the defined context set, the DCS: agreed, with the one transfer syntax in use. X.226, 3.5.6. */
export interface DefinedContext {
  readonly presentationContextIdentifier: number
  /** Dotted object identifier. */
  readonly abstractSyntaxName: string
  /** Dotted object identifier. */
  readonly transferSyntaxName: string
}

/** The DCS by identifier, in the order of the proposal. */
export type DefinedContextSet = ReadonlyMap<number, DefinedContext>

/** What this provider can represent. */
export interface ContextPolicy {
  /** Transfer syntaxes of each abstract syntax, the preferred one first; absent: every abstract syntax, in BER. */
  readonly abstractSyntaxes: ReadonlyMap<string, readonly string[]> | undefined
  /** Members of the DCS at most. */
  readonly limit: number
}

/** @param abstractSyntaxes by object identifier; @default every abstract syntax, in BER. @param limit @default 16 */
export function contextPolicy(abstractSyntaxes?: Readonly<Record<string, readonly string[]>>, limit = CONTEXT_LIMIT): ContextPolicy {
  return { abstractSyntaxes: abstractSyntaxes && new Map(Object.entries(abstractSyntaxes)), limit }
}

/**
 * What the provider makes of each context proposed, action [01] of X.226: refused with its reason, or acceptable with
 * the transfer syntax it would use, the first of its own that was offered (6.2.3.5).
 *
 * @param defined members that the DCS has already
 */
export function evaluateContexts(list: readonly PresentationContext[], policy: ContextPolicy, defined = 0): PresentationContextResult[] {
  let accepted = defined
  return list.map(({ abstractSyntaxName, transferSyntaxNameList }) => {
    const own = transferSyntaxesOf(abstractSyntaxName, policy)
    if (own === undefined) return refused(ContextProviderReason.abstractSyntaxNotSupported)
    const transferSyntaxName = own.find(name => transferSyntaxNameList.includes(name))
    if (transferSyntaxName === undefined) return refused(ContextProviderReason.proposedTransferSyntaxesNotSupported)
    if (++accepted > policy.limit) return refused(ContextProviderReason.localLimitOnDcsExceeded)
    return { result: 'acceptance', transferSyntaxName }
  })
}

/** Undefined when the abstract syntax is not supported at all. */
export function transferSyntaxesOf(abstractSyntaxName: string, policy: ContextPolicy): readonly string[] | undefined {
  return policy.abstractSyntaxes ? policy.abstractSyntaxes.get(abstractSyntaxName) : [BER_TRANSFER_SYNTAX]
}

/** Whether this provider can represent an abstract syntax in a transfer syntax. */
export function isSupported(abstractSyntaxName: string, transferSyntaxName: string, policy: ContextPolicy): boolean {
  return transferSyntaxesOf(abstractSyntaxName, policy)?.includes(transferSyntaxName) ?? false
}

/** @internal */
export function refused(providerReason: number): PresentationContextResult {
  return { result: 'provider-rejection', providerReason }
}

/** The contexts accepted, as the DCS that results. Both lists have been checked before. */
export function definedContextSet(
  list: readonly PresentationContext[],
  results: readonly PresentationContextResult[],
): Map<number, DefinedContext> {
  const set = new Map<number, DefinedContext>()
  list.forEach(({ presentationContextIdentifier, abstractSyntaxName }, i) => {
    const result = results[i]
    if (result?.result !== 'acceptance') return
    const { transferSyntaxName } = result
    set.set(presentationContextIdentifier, { presentationContextIdentifier, abstractSyntaxName, transferSyntaxName })
  })
  return set
}

/** Which identifiers a list may give. */
export interface IdentifierRule {
  /** The initiator of the connection gives odd ones, the responder even ones. @default 'initiator' */
  readonly by?: 'initiator' | 'responder'
  /** Those that the connection has seen, whether they are still defined or not. @default none */
  readonly used?: Iterable<number>
}

/** X.226, 6.2.2.7 and 6.5.2.1, for both sides. @param rule for an addition list. @default the rule for a CP
 *  @returns what is wrong with a definition or addition list; undefined: nothing */
export function definitionListProblem(list: readonly PresentationContext[], rule: IdentifierRule = {}): string | undefined {
  const { by = 'initiator', used = [] } = rule
  const seen = new Set<number>(used)
  for (const [i, { presentationContextIdentifier: identifier, transferSyntaxNameList }] of list.entries()) {
    const where = `item ${i + 1} of the context definition list`
    if (!Number.isSafeInteger(identifier) || identifier < 1 || identifier > GREATEST_IDENTIFIER)
      return `${where}: expected an identifier of 1 to ${GREATEST_IDENTIFIER}, found ${identifier}`
    if (identifier % 2 !== (by === 'initiator' ? 1 : 0))
      return `${where}: expected an ${by === 'initiator' ? 'odd' : 'even'} identifier, found ${identifier}`
    if (seen.has(identifier)) return `${where}: expected an identifier of its own, found ${identifier} again`
    if (transferSyntaxNameList.length === 0) return `${where}: expected at least one transfer syntax, found none`
    seen.add(identifier)
  }
  return undefined
}

/** X.226, 6.2.3.5, for the initiator. @returns what is wrong with a result list that answers `list`; undefined: nothing */
export function resultListProblem(list: readonly PresentationContext[], results: readonly PresentationContextResult[]): string | undefined {
  if (results.length !== list.length) return `expected ${list.length} context results, found ${results.length}`
  for (const [i, result] of results.entries()) {
    const { presentationContextIdentifier: identifier, transferSyntaxNameList } = list[i]!
    if (result.result === 'acceptance' && !transferSyntaxNameList.includes(result.transferSyntaxName))
      return `context ${identifier}: expected a transfer syntax that was offered, found ${result.transferSyntaxName}`
  }
  return undefined
}

/**
 * For the responder's user, who may refuse more than the provider did, but accept nothing that the provider refused.
 *
 * @param marked what the indication said. @param answer what the response says
 * @returns what is wrong with the answer; undefined: nothing
 */
export function answerProblem(
  list: readonly PresentationContext[],
  marked: readonly PresentationContextResult[],
  answer: readonly PresentationContextResult[],
  policy: ContextPolicy,
): string | undefined {
  const problem = resultListProblem(list, answer)
  if (problem !== undefined) return problem
  for (const [i, result] of answer.entries()) {
    if (result.result !== 'acceptance') continue
    const { presentationContextIdentifier: identifier, abstractSyntaxName } = list[i]!
    if (marked[i]?.result !== 'acceptance') return `context ${identifier}: the provider refused it, so the user cannot accept it`
    if (!isSupported(abstractSyntaxName, result.transferSyntaxName, policy))
      return `context ${identifier}: this provider has no transfer syntax ${result.transferSyntaxName} for it`
  }
  return undefined
}

/** A negotiation for people: one line for each context, such as
 *  `context 3, 1.0.9506.2.1: provider-rejection, abstract-syntax-not-supported`. */
export function describeNegotiation(list: readonly PresentationContext[], results: readonly PresentationContextResult[] = []): string[] {
  return list.map(({ presentationContextIdentifier, abstractSyntaxName, transferSyntaxNameList }, i) => {
    const head = `context ${presentationContextIdentifier}, ${abstractSyntaxName}`
    const result = results[i]
    if (result === undefined) return `${head}: proposed with ${transferSyntaxNameList.join(', ')}`
    if (result.result === 'acceptance') return `${head}: acceptance, ${result.transferSyntaxName}`
    if (result.result === 'user-rejection') return `${head}: user-rejection`
    return `${head}: provider-rejection, ${nameOf(ContextProviderReason, result.providerReason)}`
  })
}

/** The identifier proposed for an abstract syntax; undefined when it was not proposed. */
export function presentationContextIdentifier(list: readonly PresentationContext[], abstractSyntaxName: string): number | undefined {
  return list.find(context => context.abstractSyntaxName === abstractSyntaxName)?.presentationContextIdentifier
}

/**
 * A definition list, or an addition list, with identifiers given: 1, 3, 5 … by the initiator, 2, 4, 6 … by the responder, each
 * above all that were used. X.226, 6.2.2.7 and 6.5.2.1.
 *
 * @param abstractSyntaxes names, or a table of transfer syntaxes by name such as the option `abstractSyntaxes`
 * @param transferSyntaxNameList for names without a table. @default BER alone
 */
export function proposeContexts(
  abstractSyntaxes: readonly string[] | Readonly<Record<string, readonly string[]>>,
  transferSyntaxNameList: readonly string[] = [BER_TRANSFER_SYNTAX],
  { by = 'initiator', used = [] }: IdentifierRule = {},
): PresentationContext[] {
  let identifier = by === 'initiator' ? -1 : 0
  for (const one of used) while (identifier + 2 <= one) identifier += 2
  return entriesOf(abstractSyntaxes, transferSyntaxNameList).map(([abstractSyntaxName, names]) => {
    identifier += 2
    return { presentationContextIdentifier: identifier, abstractSyntaxName, transferSyntaxNameList: names }
  })
}

function entriesOf(
  abstractSyntaxes: readonly string[] | Readonly<Record<string, readonly string[]>>,
  names: readonly string[],
): readonly (readonly [string, readonly string[]])[] {
  return isNames(abstractSyntaxes) ? abstractSyntaxes.map(name => [name, names] as const) : Object.entries(abstractSyntaxes)
}

function isNames(abstractSyntaxes: object): abstractSyntaxes is readonly string[] {
  return Array.isArray(abstractSyntaxes)
}

/** The transfer syntaxes proposed for a context; none when it was not proposed. */
export function transferSyntaxNames(list: readonly PresentationContext[], presentationContextIdentifier: number): readonly string[] {
  return list.find(context => context.presentationContextIdentifier === presentationContextIdentifier)?.transferSyntaxNameList ?? []
}
