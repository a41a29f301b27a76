import type { OsiError } from './errors.js'

/** A certificate of the peer; the X509Certificate of `node:crypto` is one. */
export interface PeerCertificate {
  /** Distinguished names, one attribute a line. */
  readonly subject: string
  readonly issuer: string
  readonly subjectAltName?: string | undefined
  /** Hexadecimal, upper case. */
  readonly serialNumber: string
  /** SHA-256 of `raw`, hexadecimal with colons. */
  readonly fingerprint256: string
  readonly validFrom: string
  readonly validTo: string
  /** The certificate in DER. */
  readonly raw: Uint8Array
}

/** What a secure channel knows of itself and of its peer, for decisions above it. */
export interface ChannelSecurity {
  /** Such as `TLSv1.3`. */
  readonly protocol: string
  /** Name of the cipher suite. */
  readonly cipher: string
  /** The certificate that the peer has proved to own. */
  readonly peerCertificate: PeerCertificate
  /** What made it trusted: a chain to one of our authorities, its fingerprint, or both. */
  readonly authorizedBy: 'chain' | 'fingerprint' | 'chain and fingerprint'
  /** The peer resumed an earlier TLS session; its certificate has been checked anew. */
  readonly resumed: boolean
}

/** One end of a network connection. */
export interface NetworkAddress {
  /** IPv4 or IPv6 address as text; an IPv4 address mapped into IPv6 is an IPv4 address. */
  readonly host: string
  readonly port: number
  readonly family: 4 | 6
}

/** An ordered, reliable stream of octets both ways that is already open: a TCP socket, TLS, a pair in memory. */
export interface Channel {
  /** Queues octets for sending; they are not changed afterwards. @returns false when full: wait for `onDrain` */
  write(octets: Uint8Array): boolean
  /** Sends what is queued, then closes. */
  end(): void
  /** Closes at once and throws away what is queued. */
  destroy(): void
  /** Stops `onData` until `resume`; what is under way may still come. */
  pause(): void
  resume(): void
  /** A chunk of what the peer sent. Unless it is lent it is never written again, so views of it stay valid. A socket is not read before this is set. */
  onData: (octets: Uint8Array) => void
  /** Set by who hears the chunks when octets are needed only while one is heard: the channel may then use one buffer for all. @default false */
  lends?: boolean
  /** The queue has emptied after `write` returned false. */
  onDrain: () => void
  /** No more octets will come, or go. Called once. @param cause present when it was not an orderly close */
  onEnd: (cause?: OsiError) => void
  /** `onEnd` has been called, perhaps before anybody listened; whoever builds on a channel looks here first. */
  readonly ended?: boolean | undefined
  /** The cause it was called with. */
  readonly endCause?: OsiError | undefined
  /** Octets written and not yet taken by the network. */
  readonly pending: number
  /** Where it leads, for messages, such as `192.0.2.7:102` or `[2001:db8::7]:102`. */
  readonly remote: string
  /** The same in parts; absent when it leads to no network. */
  readonly remoteAddress?: NetworkAddress | undefined
  /** This side's end; it may be unknown once the channel has ended. */
  readonly localAddress?: NetworkAddress | undefined
  /** Present when the channel is secure and its peer authenticated. */
  readonly security?: ChannelSecurity | undefined
  /** The same listeners as objects, for who builds on a channel as long as it lives; a channel that has these members takes both kinds. @internal */
  reader?: ChannelReader | undefined
  /** @internal */
  edge?: ChannelEdge | undefined
  /** @internal */
  keeper?: ChannelKeeper | undefined
  /** Why a layer of this side closed it. Set by whoever builds a stack on it, read by the async edge. */
  whyClosed?: (() => OsiError | undefined) | undefined
}

/** Takes the octets: `onData`, `onEnd` and `whyClosed` in one. An idle connection then holds no closures. @internal */
export interface ChannelReader {
  heard(octets: Uint8Array): void
  ended(cause: OsiError | undefined): void
  /** Why it, or who is above it, closed the channel. */
  readonly why: OsiError | undefined
}

/** The async edge above the reader. @internal */
export interface ChannelEdge {
  /** After the reader has heard a chunk. */
  channelHeard(): void
  channelDrained(): void
  /** Before the reader is told of the end, and after it. */
  channelEnding(): void
  channelEnded(cause: OsiError | undefined): void
}

/** Whoever counts channels. @internal */
export interface ChannelKeeper {
  /** Told first of all. */
  lost(channel: Channel): void
}

/** Lets `reader` take the octets of a channel. @internal */
export function readFrom(channel: Channel, reader: ChannelReader): void {
  if ('reader' in channel) {
    channel.reader = reader
    return
  }
  channel.onData = octets => reader.heard(octets)
  channel.onEnd = cause => reader.ended(cause)
}

/** Lets `edge` see what happens to a channel that has its reader. @internal */
export function stayAbove(channel: Channel, edge: ChannelEdge): void {
  if ('edge' in channel) {
    channel.edge = edge
    return
  }
  const { onData, onEnd } = channel
  channel.onData = octets => {
    onData(octets)
    edge.channelHeard()
  }
  channel.onDrain = () => edge.channelDrained()
  channel.onEnd = cause => {
    edge.channelEnding()
    onEnd(cause)
    edge.channelEnded(cause)
  }
}

/** Tells `keeper` when a channel ends. @internal */
export function keepCount(channel: Channel, keeper: ChannelKeeper): void {
  if ('keeper' in channel) {
    channel.keeper = keeper
    return
  }
  const { onEnd } = channel
  channel.onEnd = cause => {
    keeper.lost(channel)
    onEnd(cause)
  }
}
