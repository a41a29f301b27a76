import type { BitString } from '@x/ber'
import { remembered, UsageError } from '@x/core'
import type { InitiateRequestPDU, InitiateResponsePDU } from './asn1/environment.js'
import {
  AdditionalCBBOptions,
  AdditionalSupportOptions,
  PARAMETER_SUPPORT_SIZE_VERSION_1,
  ParameterSupportOptions,
  SERVICE_SUPPORT_SIZE_VERSION_1,
  ServiceSupportOptions,
} from './asn1/environment.js'
import type { ServiceError } from './asn1/error.js'
import type { Negotiated } from './service.js'
import {
  type AdditionalServiceName,
  additionalServiceNames,
  type ServiceSupportBit,
  serviceSupportBits,
  sinceVersion,
} from './service-names.js'

/** The parameter conformance building blocks that there is code for: all but those of former companion standards, and `real` of edition 1. */
export const parameterNames = [
  'str1',
  'str2',
  'vnam',
  'valt',
  'vadr',
  'vsca',
  'tpy',
  'vlis',
  'cei',
  'aco',
  'sem',
  'csr',
  'cspi',
  'char',
] as const satisfies readonly ReturnType<typeof ParameterSupportOptions.names>[number][]
export type ParameterName = (typeof parameterNames)[number]
/** Additional building blocks, with `cspi` only: display enhancement texts and indexes, nested event condition lists. */
export type AdditionalParameterName = 'des' | 'dei' | 'recl'
/** What a side announces that it serves. */
export type Announced = ServiceSupportBit | AdditionalServiceName

/** What a side offers in its initiate. */
export interface InitiateParameters {
  /** Largest MMS PDU, in octets, `minPduSize` … 2³¹−1. @default 65_000 */
  readonly maxPduSize?: number
  /** Smallest maximum that a peer may ask for, in octets, at least 64. @default 512 */
  readonly minPduSize?: number
  /** Confirmed requests open at a time, each way, 1 … 32 767. @default 10 */
  readonly maxServOutstanding?: number
  /** Levels of arrays and structures in data, 0 … 24. @default 10 */
  readonly dataStructureNestingLevel?: number
  /** Minor version. @default 1, as IEC 61850-8-1 has it */
  readonly versionNumber?: number
  /** Conformance building blocks. @default str1, str2, vnam, valt, vlis */
  readonly parameterCBB?: readonly ParameterName[]
  /** Additional ones; they go with `cspi`. @default none */
  readonly additionalCBB?: readonly AdditionalParameterName[]
}

export type InitiateSettings = Required<InitiateParameters>

/** What IEC 61850 and nearly every program has. */
export const USUAL_PARAMETERS: readonly ParameterName[] = ['str1', 'str2', 'vnam', 'valt', 'vlis']

/** The parameters with defaults filled in; one for all machines that are given them. @throws UsageError `MMS_OPTION` for one outside its range */
export function initiateSettings(parameters: InitiateParameters = NO_PARAMETERS): InitiateSettings {
  return settingsOf(parameters)
}

/** Offers everything that there is in ISO 9506:2003: minor version 3 and each building block. For clients of servers that serve more than IEC 61850 asks for. */
export const WHOLE_OF_MMS: InitiateParameters = { versionNumber: 3, parameterCBB: parameterNames, additionalCBB: ['des', 'dei', 'recl'] }

const NO_PARAMETERS: InitiateParameters = {}
const settingsOf = remembered(makeSettings)

function makeSettings(parameters: InitiateParameters): InitiateSettings {
  const settings: InitiateSettings = {
    maxPduSize: 65_000,
    minPduSize: 512,
    maxServOutstanding: 10,
    dataStructureNestingLevel: 10,
    versionNumber: 1,
    parameterCBB: USUAL_PARAMETERS,
    additionalCBB: [],
    ...parameters,
  }
  const within = (
    name: 'maxPduSize' | 'minPduSize' | 'maxServOutstanding' | 'dataStructureNestingLevel' | 'versionNumber',
    least: number,
    most: number,
  ) => {
    const value = settings[name]
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new UsageError('mms', 'MMS_OPTION', `${name}: expected ${least} to ${most}, found ${value}`)
    }
  }
  within('minPduSize', 64, 0x7fff_ffff)
  within('maxPduSize', settings.minPduSize, 0x7fff_ffff)
  within('maxServOutstanding', 1, 0x7fff)
  within('dataStructureNestingLevel', 0, 24)
  within('versionNumber', 1, 3)
  return settings
}

