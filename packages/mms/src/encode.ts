export { encodeMmsPdu } from './decode.js'
