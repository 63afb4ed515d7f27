import * as contract from '@kopilka/contract/members';
import { z } from 'zod';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { type Call, handler, type MountedRoute } from '#platform/http/handler.ts';
import { readIdentity } from '../domain/identity.ts';
import type { MembersDeps } from '../service/deps.ts';
import { defineFields, listFields } from '../service/fields.ts';
import { joinMember } from '../service/join.ts';
import { searchMembers } from '../service/search.ts';
import { readShop } from '../service/shops.ts';
import { blockMember, unblockMember, updateMember } from '../service/update.ts';
import { listMembers, viewByIdentity, viewMember } from '../service/view.ts';
import { instantOf, profileOf, wordsOf } from './parse.ts';
import { presentMember, presentSummary } from './present.ts';

export function memberRoutes(deps: MembersDeps): MountedRoute[] {
  return [...readingRoutes(deps), ...writingRoutes(deps), ...fieldRoutes(deps)];
}

function readingRoutes(deps: MembersDeps): MountedRoute[] {
  return [
    handler(contract.getMember, ({ params }) => answerMember(deps.db, params.memberId)),
    handler(contract.findMemberByIdentity, async ({ query }) => {
      const reading = readIdentity(query.kind, query.value, deps.settings);
      if (!reading.ok) return refused({ code: reading.problem, field: 'query/value' });
      const found = await viewByIdentity(deps.db, reading.identity);
      return found.ok ? done({ ...presentMember(found.value), identity_state: found.value.identityState }) : found;
    }),
    handler(contract.listMembers, (call) => answerList(deps, call)),
  ];
}

async function answerMember(db: Db, memberId: string) {
  const view = await viewMember(db, memberId);
  return view.ok ? done(presentMember(view.value)) : view;
}

const searchPlace = z.tuple([z.literal('search'), z.string().regex(/^\d{1,4}$/)]);
const listPlace = z.tuple([z.uuid()]);

async function answerList(deps: MembersDeps, { query }: Call<typeof contract.listMembers>) {
  const { cursor, limit, query: text, ...filters } = query;
  if (text !== undefined) {
    // A fragment is ranked as a whole: a filter on what is left of 500 would hide members that match it.
    const named = Object.entries(filters).find(([, value]) => value !== undefined);
    if (named) return refused({ code: 'query_with_filters', field: `query/${named[0]}` });
    const offset = Number(readCursor(cursor, searchPlace)?.[1] ?? 0);
    const found = await searchMembers(deps.db, deps.settings, { text, offset, limit });
    if (!found.ok) return found;
    const { items, nextOffset, truncated } = found.value;
    const next = nextOffset === null ? null : writeCursor(['search', String(nextOffset)]);
    return done({ items: items.map(presentSummary), next_cursor: next, truncated });
  }
  const shop = await readShop(deps, filters.shop, 'query/shop');
  if (!shop.ok) return shop;
  const { items, next } = await listMembers(deps.db, {
    status: filters.status,
    joinedFrom: instantOf(filters.joined_from),
    joinedBefore: instantOf(filters.joined_before),
    joinedShopId: shop.value ?? undefined,
    staff: filters.staff,
    test: filters.test,
    before: readCursor(cursor, listPlace)?.[0] ?? null,
    limit,
  });
  const nextCursor = next === null ? null : writeCursor([next]);
  return done({ items: items.map(presentSummary), next_cursor: nextCursor, truncated: false });
}

function writingRoutes(deps: MembersDeps): MountedRoute[] {
  return [
    handler(contract.registerMember, async ({ body, caller, now }) => {
      const joined = await joinMember(deps, {
        identities: body.identities,
        profile: profileOf(body),
        words: wordsOf(body.consents ?? []),
        shop: body.shop,
        joinedAt: instantOf(body.joined_at),
        staff: body.staff,
        test: body.test === true || caller.test,
        origin: 'live',
        source: caller.integration,
        registeredBy: caller.integration,
        virtualCard: body.virtual_card,
        onExisting: body.on_existing,
        now,
      });
      return joined.ok ? done({ created: joined.value.created, member: presentMember(joined.value.view) }) : joined;
    }),
    handler(contract.updateMember, async ({ params, body, caller, now }) => {
      const changes = { ...profileOf(body), staff: body.staff };
      const updated = await updateMember(deps, { memberId: params.memberId, changes, by: caller, now });
      return updated.ok ? answerMember(deps.db, updated.value) : updated;
    }),
    handler(contract.blockMember, async ({ params, body, caller, now }) => {
      const command = { memberId: params.memberId, reason: body.reason, by: caller, now };
      return answerAfter(deps.db, await inTransaction(deps.db, (tx) => blockMember(tx, deps, command)));
    }),
    handler(contract.unblockMember, async ({ params, caller, now }) => {
      const command = { memberId: params.memberId, by: caller, now };
      return answerAfter(deps.db, await inTransaction(deps.db, (tx) => unblockMember(tx, deps, command)));
    }),
  ];
}

async function answerAfter<Refused extends { readonly code: string }>(db: Db, changed: Outcome<string, Refused>) {
  return changed.ok ? answerMember(db, changed.value) : changed;
}

function fieldRoutes(deps: MembersDeps): MountedRoute[] {
  return [
    handler(contract.listMemberFields, async () => done({ fields: (await listFields(deps.db)).map(presentField) })),
    handler(contract.defineMemberFields, async ({ body, caller, now }) => {
      const defined = await defineFields(deps, { definitions: body.fields, by: caller, now });
      return defined.ok ? done({ fields: defined.value.map(presentField) }) : defined;
    }),
  ];
}

function presentField(field: Awaited<ReturnType<typeof listFields>>[number]) {
  return { ...field, choices: field.choices.map((choice) => ({ ...choice })) };
}