/** The initiate-RequestPDU of this side. @param serves services that this side answers */
export function proposal(settings: InitiateSettings, serves: readonly Announced[]): InitiateRequestPDU {
  const additional = additionalBits(settings.parameterCBB, settings.additionalCBB, serves)
  return {
    localDetailCalling: settings.maxPduSize,
    proposedMaxServOutstandingCalling: settings.maxServOutstanding,
    proposedMaxServOutstandingCalled: settings.maxServOutstanding,
    proposedDataStructureNestingLevel: settings.dataStructureNestingLevel,
    initRequestDetail: {
      proposedVersionNumber: settings.versionNumber,
      proposedParameterCBB: parameterBits(settings.versionNumber, settings.parameterCBB),
      servicesSupportedCalling: serviceBits(settings.versionNumber, serves),
      ...(additional && { additionalSupportedCalling: additional.supported }),
      ...(additional?.cbb && { additionalCbbSupportedCalling: additional.cbb, privilegeClassIdentityCalling: '' }),
    },
  }
}

/** The answer to a proposal: an initiate-ResponsePDU, or why not. ISO 9506-1, 8.2. */
export function answer(
  request: InitiateRequestPDU,
  settings: InitiateSettings,
  serves: readonly Announced[],
): { readonly response: InitiateResponsePDU } | { readonly error: ServiceError } {
  const detail = request.initRequestDetail
  const size = Math.min(request.localDetailCalling ?? settings.maxPduSize, settings.maxPduSize)
  if (size < settings.minPduSize || detail.proposedVersionNumber < 1) return refused('other')
  if (request.proposedMaxServOutstandingCalling < 1) return refused('max-services-outstanding-calling-insufficient')
  if (request.proposedMaxServOutstandingCalled < 0) return refused('max-services-outstanding-called-insufficient')
  const proposedLevel = request.proposedDataStructureNestingLevel
  if (proposedLevel !== undefined && proposedLevel < 0) return refused('nesting-level-insufficient')
  const versionNumber = Math.min(detail.proposedVersionNumber, settings.versionNumber)
  const parameters = settings.parameterCBB.filter(
    name =>
      ParameterSupportOptions.has(detail.proposedParameterCBB, name) &&
      // What a peer of minor version 1 proposes behind its eleven bits does not exist there.
      (versionNumber > 1 || ParameterSupportOptions.bits[name] < PARAMETER_SUPPORT_SIZE_VERSION_1),
  )
  const proposedAdditional = AdditionalCBBOptions.names(detail.additionalCbbSupportedCalling ?? NO_BITS)
  const additional = additionalBits(
    parameters,
    settings.additionalCBB.filter(name => proposedAdditional.includes(name)),
    serves,
  )
  return {
    response: {
      localDetailCalled: size,
      negotiatedMaxServOutstandingCalling: Math.min(request.proposedMaxServOutstandingCalling, settings.maxServOutstanding),
      negotiatedMaxServOutstandingCalled: Math.min(request.proposedMaxServOutstandingCalled, settings.maxServOutstanding),
      negotiatedDataStructureNestingLevel: Math.min(
        proposedLevel ?? settings.dataStructureNestingLevel,
        settings.dataStructureNestingLevel,
      ),
      initResponseDetail: {
        negotiatedVersionNumber: versionNumber,
        negotiatedParameterCBB: parameterBits(versionNumber, parameters),
        servicesSupportedCalled: serviceBits(versionNumber, serves),
        ...(additional && { additionalSupportedCalled: additional.supported }),
        ...(additional?.cbb && { additionalCbbSupportedCalled: additional.cbb, privilegeClassIdentityCalled: '' }),
      },
    },
  }
}

/** What is worse in a response than the proposal allows; undefined: nothing. */
export function worseThanProposed(
  request: InitiateRequestPDU,
  response: InitiateResponsePDU,
  settings: InitiateSettings,
): string | undefined {
  const offered = request.localDetailCalling
  const { localDetailCalled: size } = response
  if (size !== undefined && size < settings.minPduSize) return `localDetailCalled: expected at least ${settings.minPduSize}, found ${size}`
  if (size !== undefined && offered !== undefined && size > offered) return `localDetailCalled: expected at most ${offered}, found ${size}`
  if (response.negotiatedMaxServOutstandingCalling < 1 && response.negotiatedMaxServOutstandingCalled < 1) {
    return 'negotiatedMaxServOutstanding: expected at least 1, found 0'
  }
  const version = response.initResponseDetail.negotiatedVersionNumber
  const most = request.initRequestDetail.proposedVersionNumber
  if (version < 1 || version > most) return `negotiatedVersionNumber: expected 1 to ${most}, found ${version}`
  return undefined
}

