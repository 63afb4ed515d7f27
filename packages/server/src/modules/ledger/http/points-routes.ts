import * as contract from '@kopilka/contract/points';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { isUuid } from '#kernel/ids.ts';
import { done, refused } from '#kernel/outcome.ts';
import { points } from '#kernel/points.ts';
import type { Restriction } from '#kernel/restriction.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import type { GrantTerms } from '../domain/grant-dates.ts';
import { adjustPoints, forgiveDebtByHand } from '../service/adjust.ts';
import type { LedgerDeps } from '../service/deps.ts';
import { viewBalance, viewEntries, viewLots } from '../service/view.ts';
import { presentBalance, presentEntry, presentFigures, presentLot } from './present.ts';

export function pointsRoutes(deps: LedgerDeps): MountedRoute[] {
  return [...readingRoutes(deps), ...changingRoutes(deps)];
}

const place = z.tuple([z.string().refine(isUuid)]);

function readingRoutes(deps: LedgerDeps): MountedRoute[] {
  return [
    handler(contract.getBalance, async ({ params, now }) => {
      const found = await viewBalance(deps, params.memberId, now);
      return found === null ? refused({ code: 'member_not_found' }) : done(presentBalance(found, now));
    }),
    handler(contract.listEntries, async ({ params, query }) => {
      const before = readCursor(query.cursor, place)?.[0] ?? null;
      const found = await viewEntries(deps, params.memberId, { before, limit: query.limit });
      if (found === null) return refused({ code: 'member_not_found' });
      const next = found.length < query.limit ? undefined : found.at(-1);
      return done({ items: found.map(presentEntry), next_cursor: next ? writeCursor([next.entryId]) : null });
    }),
    handler(contract.listLots, async ({ params, query, now }) => {
      const before = readCursor(query.cursor, place)?.[0] ?? null;
      const asked = { before, limit: query.limit, closed: query.state === 'all', now };
      const found = await viewLots(deps, params.memberId, asked);
      if (found === null) return refused({ code: 'member_not_found' });
      const next = found.lots.length < query.limit ? undefined : found.lots.at(-1);
      return done({
        items: found.lots.map((lot) => presentLot(lot, found.deadline)),
        next_cursor: next ? writeCursor([next.lotId]) : null,
      });
    }),
  ];
}

function changingRoutes(deps: LedgerDeps): MountedRoute[] {
  return [
    handler(contract.adjustPoints, async ({ params, body, caller, now }) => {
      if (body.kind === 'grant') {
        const twice = givenTwice(body);
        if (twice !== null) return refused({ code: 'two_terms', field: `/${twice}` });
      }
      const terms = body.kind === 'grant' ? termsOf(body) : noTerms;
      const { kind, reason } = body;
      const adjusted = await adjustPoints(deps, {
        memberId: params.memberId,
        kind,
        reason,
        terms,
        points: points(body.points),
        by: caller,
        now,
      });
      if (!adjusted.ok) return adjusted;
      const { memberId, adjustmentId, lotId, figures } = adjusted.value;
      return done({
        member_id: memberId,
        adjustment_id: adjustmentId,
        lot_id: lotId,
        balance: presentFigures(figures),
      });
    }),
    handler(contract.forgiveDebt, async ({ params, body, caller, now }) => {
      const forgiven = await forgiveDebtByHand(deps, {
        memberId: params.memberId,
        reason: body.reason,
        by: caller,
        now,
      });
      if (!forgiven.ok) return forgiven;
      const { memberId, figures } = forgiven.value;
      return done({ member_id: memberId, forgiven: forgiven.value.forgiven, balance: presentFigures(figures) });
    }),
  ];
}

const noTerms: GrantTerms = {
  startsAt: null,
  startsOn: null,
  burnsAt: null,
  burnsOn: null,
  days: null,
  restriction: null,
  funder: null,
  paysDebt: true,
};

const oneOfEach = [
  ['starts_at', 'starts_on'],
  ['burns_at', 'burns_on', 'days'],
] as const;

/** The field that says a second time when the points start or burn. */
function givenTwice(body: z.output<typeof contract.grantRequest>): string | null {
  for (const names of oneOfEach) {
    const given = names.filter((name) => body[name] !== undefined);
    if (given.length > 1) return given.at(-1) ?? null;
  }
  return null;
}

function termsOf(body: z.output<typeof contract.grantRequest>): GrantTerms {
  return {
    startsAt: instantOf(body.starts_at),
    startsOn: dateOf(body.starts_on),
    burnsAt: instantOf(body.burns_at),
    burnsOn: dateOf(body.burns_on),
    days: body.days ?? null,
    restriction: (body.restriction ?? null) as Restriction | null,
    funder: body.funder ?? null,
    paysDebt: body.pays_debt,
  };
}

function instantOf(text: string | undefined): Temporal.Instant | null {
  return text === undefined ? null : Temporal.Instant.from(text);
}

function dateOf(text: string | undefined): Temporal.PlainDate | null {
  return text === undefined ? null : Temporal.PlainDate.from(text);
}
