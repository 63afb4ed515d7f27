import type { CliContext } from '#platform/cli.ts';
import type { ModuleMount } from '#platform/module.ts';
import type { ImportsDeps } from '../service/deps.ts';

/** The module as wiring mounted it: `mountImports` answers what the verbs work with. */
export async function importsOf(context: CliContext): Promise<ImportsDeps> {
  const mounted = (await context.modules()).find(({ name }) => name === 'imports');
  if (mounted === undefined || !('imports' in mounted)) throw new Error('imports is not mounted');
  return (mounted as ModuleMount & { readonly imports: ImportsDeps }).imports;
}
