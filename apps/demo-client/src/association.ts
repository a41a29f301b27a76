import { passwordMechanism } from '@x/acse'
import { hex } from '@x/core'
import { connectTcp } from '@x/core/node'
import type { AssociationRequest, InitiateParameters, MmsClient } from '@x/mms'
import { openMms } from '@x/mms/open'
import { NotAssociated } from './errors.js'
import type { Colours, Io } from './io.js'
import { type End, passwordOf, type Settings } from './settings.js'
import { tapChannel, type Way } from './tap.js'
import { Trace } from './trace.js'

/** Milliseconds granted to answers that are under way when the user has had enough. */
const PATIENCE = 1_000

export interface AssociateOptions {
  /** Looks at the octets of the association. */
  readonly tap?: (way: Way, octets: Uint8Array) => void
  /** Offered besides what the settings say. */
  readonly initiate?: InitiateParameters
}

/** Connects and associates as the settings say. @throws NotAssociated with why and what was offered; the reason of Ctrl-C */
export async function associate(settings: Settings, io: Io, talkColours: Colours, options: AssociateOptions = {}): Promise<MmsClient> {
  const { host, port, timeout } = settings
  const { signal } = io
  const password = await passwordOf(settings, io)
  const trace = settings.verbose > 0 ? new Trace(io, talkColours, { detail: settings.verbose > 1 ? 'octets' : 'lines' }) : undefined
  try {
    const channel = await connectTcp({ host, port, timeout, signal })
    const tapped = tapChannel(channel, (way, octets) => {
      trace?.see(way, octets)
      options.tap?.(way, octets)
    })
    return await openMms(tapped, {
      timeout,
      requestTimeout: timeout,
      closeTimeout: Math.min(timeout, 5_000),
      signal,
      association: associationRequest(settings, password),
      initiate: {
        ...options.initiate,
        ...(settings.maxPdu === undefined ? {} : { maxPduSize: settings.maxPdu, minPduSize: Math.min(settings.maxPdu, 1_024) }),
        ...(settings.outstanding === undefined ? {} : { maxServOutstanding: settings.outstanding }),
      },
      ...(settings.tpduSize === undefined ? {} : { transport: { tpduSize: settings.tpduSize } }),
    })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw new NotAssociated(error, offeredBy(settings))
  }
}

/** Ends an association in order: waits for what is under way, concludes, releases. At the latest after a while it is aborted. */
export async function endAssociation(mms: MmsClient, interrupted: boolean): Promise<void> {
  if (interrupted) {
    const deadline = performance.now() + PATIENCE
    while (mms.connection.outstanding > 0 && mms.connection.endedWith === undefined && performance.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
  await mms.close()
}

function associationRequest({ called, calling }: Settings, password: string | undefined): AssociationRequest {
  return {
    calledPresentationAddress: addressOf(called),
    callingPresentationAddress: addressOf(calling),
    ...entity('called', called),
    ...entity('calling', calling),
    ...(password === undefined ? {} : { authentication: passwordMechanism({ own: password }).prove({}) }),
  }
}

function addressOf({ tsel, ssel, psel }: End): NonNullable<AssociationRequest['calledPresentationAddress']> {
  return {
    ...(tsel === undefined ? {} : { transportSelector: tsel }),
    ...(ssel === undefined ? {} : { sessionSelector: ssel }),
    ...(psel === undefined ? {} : { presentationSelector: psel }),
  }
}

function entity(side: 'called' | 'calling', { apTitle, aeQualifier }: End): AssociationRequest {
  if (apTitle === undefined && aeQualifier === undefined) return {}
  return { [side]: { ...(apTitle === undefined ? {} : { apTitle }), ...(aeQualifier === undefined ? {} : { aeQualifier }) } }
}

/** What the settings ask for, in words. */
export function offeredBy(settings: Settings): readonly (readonly [string, string])[] {
  const { called, calling, maxPdu, outstanding, tpduSize, password } = settings
  return [
    ['called', endText(called)],
    ['calling', endText(calling)],
    ...(tpduSize === undefined ? [] : ([['TPDU size', `${tpduSize}`]] as const)),
    ['MMS', `PDU size ${maxPdu ?? 65_000}, ${outstanding ?? 10} outstanding${password === undefined ? '' : ', with password'}`],
  ]
}

function endText({ tsel, ssel, psel, apTitle, aeQualifier }: End): string {
  const selectors = `TSEL ${selectorText(tsel)}, SSEL ${selectorText(ssel)}, PSEL ${selectorText(psel)}`
  const title = apTitle === undefined ? '' : `, AP title ${apTitle}`
  return `${selectors}${title}${aeQualifier === undefined ? '' : `, AE qualifier ${aeQualifier}`}`
}

/** A selector for people. */
export function selectorText(selector: Uint8Array | undefined): string {
  if (selector === undefined) return 'none'
  return selector.length === 0 ? 'empty' : hex(selector)
}
