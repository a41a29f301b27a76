import { type Primitive, type ServiceProvider, unheard } from '../service.js'

/** A provider that keeps what was submitted and delivers what a test hands it: the layer below, played by a test. */
export class FakeProvider<S extends Primitive, D extends Primitive> implements ServiceProvider<S, D> {
  onDeliver: (primitive: D) => void = unheard
  submitted: S[] = []

  submit(primitive: S): void {
    this.submitted.push(primitive)
  }

  deliver(primitive: D): void {
    this.onDeliver(primitive)
  }

  /** What was submitted since the last call. */
  take(): S[] {
    const taken = this.submitted
    this.submitted = []
    return taken
  }
}

/** Keeps what a provider delivers; `answer` may submit from inside the delivery. */
export function recordDeliveries<S extends Primitive, D extends Primitive>(
  provider: ServiceProvider<S, D>,
  answer?: (delivery: D) => void,
): D[] {
  const deliveries: D[] = []
  provider.onDeliver = delivery => {
    deliveries.push(delivery)
    answer?.(delivery)
  }
  return deliveries
}
