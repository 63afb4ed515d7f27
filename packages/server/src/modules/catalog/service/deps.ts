import { recordAudit } from '#modules/access/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database, Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { NewId } from '#platform/random.ts';
import type { FeedReader } from '../domain/feed.ts';
import type { CatalogPort } from './catalog-port.ts';

/** Who changes something, for the audit log. */
export type Actor = Pick<Caller, 'kind' | 'id' | 'name'>;

export interface CatalogDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Looks at the changes as soon as they are committed. */
  readonly catalog: CatalogPort;
}

export interface ImportDeps extends CatalogDeps {
  readonly feedReader: FeedReader;
  /** The installation's currency: RUB. */
  readonly currency: string;
}

export interface CatalogChange {
  readonly actor: Actor;
  readonly action: string;
  readonly subject: { readonly kind: 'product' | 'products' | 'category' | 'shop' | 'feed'; readonly id: string };
  readonly before: unknown;
  readonly after: unknown;
}

export function audit(tx: Tx, deps: Pick<CatalogDeps, 'clock' | 'newId'>, change: CatalogChange): Promise<void> {
  const { actor, ...rest } = change;
  return recordAudit(tx, { ...rest, caller: actor, now: deps.clock.now(), newId: deps.newId });
}
