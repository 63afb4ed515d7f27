import { Temporal } from 'temporal-polyfill';
import { type CatalogPort, loadSnapshot } from '#modules/catalog/index.ts';
import { type CatalogMount, mountCatalog } from '#modules/catalog/mount.ts';
import { type VirtualClock, virtualClock } from '#platform/clock.ts';
import { type Database, openDatabase } from '#platform/db.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { createTestDatabase } from './database.ts';

export interface CatalogRig {
  readonly db: Database;
  readonly clock: VirtualClock;
  readonly catalog: CatalogPort;
  readonly mount: CatalogMount;
  readonly end: () => Promise<void>;
}

/** The catalog module over a database of its own. */
export async function startCatalog(options: { readonly feedFolder: string }): Promise<CatalogRig> {
  const database = await createTestDatabase();
  const db = openDatabase({ url: database.url, poolSize: 4 });
  const clock = virtualClock(Temporal.Instant.from('2026-11-22T10:00:00Z'));
  const newId = idMaker(clock, seededRandom(7));
  const catalog = await loadSnapshot(db);
  const feedFiles = { folder: options.feedFolder, privateAddresses: true };
  const mount = mountCatalog({ db, clock, newId, catalog, feedFiles, currency: 'RUB' });
  const end = async () => {
    await db.close();
    await database.drop();
  };
  return { db, clock, catalog, mount, end };
}
