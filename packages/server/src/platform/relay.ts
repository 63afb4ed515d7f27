import { setTimeout as wait } from 'node:timers/promises';
import type { Temporal } from 'temporal-polyfill';
import { all, type Database, statement, type Tx } from './db.ts';
import type { Fact } from './facts.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { FactListener } from './module.ts';
import { isOutage } from './outage.ts';

/**
 * Carries facts to their listeners. One member at a time: all of a member's listeners' writes and the removal of its facts are one transaction,
 * in the order of fact_no. Two relays never work on the same member: the oldest fact is the member's gate, taken with FOR UPDATE SKIP LOCKED.
 * (A sequence as a cursor loses rows: commit order is not sequence order. Facts of one member are written under the member's lock, so theirs is.)
 *
 * A fact whose listener fails is tried again, and its member's later facts wait meanwhile. After `failuresMax` it is parked: kept, counted,
 * listed by `kopilka facts`, and later facts go on, because a bug in one listener must not silence a member for ever.
 *
 * Facts nobody listens to are removed in chunks, without any order. There is no NOTIFY, because it would serialise the commits of purchases:
 * an idle relay asks four times a second at first and once a second later, two indexed questions of an empty table each time.
 */
export interface Relay {
  /** Delivers what is there and answers how many facts; stops at facts that keep failing. For the simulation and tests. */
  drain(): Promise<number>;
  /** Works until `stop`, which waits for the members being worked on. */
  start(): void;
  stop(): Promise<void>;
}

export interface RelayOptions {
  readonly db: Database;
  readonly listeners: readonly FactListener[];
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Temporal.Instant;
}

export const failuresMax = 5;
const membersPerRound = 100;
const membersAtOnce = 4;
const factsPerMember = 100;
const unheardPerRound = 1_000;
const busyPauseMs = 250;
const idlePauseMs = 1_000;
const outagePauseMs = 5_000;
const retryBaseMs = 500;
const countPauseMs = 10_000;
const firstMember = '00000000-0000-0000-0000-000000000000';

interface FactRow {
  readonly member_id: string;
  readonly fact_no: bigint;
  readonly kind: string;
  readonly at: Temporal.Instant;
  readonly origin: Fact['origin'];
  readonly data: Record<string, unknown>;
}

const dropUnheard = statement<{ kind: string }>(
  'platform.drop_unheard_facts',
  `delete from platform.fact where (member_id, fact_no) in (
     select member_id, fact_no from platform.fact where kind <> all($1::text[]) limit $2 for update skip locked
   ) returning kind`,
);
// Starts after the member of the last round: fair, and past the index entries that were removed since the last vacuum.
const nextMembers = statement<{ member_id: string }>(
  'platform.members_with_facts',
  `select distinct member_id from platform.fact
   where member_id > $1 and parked_at is null and kind = any($2::text[]) order by member_id limit $3`,
);
const gate = statement<{ fact_no: bigint }>(
  'platform.lock_oldest_fact',
  `select fact_no from platform.fact where member_id = $1 and fact_no = (
     select min(fact_no) from platform.fact where member_id = $1 and parked_at is null
   ) for update skip locked`,
);
const memberFacts = statement<FactRow>(
  'platform.read_facts',
  `select member_id, fact_no, kind, at, origin, data from platform.fact
   where member_id = $1 and parked_at is null order by fact_no limit $2`,
);
const remove = statement<never>(
  'platform.delete_facts',
  'delete from platform.fact where member_id = $1 and fact_no = any($2::bigint[])',
);
const noteFailure = statement<{ failures: number; parked: boolean }>(
  'platform.note_fact_failure',
  `update platform.fact set failures = failures + 1, parked_at = case when failures + 1 >= $3 then $4::timestamptz end
   where member_id = $1 and fact_no = $2 returning failures, parked_at is not null as parked`,
);
const counts = statement<{ pending: bigint; parked: bigint }>(
  'platform.count_facts',
  `select (select count(*) from (select 1 from platform.fact where parked_at is null limit 10000) as first_ones) as pending,
     (select count(*) from platform.fact where parked_at is not null) as parked`,
);

