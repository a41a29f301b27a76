import type { Type } from '@x/ber'
import type { ConfirmedServiceRequest, ConfirmedServiceResponse } from '../services.js'

/**
 * The choices of all services, filled in by `services.ts`. An event action holds a service, and defining an event action is one: whoever of
 * the two modules is asked for first would find the other one unfinished.
 */
export const anyService = {} as { request: Type<ConfirmedServiceRequest>; response: Type<ConfirmedServiceResponse> }
