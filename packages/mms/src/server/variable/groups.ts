import type { ServiceGroup } from '../groups.js'
import type { VmdModel } from '../model.js'
import type { VariablesModel } from './model.js'
import { defineNamedType, deleteNamedType, getNamedTypeAttributes } from './named-types.js'
import { defineNamedVariable, deleteVariableAccess } from './named-variables.js'
import { defineScatteredAccess, getScatteredAccessAttributes } from './scattered-access.js'

/** Variables by address, and names for them. */
export const namedVariablesGroup: ServiceGroup = {
  handlers: { defineNamedVariable, deleteVariableAccess },
  parameters: ['vadr'],
  isUsedBy: model =>
    model.unnamedVariables !== undefined || model.addressSpace !== undefined || anyVariable(model, ({ address }) => address !== undefined),
}

export const scatteredAccessGroup: ServiceGroup = {
  handlers: { defineScatteredAccess, getScatteredAccessAttributes, deleteVariableAccess },
  parameters: ['vsca'],
  isUsedBy: model => placesOf(model).some(({ scatteredAccess }) => scatteredAccess !== undefined),
}

export const namedTypesGroup: ServiceGroup = {
  handlers: { defineNamedType, getNamedTypeAttributes, deleteNamedType },
  isUsedBy: model => placesOf(model).some(({ types }) => types !== undefined),
}

/** Texts that say what variables and types mean: a building block of the edition of 2003. */
export const meaningsGroup: ServiceGroup = {
  parameters: ['sem'],
  version: 3,
  isUsedBy: model =>
    anyVariable(model, ({ meaning }) => meaning !== undefined) ||
    placesOf(model).some(({ types = {} }) => Object.values(types).some(({ meaning }) => meaning !== undefined)),
}

function placesOf(model: VmdModel): readonly VariablesModel[] {
  return [model, ...Object.values(model.domains ?? {})]
}

function anyVariable(model: VmdModel, has: (variable: NonNullable<VariablesModel['variables']>[string]) => boolean): boolean {
  return placesOf(model).some(({ variables = {} }) => Object.values(variables).some(has))
}