export function relay(options: RelayOptions): Relay {
  const round = rounds(options);
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  const loop = async (): Promise<void> => {
    let pause = busyPauseMs;
    while (!stopping.signal.aborted) {
      try {
        const delivered = await round(stopping.signal);
        pause = delivered > 0 ? 0 : Math.min(idlePauseMs, Math.max(busyPauseMs, pause * 2));
      } catch (error) {
        options.log.warn({ event: 'relay_round_failed', err: error });
        pause = outagePauseMs;
      }
      if (pause > 0) await wait(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  return {
    drain: async () => {
      let total = 0;
      for (;;) {
        const delivered = await round(stopping.signal);
        if (delivered === 0) return total;
        total += delivered;
      }
    },
    start: () => {
      running ??= loop();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** One look at the table; answers how many facts are gone from it. A round that finds no member after the last one starts over. */
function rounds(options: RelayOptions): (signal: AbortSignal) => Promise<number> {
  const { db, listeners, metrics } = options;
  const heard = [...new Set(listeners.flatMap((listener) => listener.kinds))];
  const retryAt = new Map<string, number>();
  let after = firstMember;
  let countedAt = Number.NEGATIVE_INFINITY;
  const members = async (): Promise<string[]> => {
    const found = await db.run(nextMembers, [after, heard, membersPerRound]);
    after = found.at(-1)?.member_id ?? firstMember;
    return found.map((row) => row.member_id);
  };
  return async (signal) => {
    const dropped = await db.run(dropUnheard, [heard, unheardPerRound]);
    for (const { kind } of dropped) metrics.factsDelivered.inc({ kind });
    if (heard.length === 0) return dropped.length;
    const isLater = after !== firstMember;
    let waiting = await members();
    if (waiting.length === 0 && isLater) waiting = await members();
    const due = waiting.filter((id) => (retryAt.get(id) ?? 0) <= performance.now());
    let delivered = dropped.length;
    const worker = async (): Promise<void> => {
      for (let id = due.shift(); id !== undefined && !signal.aborted; id = due.shift()) {
        // Apart: `delivered += await …` would read before the wait what another worker changes meanwhile.
        const count = await deliverMember(options, id, retryAt);
        delivered += count;
      }
    };
    await all(Array.from({ length: membersAtOnce }, worker));
    if (performance.now() - countedAt > countPauseMs) {
      countedAt = performance.now();
      await readCounts(options);
    }
    return delivered;
  };
}

async function readCounts({ db, metrics }: RelayOptions): Promise<void> {
  const [row] = await db.run(counts, []);
  metrics.factsPending.set(Number(row?.pending ?? 0n));
  metrics.factsParked.set(Number(row?.parked ?? 0n));
}

/** Where the delivery is, so that a failure knows its fact and its listener. */
interface Progress {
  factNo?: bigint;
  listener?: string;
}

async function deliverMember(options: RelayOptions, memberId: string, retryAt: Map<string, number>): Promise<number> {
  const progress: Progress = {};
  try {
    const kinds = await options.db.begin((tx) =>
      deliverFacts(tx, { memberId, listeners: options.listeners, progress }),
    );
    for (const kind of kinds) options.metrics.factsDelivered.inc({ kind });
    retryAt.delete(memberId);
    return kinds.length;
  } catch (error) {
    if (isOutage(error) || progress.factNo === undefined) throw error;
    await tellFailure(options, { memberId, progress, retryAt, error });
    return 0;
  }
}

interface Delivery {
  readonly memberId: string;
  readonly listeners: readonly FactListener[];
  readonly progress: Progress;
}

async function deliverFacts(tx: Tx, { memberId, listeners, progress }: Delivery): Promise<string[]> {
  const gated = tx.run(gate, [memberId]);
  const read = tx.run(memberFacts, [memberId, factsPerMember]);
  await all([gated, read]);
  // Another relay works on this member, or has just done so.
  if ((await gated).length === 0) return [];
  const rows = await read;
  for (const row of rows) {
    const fact = { memberId, factNo: row.fact_no, kind: row.kind, at: row.at, origin: row.origin, data: row.data };
    progress.factNo = row.fact_no;
    for (const listener of listeners) {
      if (!listener.kinds.includes(row.kind)) continue;
      progress.listener = listener.name;
      await listener.handle(tx, fact);
    }
  }
  delete progress.factNo;
  await tx.run(remove, [memberId, rows.map((row) => row.fact_no)]);
  return rows.map((row) => row.kind);
}

interface Failure {
  readonly memberId: string;
  readonly progress: Progress;
  readonly retryAt: Map<string, number>;
  readonly error: unknown;
}

async function tellFailure(options: RelayOptions, { memberId, progress, retryAt, error }: Failure): Promise<void> {
  const { db, log, metrics, now } = options;
  const listener = progress.listener ?? '';
  metrics.factFailures.inc({ listener });
  const [row] = await db.run(noteFailure, [memberId, progress.factNo, failuresMax, now()]);
  const about = { member: memberId, fact: String(progress.factNo), listener, failures: row?.failures, err: error };
  if (row?.parked === true) log.error({ event: 'fact_parked', ...about });
  else log.warn({ event: 'fact_failed', ...about });
  if (row === undefined || row.parked) retryAt.delete(memberId);
  else retryAt.set(memberId, performance.now() + retryBaseMs * 2 ** row.failures);
}
