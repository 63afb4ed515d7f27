import { phoneRegion } from '#kernel/phone.ts';
import { type CheckoutDeps, ledgerSettings } from '#modules/checkout/index.ts';
import { defaultLedgerSettings, type LedgerSettings, pointsExist } from '#modules/ledger/index.ts';
import type { MembersDeps } from '#modules/members/index.ts';
import { type ProgramDeps, russia } from '#modules/program/index.ts';
import { budgetReader, ensureCounters } from '#modules/promotions/index.ts';
import { segmentProblems } from '#modules/segments/index.ts';
import { standingHooks } from '#modules/standing/index.ts';
import { type People, startingTier } from '#modules/tiers/index.ts';
import type { Foundation } from '#platform/foundation.ts';
import type { MemberPart } from '#platform/member-parts.ts';
import { peopleOf } from './people.ts';
import type { Ports } from './ports.ts';

/** What several modules are mounted with, or imports, the demo and tests call besides routes. */
export interface Deps {
  readonly people: People;
  readonly members: MembersDeps;
  readonly programDeps: ProgramDeps;
  readonly checkout: CheckoutDeps;
  /** Of the published program, asked at every use: publishing changes it. */
  readonly settings: () => LedgerSettings;
}

export function depsOf(foundation: Foundation, ports: Ports, parts: () => readonly MemberPart[]): Deps {
  const { db, clock, newId, random, config, secret } = foundation;
  const { catalog, program } = ports;
  const zone = config.timeZone;
  const members: MembersDeps = {
    ...{ db, newId, secret, parts },
    settings: { region: phoneRegion('RU'), cardPrefix: '20', virtualCard: true },
    hooks: standingHooks(() => firstTier(ports)),
    shopIdOf: (code) => catalog.snapshot().shopByCode(code)?.shopId ?? null,
  };
  return {
    members,
    people: peopleOf(db, catalog, zone),
    programDeps: {
      ...{ db, newId, port: program, catalog, legalProfile: russia, zone },
      ...{ pointsExist, published: ensureCounters, segmentsCheck: segmentProblems },
    },
    checkout: {
      ...{ db, clock, newId, random, catalog, program, zone },
      budgets: budgetReader(db, clock),
      identityRules: members.settings,
    },
    settings: () => {
      const current = program.current();
      return current === null ? defaultLedgerSettings : ledgerSettings(current);
    },
  };
}

function firstTier({ program }: Ports): string | null {
  const current = program.current();
  return current && startingTier(current.document.tiers);
}
