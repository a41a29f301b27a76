import { register } from 'node:module'

/** For `--import`: what the MMS machine imports as its codec is `codec.js` from then on. */
register('./hooks.js', import.meta.url)
