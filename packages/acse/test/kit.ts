import { hex, UsageError, unhex } from '@x/core'
import { FakeProvider } from '@x/core/testing'
import type {
  PConnectConfirm,
  PConnectIndication,
  PresentationContext,
  PresentationContextResult,
  PresentationDataValues,
  PresentationDelivery,
  PresentationService,
  PresentationSubmit,
} from '@x/iso-presentation'
import {
  type AAssociateRequest,
  type AAssociateResponse,
  type Apdu,
  type AssociationDelivery,
  AssociationMachine,
  type AssociationOptions,
  type AssociationState,
  buildAARE,
  buildAARQ,
  decodeApdu,
} from '../src/index.js'

/** Two contexts: ACSE 1, and the user's 3, an echo protocol that is nobody's standard. */
export const echo = '1.3.6.1.4.1.99999.1'
export const echoContext = '1.3.6.1.4.1.99999.2'
export const contexts: readonly PresentationContext[] = [
  { presentationContextIdentifier: 1, abstractSyntaxName: '2.2.1.0.1', transferSyntaxNameList: ['2.1.1'] },
  { presentationContextIdentifier: 3, abstractSyntaxName: echo, transferSyntaxNameList: ['2.1.1'] },
]
export const accepted: readonly PresentationContextResult[] = [
  { result: 'acceptance', transferSyntaxName: '2.1.1' },
  { result: 'acceptance', transferSyntaxName: '2.1.1' },
]

export const request: AAssociateRequest = {
  type: 'A-ASSOCIATE.request',
  applicationContextName: echoContext,
  presentationContextDefinitionList: contexts,
}
export const accept: AAssociateResponse = { type: 'A-ASSOCIATE.response', result: 'accepted' }

/** One value of the context of ACSE. */
export const acse = (octets: string | Uint8Array): PresentationDataValues[] => [
  { presentationContextIdentifier: 1, octets: typeof octets === 'string' ? unhex(octets) : octets },
]

export const connectIndication = (
  userData: readonly PresentationDataValues[],
  more: Partial<PConnectIndication> = {},
): PConnectIndication => ({
  type: 'P-CONNECT.indication',
  called: {},
  calling: {},
  presentationContextDefinitionList: contexts,
  presentationContextDefinitionResultList: accepted,
  sessionRequirements: 2,
  sessionVersion: 2,
  userData,
  ...more,
})

export const connectConfirm = (
  userData: readonly PresentationDataValues[],
  more: Partial<Extract<PConnectConfirm, { result: 'acceptance' }>> = {},
): PConnectConfirm => ({
  type: 'P-CONNECT.confirm',
  result: 'acceptance',
  responding: {},
  presentationContextDefinitionList: contexts,
  presentationContextDefinitionResultList: accepted,
  sessionRequirements: 2,
  sessionVersion: 2,
  userData,
  ...more,
})

export const connectRejection = (
  userData: readonly PresentationDataValues[],
  result: 'user-rejection' | 'provider-rejection' = 'user-rejection',
): PConnectConfirm => ({
  type: 'P-CONNECT.confirm',
  result,
  layer: 'presentation',
  by: result === 'user-rejection' ? 'peer' : 'peer provider',
  userData,
})

export const AARQ = buildAARQ({ applicationContextName: echoContext })
export const AARE = buildAARE({ applicationContextName: echoContext, result: 0 })
export const AARE_REJECTED = buildAARE({ applicationContextName: echoContext, result: 1, diagnostic: 1 })
export const RLRQ = '62 03 80 01 00'
export const RLRE = '63 03 80 01 00'
export const ABRT_USER = '64 03 80 01 00'
export const ABRT_PROVIDER = '64 03 80 01 01'

/** A machine on a presentation played by the test. */
export class Bench {
  readonly below = new FakeProvider<PresentationSubmit, PresentationDelivery>()
  readonly delivered: AssociationDelivery[] = []
  readonly machine: AssociationMachine

  constructor(options: AssociationOptions = {}) {
    this.machine = new AssociationMachine(this.below, options)
    this.machine.onDeliver = primitive => this.delivered.push(primitive)
  }

  get sent(): PresentationSubmit[] {
    return this.below.submitted
  }

  /** What was sent since the last call: primitive, result and APDU. */
  take(): string[] {
    return this.below.take().map(summary)
  }

  /** What was delivered since the last call. */
  heard(): AssociationDelivery[] {
    return this.delivered.splice(0)
  }

  hear(primitive: PresentationDelivery): AssociationDelivery[] {
    this.below.deliver(primitive)
    return this.heard()
  }

  /** The peer's release meets ours. */
  collide(): this {
    this.below.deliver({ type: 'P-RELEASE.indication', userData: acse(RLRQ) })
    return this.forget()
  }

  forget(): this {
    this.below.take()
    this.heard()
    return this
  }
}

/** `P-CONNECT.response acceptance 1: 61 …` */
export function summary(primitive: PresentationSubmit): string {
  const result = 'result' in primitive ? ` ${primitive.result}` : ''
  const values = 'userData' in primitive && Array.isArray(primitive.userData) ? (primitive.userData as PresentationDataValues[]) : []
  return `${primitive.type}${result}${values.map(value => ` ${value.presentationContextIdentifier}: ${hex(value.octets)}`).join('')}`
}

