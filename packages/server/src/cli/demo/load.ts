import { Temporal } from 'temporal-polyfill';
import { required } from '#kernel/assert.ts';
import { money } from '#kernel/money.ts';
import type { Outcome, Refusal } from '#kernel/outcome.ts';
import { putCategory, putProducts, putShop } from '#modules/catalog/index.ts';
import { replay, replayItemsMax } from '#modules/checkout/index.ts';
import { type RegisterCommand, registerMembers } from '#modules/members/index.ts';
import { publishDraft, saveDraft } from '#modules/program/index.ts';
import type { Progress } from '#platform/cli.ts';
import type { VirtualClock } from '#platform/clock.ts';
import { inTransaction } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { seededRandom } from '#platform/random.ts';
import type { Kopilka } from '../../wiring.ts';
import { demoCategories, demoProducts, demoShops } from './goods.ts';
import { type DemoReceipt, type Habits, habitsOf, receiptsOf, type Span } from './habits.ts';
import { type Draw, drawsOf, type Person, personAt } from './people.ts';
import { demoProgram } from './program.ts';

export interface DemoSize {
  readonly seed: number;
  readonly members: number;
  readonly days: number;
  /** Receipts without a card in each shop. */
  readonly guestsPerDay: number;
}

/** Half a year of a small chain; about 22,000 receipts. */
export const wholeDemo: DemoSize = { seed: 1, members: 2_000, days: 182, guestsPerDay: 5 };

export interface DemoGround {
  /** Everything mounted on `clock`, which goes through the half year. */
  readonly kopilka: Kopilka;
  readonly clock: VirtualClock;
  readonly zone: string;
  readonly caller: Caller;
  /** The demo ends with the day before this one. */
  readonly today: Temporal.PlainDate;
  readonly size: DemoSize;
}

/** Through the real program, week by week. May be run again after an interruption: what is there already is left as it is. */
export async function loadDemo(
  ground: DemoGround,
  progress: (label: string, total: number) => Progress,
): Promise<void> {
  const { size, today, zone, clock } = ground;
  const span: Span = { from: today.subtract({ days: size.days }), days: size.days };
  clock.set(span.from.subtract({ days: 1 }).toZonedDateTime(zone).toInstant());
  await openChain(ground);
  const draw = drawsOf(seededRandom(size.seed));
  const people = Array.from({ length: size.members }, (_, place) => ({
    person: personAt(place, draw),
    habits: habitsOf(place, span, draw),
  }));
  const receipts = receiptsOf(
    people.map(({ habits }) => habits),
    span,
    { draw, guestsPerDay: size.guestsPerDay },
  );
  const end = today.toZonedDateTime(zone).toInstant();
  // A return of the last evening may come after the last midnight.
  const past = receipts.filter(({ at }) => Temporal.Instant.compare(at, end) < 0);
  await liveThrough(ground, { span, people, receipts: past, draw }, progress('receipts', past.length));
}

/** Shops, goods and the published program. */
async function openChain({ kopilka, clock, caller }: DemoGround): Promise<void> {
  const { catalog, db, newId } = kopilka.checkout;
  const deps = { db, clock, newId, catalog };
  for (const shop of demoShops) sure(await putShop(deps, shop, caller));
  for (const category of demoCategories) sure(await putCategory(deps, category, caller));
  const puts = demoProducts.map(({ sku, weight: _weight, price, ...fields }) => ({
    sku,
    fields: { ...fields, price: money(price) },
  }));
  await putProducts(deps, puts, caller);
  const now = clock.now();
  await kopilka.program.port.refresh();
  if (kopilka.program.port.current() !== null) return;
  sure(await saveDraft(kopilka.program, { document: { ...demoProgram }, caller, now }));
  sure(await publishDraft(kopilka.program, { comment: 'Демо-сеть', caller, now }));
  await kopilka.program.port.refresh();
}

interface Half {
  readonly span: Span;
  readonly people: readonly { readonly person: Person; readonly habits: Habits }[];
  readonly receipts: readonly DemoReceipt[];
  readonly draw: Draw;
}

const weekDays = 7;

