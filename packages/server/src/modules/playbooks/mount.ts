import type { ModuleMount } from '#platform/module.ts';
import { playbookRoutes } from './http/routes.ts';
import type { PlaybooksDeps } from './service/install.ts';

export interface PlaybooksMount extends ModuleMount {
  readonly name: 'playbooks';
  /** For the command line. */
  readonly deps: PlaybooksDeps;
}

export function mountPlaybooks(deps: PlaybooksDeps): PlaybooksMount {
  return { name: 'playbooks', routes: playbookRoutes(deps), deps };
}
