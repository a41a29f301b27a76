import type { AdditionalServiceName, AdditionalServices } from '../asn1/additional-service.js'
import type { RequestOptions } from '../edge/requests.js'
import type { ConfirmedServiceName, ConfirmedServices } from '../services.js'
import { MmsDataExchange } from './data-exchange.js'
import { MmsEventConditionLists } from './event-condition-lists.js'
import { MmsOperators } from './operators.js'
import { MmsProgramInvocations } from './program-invocations.js'
import type { DetailedResponse, Requester } from './requester.js'
import { MmsTypes } from './types.js'
import { MmsVmd } from './vmd.js'

/**
 * The services of a client by group, a getter for each. A group is made when it is first asked for, and stays: a client that never asks for
 * one holds one empty field for all of them.
 */
export abstract class ServiceGroups implements Requester {
  #made: Map<unknown, unknown> | undefined

  abstract request<S extends ConfirmedServiceName>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options?: RequestOptions,
  ): Promise<ConfirmedServices[S]['response']>
  abstract requestDetailed<S extends ConfirmedServiceName>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options?: RequestOptions,
  ): Promise<DetailedResponse<S>>
  abstract additional<S extends AdditionalServiceName>(
    service: S,
    argument: AdditionalServices[S]['request'],
    options?: RequestOptions,
  ): Promise<AdditionalServices[S]['response']>

  /** Programs: making, starting, stopping them. */
  get programInvocations(): MmsProgramInvocations {
    return this.group(MmsProgramInvocations)
  }

  /** Definition of variables, scattered access and types. */
  get types(): MmsTypes {
    return this.group(MmsTypes)
  }

  /** Calls of the application with typed data. */
  get dataExchange(): MmsDataExchange {
    return this.group(MmsDataExchange)
  }

  /** Event condition lists. */
  get eventConditionLists(): MmsEventConditionLists {
    return this.group(MmsEventConditionLists)
  }

  /** Operators: lines shown to them and typed by them. */
  get operators(): MmsOperators {
    return this.group(MmsOperators)
  }

  /** The machine as a whole: its status, capabilities, stop and reset; names of its objects. */
  get vmd(): MmsVmd {
    return this.group(MmsVmd)
  }

  /** The one object of a group. @param Group a class whose constructor takes the client, or a `Requester` */
  protected group<G>(Group: new (client: this) => G): G {
    this.#made ??= new Map()
    const made = this.#made.get(Group) as G | undefined
    if (made !== undefined) return made
    const group = new Group(this)
    this.#made.set(Group, group)
    return group
  }
}
