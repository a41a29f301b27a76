import type { Layer, OsiError } from './errors.js'

/** Anything that crosses a service access point. `type` is the primitive's name in the service definition. */
export interface Primitive {
  readonly type: string
}

/**
 * Told of all that crosses the access points of a stack, before it goes on: the layer that offers the point, the way, the primitive. For logs
 * and recorders. Octets are views, a `Sdu` on its way down holds what the layers above have written, and nothing is hidden: passwords neither.
 */
export type See = (layer: Layer, way: 'down' | 'up', primitive: Primitive) => void

/** What an (N)-layer offers to the layer above. */
export interface ServiceProvider<Submit extends Primitive, Delivery extends Primitive> {
  /** Request or response. @throws UsageError when the present state does not allow it; the state is then unchanged. */
  submit(primitive: Submit): void
  /** Indication or confirm. Set by the user before the first `submit`. Octets inside are views: copy what is kept. */
  onDeliver: (primitive: Delivery) => void
}

/** Whoever stands on an access point as long as it lives and hears its deliveries by a method: an idle connection then holds no closures. */
export interface ServiceUser<Delivery extends Primitive> {
  /** What `onDeliver` is told otherwise. */
  hear(primitive: Delivery): void
  /** Octets of a delivery where they lie in a larger run of them, from `from` to before `to`: true when that was all that it needs to be told. */
  hearPart?(octets: Uint8Array, from: number, to: number): boolean
  /** Why it ended the connection, if it has. */
  readonly fault?: OsiError | undefined
}

/** Takes over the deliveries of a provider, as setting its `onDeliver` does. */
export function hearFrom<D extends Primitive>(provider: Pick<ServiceProvider<never, D>, 'onDeliver'>, user: ServiceUser<D>): void {
  if (provider instanceof AccessPoint) provider.user = user
  else provider.onDeliver = primitive => user.hear(primitive)
}

/** The upper side of a machine: one listener, be it a function or somebody with a method. */
export class AccessPoint<Delivery extends Primitive> {
  /** @internal */
  user: ServiceUser<Delivery> = NOBODY

  get onDeliver(): (primitive: Delivery) => void {
    const { user } = this
    return user instanceof Listener ? user.hear : primitive => user.hear(primitive)
  }

  set onDeliver(listener) {
    this.user = new Listener(listener)
  }
}

class Listener<Delivery extends Primitive> implements ServiceUser<Delivery> {
  readonly hear: (primitive: Delivery) => void

  constructor(hear: (primitive: Delivery) => void) {
    this.hear = hear
  }
}

/** The value of `onDeliver` before a user has set it. */
export function unheard(_primitive: Primitive): void {}

const NOBODY = new Listener<never>(unheard) as ServiceUser<Primitive>

// biome-ignore lint/suspicious/noExplicitAny: a provider of any service
type AnyProvider = ServiceProvider<any, any>

/**
 * Looks at everything that crosses an access point. What comes back takes the place of the provider and has all its other members.
 * A transcript, a recorder and a fault injector are all taps.
 */
export function tap<P extends AnyProvider>(provider: P, see: (way: 'down' | 'up', primitive: SeenAt<P>) => void): P {
  let listener: (primitive: never) => void = unheard
  const submit = (primitive: Primitive) => {
    see('down', primitive as SeenAt<P>)
    provider.submit(primitive)
  }
  provider.onDeliver = (primitive: Primitive) => {
    see('up', primitive as SeenAt<P>)
    listener(primitive as never)
  }
  return new Proxy(provider, {
    get(target, key) {
      if (key === 'submit') return submit
      if (key === 'onDeliver') return listener
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
    set(target, key, value) {
      if (key === 'onDeliver') listener = value
      else if (key === 'user') listener = (primitive: never) => value.hear(primitive)
      else return Reflect.set(target, key, value, target)
      return true
    },
  })
}

/** What crosses the access point of a provider, both ways. */
export type SeenAt<P> = P extends ServiceProvider<infer S, infer D> ? S | D : never

/** A tap for a `See`; without one, the provider itself. */
export function seen<P extends AnyProvider>(provider: P, layer: Layer, see: See | undefined): P {
  return see === undefined ? provider : tap(provider, (way, primitive) => see(layer, way, primitive as Primitive))
}
