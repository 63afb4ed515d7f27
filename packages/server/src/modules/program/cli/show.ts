import type { Command } from 'commander';
import type { CliContext, Printer } from '#platform/cli.ts';
import { describePromotion } from '../domain/sentences/describe.ts';
import { type ReadVersion, readCurrent, readVersion } from '../service/read-versions.ts';
import { languageOption, programOf, versionNumber } from './mounted.ts';
import { type Language, refuse } from './refuse.ts';

interface ShowOptions {
  readonly language: Language;
  readonly document?: true;
}

export function registerShow(program: Command, context: CliContext): void {
  program
    .command('show')
    .description('the version in force, or another one: what it changed, its tiers and promotions')
    .argument('[version]', 'the one in force when left out', versionNumber)
    .option('--document', 'print the document alone, as JSON: to be edited and published')
    .addOption(languageOption())
    .addHelpText('after', '\nExample:\n  kopilka program show --document > program.json')
    .action((version: number | undefined, options: ShowOptions) => show(context, version, options));
}

async function show(context: CliContext, version: number | undefined, options: ShowOptions): Promise<void> {
  const { language } = options;
  const { deps } = await programOf(context);
  const found = version === undefined ? await readCurrent(deps.db) : await readVersion(deps.db, version);
  if (!found.ok) return refuse(found.refusal, language);
  const { document, publishedAt } = found.value;
  if (options.document === true)
    return context.out.answer(document, (out) => out.line(JSON.stringify(document, null, 2)));
  const value = { ...found.value, publishedAt: publishedAt.toString() };
  return context.out.answer(value, (out) => print(out, found.value, language));
}

function print(out: Printer, version: ReadVersion, language: Language): void {
  const { document, author, comment, restoredFrom } = version;
  out.line(`${document.name}, version ${version.number}${version.inForce ? ' (in force)' : ''}`);
  out.line(`published ${version.publishedAt.toString()} by ${author.name}${comment === '' ? '' : `: ${comment}`}`);
  if (restoredFrom !== null) out.line(`restored from version ${restoredFrom}`);
  if (version.changes.length > 0) out.line('\nagainst the version before:');
  for (const change of version.changes) out.line(`  ${change[language]}`);
  printTiers(out, version, language);
  if (document.promotions.length === 0) return;
  out.line('');
  const rows = document.promotions.map((promotion) => [
    promotion.code,
    promotion.active ? 'on' : 'off',
    describePromotion(promotion, language),
  ]);
  out.table(['promotion', 'state', 'what it does'], rows);
}

function printTiers(out: Printer, { document }: ReadVersion, language: Language): void {
  const { list } = document.tiers;
  if (list.length === 0) return;
  out.line('');
  const rows = list.map((tier) => [
    tier.code,
    tier.name[language],
    `${tier.earn_rate} %`,
    `${tier.redeem_rate ?? document.redeeming.rate} %`,
  ]);
  out.table(['tier', 'name', 'earns', 'pays with points'], rows);
}
