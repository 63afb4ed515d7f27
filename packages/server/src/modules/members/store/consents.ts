import type { Instant } from '#kernel/time.ts';
import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { ConsentChannel, ConsentEntry, ConsentProof, ConsentPurpose } from '../domain/consent.ts';
import type { MemberId } from '../domain/member.ts';

interface ConsentRow {
  readonly consent_id: string;
  readonly channel: ConsentChannel;
  readonly purpose: ConsentPurpose;
  readonly given: boolean;
  readonly at: Instant;
  readonly source: string;
  readonly shop_id: string | null;
  readonly text_shown: string | null;
  readonly proof: ConsentProof | null;
}

export interface RecordedConsent {
  readonly memberId: MemberId;
  readonly entry: ConsentEntry;
  readonly recordedAt: Instant;
  readonly recordedBy: string;
}

const insertConsent = rowsStatement('members.insert_consent', {
  head: `insert into members.consent (member_id, consent_id, channel, purpose, given, at, source, shop_id, text_shown, proof, recorded_at, recorded_by)`,
  columns: 12,
});

export function insertConsents(tx: Tx, consents: readonly RecordedConsent[]): Promise<void> {
  return insertRows(
    tx,
    insertConsent,
    consents.map(({ memberId, entry, recordedAt, recordedBy }) => [
      ...[memberId, entry.consentId, entry.channel, entry.purpose, entry.given, entry.at, entry.source],
      ...[entry.shopId, entry.textShown, entry.proof, recordedAt, recordedBy],
    ]),
  );
}

const columns = 'consent_id, channel, purpose, given, at, source, shop_id, text_shown, proof';

const selectConsents = statement<ConsentRow>(
  'members.list_consents',
  `select ${columns} from members.consent where member_id = $1 order by at, consent_id`,
);

/** The whole log, oldest first: a member has a handful of entries. */
export async function listConsents(db: Db, memberId: MemberId): Promise<ConsentEntry[]> {
  return (await db.run(selectConsents, [memberId])).map((row) => ({
    consentId: row.consent_id,
    channel: row.channel,
    purpose: row.purpose,
    given: row.given,
    at: row.at,
    source: row.source,
    shopId: row.shop_id,
    textShown: row.text_shown,
    proof: row.proof,
  }));
}

const minimise = statement<never>(
  'members.minimise_consents',
  `update members.consent set proof = jsonb_build_object('kind', proof -> 'kind'), minimised_at = $2
   where member_id = $1 and proof is not null and minimised_at is null`,
);

/** What was agreed to, when, where and how stays; the reference to a person's number, letter or form goes (R34). */
export async function minimiseConsents(tx: Tx, memberId: MemberId, at: Instant): Promise<void> {
  await tx.run(minimise, [memberId, at]);
}
