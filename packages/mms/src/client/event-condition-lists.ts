import type { AdditionalServices } from '../asn1/additional-service.js'
import type { EventConditionStatus } from '../asn1/event-condition.js'
import type { RequestOptions } from '../edge/requests.js'
import { sameObjectName } from '../names.js'
import { itemOf } from '../server/objects.js'
import type { Name } from './events.js'
import { type PagingOptions, paged } from './paging.js'
import type { Requester } from './requester.js'
import { nameOf } from './variables.js'

type Response<S extends keyof AdditionalServices> = Promise<AdditionalServices[S]['response']>

/** What goes into a list or out of it. `lists` needs `recl` on both sides. */
export interface ConditionListMembers {
  readonly conditions?: readonly Name[]
  readonly lists?: readonly Name[]
}

/** The services of event condition lists, additional services 16 to 22 of ISO 9506-1, 22. They need `initiate: WHOLE_OF_MMS`, or `cspi` in `parameterCBB`. */
export class MmsEventConditionLists {
  readonly #client: Requester

  constructor(client: Requester) {
    this.#client = client
  }

  async defineEventConditionList(name: Name, members: ConditionListMembers, options?: RequestOptions): Promise<void> {
    await this.#client.additional('defineECL', referencesOf(name, members), options)
  }

  async deleteEventConditionList(name: Name, options?: RequestOptions): Promise<void> {
    await this.#client.additional('deleteECL', nameOf(name), options)
  }

  /** What is a member already stays one. */
  async addEventConditionListReference(name: Name, members: ConditionListMembers, options?: RequestOptions): Promise<void> {
    await this.#client.additional('addECLReference', referencesOf(name, members), options)
  }

  async removeEventConditionListReference(name: Name, members: ConditionListMembers, options?: RequestOptions): Promise<void> {
    await this.#client.additional('removeECLReference', referencesOf(name, members), options)
  }

  getEventConditionListAttributes(name: Name, options?: RequestOptions): Response<'getECLAttributes'> {
    return this.#client.additional('getECLAttributes', nameOf(name), options)
  }

  /** One page. `status` reads all pages. @param continueAfter identifier of the last condition of the page before */
  reportEventConditionListStatus(name: Name, continueAfter?: string, options?: RequestOptions): Response<'reportECLStatus'> {
    const argument = { eventConditionListName: nameOf(name), ...(continueAfter !== undefined && { continueAfter }) }
    return this.#client.additional('reportECLStatus', argument, options)
  }

  /**
   * Enables or disables every monitored condition in the list, and in the lists in it.
   * @param priority counts instead of the conditions' own; `null` takes it away again; left out: stays as it is
   */
  async alterEventConditionListMonitoring(name: Name, enabled: boolean, priority?: number | null, options?: RequestOptions): Promise<void> {
    const argument = {
      eventConditionListName: nameOf(name),
      enabled,
      ...(priority !== undefined && {
        priorityChange:
          priority === null ? ({ type: 'priorityReset', value: null } as const) : ({ type: 'priorityValue', value: priority } as const),
      }),
    }
    await this.#client.additional('alterECLMonitoring', argument, options)
  }

  /** The status of each condition in the list, page by page. */
  status(name: Name, options: PagingOptions = {}): AsyncGenerator<EventConditionStatus, void, void> {
    const { most, ...request } = options
    const page = async (after: EventConditionStatus | undefined) => {
      const last = after && itemOf(after.eventConditionName)
      const { listOfEventConditionStatus: entries, moreFollows } = await this.reportEventConditionListStatus(name, last, request)
      return { entries, moreFollows }
    }
    return paged(page, (a, b) => sameObjectName(a.eventConditionName, b.eventConditionName), most)
  }
}

function referencesOf(name: Name, { conditions = [], lists }: ConditionListMembers) {
  return {
    eventConditionListName: nameOf(name),
    listOfEventConditionName: conditions.map(nameOf),
    ...(lists && { listOfEventConditionListName: lists.map(nameOf) }),
  }
}
