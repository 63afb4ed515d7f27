import type { ModuleMount } from '#platform/module.ts';
import { feedRoutes } from './http/feed-routes.ts';
import { categoryRoutes, productRoutes } from './http/product-routes.ts';
import { shopRoutes } from './http/shop-routes.ts';
import { type FeedFilesOptions, feedFiles } from './providers/feed-files.ts';
import { feedReader } from './providers/feed-reader.ts';
import { schedules } from './providers/schedules.ts';
import type { CatalogDeps, ImportDeps } from './service/deps.ts';
import { type FeedDeps, runDueFeeds } from './service/feeds.ts';

export interface MountCatalogDeps extends CatalogDeps {
  readonly currency: string;
  readonly feedFiles: FeedFilesOptions;
}

export interface CatalogMount extends ModuleMount {
  /** For `importFeed` from the CLI: the readers of files are chosen here. */
  readonly importDeps: ImportDeps;
}

export function mountCatalog(deps: MountCatalogDeps): CatalogMount {
  const importDeps: ImportDeps = { ...deps, feedReader };
  const feedDeps: FeedDeps = { ...importDeps, schedules, feedFiles: feedFiles(deps.feedFiles) };
  return {
    name: 'catalog',
    routes: [...productRoutes(deps), ...categoryRoutes(deps), ...shopRoutes(deps), ...feedRoutes(feedDeps)],
    dueWork: [{ name: 'catalog.feeds', runDue: (now) => runDueFeeds(feedDeps, now) }],
    importDeps,
  };
}
