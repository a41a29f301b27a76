import { isIPv4 } from 'node:net'
import type { NetworkAddress } from '../channel.js'

/** The address as one notation has it: IPv4 mapped into IPv6 is IPv4. Undefined when the system does not say. */
export function networkAddress(host: string | undefined, port: number | undefined): NetworkAddress | undefined {
  if (host === undefined || port === undefined) return undefined
  const plain = plainHost(host)
  return { host: plain, port, family: isIPv4(plain) ? 4 : 6 }
}

/** Address and port for people. */
export function addressText(address: NetworkAddress | undefined): string {
  return address === undefined ? '?' : hostAndPort(address.host, address.port)
}

/** A name or address, and a port, for people: an IPv6 address stands in brackets. */
export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** An IPv4 address that came mapped into IPv6 as what it is; others as they are. */
export function plainHost(host: string): string {
  const mapped = host.startsWith('::ffff:') ? host.slice(7) : host
  return isIPv4(mapped) ? mapped : host
}

/** What limits per address count by: an IPv4 address, or the network of 64 bits that one IPv6 host chooses its addresses from. */
export function sourceOf(host: string): string {
  const plain = plainHost(host)
  if (isIPv4(plain)) return plain
  const [front = '', back] = plain.split('%', 1)[0]!.split('::')
  const groups = front === '' ? [] : front.split(':')
  if (back !== undefined) {
    const behind = back === '' ? 0 : back.split(':').length
    while (groups.length + behind < 8) groups.push('0')
  }
  return `${groups.slice(0, 4).join(':')}::/64`
}
