import type { RequestOptions } from '../edge/requests.js'
import type { Requester } from './requester.js'

export interface InputOptions extends RequestOptions {
  /** Lines shown before: only at a station that both shows and takes in. @default none */
  readonly prompt?: readonly string[]
  /** Whether what is typed is shown. @default true */
  readonly echo?: boolean
  /** Seconds for the operator; 0: only a line that is there already. @default for ever */
  readonly inputTimeOut?: number
}

/**
 * The operator services of ISO 9506-1, 17, seen from the side that asks. People take their time: unless told otherwise, a request waits for its
 * answer for ever (`timeout`), and a signal that fires also cancels it at the server.
 */
export class MmsOperators {
  readonly #client: Requester

  /** @internal */
  constructor(client: Requester) {
    this.#client = client
  }

  /** Has an operator type a line. @throws ServiceError service-preempt, timeout when it was not typed in time */
  input(operatorStationName: string, options: InputOptions = {}): Promise<string> {
    const { prompt, echo = true, inputTimeOut, ...more } = options
    const argument = {
      operatorStationName,
      echo,
      ...(prompt === undefined ? {} : { listOfPromptData: prompt }),
      ...(inputTimeOut === undefined ? {} : { inputTimeOut }),
    }
    return this.#client.request('input', argument, { timeout: 0, cancel: true, ...more })
  }

  /** Has lines shown to an operator. */
  async output(operatorStationName: string, lines: readonly string[], options: RequestOptions = {}): Promise<void> {
    await this.#client.request('output', { operatorStationName, listOfOutputData: lines }, { timeout: 0, cancel: true, ...options })
  }
}
