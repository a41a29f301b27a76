import type * as version4 from 'asn1js'

/** What both versions have; their declarations differ in details that do not matter here. */
export type Asn1js = typeof version4

/** A node of the tree that asn1js makes. */
export interface Node {
  readonly idBlock: { readonly tagClass: number; readonly tagNumber: number }
  /** `value`: the parts of a constructed one, or what a universal one means; `valueDec`: an INTEGER; `valueHexView`: octets. */
  readonly valueBlock: { readonly value: unknown; readonly valueDec: number; readonly valueHexView: Uint8Array }
}

/** The two versions, 4.0.0 and the newest 3.x, the faster reader of the two. */
export async function asn1jsVersions(): Promise<readonly { readonly name: string; readonly asn1js: Asn1js }[]> {
  const [four, three] = await Promise.all([import('asn1js'), import('asn1js-3')])
  return [
    { name: 'asn1js 4.0.0', asn1js: four },
    { name: 'asn1js 3.1.0', asn1js: three as unknown as Asn1js },
  ]
}
