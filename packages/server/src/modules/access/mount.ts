import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db.ts';
import type { Logger } from '#platform/log.ts';
import type { ModuleMount } from '#platform/module.ts';
import type { NewId, Random } from '#platform/random.ts';
import { accessRoutes } from './http/routes.ts';
import type { AccessDeps } from './service/api-keys.ts';
import { createKeyring } from './service/keyring.ts';

export interface AccessMountDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  readonly log: Logger;
}

/** `access` for the CLI and the server: `access.keyring.authenticate` is what the server asks. */
export function mountAccess(deps: AccessMountDeps): ModuleMount & { readonly access: AccessDeps } {
  const ring = createKeyring({
    db: deps.db,
    onError: (error) => deps.log.warn({ event: 'api_key_use_not_written', err: error }),
  });
  const access = { db: deps.db, newId: deps.newId, random: deps.random, keyring: ring };
  return { name: 'access', routes: accessRoutes(access), access };
}
