import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Tx } from '#platform/db.ts';
import type { MergePair, PartContext } from '#platform/member-parts.ts';
import {
  absorbedAfterUndo,
  type ConsentDraft,
  type ConsentMemento,
  consentChannels,
  consentPurposes,
  consentsToTakeOver,
  currentConsents,
  survivorAfterUndo,
} from '../domain/consent.ts';
import { insertConsents, listConsents, type RecordedConsent } from '../store/consents.ts';

export const consentMemento = z.object({
  channel: z.enum(consentChannels),
  purpose: z.enum(consentPurposes),
  consentId: z.uuid(),
  beforeId: z.uuid().nullable(),
});

/** The survivor's log goes on with the stricter words of the absorbed one (R32); neither log is rewritten. */
export async function takeOverConsents(tx: Tx, pair: MergePair, context: PartContext): Promise<ConsentMemento[]> {
  const survivor = currentConsents(await listConsents(tx, pair.survivorId));
  const absorbed = currentConsents(await listConsents(tx, pair.absorbedId));
  const transfers = consentsToTakeOver(survivor, absorbed).map((transfer) => ({
    ...transfer,
    recorded: recordOf(pair.survivorId, transfer.from, { ...context, source: 'merge' }),
  }));
  await insertConsents(
    tx,
    transfers.map(({ recorded }) => recorded),
  );
  return transfers.map(({ recorded, before }) => ({
    channel: recorded.entry.channel,
    purpose: recorded.entry.purpose,
    consentId: recorded.entry.consentId,
    beforeId: before?.consentId ?? null,
  }));
}

export async function restoreConsents(
  tx: Tx,
  undo: {
    readonly pair: MergePair;
    readonly mementos: readonly ConsentMemento[];
    readonly mergedAt: Temporal.Instant;
  },
  context: PartContext,
): Promise<void> {
  const { survivorId, absorbedId } = undo.pair;
  const survivorLog = await listConsents(tx, survivorId);
  const absorbedLog = await listConsents(tx, absorbedId);
  const source = { ...context, source: 'unmerge' };
  await insertConsents(tx, [
    ...survivorAfterUndo(survivorLog, undo.mementos).map((draft) => recordOf(survivorId, draft, source)),
    ...absorbedAfterUndo(survivorLog, absorbedLog, undo.mergedAt).map((draft) => recordOf(absorbedId, draft, source)),
  ]);
}

function recordOf(
  memberId: string,
  { channel, purpose, given, textShown, proof, shopId }: ConsentDraft,
  context: PartContext & { readonly source: string },
): RecordedConsent {
  const { now, newId, source } = context;
  const entry = { channel, purpose, given, textShown, proof, shopId, consentId: newId(), at: now, source };
  return { memberId, entry, recordedAt: now, recordedBy: source };
}
