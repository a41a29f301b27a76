import { type OsiError, OutcomeError } from '@x/core'
import { DEFAULT_PORT, DEFAULT_TLS_PORT } from '@x/tpkt'

/**
 * What to try next.
 * @param error as the command met it @param root what it began with
 * @param phase whether there was no association yet
 */
export function adviceFor(error: OsiError, root: OsiError, phase: 'opening' | 'open'): readonly string[] {
  return networkAdvice(root) ?? (phase === 'opening' ? associationAdvice(error, root) : undefined) ?? serviceAdvice(error) ?? []
}

function networkAdvice({ code }: OsiError): readonly string[] | undefined {
  switch (code) {
    case 'TCP_ECONNREFUSED':
      return [
        `check --host and --port: MMS listens on ${DEFAULT_PORT}, over TLS on ${DEFAULT_TLS_PORT}`,
        'for a device to try with: mms serve --port 10102, then mms --port 10102 identify',
      ]
    case 'TCP_ENOTFOUND':
    case 'TCP_EAI_AGAIN':
      return ['check the name, or give the address']
    case 'TCP_EHOSTUNREACH':
    case 'TCP_ENETUNREACH':
    case 'TCP_TIMEOUT':
      return [`is the device up and in this network, and does a firewall let TCP port ${DEFAULT_PORT} through?`, 'a longer --timeout']
    case 'TCP_EACCES':
      return [
        'a port above 1023: mms serve --port 10102',
        `or let programs have low ports: sysctl -w net.ipv4.ip_unprivileged_port_start=${DEFAULT_PORT}`,
      ]
    case 'TCP_EADDRINUSE':
      return ['another --port, or stop the program that listens there']
    case 'TCP_EADDRNOTAVAIL':
      return ['--host must be an address of this machine, or 0.0.0.0 for all of them']
    default:
      return undefined
  }
}

const SELECTORS = 'selectors are octets: --called-tsel 0001 --called-ssel 0001 --called-psel 00000001, or none'

function associationAdvice(error: OsiError, root: OsiError): readonly string[] | undefined {
  const { name, layer } = error
  if (error.code === 'OPEN_TIMEOUT') {
    return [
      'something listens there but does not answer: is it MMS? is it busy?',
      'some devices are silent when a selector is wrong',
      SELECTORS,
    ]
  }
  if (root.code === 'TPKT_VERSION') return ['something that does not speak MMS listens there: check --host and --port']
  if (name !== 'RefusedError' && name !== 'DisconnectedError' && name !== 'AbortedError') return undefined
  const at = root.layer === 'network' ? layer : root.layer
  switch (at) {
    case 'tpkt':
    case 'cotp':
      return ['the transport selector that the device expects: --called-tsel', SELECTORS, 'a smaller --tpdu-size, such as 1024']
    case 'session':
      return ['the session selector that the device expects: --called-ssel', SELECTORS]
    case 'presentation':
      return ['the presentation selector that the device expects: --called-psel', SELECTORS]
    case 'acse':
      return acseAdvice(error)
    case 'mms':
      return name === 'RefusedError' ? ['smaller numbers: --max-pdu 32000 --outstanding 1'] : ['-v shows the PDUs']
    default:
      return undefined
  }
}

function acseAdvice(error: OsiError): readonly string[] {
  const diagnostic = error instanceof OutcomeError ? error.reason : undefined
  if (error.name !== 'RefusedError' || error.code === 'ACSE_CLOSED')
    return ['many devices end the connection when a selector or a title is not theirs', SELECTORS, '-v shows the PDUs']
  switch (diagnostic) {
    case 3:
    case 5:
      return ['who this side says it is: --calling-ap-title, --calling-ae-qualifier']
    case 7:
    case 9:
      return ['whom this side asks for: --called-ap-title, --called-ae-qualifier']
    case 11:
    case 12:
    case 13:
    case 14:
      return ['a password: --password asks for it, --password-env NAME takes it from the environment']
    default:
      return ['--called-ap-title, --called-ae-qualifier, --password', 'the device may have no association left: try again later']
  }
}

function serviceAdvice(error: OsiError): readonly string[] | undefined {
  const { code } = error
  if (code.endsWith('OBJECT_NON_EXISTENT') || code.endsWith('OBJECT_UNDEFINED')) return ['what there is: mms names, mms browse']
  if (code.endsWith('TYPE_INCONSISTENT') || code === 'MMS_TYPE_MISMATCH') return ['what the device expects: mms describe ITEM']
  if (code.endsWith('OBJECT_ACCESS_DENIED')) return ['it may be read-only, or need a password or a local release']
  if (code.endsWith('PDU_SIZE')) return ['fewer items at a time, or a larger --max-pdu']
  if (code === 'REQUEST_TIMEOUT') return ['a longer --timeout']
  if (code === 'MMS_NAME') return ['names are domain/item, vmd:item or aa:item; parts of a variable: .component, (3), (2..4)']
  return undefined
}
