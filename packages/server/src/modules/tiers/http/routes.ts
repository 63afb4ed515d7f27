import * as contract from '@kopilka/contract/tiers';
import { Temporal } from 'temporal-polyfill';
import { done } from '#kernel/outcome.ts';
import type { TierCondition } from '#modules/program/index.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { addToCounter, setManualTier } from '../service/change-tier.ts';
import type { TiersDeps } from '../service/deps.ts';
import { type MemberTierView, readMemberTier } from '../service/read-tier.ts';

export function tiersRoutes(deps: TiersDeps): MountedRoute[] {
  const answer = async (memberId: string, now: Temporal.Instant) => {
    const view = await readMemberTier(deps, memberId, now);
    return view.ok ? done(presentTier(view.value)) : view;
  };
  return [
    handler(contract.readMemberTier, ({ params, now }) => answer(params.memberId, now)),
    handler(contract.setManualTier, async ({ params, body, caller, now }) => {
      const until = body.until === null ? null : Temporal.Instant.from(body.until);
      const tier = { code: body.tier, until, reason: body.reason };
      const set = await setManualTier(deps, { memberId: params.memberId, tier, caller, now });
      return set.ok ? answer(params.memberId, now) : set;
    }),
    handler(contract.removeManualTier, async ({ params, caller, now }) => {
      const removed = await setManualTier(deps, { memberId: params.memberId, tier: null, caller, now });
      if (removed.ok) return answer(params.memberId, now);
      return { ok: false, refusal: { code: 'member_not_found' } };
    }),
    handler(contract.addToCounter, async ({ params, body, caller, now }) => {
      const counted = await addToCounter(deps, { memberId: params.memberId, ...body, caller, now });
      return counted.ok ? answer(params.memberId, now) : counted;
    }),
  ];
}

function presentTier({ standing, manual, next, history }: MemberTierView) {
  return {
    tier: standing.tierCode,
    since: standing.tierSince?.toString() ?? null,
    review_at: standing.tierReviewAt?.toString() ?? null,
    manual: manual && { tier: manual.tierCode, until: manual.until?.toString() ?? null, reason: manual.reason },
    next: next && {
      tier: next.tierCode,
      rule: next.rule,
      conditions: next.conditions.map(({ condition, value }) => ({
        figure: condition.figure,
        window: windowName(condition.window),
        value: Number(value),
        at_least: condition.at_least,
        left: Math.max(0, condition.at_least - Number(value)),
      })),
    },
    history: history.map(({ at, from, to, direction, cause, causeId }) => {
      return { at: at.toString(), from, to, direction, cause, receipt_id: causeId };
    }),
  };
}

function windowName(window: TierCondition['window']): string {
  switch (window.kind) {
    case 'all_time':
      return 'all_time';
    case 'rolling':
      return `rolling:${window.days}`;
    case 'period':
      return window.period;
  }
}
