import { InvalidArgumentError, Option } from 'commander';
import { Temporal } from 'temporal-polyfill';
import type { Refusal } from '#kernel/outcome.ts';
import { type CliContext, CliRefusal } from '#platform/cli.ts';
import type { ModuleMount } from '#platform/module.ts';
import type { CheckoutDeps } from '../service/deps.ts';
import type { SimulationDeps } from '../service/simulate.ts';

interface Mounted {
  readonly deps: CheckoutDeps;
  readonly simulation: SimulationDeps;
}

/** The module as wiring mounted it. */
export async function checkoutOf(context: CliContext): Promise<Mounted> {
  const mount = (await context.modules()).find(isCheckout);
  if (mount === undefined) throw new Error('the module checkout is not mounted');
  return mount;
}

function isCheckout(module: ModuleMount): module is ModuleMount & Mounted {
  return module.name === 'checkout' && 'simulation' in module;
}

export function languageOption(): Option {
  return new Option('--language <language>', 'of the sentences').choices(['ru', 'en']).default('ru');
}

export function day(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    throw new InvalidArgumentError('a day is written 2026-03-31');
  }
}

const sentences: Readonly<Record<string, string>> = {
  program_not_published: 'No program is published yet.',
  draft_not_found: 'There is no draft: name a file.',
  period_invalid: 'The period ends before it begins.',
  shop_unknown: 'There is no such shop.',
  member_unknown: 'Nobody is found by that.',
  hold_unknown: 'There is no such open hold.',
};

export function refuse(refusal: Refusal, sentence?: string): never {
  const place = refusal.field ? ` (${refusal.field})` : '';
  throw new CliRefusal(refusal, sentence ?? `${sentences[refusal.code] ?? refusal.code.replaceAll('_', ' ')}${place}`);
}
