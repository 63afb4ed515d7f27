import { createHash } from 'node:crypto';
import { statement, type Tx } from '../db.ts';
import type { JoinableDatabase } from '../db-joined.ts';

/**
 * Idempotency-Key. The record is claimed first, in the very transaction that then carries the work (see db-joined.ts), and its answer is written
 * before that transaction commits. So:
 * - a crash at any point leaves neither work nor record, or both: a repeat does it, or answers the same;
 * - of two at once the second waits on the record's primary key, then answers the first's answer;
 * - a refusal did nothing and is not kept: a repeat is judged anew;
 * - other content under the same key is refused. A record belongs to its integration and route and lives for `keptDays`.
 */
export interface Idempotency {
  once(ask: IdempotentAsk, work: () => Promise<Answer>): Promise<IdempotentAnswer>;
}

export interface IdempotentAsk {
  readonly integration: string;
  readonly key: string;
  /** Method and path as the contract has it. */
  readonly route: string;
  /** What was asked: path parameters, query and body as they came. */
  readonly content: unknown;
}

export interface Answer {
  readonly status: number;
  readonly json: string;
  /** A refusal changes nothing. */
  readonly isRefusal: boolean;
}

export type IdempotentAnswer =
  | { readonly kind: 'first'; readonly answer: Answer }
  | { readonly kind: 'repeat'; readonly answer: Answer }
  | { readonly kind: 'conflict' };

interface RecordRow {
  readonly digest: Uint8Array;
  readonly status: number;
  readonly body: string;
}

const keptDays = 7;
const claimTriesMax = 3;

const claim = statement<{ key: string }>(
  'platform.claim_idempotency_key',
  `insert into platform.idempotency (integration, key, route, digest) values ($1, $2, $3, $4)
   on conflict (integration, key, route) do nothing returning key`,
);
const read = statement<RecordRow>(
  'platform.read_idempotency_key',
  'select digest, status, body::text as body from platform.idempotency where integration = $1 and key = $2 and route = $3',
);
const keep = statement<never>(
  'platform.keep_idempotent_answer',
  'update platform.idempotency set status = $4, body = $5 where integration = $1 and key = $2 and route = $3',
);
const release = statement<never>(
  'platform.release_idempotency_key',
  'delete from platform.idempotency where integration = $1 and key = $2 and route = $3',
);
const forget = statement<{ key: string }>(
  'platform.forget_idempotency_keys',
  `delete from platform.idempotency where ctid in (
     select ctid from platform.idempotency where created_at < now() - make_interval(days => ${keptDays}) limit 1000
   ) returning key`,
);

export function idempotency(db: JoinableDatabase): Idempotency {
  // Repeats that arrive at the same process wait here, where waiting holds no connection.
  const running = new Map<string, Promise<unknown>>();
  return {
    once: async (ask, work) => {
      const name = JSON.stringify([ask.integration, ask.route, ask.key]);
      for (let ahead = running.get(name); ahead !== undefined; ahead = running.get(name)) await ahead;
      const mine = db.inOne((tx) => onceIn(tx, ask, work));
      running.set(
        name,
        mine.then(
          () => running.delete(name),
          () => running.delete(name),
        ),
      );
      return mine;
    },
  };
}

async function onceIn(tx: Tx, ask: IdempotentAsk, work: () => Promise<Answer>): Promise<IdempotentAnswer> {
  const id = [ask.integration, ask.key, ask.route];
  const digest = digestOf(ask.content);
  for (let tries = 0; tries < claimTriesMax; tries += 1) {
    const claimed = await tx.run(claim, [...id, digest]);
    if (claimed.length > 0) return { kind: 'first', answer: await workAndKeep(tx, id, work) };
    const [record] = await tx.run(read, id);
    // Forgotten between the two statements: it is free again.
    if (record === undefined) continue;
    if (!digest.equals(record.digest)) return { kind: 'conflict' };
    return { kind: 'repeat', answer: { status: record.status, json: record.body, isRefusal: false } };
  }
  throw new Error('an idempotency record keeps appearing and disappearing');
}

async function workAndKeep(tx: Tx, id: readonly string[], work: () => Promise<Answer>): Promise<Answer> {
  const answer = await work();
  if (answer.isRefusal) await tx.run(release, id);
  else await tx.run(keep, [...id, answer.status, answer.json]);
  return answer;
}

/** Removes records past their time, a chunk per call; answers how many. */
export async function forgetIdempotencyKeys(db: JoinableDatabase): Promise<number> {
  return (await db.run(forget, [])).length;
}

/** The order of keys carries no meaning, so it does not count. */
function digestOf(content: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(sorted(content)))
    .digest();
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([first], [second]) => (first < second ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
