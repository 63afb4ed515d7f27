import { forgetIdempotencyKeys } from '#platform/http/idempotency.ts';
import type { Authenticate } from '#platform/http/server.ts';
import type { MountedRoute } from '#platform/http/handler.ts';
import type { CliVerb } from '#platform/cli.ts';
import type { Foundation } from '#platform/foundation.ts';
import type { DueWork, FactListener, ModuleMount } from '#platform/module.ts';
import type { Progress } from '#platform/cli.ts';
import { apiKeyVerb } from '#modules/access/cli/apikey.ts';
import { mountAccess } from '#modules/access/mount.ts';

/** The composition root: every module is a line here, lowest first. Nobody else knows them all. */
export interface Kopilka {
  readonly modules: readonly ModuleMount[];
  readonly routes: readonly MountedRoute[];
  readonly listeners: readonly FactListener[];
  readonly dueWork: readonly DueWork[];
  readonly authenticate: Authenticate;
  readonly access: ReturnType<typeof mountAccess>['access'];
  /** Fills an empty database at `npm start`; null until there is one. */
  readonly demo: Demo | null;
}

export interface Demo {
  isWanted(): Promise<boolean>;
  load(progress: (label: string, total: number) => Progress): Promise<void>;
  /** A command that quotes a receipt of the demo chain. */
  curl(address: string, key: string): string;
}

export function mountAll(foundation: Foundation): Kopilka {
  const access = mountAccess(foundation);
  const modules: ModuleMount[] = [
    access,
    // members, catalog, ledger, program, promotions, tiers, checkout, imports, playbooks: one line each.
  ];
  const forgetKeys: DueWork = { name: 'idempotency', runDue: () => forgetIdempotencyKeys(foundation.db) };
  return {
    modules,
    routes: modules.flatMap((module) => module.routes),
    listeners: modules.flatMap((module) => module.listeners ?? []),
    dueWork: [...modules.flatMap((module) => module.dueWork ?? []), forgetKeys],
    authenticate: (authorization, now) => access.access.keyring.authenticate(authorization, now),
    access: access.access,
    demo: null,
  };
}

/** The words of the modules on the command line; those of the frame (serve, migrate, openapi …) are in cli/. */
export const moduleVerbs: readonly CliVerb[] = [apiKeyVerb];
