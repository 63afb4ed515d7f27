import type { Database } from '#platform/db.ts';
import {
  type CatalogSnapshot,
  type CatalogState,
  emptyState,
  reachesDiffer,
  snapshotOf,
  withCategories,
  withoutProducts,
  withProducts,
  withShops,
} from '../domain/snapshot.ts';
import { loadCategories } from '../store/category-store.ts';
import { changedProducts } from '../store/product-store.ts';
import { loadShops } from '../store/shop-store.ts';
import { type CatalogVersion, readVersion } from '../store/version-store.ts';

export interface CatalogPort {
  /** The newest snapshot in memory; no waiting. */
  snapshot(): CatalogSnapshot;
  /** Brings the memory up to what was committed before the call. Costs one small query when nothing changed. */
  refresh(): Promise<void>;
  /** Refreshes now and then until stopped: other processes change the catalog too. */
  poll(every: { readonly milliseconds: number; readonly onError: (error: unknown) => void }): () => void;
}

const pageSize = 5_000;
const nowhere = '00000000-0000-0000-0000-000000000000';

/** Reads the catalog into memory: about a second per 100,000 products. */
export async function loadSnapshot(db: Database): Promise<CatalogPort> {
  let state = await bringUp(db, emptyState);
  let snapshot = snapshotOf(state);
  let running: Promise<void> | null = null;
  let waiting: Promise<void> | null = null;
  const renew = async () => {
    const newer = await bringUp(db, state);
    if (newer === state) return;
    state = newer;
    snapshot = snapshotOf(newer);
  };
  const run = (): Promise<void> => {
    running = renew().finally(() => {
      running = null;
    });
    return running;
  };
  // A refresh under way may have read before the caller's commit: the next one, shared by all who wait, has not.
  const refresh = (): Promise<void> => {
    if (running === null) return run();
    waiting ??= running
      .catch(() => undefined)
      .then(() => {
        waiting = null;
        return run();
      });
    return waiting;
  };
  return { snapshot: () => snapshot, refresh, poll: (every) => startPolling(refresh, every) };
}

function startPolling(
  refresh: () => Promise<void>,
  every: { readonly milliseconds: number; readonly onError: (error: unknown) => void },
): () => void {
  const timer = setInterval(() => {
    refresh().catch(every.onError);
  }, every.milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

async function bringUp(db: Database, before: CatalogState): Promise<CatalogState> {
  // Read first: what is committed later is found by the next call, at worst twice.
  const version = await readVersion(db);
  let state = before;
  if (version.shopRevision !== state.shopRevision) {
    state = withShops(state, await loadShops(db), version.shopRevision);
  }
  if (version.categoryRevision !== state.categoryRevision) {
    const categories = await loadCategories(db);
    state = withCategories(state, [...categories.values()], version.categoryRevision);
    if (reachesDiffer(before, state)) state = withoutProducts(state);
  }
  return version.revision === state.revision ? state : bringUpProducts(db, state, version);
}

async function bringUpProducts(db: Database, before: CatalogState, version: CatalogVersion): Promise<CatalogState> {
  let state = before;
  let place = { revision: before.revision + 1n, productId: nowhere };
  for (;;) {
    const page = await changedProducts(db, place, pageSize);
    state = withProducts(state, page.products, version.revision);
    if (page.last === null || page.products.length < pageSize) return state;
    place = page.last;
  }
}

/** A catalog with nothing in it, for what the program can say about itself without a database. */
export const emptyCatalog: CatalogPort = {
  snapshot: () => snapshotOf(emptyState),
  refresh: () => Promise.resolve(),
  poll: () => () => undefined,
};
