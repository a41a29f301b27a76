import { EMBEDDED_PDV, type EmbeddedPdv, EXTERNAL, type External, leaf, type Type } from '@x/ber'

/*
 * Values of types that their place does not know are views of the PDU when decoded, and a PDU's octets are lent by the channel for as long as
 * it is being taken. What an application or an object keeps must be its own.
 */

/** EXTERNAL with octets of its own. */
export const OwnedExternal: Type<External> = leaf<External>({
  name: 'EXTERNAL',
  as: EXTERNAL,
  tags: [0x28],
  get(reader, tag) {
    const value = EXTERNAL.codec().get(reader, tag)
    const { encoding } = value
    return encoding.type === 'arbitrary' ? value : { ...value, encoding: { type: encoding.type, value: encoding.value.slice() } }
  },
  put: (sdu, value) => EXTERNAL.codec().put(sdu, value, 0x28),
})

/** EMBEDDED PDV with octets of its own. */
export const OwnedEmbeddedPdv: Type<EmbeddedPdv> = leaf<EmbeddedPdv>({
  name: 'EMBEDDED PDV',
  as: EMBEDDED_PDV,
  tags: [0x2b],
  get(reader, tag) {
    const value = EMBEDDED_PDV.codec().get(reader, tag)
    return { ...value, dataValue: value.dataValue.slice() }
  },
  put: (sdu, value) => EMBEDDED_PDV.codec().put(sdu, value, 0x2b),
})
