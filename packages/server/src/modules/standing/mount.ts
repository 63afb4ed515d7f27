import type { ModuleMount } from '#platform/module.ts';
import { standingPart } from './service/part.ts';

export function mountStanding(): ModuleMount {
  return { name: 'standing', routes: [], part: standingPart() };
}
