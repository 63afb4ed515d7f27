import { InvalidArgumentError, Option } from 'commander';
import type { Instant } from '#kernel/time.ts';
import type { CliContext } from '#platform/cli.ts';
import type { ModuleMount } from '#platform/module.ts';
import type { ProgramDeps } from '../service/deps.ts';

/** The module as wiring mounted it, and the time it is. */
export async function programOf(context: CliContext): Promise<{ readonly deps: ProgramDeps; readonly now: Instant }> {
  const mount = (await context.modules()).find(isProgram);
  if (mount === undefined) throw new Error('the module program is not mounted');
  return { deps: mount.deps, now: (await context.foundation()).clock.now() };
}

function isProgram(module: ModuleMount): module is ModuleMount & { readonly deps: ProgramDeps } {
  return module.name === 'program' && 'deps' in module;
}

export function languageOption(): Option {
  return new Option('--language <language>', 'of sentences about the program').choices(['ru', 'en']).default('ru');
}

export function versionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a version is a number such as 3');
  return Number(text);
}
