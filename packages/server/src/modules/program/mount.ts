import type { ModuleMount } from '#platform/module.ts';
import { programRoutes } from './http/routes.ts';
import type { ProgramDeps } from './service/deps.ts';

export interface ProgramMount extends ModuleMount {
  readonly name: 'program';
  /** For the command line. */
  readonly deps: ProgramDeps;
}

export function mountProgram(deps: ProgramDeps): ProgramMount {
  return { name: 'program', routes: programRoutes(deps), deps };
}
