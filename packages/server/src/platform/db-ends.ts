import { all } from './db-statements.ts';

/** What `commitWith` made; only this file and db-joined.ts look inside. */
export class Committing<Value> {
  readonly value: Value;
  readonly writes: readonly Promise<unknown>[];
  constructor(value: Value, writes: readonly Promise<unknown>[]) {
    this.value = value;
    this.writes = writes;
  }
}

export class RolledBack {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

/**
 * Return this from the work of a transaction: its last writes and COMMIT then travel together, one round trip. If any of the writes fails
 * the database rolls everything back and the failure is thrown.
 */
export function commitWith<Value>(value: Value, writes: readonly Promise<unknown>[]): Value {
  for (const write of writes) write.catch(() => undefined);
  return new Committing(value, writes) as unknown as Value;
}

/** For a use case that runs another one inside its own transaction: waits for the writes that were to travel with COMMIT, and goes on. */
export async function writesDone<Value>(answer: Value): Promise<Value> {
  if (!(answer instanceof Committing)) return answer;
  await all(answer.writes);
  return answer.value as Value;
}

/** Return this from the work of a transaction to undo everything it did and still answer a value. */
export function rollBack<Value>(value: Value): Value {
  return new RolledBack(value) as unknown as Value;
}
