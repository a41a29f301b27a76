export type { UnnamedVariables } from './addresses.js'
export type {
  AccessContext,
  AccessFailure,
  AddressSpace,
  AddressText,
  ListModel,
  ModelType,
  ScatteredAccessModel,
  TypeModel,
  UnnamedVariableModel,
  VariableModel,
  VariablesModel,
} from './model.js'
export {
  type Finder,
  findVariable,
  type Member,
  type NamedType,
  type NamedVariable,
  type NamedVariableList,
  type Referred,
  type ScatteredAccess,
  type ScatteredMember,
} from './objects.js'
export { type Selection, select } from './select.js'
export type { GuardedVariable, Variable } from './variable.js'
export { zeroOf } from './zero.js'
