import { required } from '#kernel/assert.ts';
import { type Db, statement, type Tx } from '#platform/db.ts';

export interface CatalogVersion {
  readonly revision: bigint;
  readonly categoryRevision: bigint;
  readonly shopRevision: bigint;
}

interface VersionRow {
  revision: bigint;
  category_revision: bigint;
  shop_revision: bigint;
}

const readText = 'select revision, category_revision, shop_revision from catalog.version';
const read = statement<VersionRow>('catalog.read_version', readText);
const lock = statement<VersionRow>('catalog.lock_version', `${readText} for update`);
const plan = statement<never>('catalog.plan_anew', "select set_config('plan_cache_mode', 'force_custom_plan', true)");
const write = statement<never>(
  'catalog.write_version',
  'update catalog.version set revision = $1, category_revision = $2, shop_revision = $3',
);

function toVersion(rows: readonly VersionRow[]): CatalogVersion {
  const row = required(rows[0], 'the row of catalog.version');
  return { revision: row.revision, categoryRevision: row.category_revision, shopRevision: row.shop_revision };
}

export async function readVersion(db: Db): Promise<CatalogVersion> {
  return toVersion(await db.run(read, []));
}

/**
 * For the rest of the transaction: a plan that was made when the catalog had ten products reads whole tables for each of a thousand. A feed of
 * 20,000 after a few small ones took 26 s with cached plans, 3 s without.
 */
export async function planAnew(tx: Tx): Promise<void> {
  await tx.run(plan, []);
}

/** Taken first by whatever changes the catalog: changes go one after the other, so revisions are in the order of commits. */
export async function lockVersion(tx: Tx): Promise<CatalogVersion> {
  const [rows] = await Promise.all([tx.run(lock, []), planAnew(tx)]);
  return toVersion(rows);
}

export async function writeVersion(tx: Tx, version: CatalogVersion): Promise<void> {
  await tx.run(write, [version.revision, version.categoryRevision, version.shopRevision]);
}
