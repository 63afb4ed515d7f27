import * as contract from '@kopilka/contract/members';
import { z } from 'zod';
import { done } from '#kernel/outcome.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { assignCard, issueCardBatch, listBatchCards, setCardState } from '../service/cards.ts';
import { addConsents, readConsents } from '../service/consents.ts';
import type { MembersDeps } from '../service/deps.ts';
import { addIdentity, removeIdentity } from '../service/identities.ts';
import { readWords } from '../service/shops.ts';
import { wordsOf } from './parse.ts';
import { presentConsents, presentIdentity } from './present.ts';

/** What hangs on a member: identities, cards, consents. */
export function recordRoutes(deps: MembersDeps): MountedRoute[] {
  return [...identityRoutes(deps), ...cardRoutes(deps), ...consentRoutes(deps)];
}

function identityRoutes(deps: MembersDeps): MountedRoute[] {
  return [
    handler(contract.addIdentity, async ({ params, body, caller, now }) => {
      const { keep_others: keepOthers, take_over: takeOver, ...draft } = body;
      const command = { ...draft, keepOthers, takeOver, memberId: params.memberId };
      const added = await addIdentity(deps, { ...command, source: caller.integration, by: caller, now });
      return added.ok ? done(presentIdentity(added.value)) : added;
    }),
    handler(contract.removeIdentity, ({ params, caller, now }) =>
      removeIdentity(deps, { memberId: params.memberId, identityId: params.identityId, by: caller, now }),
    ),
  ];
}

const numberPlace = z.tuple([z.string()]);

function cardRoutes(deps: MembersDeps): MountedRoute[] {
  return [
    handler(contract.issueCardBatch, async ({ body, caller, now }) => {
      const batch = await issueCardBatch(deps, { count: body.count, note: body.note ?? null, by: caller, now });
      const { batchId, prefix, count, note } = batch;
      return done({ batch_id: batchId, prefix, count, note, made_at: batch.madeAt.toString() });
    }),
    handler(contract.listBatchCards, async ({ params, query }) => {
      const after = readCursor(query.cursor, numberPlace)?.[0] ?? null;
      const { items, next } = await listBatchCards(deps.db, { batchId: params.batchId, after, limit: query.limit });
      return done({ items: [...items], next_cursor: next === null ? null : writeCursor([next]) });
    }),
    handler(contract.assignCard, async ({ params, body, caller, now }) => {
      const card = { memberId: params.memberId, number: body.number ?? null, replacesId: body.replaces ?? null };
      const assigned = await assignCard(deps, { ...card, source: caller.integration, by: caller, now });
      return assigned.ok ? done(presentIdentity(assigned.value)) : assigned;
    }),
    handler(contract.setCardState, async ({ params, body, caller, now }) => {
      const changed = await setCardState(deps, { ...params, state: body.state, by: caller, now });
      return changed.ok ? done(presentIdentity(changed.value)) : changed;
    }),
  ];
}

function consentRoutes(deps: MembersDeps): MountedRoute[] {
  return [
    handler(contract.listConsents, async ({ params }) => {
      const consents = await readConsents(deps.db, params.memberId);
      return consents.ok ? done(presentConsents(consents.value)) : consents;
    }),
    handler(contract.addConsents, async ({ params, body, caller, now }) => {
      const consents = await readWords(deps, wordsOf(body.consents));
      if (!consents.ok) return consents;
      const added = await addConsents(deps, {
        memberId: params.memberId,
        consents: consents.value,
        by: caller,
        now,
      });
      return added.ok ? done(presentConsents(added.value)) : added;
    }),
  ];
}