/** The APDU in the user data of a primitive that was sent. */
export function apduOf(primitive: PresentationSubmit | undefined): Apdu {
  const values =
    primitive && 'userData' in primitive && Array.isArray(primitive.userData) ? (primitive.userData as PresentationDataValues[]) : []
  return decodeApdu(values[0]?.octets ?? new Uint8Array(0))
}

/** A fresh machine brought into `state` by legal steps. STA3 as the responder with `as`. */
export function inState(state: AssociationState, options: AssociationOptions = {}, as: 'initiator' | 'responder' = 'initiator'): Bench {
  const bench = new Bench(options)
  const { machine, below } = bench
  const associate = () => {
    if (as === 'initiator') {
      machine.submit(request)
      below.deliver(connectConfirm(acse(AARE)))
    } else {
      below.deliver(connectIndication(acse(AARQ)))
      machine.submit(accept)
    }
  }
  if (state === 'STA1') machine.submit(request)
  if (state === 'STA2') below.deliver(connectIndication(acse(AARQ)))
  if (state === 'STA7') return inState('STA3', options, 'responder').collide()
  if (state === 'STA6') return inState('STA3', options, 'initiator').collide()
  if (state === 'STA3' || state === 'STA4' || state === 'STA5') associate()
  if (state === 'STA3') machine.submit({ type: 'A-RELEASE.request', reason: 0 })
  if (state === 'STA4') below.deliver({ type: 'P-RELEASE.indication', userData: acse(RLRQ) })
  return bench.forget()
}

/** One end of a presentation connection in memory. It refuses what presentation would refuse. */
class PresentationEnd implements PresentationService {
  onDeliver: (primitive: PresentationDelivery) => void = () => {}
  peer!: PresentationEnd
  /** Everything that was submitted here. */
  readonly log: string[] = []
  connection: 'none' | 'asked' | 'open' = 'none'
  releases = 0
  readonly #post: (deliver: () => void) => void

  constructor(post: (deliver: () => void) => void) {
    this.#post = post
  }

  submit(primitive: PresentationSubmit): void {
    if ((this.connection === 'none') !== (primitive.type === 'P-CONNECT.request')) {
      throw new UsageError('presentation', 'STATE', `${primitive.type} is not allowed, connection ${this.connection}`)
    }
    this.log.push(summary(primitive))
    const { peer } = this
    switch (primitive.type) {
      case 'P-CONNECT.request':
        this.connection = 'asked'
        return this.#post(() => {
          peer.connection = 'asked'
          peer.onDeliver(
            connectIndication(primitive.userData ?? [], { presentationContextDefinitionList: primitive.presentationContextDefinitionList }),
          )
        })
      case 'P-CONNECT.response': {
        const open = primitive.result === 'acceptance'
        this.connection = open ? 'open' : 'none'
        return this.#post(() => {
          if (peer.connection !== 'asked') return
          peer.connection = open ? 'open' : 'none'
          peer.onDeliver(open ? connectConfirm(primitive.userData ?? []) : connectRejection(primitive.userData ?? []))
        })
      }
      case 'P-DATA.request': {
        const userData =
          primitive.presentationContextIdentifier === undefined
            ? primitive.userData
            : [{ presentationContextIdentifier: primitive.presentationContextIdentifier, octets: primitive.userData.octets() }]
        return this.#post(() => peer.connection === 'open' && peer.onDeliver({ type: 'P-DATA.indication', userData }))
      }
      case 'P-RELEASE.request':
        return this.#post(
          () => peer.connection === 'open' && peer.onDeliver({ type: 'P-RELEASE.indication', userData: primitive.userData ?? [] }),
        )
      case 'P-RELEASE.response':
        return this.#release(primitive.result, primitive.userData ?? [])
      case 'P-U-ABORT.request':
        this.connection = 'none'
        return this.#post(() => {
          if (peer.connection === 'none') return
          peer.connection = 'none'
          peer.onDeliver({ type: 'P-U-ABORT.indication', userData: primitive.userData ?? [] })
        })
      default:
        throw new UsageError('presentation', 'STATE', `${primitive.type} is not played here`)
    }
  }

  /** The connection ends with the last release that is answered: two in a collision. */
  #release(result: 'affirmative' | 'negative', userData: readonly PresentationDataValues[]): void {
    this.#post(() => {
      const outstanding = this.log.filter(line => line.startsWith('P-RELEASE.request')).length - this.releases
      this.peer.releases++
      if (result === 'affirmative' && outstanding === 0) this.connection = this.peer.connection = 'none'
      this.peer.onDeliver({ type: 'P-RELEASE.confirm', result, userData })
    })
  }
}

/** Two presentation ends joined in memory; deliveries in order, never recursive. `flush` delivers what is under way. */
export function joinedPresentations(manual = false) {
  const queue: (() => void)[] = []
  let running = false
  const flush = (): void => {
    if (running) return
    running = true
    try {
      while (queue.length > 0) queue.shift()!()
    } finally {
      running = false
    }
  }
  const post = (deliver: () => void) => {
    queue.push(deliver)
    if (!manual) flush()
  }
  const a = new PresentationEnd(post)
  const b = new PresentationEnd(post)
  a.peer = b
  b.peer = a
  return { a, b, flush }
}
