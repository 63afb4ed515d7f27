import { join } from 'node:path';
import { points } from '#kernel/points.ts';
import { apiKeyVerb } from '#modules/access/cli/apikey.ts';
import { mountAccess } from '#modules/access/mount.ts';
import { mountCatalog } from '#modules/catalog/mount.ts';
import { quoteVerb } from '#modules/checkout/cli/quote.ts';
import { simulateVerb } from '#modules/checkout/cli/simulate.ts';
import { type CheckoutDeps, ledgerSettings, replay } from '#modules/checkout/index.ts';
import { mountCheckout } from '#modules/checkout/mount.ts';
import { exportVerb } from '#modules/imports/cli/export-verb.ts';
import { importVerb } from '#modules/imports/cli/import-verb.ts';
import { mountImports } from '#modules/imports/mount.ts';
import { auditVerb } from '#modules/ledger/cli/audit.ts';
import { mountLedger } from '#modules/ledger/mount.ts';
import type { MembersDeps } from '#modules/members/index.ts';
import { mountMembers } from '#modules/members/mount.ts';
import { playbookVerb } from '#modules/playbooks/cli/playbook.ts';
import { mountPlaybooks } from '#modules/playbooks/mount.ts';
import { programVerb } from '#modules/program/cli/program.ts';
import type { ProgramDeps } from '#modules/program/index.ts';
import { mountProgram } from '#modules/program/mount.ts';
import { mountPromotions } from '#modules/promotions/mount.ts';
import { mountSegments } from '#modules/segments/mount.ts';
import { mountStanding } from '#modules/standing/mount.ts';
import { mountTiers } from '#modules/tiers/mount.ts';
import type { CliVerb, Progress } from '#platform/cli.ts';
import type { Foundation } from '#platform/foundation.ts';
import type { MountedRoute } from '#platform/http/handler.ts';
import { forgetIdempotencyKeys } from '#platform/http/idempotency.ts';
import type { Authenticate } from '#platform/http/server.ts';
import type { MemberPart } from '#platform/member-parts.ts';
import type { DueWork, FactListener, ModuleMount } from '#platform/module.ts';
import { demoOf } from './cli/demo/demo.ts';
import { depsOf } from './wiring/deps.ts';
import { memberPort } from './wiring/people.ts';
import type { Ports } from './wiring/ports.ts';

/** The composition root: every module is a line here, lowest first. Nobody else knows them all. */
export interface Kopilka {
  readonly modules: readonly ModuleMount[];
  readonly routes: readonly MountedRoute[];
  readonly listeners: readonly FactListener[];
  readonly dueWork: readonly DueWork[];
  readonly authenticate: Authenticate;
  readonly access: ReturnType<typeof mountAccess>['access'];
  /** What imports, simulations and tests call besides routes. */
  readonly members: MembersDeps;
  readonly program: ProgramDeps;
  readonly checkout: CheckoutDeps;
  /** Fills an empty database at `npm start`. */
  readonly demo: Demo;
}

export interface Demo {
  isWanted(): Promise<boolean>;
  load(progress: (label: string, total: number) => Progress): Promise<void>;
  /** A command that quotes a receipt of the demo chain. */
  curl(address: string, key: string): string;
}

/** The most points that one adjustment by hand may grant or take (R30). */
const adjustMax = points(100_000);

export function mountAll(foundation: Foundation, ports: Ports): Kopilka {
  const { db, clock, newId, random, config } = foundation;
  const { catalog, program } = ports;
  const zone = config.timeZone;
  const parts: MemberPart[] = [];
  const access = mountAccess(foundation);
  const { people, members, programDeps, checkout, settings } = depsOf(foundation, ports, () => parts);
  const modules: ModuleMount[] = [
    access,
    mountMembers(members),
    mountCatalog({
      db,
      clock,
      newId,
      catalog,
      currency: config.currency,
      feedFiles: { folder: join(config.dataDir, 'feeds'), privateAddresses: false },
    }),
    mountStanding(),
    mountLedger({ db, newId, members: memberPort(catalog), settings, installationZone: zone, adjustMax }),
    mountProgram(programDeps),
    mountPromotions({ db, newId, random, resolveMember: (memberId) => people.resolve(memberId) }),
    mountTiers({ db, newId, program, people }),
    mountSegments({ db, zone }),
    mountCheckout(checkout, programDeps),
    mountPlaybooks({ program: programDeps }),
    mountImports({
      ...{ db, clock, newId, zone, members, folder: join(config.dataDir, 'imports') },
      catalog: { db, clock, newId, catalog },
      program: () => {
        const current = program.current();
        return current && { tiers: current.document.tiers, ledger: ledgerSettings(current) };
      },
      replay: (items, how) => replay(checkout, items, how),
      dueWork: () =>
        modules.flatMap(({ name, dueWork = [] }) => (name === 'ledger' || name === 'tiers' ? dueWork : [])),
      memberTables: () => parts.flatMap(({ module, tables }) => (module === 'imports' ? [] : tables)),
    }),
  ];
  parts.push(...modules.flatMap((module) => module.part ?? []));
  const demo = demoOf({ foundation, ports, mount: mountAll });
  return { ...gathered(foundation, modules), ...signIn(access), members, program: programDeps, checkout, demo };
}

function gathered({ db }: Foundation, modules: readonly ModuleMount[]) {
  const forgetKeys: DueWork = { name: 'idempotency', runDue: () => forgetIdempotencyKeys(db) };
  return {
    modules,
    routes: modules.flatMap((module) => module.routes),
    listeners: modules.flatMap((module) => module.listeners ?? []),
    dueWork: [...modules.flatMap((module) => module.dueWork ?? []), forgetKeys],
  };
}

function signIn({ access }: ReturnType<typeof mountAccess>): Pick<Kopilka, 'authenticate' | 'access'> {
  return { access, authenticate: (authorization, now) => access.keyring.authenticate(authorization, now) };
}

/** The words of the modules on the command line; those of the frame (serve, migrate, openapi …) are in cli/. */
export const moduleVerbs: readonly CliVerb[] = [
  apiKeyVerb,
  auditVerb,
  programVerb,
  // A word of `program`, so it comes after it.
  simulateVerb,
  playbookVerb,
  quoteVerb,
  importVerb,
  exportVerb,
];
