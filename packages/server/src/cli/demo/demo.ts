import { scopes } from '@kopilka/contract';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { listAudit, recordAudit } from '#modules/access/index.ts';
import { listMembers } from '#modules/members/index.ts';
import { virtualClock } from '#platform/clock.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Foundation } from '#platform/foundation.ts';
import type { Caller } from '#platform/http/caller.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import type { Ports } from '../../wiring/ports.ts';
import type { Demo, Kopilka } from '../../wiring.ts';
import { demoProducts } from './goods.ts';
import { type DemoSize, loadDemo, wholeDemo } from './load.ts';
import { drawsOf, personAt } from './people.ts';

export interface DemoPlace {
  readonly foundation: Foundation;
  readonly ports: Ports;
  /** Everything mounted once more, on a clock that goes through the half year. */
  readonly mount: (foundation: Foundation, ports: Ports) => Kopilka;
  readonly size?: DemoSize;
}

const caller: Caller = {
  kind: 'system',
  id: 'demo',
  name: 'demo',
  integration: 'demo',
  scopes: new Set(scopes),
  shopIds: null,
  test: false,
};

const begun = 'demo.begin';
const loaded = 'demo.load';

/** A chain to look at, in a database that has nothing yet. A load that was cut off goes on at the next start. */
export function demoOf({ foundation, ports, mount, size = wholeDemo }: DemoPlace): Demo {
  const { db, config, clock } = foundation;
  return {
    isWanted: async () => {
      if ((await findEntry(db, loaded)) !== null) return false;
      return (await findEntry(db, begun)) !== null || (await isEmpty(foundation, ports));
    },
    load: async (progress) => {
      const now = clock.now();
      const today = await beginningOf(foundation, now);
      const past = virtualClock(now);
      const there = { ...foundation, clock: past, newId: idMaker(past, foundation.random) };
      const kopilka = mount(there, ports);
      await loadDemo({ kopilka, clock: past, zone: config.timeZone, caller, today, size }, progress);
      await enter(foundation, loaded, { today: today.toString(), ...size });
      await Promise.all([ports.catalog.refresh(), ports.program.refresh()]);
    },
    curl: (address, key) => curlOf(ports, { address, key, seed: size.seed }),
  };
}

async function isEmpty({ db }: Foundation, { catalog, program }: Ports): Promise<boolean> {
  if (program.current() !== null || catalog.snapshot().shops().length > 0) return false;
  const { items } = await listMembers(db, { before: null, limit: 1 });
  return items.length === 0;
}

const beginning = z.object({ today: z.iso.date() });

/** The day the demo ends at: that of the first try, so that another one tells the same story. */
async function beginningOf(foundation: Foundation, now: Temporal.Instant): Promise<Temporal.PlainDate> {
  const entry = await findEntry(foundation.db, begun);
  if (entry !== null) return Temporal.PlainDate.from(beginning.parse(entry.after).today);
  const today = now.toZonedDateTimeISO(foundation.config.timeZone).toPlainDate();
  await enter(foundation, begun, { today: today.toString() });
  return today;
}

async function findEntry(db: Db, action: string) {
  const any = { beforeId: null, subjectKind: null, subjectId: null, actorId: null, from: null, until: null };
  const [entry] = await listAudit(db, { ...any, action, limit: 1 });
  return entry ?? null;
}

async function enter({ db, newId, clock }: Foundation, action: string, after: unknown): Promise<void> {
  const subject = { kind: 'demo', id: 'demo' };
  await inTransaction(db, (tx) =>
    recordAudit(tx, { now: clock.now(), newId, caller, action, subject, before: null, after }),
  );
}

/** A command that quotes a receipt of the demo's first member; of a chain that is not the demo's: one that lists its shops. */
function curlOf({ catalog }: Ports, asked: { address: string; key: string; seed: number }): string {
  const { address, key, seed } = asked;
  const products = demoProducts.filter(({ sku }) => exampleSkus.has(sku));
  const known = catalog.snapshot();
  const auth = `-H 'Authorization: Bearer ${key}'`;
  if (known.shopByCode('tverskaya') === null || products.some(({ sku }) => known.productBySku(sku) === null))
    return `  curl -s ${auth} ${address}/v1/shops`;
  const { phone } = personAt(0, drawsOf(seededRandom(seed)));
  const body = {
    shop: 'tverskaya',
    member: { phone },
    lines: products.map(({ sku, price }) => ({ sku, quantity: 1000, sum: Number(price) })),
    redeem: 'max',
  };
  return `  curl -s ${address}/v1/checkout/quote ${auth} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}

const exampleSkus: ReadonlySet<string> = new Set(['CARE-002', 'BAKERY-003', 'TOBACCO-001']);
