/**
 * Identifier octets (X.690, 8.1.2) as numbers. Everywhere in this package a *tag* is one number:
 *
 * - low-tag-number form: the identifier octet itself, such as 0x30 or 0xa1;
 * - high-tag-number form: number × 256 + the leading octet, so `bf 48` (context 72, constructed) is 72 × 256 + 0xbf.
 *
 * In both forms bit 0x20 says constructed and bits 0xc0 the class.
 */

/** Bit 6 of the identifier: the contents are elements. X.690, 8.1.2.5. */
export const CONSTRUCTED = 0x20

/** Class bits: types of ASN.1 itself. */
export const UNIVERSAL = 0x00
/** Class bits: `[APPLICATION n]`. */
export const APPLICATION = 0x40
/** Class bits: `[n]`. */
export const CONTEXT = 0x80
/** Class bits: `[PRIVATE n]`. */
export const PRIVATE = 0xc0

/** Class bits of a tag. X.690, table 1. */
export type TagClass = typeof UNIVERSAL | typeof APPLICATION | typeof CONTEXT | typeof PRIVATE

/** The highest tag number that is read or written: 28 bits, four octets in high form. */
export const MAX_TAG_NUMBER = 0x0fff_ffff

/** @returns the tag of this class and number; pass `CONSTRUCTED` for the constructed form */
export function tagOf(tagClass: TagClass, number: number, form: 0 | typeof CONSTRUCTED = 0): number {
  return number < 0x1f ? tagClass | form | number : number * 256 + (tagClass | form | 0x1f)
}

/** `[number]`: 0x80 + number in low form. */
export function contextTag(number: number, form: 0 | typeof CONSTRUCTED = 0): number {
  return tagOf(CONTEXT, number, form)
}

/** The number in a tag, 0 to `MAX_TAG_NUMBER`. */
export function tagNumber(tag: number): number {
  return tag < 256 ? tag & 0x1f : Math.floor(tag / 256)
}

/** The class bits of a tag. */
export function tagClass(tag: number): TagClass {
  return (tag & 0xc0) as TagClass
}

/** The same class and form with another number and class: what IMPLICIT does to a tag. */
export function retag(tag: number, newClass: TagClass, number: number): number {
  return tagOf(newClass, number, (tag & CONSTRUCTED) as 0 | typeof CONSTRUCTED)
}

const UNIVERSAL_NAMES: Readonly<Record<number, string>> = {
  0: 'end-of-contents',
  1: 'BOOLEAN',
  2: 'INTEGER',
  3: 'BIT STRING',
  4: 'OCTET STRING',
  5: 'NULL',
  6: 'OBJECT IDENTIFIER',
  7: 'ObjectDescriptor',
  8: 'EXTERNAL',
  9: 'REAL',
  10: 'ENUMERATED',
  11: 'EMBEDDED PDV',
  12: 'UTF8String',
  13: 'RELATIVE-OID',
  14: 'TIME',
  16: 'SEQUENCE',
  17: 'SET',
  18: 'NumericString',
  19: 'PrintableString',
  20: 'TeletexString',
  21: 'VideotexString',
  22: 'IA5String',
  23: 'UTCTime',
  24: 'GeneralizedTime',
  25: 'GraphicString',
  26: 'VisibleString',
  27: 'GeneralString',
  28: 'UniversalString',
  29: 'CHARACTER STRING',
  30: 'BMPString',
}

/** A tag for people: `INTEGER`, `[3]`, `[APPLICATION 1]`; with the form where it matters. */
export function tagText(tag: number): string {
  const number = tagNumber(tag)
  switch (tagClass(tag)) {
    case UNIVERSAL:
      return UNIVERSAL_NAMES[number] ?? `[UNIVERSAL ${number}]`
    case APPLICATION:
      return `[APPLICATION ${number}]`
    case CONTEXT:
      return `[${number}]`
    case PRIVATE:
      return `[PRIVATE ${number}]`
  }
}

/** `tagText` and the form, for messages about two tags that may differ in it alone. */
export function tagTextWithForm(tag: number): string {
  return `${tagText(tag)} ${tag & CONSTRUCTED ? 'constructed' : 'primitive'}`
}
