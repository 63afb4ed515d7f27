import type { ModuleMount } from '#platform/module.ts';
import { programRoutes } from './http/routes.ts';
import type { ProgramDeps } from './service/deps.ts';

export function mountProgram(deps: ProgramDeps): ModuleMount {
  return { name: 'program', routes: programRoutes(deps) };
}
