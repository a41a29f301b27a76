/** Anything JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/**
 * A model as JSON. Domains hold trees: a leaf is `[type, value]`, an array of simple values `["FLOAT32[10]", [...]]`, an array of
 * structures `{ "[]": [element, ...] }`, anything else an object is a structure. Each component is a variable of its own as well, with
 * `$` between the parts.
 *
 * ```json
 * {
 *   "identify": { "vendor": "me", "model": "test", "revision": "1" },
 *   "domains": { "D1": { "temperature": ["FLOAT32", 21.5], "limits": { "low": ["INT32", 10], "high": ["INT32", 30] } } },
 *   "lists": { "D1": { "all": ["temperature", "limits"] } }
 * }
 * ```
 */
export interface ModelFile {
  readonly identify: { readonly vendor: string; readonly model: string; readonly revision: string }
  readonly domains: { readonly [domain: string]: { readonly [name: string]: Json } }
  /** Named variable lists of domains; members are items of the same domain, or `domain/item`. */
  readonly lists?: { readonly [domain: string]: { readonly [list: string]: readonly string[] } }
  /**
   * Second parts of item identifiers, such as the functional constraint `SP` of `GGIO1$SP$Types`, whose variables may be written; others
   * are refused with object-access-denied. @default all may be written
   */
  readonly writable?: readonly string[]
}
