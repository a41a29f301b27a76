export { BIT_STRING, bitAt, bitString, type NamedBits, namedBits, prependBitStringElement, readBitString } from './bit-string.js'
export { BOOLEAN, NULL, prependBoolean, readBoolean } from './boolean.js'
export { type AlternativesOf, CHOICE } from './choice.js'
export { decode, decodePart, encode, encodeTo } from './codec.js'
export { type Definite, definite } from './definite.js'
export { type ExplainOptions, explain } from './explain.js'
export { unencodable, within } from './failure.js'
export { prependFloat32, prependFloat64, readFloat32, readFloat64 } from './float.js'
export {
  APPLICATION,
  CONSTRUCTED,
  CONTEXT,
  contextTag,
  PRIVATE,
  type TagClass,
  tagClass,
  tagNumber,
  tagOf,
  tagText,
  UNIVERSAL,
} from './identifier.js'
export {
  ENUMERATED,
  INTEGER,
  integerRange,
  namedInteger,
  prependInteger,
  prependIntegerElement,
  readInteger,
  readNumber,
} from './integer.js'
export { fromJson, type Json, toJson } from './json.js'
export { type Leaf, leaf } from './leaf.js'
export { readElements, SEQUENCE_OF, SET_OF } from './list.js'
export type { Members } from './members.js'
export { OBJECT_IDENTIFIER, OID_LIMITS, prependObjectIdentifierElement, readObjectIdentifier } from './object-identifier.js'
export { OCTET_STRING, OCTET_STRING_VIEW, prependOctetsElement, readOctets, readOctetsView } from './octet-string.js'
export {
  ANY,
  ANY_COPY,
  EMBEDDED_PDV,
  type EmbeddedPdv,
  type EmbeddedPdvIdentification,
  type EmbeddedPdvNegotiation,
  type EmbeddedPdvSyntaxes,
  EXTERNAL,
  type External,
} from './open-type.js'
export { bitsText, print, printModule } from './print.js'
export { BerReader, DEFAULT_DEPTH, DEFAULT_ELEMENTS, DEFAULT_LENGTH, type DecodeOptions, readView } from './reader.js'
export { SEQUENCE } from './sequence.js'
export { SET } from './set.js'
export {
  GeneralString,
  GraphicString,
  IA5String,
  LooseVisibleString,
  NumericString,
  ObjectDescriptor,
  PrintableString,
  prependStringElement,
  prependUtf8Element,
  prependVisibleElement,
  readLatin1,
  readUtf8,
  readVisible,
  TeletexString,
  UTF8String,
  VisibleString,
} from './strings.js'
export { application, applicationExplicit, explicit, extensible, implicit, named, sized } from './tagging.js'
export { GeneralizedTime, generalizedTimeOf, generalizedTimeToDate } from './time.js'
export type {
  AnyType,
  BitString,
  BuiltinShape,
  Choice,
  Codec,
  Default,
  Integer,
  Lazy,
  MemberShape,
  Named,
  Optional,
  Shape,
  Type,
} from './type.js'
export { prependHeader, prependOctets } from './writer.js'
