import type { Instant } from '#kernel/time.ts';
import { type Db, statement } from '#platform/db.ts';
import type { PromoCode, PromoCodeKind } from '../domain/promo-code.ts';

export interface PromoCodeRow {
  code_key: string;
  text: string;
  kind: PromoCodeKind;
  promotion_code: string;
  pool_id: string | null;
  member_id: string | null;
  issued_by: string | null;
  valid_from: Instant | null;
  valid_until: Instant | null;
  uses_max: number | null;
  uses: number;
  cancelled_at: Instant | null;
  created_at: Instant;
}

const columns =
  'code_key, text, kind, promotion_code, pool_id, member_id, issued_by, valid_from, valid_until, uses_max, uses, cancelled_at, created_at';

const byKeys = statement<PromoCodeRow>(
  'promotions.find_codes',
  `select ${columns} from promotions.promo_code where code_key = any($1)`,
);

const ofMembers = statement<PromoCodeRow>(
  'promotions.codes_of_members',
  `select ${columns} from promotions.promo_code where member_id = any($1) order by code_key`,
);

export function promoCodeOf(row: PromoCodeRow): PromoCode {
  return {
    codeKey: row.code_key,
    text: row.text,
    kind: row.kind,
    promotionCode: row.promotion_code,
    poolId: row.pool_id,
    memberId: row.member_id,
    issuedBy: row.issued_by,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    usesMax: row.uses_max,
    uses: row.uses,
    cancelledAt: row.cancelled_at,
    createdAt: row.created_at,
  };
}

export async function findPromoCodes(db: Db, codeKeys: readonly string[]): Promise<Map<string, PromoCode>> {
  const rows = await db.run(byKeys, [codeKeys]);
  return new Map(rows.map((row) => [row.code_key, promoCodeOf(row)]));
}

export async function personalCodesOf(db: Db, memberIds: readonly string[]): Promise<PromoCode[]> {
  return (await db.run(ofMembers, [memberIds])).map(promoCodeOf);
}
