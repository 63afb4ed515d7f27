import { type Command, InvalidArgumentError } from 'commander';
import type { Temporal } from 'temporal-polyfill';
import type { CliContext, CliVerb, Printer, Progress } from '#platform/cli.ts';
import { readJsonFile } from '#platform/cli-files.ts';
import { type Language, moneyText } from '../service/explain.ts';
import { simulateProgram } from '../service/simulate.ts';
import { presentSimulation, type SimulationAnswer } from '../service/simulation-answer.ts';
import { checkoutOf, day, languageOption, refuse } from './mounted.ts';

interface SimulateOptions {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
  readonly max?: number;
  readonly language: Language;
}

/** kopilka program simulate [FILE]: a word of `program`, spoken by the module that has the receipts. */
export const simulateVerb: CliVerb = {
  register: (root, context) => {
    const program = root.commands.find((command) => command.name() === 'program') ?? root.command('program');
    registerSimulate(program, context);
  },
};

function registerSimulate(program: Command, context: CliContext): void {
  program
    .command('simulate')
    .description('past receipts through a draft, against the published version; writes nothing')
    .argument('[file]', 'JSON; - is the standard input; the saved draft when left out')
    .requiredOption('--from <day>', "the first day, in the installation's zone", day)
    .requiredOption('--to <day>', 'the last day, with all of it', day)
    .option('--max <receipts>', 'stop after so many; all of them when left out', count)
    .addOption(languageOption())
    .addHelpText(
      'after',
      '\nCtrl-C stops it: what has been counted by then is printed.\n\nExample:\n  kopilka program simulate draft.json --from 2026-01-01 --to 2026-03-31',
    )
    .action((file: string | undefined, options: SimulateOptions) => simulate(context, file, options));
}

async function simulate(context: CliContext, file: string | undefined, options: SimulateOptions): Promise<void> {
  const { from, to, max, language } = options;
  const document = file === undefined ? null : await readJsonFile(file);
  const { deps, simulation } = await checkoutOf(context);
  let bar: Progress | null = null;
  const simulated = await simulateProgram(simulation, {
    ...{ from, to, document, now: deps.clock.now(), receiptsMax: max ?? null, signal: context.signal },
    onTotal: (total) => {
      bar = context.progress('receipts', total);
    },
    onProgress: (receipts) => bar?.advance(receipts),
  });
  (bar as Progress | null)?.done();
  if (!simulated.ok) {
    const { refusal } = simulated;
    const problems = 'problems' in refusal ? refusal.problems : [];
    const lines = problems.map(({ severity, path, message }) => `${severity} ${path || '/'}: ${message[language]}`);
    return refuse(refusal, lines.length === 0 ? undefined : lines.join('\n'));
  }
  const answer = presentSimulation(simulated.value);
  return context.out.answer(answer, (out) => print(out, answer, language));
}

function count(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('a number of receipts, such as 50000');
  return Number(text);
}

function print(out: Printer, answer: SimulationAnswer, language: Language): void {
  const money = (amount: bigint) => moneyText(amount, language);
  const { published, draft } = answer;
  out.line(`${answer.receipts} receipts${answer.complete ? '' : ': there are more in the period'}`);
  out.line('');
  const row = (name: string, of: (side: SimulationAnswer['draft']) => bigint, show: (value: bigint) => string) => [
    name,
    show(of(published)),
    show(of(draft)),
    signed(of(draft) - of(published), show),
  ];
  out.table(
    ['', 'published', 'draft', 'difference'],
    [
      row('paid in money', (side) => side.paid, money),
      row('discounts', (side) => side.discount, money),
      row('redeemed points', (side) => side.redeemed_points, String),
      row('earned points', (side) => side.earned_points, String),
      row('cost: discounts + earned at their value', (side) => side.cost, money),
    ],
  );
  printPromotions(out, answer, money);
  printTiers(out, answer, money);
  printDifferences(out, 'Buyers gain most on:', answer.winners, money);
  printDifferences(out, 'Buyers lose most on:', answer.losers, money);
}

function signed(value: bigint, show: (value: bigint) => string): string {
  return value > 0n ? `+${show(value)}` : show(value);
}

type Show = (amount: bigint) => string;

function printPromotions(out: Printer, { published, draft }: SimulationAnswer, money: Show): void {
  const before = new Map(published.by_promotion.map((sum) => [sum.promotion, sum]));
  const after = new Map(draft.by_promotion.map((sum) => [sum.promotion, sum]));
  const codes = [...new Set([...before.keys(), ...after.keys()])];
  if (codes.length === 0) return;
  const cells = (sum: (typeof published.by_promotion)[number] | undefined) =>
    sum === undefined ? ['–', '', ''] : [String(sum.receipts), money(sum.discount), String(sum.points)];
  out.line('');
  out.table(
    ['promotion', 'receipts', 'discounts', 'points', 'draft: receipts', 'discounts', 'points'],
    codes.map((code) => [code, ...cells(before.get(code)), ...cells(after.get(code))]),
  );
}

function printTiers(out: Printer, { published, draft }: SimulationAnswer, money: Show): void {
  const before = new Map(published.by_tier.map((sum) => [sum.tier, sum]));
  const after = new Map(draft.by_tier.map((sum) => [sum.tier, sum]));
  const codes = [...new Set([...before.keys(), ...after.keys()])];
  if (codes.length === 0) return;
  const cells = (sum: (typeof published.by_tier)[number] | undefined) =>
    sum === undefined
      ? ['–', '', '', '']
      : [String(sum.receipts), money(sum.paid), String(sum.earned_points), String(sum.redeemed_points)];
  out.line('');
  out.table(
    ['tier', 'receipts', 'paid', 'earned', 'redeemed', 'draft: receipts', 'paid', 'earned', 'redeemed'],
    codes.map((code) => [code ?? 'no tier', ...cells(before.get(code)), ...cells(after.get(code))]),
  );
}

function printDifferences(out: Printer, title: string, list: SimulationAnswer['winners'], money: Show): void {
  if (list.length === 0) return;
  out.line('');
  out.line(title);
  const rows = list.map(({ id, shop, at, gain }) => [shop, id, at, signed(gain, money)]);
  out.table(['shop', 'receipt', 'at', 'gain'], rows);
}
