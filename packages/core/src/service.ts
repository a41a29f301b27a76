/** Anything that crosses a service access point. `type` is the primitive's name in the service definition. */
export interface Primitive {
  readonly type: string
}

/** What an (N)-layer offers to the layer above. */
export interface ServiceProvider<Submit extends Primitive, Delivery extends Primitive> {
  /** Request or response. @throws UsageError when the present state does not allow it; the state is then unchanged. */
  submit(primitive: Submit): void
  /** Indication or confirm. Set by the user before the first `submit`. Octets inside are views: copy what is kept. */
  onDeliver: (primitive: Delivery) => void
}

/** The value of `onDeliver` before a user has set it. */
export function unheard(_primitive: Primitive): void {}

/**
 * Looks at everything that crosses an access point. The provider that comes back takes the place of the one given.
 * A transcript, a recorder and a fault injector are all taps.
 */
export function tap<S extends Primitive, D extends Primitive>(
  provider: ServiceProvider<S, D>,
  see: (way: 'down' | 'up', primitive: S | D) => void,
): ServiceProvider<S, D> {
  const tapped: ServiceProvider<S, D> = {
    submit(primitive) {
      see('down', primitive)
      provider.submit(primitive)
    },
    onDeliver: unheard,
  }
  provider.onDeliver = primitive => {
    see('up', primitive)
    tapped.onDeliver(primitive)
  }
  return tapped
}
