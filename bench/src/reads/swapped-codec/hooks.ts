import type { ResolveHook } from 'node:module'

export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === './asn1/pdu.js' && context.parentURL?.endsWith('/mms/dist/machine.js')
    ? { url: new URL('./codec.js', import.meta.url).href, shortCircuit: true }
    : next(specifier, context)
