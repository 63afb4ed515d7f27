import type { Temporal } from 'temporal-polyfill';
import { insertRows, rowsStatement, type Tx } from './db.ts';

/**
 * Facts: what happened to a member, written in the same transaction, delivered upwards in the member's order (architecture.md). `origin` tells
 * live facts from those that only update state (R35).
 */
export type FactOrigin = 'live' | 'late' | 'import' | 'replay' | 'merge';

export interface Fact {
  readonly memberId: string;
  /** From the member's revision and the place within the use case: unique and ascending per member. See `factNo`. */
  readonly factNo: bigint;
  readonly kind: string;
  /** The fact's own time, not the time of writing. */
  readonly at: Temporal.Instant;
  readonly origin: FactOrigin;
  /** Plain JSON: integers, texts, ids. No personal data. The shape is versioned in contract/facts. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Up to 1,000 facts of one use case share a revision. */
const factsPerRevision = 1_000n;

export function factNo(revision: bigint, place: number): bigint {
  return revision * factsPerRevision + BigInt(place);
}

const insertFacts = rowsStatement('platform.insert_fact', {
  head: 'insert into platform.fact (member_id, fact_no, kind, at, origin, data)',
  columns: 6,
});

/** Not awaited by hot paths: hand the promise to `commitWith`. */
export function recordFacts(tx: Tx, facts: readonly Fact[]): Promise<void> {
  return insertRows(
    tx,
    insertFacts,
    facts.map((fact) => [fact.memberId, fact.factNo, fact.kind, fact.at, fact.origin, fact.data]),
  );
}
