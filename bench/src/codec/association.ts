import { deepStrictEqual, ok } from 'node:assert/strict'
import { decodeApdu } from '@x/acse'
import { decode } from '@x/ber'
import { CP } from '@x/iso-presentation'
import type { Group, Timings } from '../measure.js'
import { benchPdus } from '../pdus.js'
import { atLeast, duration, type Row } from '../report.js'
import { ratiosOf, spreadOf } from '../statistics.js'
import { asn1jsVersions } from './asn1js.js'
import { asn1jsTree } from './asn1js-read.js'
import { goals } from './goals.js'
import { readOurs } from './ours.js'

const GROUP = 'decode f'
const OURS = 'ours'

/** Everything in the user data of a session CONNECT: contexts and selectors of the CP, titles of the AARQ, the initiate. */
export function readAssociation(octets: Uint8Array) {
  const cp = decode(CP, octets, { layer: 'presentation' })
  const userData = cp.normalModeParameters?.userData
  if (userData?.type !== 'fullyEncodedData') throw new TypeError('expected fully encoded data')
  const value = userData.value[0]!.presentationDataValues
  if (value.type !== 'single-ASN1-type') throw new TypeError('expected one value')
  const apdu = decodeApdu(value.value)
  if (apdu.type !== 'AARQ') throw new TypeError('expected an AARQ')
  return { cp, aarq: apdu.value, initiate: readOurs(apdu.value.userInformation![0]!.octets) }
}

/** The association request. asn1js makes only its tree here, and leaves the octets inside two EXTERNALs as they are. */
export async function associationGroup(): Promise<Group> {
  const { presentation } = benchPdus().f
  const libraries = (await asn1jsVersions()).map(({ name, asn1js }) => ({ name, tree: asn1jsTree(asn1js) }))
  const { aarq, initiate } = readAssociation(presentation)
  deepStrictEqual([aarq.applicationContextName, initiate.type], ['1.0.9506.2.3', 'initiateRequestPDU'])
  for (const { name, tree } of libraries) ok(tree(presentation).valueBlock.value, name)
  return {
    name: GROUP,
    candidates: [
      { name: OURS, run: () => readAssociation(presentation) },
      ...libraries.map(({ name, tree }) => ({ name, run: () => tree(presentation) })),
    ],
  }
}

export function associationRows(timings: Timings): Row[] {
  const group = timings.get(GROUP)!
  const ours = group.get(OURS)!
  return Object.entries(goals.association.of).map(([name, least]) => ({
    goal: goals.association.goal,
    what: 'decode (f)',
    ours: duration(spreadOf(ours).median),
    baseline: `${name}, tree: ${duration(spreadOf(group.get(name)!).median)}`,
    ratio: ratiosOf(group.get(name)!, ours),
    target: atLeast(...least),
  }))
}
