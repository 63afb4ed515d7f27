import type { EventEmitter } from 'node:events';
import { sqlState } from './db.ts';
import type { Logger } from './log.ts';
import { isOutage } from './outage.ts';

/**
 * Statements travel several at a time. When the connection is lost, or the first of them fails, the others fail too, and nobody waits for them
 * any more: their transaction is rolled back and the caller has been told. Node would end the process for such a failure. Any other is a bug,
 * and still does. Answers how to stop listening.
 */
export function surviveUnawaited(log: Pick<Logger, 'warn'>, program: Pick<EventEmitter, 'on' | 'off'>): () => void {
  const listener = (reason: unknown) => {
    if (sqlState(reason) === '' && !isOutage(reason)) throw reason;
    log.warn({ event: 'unawaited_statement_failed', err: reason });
  };
  program.on('unhandledRejection', listener);
  return () => {
    program.off('unhandledRejection', listener);
  };
}