/**
 * What both sides may do from now on. The two outstanding numbers are read either way round by different programs: this side keeps
 * to the smaller one for its own requests and allows the peer the larger one.
 */
export function negotiated(request: InitiateRequestPDU, response: InitiateResponsePDU, side: 'calling' | 'called'): Negotiated {
  const { negotiatedMaxServOutstandingCalling: calling, negotiatedMaxServOutstandingCalled: called, initResponseDetail } = response
  const ours = side === 'calling' ? request.initRequestDetail.servicesSupportedCalling : initResponseDetail.servicesSupportedCalled
  const theirs = side === 'calling' ? initResponseDetail.servicesSupportedCalled : request.initRequestDetail.servicesSupportedCalling
  return {
    maxPduSize: response.localDetailCalled ?? request.localDetailCalling ?? 65_000,
    maxServOutstandingOwn: Math.max(1, Math.min(calling, called)),
    maxServOutstandingPeer: Math.max(1, calling, called),
    dataStructureNestingLevel: response.negotiatedDataStructureNestingLevel ?? request.proposedDataStructureNestingLevel ?? 10,
    versionNumber: initResponseDetail.negotiatedVersionNumber,
    parameterCBB: ParameterSupportOptions.names(initResponseDetail.negotiatedParameterCBB),
    servicesSupportedPeer: ServiceSupportOptions.names(theirs),
    servicesSupportedOwn: ServiceSupportOptions.names(ours),
    additionalSupportedPeer: additionalNames(
      side === 'calling' ? initResponseDetail.additionalSupportedCalled : request.initRequestDetail.additionalSupportedCalling,
    ),
    additionalCBB: AdditionalCBBOptions.names(initResponseDetail.additionalCbbSupportedCalled ?? NO_BITS),
  }
}

function refused(value: 'other' | `max-services-outstanding-${'calling' | 'called'}-insufficient` | 'nesting-level-insufficient'): {
  error: ServiceError
} {
  return { error: { errorClass: { type: 'initiate', value } } }
}

/** Building blocks that the minor version does not have are left out. */
function parameterBits(version: number, names: readonly ParameterName[]) {
  if (version > 1) return ParameterSupportOptions.of(...names)
  const size = PARAMETER_SUPPORT_SIZE_VERSION_1
  return ParameterSupportOptions.ofSize(size, ...names.filter(name => ParameterSupportOptions.bits[name] < size))
}

/** Services that the minor version does not have are left out. */
function serviceBits(version: number, served: readonly Announced[]) {
  const names = served.filter(isBit).filter(name => sinceVersion(name) <= version)
  return version === 1 ? ServiceSupportOptions.ofSize(SERVICE_SUPPORT_SIZE_VERSION_1, ...names) : ServiceSupportOptions.of(...names)
}

/** The names of the bits, in the order of the services' tags. */
const ADDITIONAL_BITS = Object.keys(AdditionalSupportOptions.bits) as (keyof typeof AdditionalSupportOptions.bits)[]
const NO_BITS: BitString = { octets: new Uint8Array(), size: 0 }

/** Bits of the services inside additionalService that the building blocks allow; undefined: there is neither `csr` nor `cspi`. */
function additionalBits(
  parameters: readonly ParameterName[],
  additionalCBB: readonly AdditionalParameterName[],
  served: readonly Announced[],
) {
  const cspi = parameters.includes('cspi')
  if (!cspi && !parameters.includes('csr')) return undefined
  const supported = additionalServiceNames.flatMap((name, bit) =>
    served.includes(name) && parameters.includes(blockOf(name)) ? [ADDITIONAL_BITS[bit]!] : [],
  )
  return { supported: AdditionalSupportOptions.of(...supported), cbb: cspi ? AdditionalCBBOptions.of(...additionalCBB) : undefined }
}

/** The building block without which there is no such service. ISO 9506-2, AdditionalSupportOptions. */
export function blockOf(service: AdditionalServiceName): 'csr' | 'cspi' {
  return additionalServiceNames.indexOf(service) < FIRST_OF_CSPI ? 'csr' : 'cspi'
}
const FIRST_OF_CSPI = additionalServiceNames.indexOf('initiateUCLoad')

function additionalNames(bits: BitString | undefined): readonly AdditionalServiceName[] {
  return bits === undefined ? [] : additionalServiceNames.filter((_, bit) => AdditionalSupportOptions.has(bits, ADDITIONAL_BITS[bit]!))
}

function isBit(name: Announced): name is ServiceSupportBit {
  return (serviceSupportBits as readonly string[]).includes(name)
}
