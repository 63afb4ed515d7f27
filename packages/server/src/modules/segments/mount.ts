import type { ModuleMount } from '#platform/module.ts';
import { segmentsRoutes } from './http/routes.ts';
import type { SegmentsDeps } from './service/preview.ts';

export function mountSegments(deps: SegmentsDeps): ModuleMount {
  return { name: 'segments', routes: segmentsRoutes(deps) };
}
