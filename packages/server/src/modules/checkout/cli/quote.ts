import { quoteRequest } from '@kopilka/contract/checkout';
import type { Command } from 'commander';
import { type CliContext, CliRefusal, type CliVerb, type Printer } from '#platform/cli.ts';
import { readJsonFile } from '#platform/cli-files.ts';
import { contentOf } from '../service/content-of-request.ts';
import { type Language, moneyText } from '../service/explain.ts';
import { presentQuote, type QuoteAnswer } from '../service/quote-answer.ts';
import { quoteCart } from '../service/quote-cart.ts';
import { checkoutOf, languageOption, refuse } from './mounted.ts';
import { type Words, words } from './quote-words.ts';

/** kopilka quote FILE */
export const quoteVerb: CliVerb = {
  register: (program: Command, context: CliContext) => {
    program
      .command('quote')
      .description('what a receipt would come to, and why: as POST /v1/checkout/quote answers it')
      .argument('<file>', 'the JSON of that request; - is the standard input')
      .addOption(languageOption())
      .addHelpText('after', example)
      .action((file: string, { language }: { language: Language }) => quoteFile(context, file, language));
  },
};

const example = `
A receipt:
  {"shop": "main", "member": {"phone": "+79161234567"}, "lines": [{"sku": "TEA", "quantity": 1000, "sum": 12000}], "redeem": "max"}

Example:
  kopilka quote receipt.json --language en`;

async function quoteFile(context: CliContext, file: string, language: Language): Promise<void> {
  const asked = quoteRequest.safeParse(await readJsonFile(file));
  if (!asked.success) {
    const lines = asked.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`);
    throw new CliRefusal({ code: 'bad_request' }, lines.join('\n'));
  }
  const { deps } = await checkoutOf(context);
  const content = contentOf(asked.data);
  const now = deps.clock.now();
  const quoted = await quoteCart(deps, { content, caller: context.caller, now, holdId: asked.data.hold_id ?? null });
  if (!quoted.ok) return refuse(quoted.refusal);
  const quantities = new Map(content.lines?.map((line) => [line.lineId, line.quantity]));
  const articles = new Map(content.lines?.map((line) => [line.lineId, line.sku ?? line.barcode ?? '']));
  const answer = presentQuote(quoted.value, quantities, language);
  return context.out.answer(answer, (out) => print(out, answer, { articles, language }));
}

interface Reader {
  readonly articles: ReadonlyMap<string, string>;
  readonly language: Language;
}

function print(out: Printer, answer: QuoteAnswer, reader: Reader): void {
  const { language } = reader;
  const said: Words = words[language];
  const money = (amount: bigint) => moneyText(amount, language);
  printLines(out, answer, reader);
  const { totals, member } = answer;
  out.line('');
  out.table(
    [said.total, ''],
    [
      [said.shelf, money(totals.sum)],
      [said.till, money(totals.till_discount)],
      [said.discounts, money(totals.promotion_discount)],
      [said.redeemed, `${totals.redeemed_points} (${money(totals.redeemed_money)})`],
      [said.rounding, money(totals.rounding)],
      [said.paid, money(totals.paid)],
      [said.earned, String(totals.earned_points)],
      [said.limit, String(answer.redeem_limit)],
    ],
  );
  out.line('');
  if (member === null) out.line(said.nobody);
  else out.line(said.member(member.tier, member.balance.available));
  out.line(said.version(answer.program_version));
  if (answer.flags.length > 0) out.line(`${said.flags}: ${answer.flags.join(', ')}`);
  printSteps(out, answer, said);
}

function printLines(out: Printer, { lines }: QuoteAnswer, { articles, language }: Reader): void {
  const said = words[language];
  const money = (amount: bigint) => moneyText(amount, language);
  const rows = lines.map((line) => [
    line.line_id,
    line.gift_sku ?? articles.get(line.line_id) ?? '',
    money(line.sum),
    line.till_discount === 0n ? '' : money(line.till_discount),
    line.discounts.map(({ promotion, amount }) => `${promotion} ${money(amount)}`).join(', '),
    line.redeemed_points === 0n ? '' : `${line.redeemed_points} (${money(line.redeemed_money)})`,
    money(line.paid),
    String(line.earned_points),
  ]);
  const columns = [
    said.line,
    said.article,
    said.shelf,
    said.till,
    said.discounts,
    said.redeemed,
    said.paid,
    said.earned,
  ];
  out.table(columns, rows);
}

/** What acted, in the order of the receipt's steps, and then what did not, with its reason. */
function printSteps(out: Printer, { explanation }: QuoteAnswer, said: Words): void {
  const rowsOf = (applied: boolean) =>
    explanation
      .filter((step) => step.applied === applied)
      .map((step) => [said.steps[step.step], step.line_id ?? '', step.text]);
  for (const [title, rows] of [
    [said.applied, rowsOf(true)],
    [said.notApplied, rowsOf(false)],
  ] as const) {
    if (rows.length === 0) continue;
    out.line('');
    out.line(title);
    out.table([said.step, said.line, said.why], rows);
  }
}
