import type { Span } from '@x/core'
import { encodeApdu } from './apdu.js'
import type { Apdu } from './asn1.js'
import { explainApdu } from './explain.js'

/**
 * An APDU as a readable block, one field a line, what is wrong with it included. Authentication values are not shown. Never throws for octets.
 * @throws EncodeError for a value without an encoding
 */
export function formatApdu(apdu: Uint8Array | Apdu): string {
  const { spans } = explainApdu(apdu instanceof Uint8Array ? apdu : encodeApdu(apdu))
  return spans.map(line).join('\n')
}

function line({ depth, label, value, problem }: Span): string {
  return `${'  '.repeat(depth)}${label}${value === undefined ? '' : ` ${value}`}${problem === undefined ? '' : ` ← ${problem}`}`
}

/** Which APDU the octets begin with. */
export function apduName(octets: Uint8Array): 'AARQ' | 'AARE' | 'RLRQ' | 'RLRE' | 'ABRT' | 'unknown' {
  return (['AARQ', 'AARE', 'RLRQ', 'RLRE', 'ABRT'] as const)[(octets[0] ?? 0) - 0x60] ?? 'unknown'
}
