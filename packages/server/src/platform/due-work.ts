import type { Temporal } from 'temporal-polyfill';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { DueWork } from './module.ts';

export interface DueWorkOptions {
  readonly work: readonly DueWork[];
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Temporal.Instant;
}

/** Each module does a bounded chunk per call; more than this many in a row waits for the next poke. */
const chunksMax = 1_000;

/** Runs all due work until none is left, in the order of wiring. One module's failure does not keep the others from theirs. */
export async function runDueWork(options: DueWorkOptions): Promise<number> {
  let total = 0;
  for (const work of options.work) total += await runOne(work, options);
  return total;
}

async function runOne(work: DueWork, { log, metrics, now }: DueWorkOptions): Promise<number> {
  const labels = { work: work.name };
  const stopTimer = metrics.dueWorkSeconds.startTimer(labels);
  let total = 0;
  try {
    for (let chunk = 0; chunk < chunksMax; chunk += 1) {
      const count = await work.runDue(now());
      if (count === 0) break;
      total += count;
      metrics.dueWorkDone.inc(labels, count);
    }
  } catch (error) {
    metrics.dueWorkFailures.inc(labels);
    log.error({ event: 'due_work_failed', ...labels, err: error });
  }
  stopTimer();
  return total;
}
