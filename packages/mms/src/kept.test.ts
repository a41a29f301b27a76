import { decode } from '@x/ber'
import { expect, test } from 'vitest'
import { pair, settle } from '../test/pair.js'
import { MmsPdu } from './asn1/pdu.js'

const title = [[{ type: '2.5.4.3', value: Uint8Array.of(0x13, 1, 0x61) }]]

test('titles and user information of an associate stay as they came when the buffer they came in is used again', async () => {
  const { mms, association, b } = await pair({
    client: { association: { calling: { apTitle: title, aeQualifier: title[0]! } } },
  })
  await settle()
  await mms.readValue('vmd:vmdWide')
  expect(b.lends).toBe(true)
  expect(association.association.calling).toEqual({ apTitle: title, aeQualifier: title[0] })
  expect(decode(MmsPdu, association.association.userInformation[0]!.octets)).toMatchObject({ type: 'initiateRequestPDU' })
  expect(decode(MmsPdu, mms.association.userInformation[0]!.octets)).toMatchObject({ type: 'initiateResponsePDU' })
})
