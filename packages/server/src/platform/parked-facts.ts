import type { Temporal } from 'temporal-polyfill';
import { type Db, statement } from './db.ts';

export interface ParkedFact {
  readonly memberId: string;
  readonly factNo: bigint;
  readonly kind: string;
  readonly failures: number;
  readonly parkedAt: Temporal.Instant;
}

interface Row {
  readonly member_id: string;
  readonly fact_no: bigint;
  readonly kind: string;
  readonly failures: number;
  readonly parked_at: Temporal.Instant;
}

const listed = 100;

const list = statement<Row>(
  'platform.list_parked_facts',
  `select member_id, fact_no, kind, failures, parked_at from platform.fact
   where parked_at is not null order by parked_at, member_id, fact_no limit ${listed}`,
);
const unpark = statement<{ fact_no: bigint }>(
  'platform.unpark_facts',
  'update platform.fact set parked_at = null, failures = 0 where parked_at is not null returning fact_no',
);

export async function listParkedFacts(db: Db): Promise<ParkedFact[]> {
  return (await db.run(list, [])).map((row) => ({
    memberId: row.member_id,
    factNo: row.fact_no,
    kind: row.kind,
    failures: row.failures,
    parkedAt: row.parked_at,
  }));
}

export async function retryParkedFacts(db: Db): Promise<number> {
  return (await db.run(unpark, [])).length;
}
