import type { Clock } from '#platform/clock.ts';
import type { Db } from '#platform/db.ts';
import { type FeedProblem, noCounts, type RunCounts } from '../domain/feed.ts';
import { beatRun, saveProblems } from '../store/run-store.ts';

/** More are counted, not kept. */
const problemsKeptMax = 10_000;
const flushAt = 500;
const detailMax = 500;

/** Counts and problems of one run, written as it goes. */
export interface RunLog {
  counts(): RunCounts;
  add(counts: Partial<Record<keyof RunCounts, number>>): void;
  problem(problem: Omit<FeedProblem, 'problemNo'>): void;
  /** Writes what is new and shows that the run lives. */
  flush(options?: { readonly all: boolean }): Promise<void>;
}

export function runLog(db: Db, clock: Clock, runId: string): RunLog {
  let counts: RunCounts = noCounts;
  let waiting: FeedProblem[] = [];
  const add: RunLog['add'] = (more) => {
    const summed = Object.entries(more).map(([name, count]) => [name, counts[name as keyof RunCounts] + (count ?? 0)]);
    counts = { ...counts, ...(Object.fromEntries(summed) as Partial<RunCounts>) };
  };
  return {
    counts: () => counts,
    add,
    problem: (problem) => {
      add({ problems: 1 });
      if (counts.problems > problemsKeptMax) return;
      const detail = clean(problem.detail).slice(0, detailMax);
      const item = problem.item === null ? null : clean(problem.item).slice(0, 200);
      waiting.push({ ...problem, detail, item, problemNo: counts.problems });
    },
    flush: async (options) => {
      await beatRun(db, runId, clock.now(), counts);
      if (waiting.length === 0 || (waiting.length < flushAt && options?.all !== true)) return;
      const problems = waiting;
      waiting = [];
      await saveProblems(db, runId, problems);
    },
  };
}

/** A file may hold what PostgreSQL cannot store. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}
