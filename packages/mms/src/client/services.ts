import type { BasicObjectClass } from '../asn1/identifiers.js'
import type { RequestOptions } from '../edge/requests.js'
import { objectName } from '../names.js'
import type { ConfirmedServices, UnconfirmedServiceName, UnconfirmedServices } from '../services.js'
import { MmsAccessControl } from './access-control.js'
import { MmsEvents } from './events.js'
import { MmsJournals } from './journals.js'
import { ahead, collect, type ListedList, orRefusal, type PagingOptions, paged } from './paging.js'
import type { ReportOptions, ReportQueue } from './reports.js'
import { MmsSemaphores } from './semaphores.js'
import { VariableAccess } from './variables.js'

/** What every client can ask, whether it has one association or one after the other. */
export abstract class ClientServices extends VariableAccess {
  /** Fires when nothing can be asked any more. */
  abstract readonly signal: AbortSignal
  /** Runs something once, unless stopped before. @internal */
  abstract after(delay: number, run: () => void): () => void

  /** The access control lists of the server. */
  get accessControl(): MmsAccessControl {
    return this.group(MmsAccessControl)
  }

  /** The semaphores of the server. */
  get semaphores(): MmsSemaphores {
    return this.group(MmsSemaphores)
  }

  /** What comes without being asked for, from now on. */
  abstract notifications<S extends UnconfirmedServiceName>(service: S, options?: ReportOptions): ReportQueue<UnconfirmedServices[S]>

  /** Event conditions, actions, enrollments, alarms, and what the server notifies. */
  get events(): MmsEvents {
    return this.group(MmsEvents)
  }

  /** The journals of the server. */
  get journals(): MmsJournals {
    return this.group(MmsJournals)
  }

  /** Logical and physical status. @param extendedDerivation asks the server for a more thorough look */
  status(extendedDerivation = false, options?: RequestOptions): Promise<ConfirmedServices['status']['response']> {
    return this.request('status', extendedDerivation, options)
  }

  /** Vendor, model, revision. */
  identify(options?: RequestOptions): Promise<ConfirmedServices['identify']['response']> {
    return this.request('identify', null, options)
  }

  /** One page of names. `names` reads all pages. */
  getNameList(
    argument: ConfirmedServices['getNameList']['request'],
    options?: RequestOptions,
  ): Promise<ConfirmedServices['getNameList']['response']> {
    return this.request('getNameList', argument, options)
  }

  /** The names of a class in a scope, page by page, in the server's order. */
  names(
    objectClass: ConfirmedServices['getNameList']['request']['objectClass'],
    objectScope: ConfirmedServices['getNameList']['request']['objectScope'],
    { most, ...options }: PagingOptions = {},
  ): AsyncGenerator<string, void, void> {
    const ask = async (continueAfter: string | undefined) => {
      const argument = { objectClass, objectScope, ...(continueAfter === undefined ? {} : { continueAfter }) }
      const { listOfIdentifier: entries, moreFollows } = await this.getNameList(argument, options)
      return { entries, moreFollows }
    }
    return paged(ask, (name, after) => name === after, most)
  }

  /** Names of all domains. */
  domainNames(options?: PagingOptions): Promise<string[]> {
    return collect(this.names(basic('domain'), scopeOf(undefined), options))
  }

  /** Names of all variables of a domain, or of the VMD. */
  variableNames(domain?: string, options?: PagingOptions): Promise<string[]> {
    return collect(this.names(basic('namedVariable'), scopeOf(domain), options))
  }

  /** Names of all named variable lists of a domain, or of the VMD. */
  variableListNames(domain?: string, options?: PagingOptions): Promise<string[]> {
    return collect(this.names(basic('namedVariableList'), scopeOf(domain), options))
  }

  /**
   * The named variable lists of a domain, or of the VMD, each with its members, in the server's order; or with why the server does not say,
   * as when a list has been deleted meanwhile. Several are asked for ahead.
   */
  namedVariableLists(domain?: string, options: PagingOptions = {}): AsyncGenerator<ListedList, void, void> {
    const { most: _, ...request } = options
    return ahead(this.names(basic('namedVariableList'), scopeOf(domain), options), this.maxOutstanding, async item => {
      const name = objectName(item, domain)
      return { name, ...(await orRefusal(this.getNamedVariableListAttributes(name, request))) }
    })
  }
}

function scopeOf(domain: string | undefined): ConfirmedServices['getNameList']['request']['objectScope'] {
  return domain === undefined ? { type: 'vmdSpecific', value: null } : { type: 'domainSpecific', value: domain }
}

function basic(value: BasicObjectClass): ConfirmedServices['getNameList']['request']['objectClass'] {
  return { type: 'basicObjectClass', value }
}
