import type {
  AccessControlListElements,
  ChangeAccessControlRequest,
  ChangeAccessControlResponse,
  GetAccessControlListAttributesRequest,
  GetAccessControlListAttributesResponse,
  ReportAccessControlledObjectsRequest,
  ReportAccessControlledObjectsResponse,
} from '../asn1/access-control.js'
import type { ObjectClass, ObjectName } from '../asn1/identifiers.js'
import type { RequestOptions } from '../edge/requests.js'
import { formatObjectName } from '../names.js'
import { type PagingOptions, paged } from './paging.js'
import type { Requester } from './requester.js'

/** Access control lists of the server: who may do what with its objects. ISO 9506-1, 9; minor version 3. */
export class MmsAccessControl {
  readonly #mms: Requester

  constructor(mms: Requester) {
    this.#mms = mms
  }

  /** Makes a list. @param conditions under which services of each class are let through; absent: always */
  async defineAccessControlList(name: string, conditions: AccessControlListElements, options?: RequestOptions): Promise<void> {
    await this.#mms.request('defineAccessControlList', { accessControlListName: name, accessControlListElements: conditions }, options)
  }

  /** What a list says, and how many objects of each class it governs. @param of its name, or the list of the VMD or of an object */
  getAccessControlListAttributes(
    of: string | Exclude<GetAccessControlListAttributesRequest, { type: 'accessControlListName' }>,
    options?: RequestOptions,
  ): Promise<GetAccessControlListAttributesResponse> {
    const request = typeof of === 'string' ? ({ type: 'accessControlListName', value: of } as const) : of
    return this.#mms.request('getAccessControlListAttributes', request, options)
  }

  /** One page of the objects of a class that a list governs. `controlledObjects` reads all pages. */
  reportAccessControlledObjects(
    argument: ReportAccessControlledObjectsRequest,
    options?: RequestOptions,
  ): Promise<ReportAccessControlledObjectsResponse> {
    return this.#mms.request('reportAccessControlledObjects', argument, options)
  }

  /** The objects of a class that a list governs, page by page, in the server's order. */
  controlledObjects(list: string, objectClass: ObjectClass, options: PagingOptions = {}): AsyncGenerator<ObjectName, void, void> {
    return paged<ObjectName>(
      async continueAfter => {
        const argument = { accessControlList: list, objectClass, ...(continueAfter === undefined ? {} : { continueAfter }) }
        const { listOfNames: entries, moreFollows } = await this.reportAccessControlledObjects(argument, options)
        return { entries, moreFollows }
      },
      (one, other) => formatObjectName(one) === formatObjectName(other),
      options.most,
    )
  }

  /** Deletes a list that governs nothing any more. */
  async deleteAccessControlList(name: string, options?: RequestOptions): Promise<void> {
    await this.#mms.request('deleteAccessControlList', name, options)
  }

  /** Puts objects, or the VMD itself, under another list. @returns how many were found, and how many of them changed */
  changeAccessControl(
    scopeOfChange: ChangeAccessControlRequest['scopeOfChange'],
    accessControlListName: string,
    options?: RequestOptions,
  ): Promise<ChangeAccessControlResponse> {
    return this.#mms.request('changeAccessControl', { scopeOfChange, accessControlListName }, options)
  }
}
