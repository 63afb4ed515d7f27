// The shop floor of the checkout bench: a shop, 100 products, a program, 20,000 members of whom everybody has some points in a few lots.
import { Temporal } from 'temporal-polyfill';
import { points } from '../packages/server/src/kernel/points.ts';
import { createApiKey } from '../packages/server/src/modules/access/index.ts';
import { putProduct, putShop } from '../packages/server/src/modules/catalog/index.ts';
import {
  defaultLedgerSettings,
  figuresOf,
  grant,
  type Movements,
  saveMovements,
} from '../packages/server/src/modules/ledger/index.ts';
import { publishDraft, saveDraft } from '../packages/server/src/modules/program/index.ts';
import { readStandings, saveStandings, withFigures } from '../packages/server/src/modules/standing/index.ts';
import { systemClock } from '../packages/server/src/platform/clock.ts';
import { parseConfig } from '../packages/server/src/platform/config.ts';
import { inTransaction, openDatabase } from '../packages/server/src/platform/db.ts';
import { joinable } from '../packages/server/src/platform/db-joined.ts';
import { createLog } from '../packages/server/src/platform/log.ts';
import { createMetrics } from '../packages/server/src/platform/metrics.ts';
import { idMaker, systemRandom } from '../packages/server/src/platform/random.ts';
import { openPorts } from '../packages/server/src/wiring/ports.ts';
import { mountAll } from '../packages/server/src/wiring.ts';
import { generateMembers, peopleOf } from '../packages/server/test/generate-members.ts';

export interface Filled {
  readonly key: string;
  readonly secret: string;
  readonly cards: readonly string[];
  readonly skus: readonly string[];
}

const membersCount = 20_000;
const seed = 3;
const secret = 'a secret for the bench only, of 32 letters or more';

const program = {
  format: 1,
  name: 'bench',
  tiers: {
    list: [
      { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '3', redeem_rate: '30' },
      {
        code: 'gold',
        name: { ru: 'Золотой', en: 'Gold' },
        rank: 1,
        earn_rate: '7',
        redeem_rate: '50',
        conditions: { all: [{ figure: 'money_paid', at_least: 5_000_000 }] },
      },
    ],
  },
  promotions: [
    {
      code: 'budgeted',
      name: 'Five percent while the budget lasts',
      effects: [{ kind: 'percent_off', percent: '5' }],
      limits: { total_money: 9_000_000_000_000, per_member: 100_000 },
    },
  ],
};

export async function fillShopFloor(url: string): Promise<Filled> {
  const config = parseConfig({});
  if (!config.ok) throw new Error(config.refusal.details.problems.join('\n'));
  const clock = systemClock;
  const random = systemRandom();
  const db = joinable(openDatabase({ url, poolSize: 8 }));
  const newId = idMaker(clock, random);
  const foundation = {
    config: config.value,
    secret,
    db,
    clock,
    random,
    newId,
    log: createLog({ level: 'silent' }),
    metrics: createMetrics(),
  };
  const ports = await openPorts(foundation);
  const kopilka = mountAll(foundation, ports);
  const caller = {
    kind: 'cli',
    id: 'bench',
    name: 'bench',
    integration: 'bench',
    scopes: new Set(['admin'] as const),
    shopIds: null,
    test: false,
  } as const;
  const catalogDeps = { db, clock, newId, catalog: ports.catalog };
  await putShop(catalogDeps, { code: 'main', name: 'main', zone: 'Europe/Moscow', channel: 'pos' } as never, caller);
  const skus = Array.from({ length: 100 }, (_, index) => `SKU-${index}`);
  for (const sku of skus)
    await putProduct(catalogDeps, { sku, fields: { name: sku, price: 50_000n } as never }, caller);
  const now = clock.now();
  await saveDraft(kopilka.program, { document: program, caller, now });
  const published = await publishDraft(kopilka.program, { comment: 'bench', caller, now });
  if (!published.ok) throw new Error(JSON.stringify(published.refusal));
  await generateMembers(db.pool, membersCount, seed);
  const people = [...peopleOf(membersCount, seed)];
  for (let from = 0; from < people.length; from += 500) {
    await givePoints(
      db,
      people.slice(from, from + 500).map((person) => person.memberId),
      newId,
    );
  }
  const { key } = await createApiKey(kopilka.access, {
    name: 'bench',
    integration: 'bench',
    scopes: ['checkout'],
    shopIds: null,
    test: false,
    caller,
    now,
  });
  ports.stop();
  await db.pool.query('vacuum analyze');
  await db.close();
  return { key, secret, cards: people.map((person) => person.card), skus };
}

/** Three lots each, burning at different times. */
export async function givePoints(
  db: ReturnType<typeof joinable>,
  memberIds: readonly string[],
  newId: () => string,
): Promise<void> {
  const now = Temporal.Now.instant();
  await inTransaction(db, async (tx) => {
    const standings = await readStandings(tx, memberIds);
    const movements: Movements[] = [];
    const after = [...standings.values()].map((standing) => {
      const account = { memberId: standing.memberId, lots: [], debts: [], holds: [], inactivityDeadline: null };
      const lots = [30, 90, 365].map(
        (days) =>
          ({
            ...{
              source: 'import' as const,
              rule: 'base',
              points: points(200 + days),
              startsAt: now,
              burnsAt: now.add({ hours: days * 24 }),
            },
            ...{ inactivityDays: null, restriction: null, funder: null, paysDebt: true },
          }) as const,
      );
      const context = {
        now,
        recordedAt: now,
        newId,
        settings: defaultLedgerSettings,
        causeKind: 'import',
        causeId: newId(),
        zone: 'Europe/Moscow',
      } as const;
      const granted = grant(account, lots, context);
      movements.push(granted.movements);
      return { ...withFigures(standing, figuresOf(granted.state, now)), tierCode: 'base' };
    });
    await saveMovements(tx, movements);
    await saveStandings(tx, after);
  });
}