async function liveThrough(ground: DemoGround, half: Half, progress: Progress): Promise<void> {
  const { clock, zone } = ground;
  const members = new Map<number, string>();
  let next = 0;
  for (let week = 0; week * weekDays < half.span.days; week += 1) {
    const days = Math.min((week + 1) * weekDays, half.span.days);
    const end = half.span.from.add({ days }).toZonedDateTime(zone).toInstant();
    clock.set(end);
    await joinUntil(ground, half, { days, members });
    const until = half.receipts.findIndex((receipt, place) => place >= next && !isBefore(receipt, end));
    const stop = until === -1 ? half.receipts.length : until;
    while (next < stop) {
      const batch = half.receipts.slice(next, Math.min(next + replayItemsMax, stop));
      await replayBatch(ground, batch, members);
      next += batch.length;
      progress.advance(batch.length);
    }
    await runDue(ground, end);
  }
  progress.done();
}

function isBefore({ at }: DemoReceipt, end: Temporal.Instant): boolean {
  return Temporal.Instant.compare(at, end) < 0;
}

async function replayBatch(
  { kopilka }: DemoGround,
  batch: readonly DemoReceipt[],
  members: ReadonlyMap<number, string>,
): Promise<void> {
  const items = batch.map(({ buyer, item }) =>
    item(buyer === null ? null : required(members.get(buyer), `member ${buyer} has joined`)),
  );
  const answers = await replay(kopilka.checkout, items, { integration: 'demo', origin: 'replay', earn: true });
  const problem = answers.find(({ kind }) => kind === 'problem');
  if (problem) throw new Error(`a receipt of the demo was refused: ${JSON.stringify(problem)}`);
}

const joinChunk = 200;

/** Members whose day has come, a chunk of them in a transaction. */
async function joinUntil(
  { kopilka, clock }: DemoGround,
  { span, people }: Half,
  { days, members }: { readonly days: number; readonly members: Map<number, string> },
): Promise<void> {
  const joining = people.flatMap(({ person, habits }, place) =>
    habits.joinsOn < days && !members.has(place)
      ? [{ place, command: registration(kopilka, person, habits, span) }]
      : [],
  );
  for (let from = 0; from < joining.length; from += joinChunk) {
    const chunk = joining.slice(from, from + joinChunk);
    const commands = chunk.map(({ command }) => command);
    const answers = await inTransaction(kopilka.members.db, (tx) =>
      registerMembers(tx, kopilka.members, { commands, now: clock.now() }),
    );
    for (const [index, answer] of answers.entries()) {
      const place = required(chunk[index], 'a registration').place;
      members.set(place, sure(answer).memberId);
    }
  }
}

function registration(kopilka: Kopilka, person: Person, habits: Habits, span: Span): RegisterCommand {
  const shop = kopilka.checkout.catalog.snapshot().shopByCode(habits.shop);
  const zone = required(shop, `shop ${habits.shop}`).zone;
  const joinedAt = span.from.add({ days: habits.joinsOn }).toZonedDateTime(zone).add({ hours: 8 }).toInstant();
  const { firstName, lastName, patronymic, birthday, female, phone, email } = person;
  const identities = [{ kind: 'phone', value: phone }];
  if (email !== null) identities.push({ kind: 'email', value: email });
  return {
    identities,
    profile: {
      firstName,
      lastName,
      patronymic,
      birthday: Temporal.PlainDate.from(birthday),
      gender: female ? 'female' : 'male',
    },
    joinedAt,
    shopId: shop?.shopId ?? null,
    origin: 'import',
    source: 'demo',
    registeredBy: 'demo',
    onExisting: 'return',
  };
}

/** What time has brought by the end of a week: points that started and burned, tiers to review. */
async function runDue({ kopilka }: DemoGround, now: Temporal.Instant): Promise<void> {
  for (const work of kopilka.dueWork) {
    if (!timely.has(work.name)) continue;
    while ((await work.runDue(now)) > 0);
  }
}

const timely: ReadonlySet<string> = new Set(['points', 'tier_reviews']);

/** The demo's own data is never refused for a business reason. */
function sure<Value>(outcome: Outcome<Value, Refusal>): Value {
  if (outcome.ok) return outcome.value;
  throw new Error(`the demo was refused: ${JSON.stringify(outcome.refusal)}`);
}
