import { AdditionalSupportOptions } from '../asn1/environment.js'
import { initiateSettings } from '../negotiation.js'
import {
  type AdditionalServiceName,
  additionalServiceNames,
  confirmedServiceNames,
  serviceSupportBits,
  supportBitOf,
  unconfirmedServiceNames,
} from '../service-names.js'
import type { MmsServer } from './server.js'

/** One service of a PICS. */
export interface PicsService {
  /** Number in its CHOICE; undefined for a service that is none, such as cancel. */
  readonly tag?: number
  readonly name: string
  /** Whether this server answers it, or, of an unconfirmed one, sends it. */
  readonly served: boolean
  /** Whether it asks its clients for it, as for the segments of a download. */
  readonly asked: boolean
}

/** What a server states about itself: a protocol implementation conformance statement, generated from the handlers that it has. */
export interface Pics {
  readonly vendorName: string
  readonly modelName: string
  readonly revision: string
  /** Minor version. */
  readonly versionNumber: number
  /** Every parameter conformance building block that it offers. */
  readonly parameterCBB: readonly string[]
  readonly additionalCBB: readonly string[]
  /** The 86 confirmed services of ISO 9506-2:2003. */
  readonly confirmed: readonly PicsService[]
  /** The 23 services inside additionalService. */
  readonly additional: readonly PicsService[]
  /** The 3 unconfirmed services. */
  readonly unconfirmed: readonly PicsService[]
  /** Conclude, cancel, modifiers. */
  readonly environment: readonly PicsService[]
  /** Largest MMS PDU in octets, requests open at a time, levels of arrays and structures. */
  readonly maxPduSize: number
  readonly maxServOutstanding: number
  readonly dataStructureNestingLevel: number
}

/** @returns what the server serves and offers, as it announces it in an initiate */
export function picsOf(server: MmsServer): Pics {
  const announced = new Set<string>(server.servicesSupported)
  const additional = new Set<string>(server.additionalSupported)
  const asks = new Set<string>(server.asks)
  const bits = new Set<string | undefined>(
    [...confirmedServiceNames, ...unconfirmedServiceNames].map(({ bit }) => (bit === undefined ? undefined : serviceSupportBits[bit])),
  )
  const { vendorName, modelName, revision } = server.vmd.model.identity
  const { versionNumber, parameterCBB, additionalCBB, maxPduSize, maxServOutstanding, dataStructureNestingLevel } = initiateSettings(
    server.initiate,
  )
  return {
    vendorName,
    modelName,
    revision,
    versionNumber,
    parameterCBB,
    additionalCBB,
    confirmed: confirmedServiceNames.map(({ tag, name }) => ({
      tag,
      name,
      served: name === 'additionalService' ? additional.size > 0 : announced.has(supportBitOf(name)!),
      asked: asks.has(name),
    })),
    additional: additionalServiceNames.map((name, tag) => ({
      tag,
      name: fullNameOf(name),
      served: additional.has(name),
      asked: asks.has(name),
    })),
    unconfirmed: unconfirmedServiceNames.map(({ tag, name }) => ({ tag, name, served: announced.has(name), asked: false })),
    environment: serviceSupportBits.filter(name => !bits.has(name)).map(name => ({ name, served: announced.has(name), asked: false })),
    maxPduSize,
    maxServOutstanding,
    dataStructureNestingLevel,
  }
}

/** The name of a service inside additionalService as ISO 9506-1 has it: `startUnitControl` for `startUC`. */
export function fullNameOf(service: AdditionalServiceName): string {
  return Object.keys(AdditionalSupportOptions.bits)[additionalServiceNames.indexOf(service)]!
}
