import { type Layer, UsageError } from './errors.js'
import { AccessPoint, type Primitive, type ServiceProvider } from './service.js'
import type { StateTable } from './state-table.js'

/**
 * The kernel of every protocol machine: one cell of the table at a time.
 *
 * Five laws hold for its subclasses: commit, send, deliver, in this order · encode before the table is asked · no octet
 * from the peer throws · no clock, no I/O, no promise · only what is implemented is in the table.
 */
export abstract class Machine<S extends string, Submit extends Primitive, Delivery extends Primitive, Event extends Primitive>
  extends AccessPoint<Delivery>
  implements ServiceProvider<Submit, Delivery>
{
  /** Told after each change of state, before the row acts. */
  onTransition: ((event: Event, from: S, to: S) => void) | undefined
  abstract readonly layer: Layer
  // biome-ignore lint/suspicious/noExplicitAny: the machine type of the table is the subclass itself
  protected abstract readonly table: StateTable<any, S, Event, Delivery>
  state: S

  constructor(state: S) {
    super()
    this.state = state
  }

  /** @throws UsageError `STATE` when the table has no row for it now; nothing has changed then */
  submit(primitive: Submit & Event): void {
    if (!this.step(primitive))
      throw new UsageError(this.layer, 'STATE', `${primitive.type} is not allowed in state ${this.state}`, this.state)
  }

  /** One cell: commit the state, act downwards, deliver upwards last. @returns false when no row applies */
  protected step(event: Event): boolean {
    const row = this.table.find(this, this.state, event)
    if (row === undefined) return false
    const from = this.state
    if (row.to !== undefined) this.state = row.to
    if (this.onTransition !== undefined) this.onTransition(event, from, this.state)
    if (row.do !== undefined) {
      const delivery = row.do(this, event)
      if (delivery) this.user.hear(delivery)
    }
    return true
  }
}
