/** For what only a bug can break. A business refusal is an Outcome, never an assertion. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Indexing and map look-ups that cannot miss unless there is a bug. */
export function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new AssertionError(`missing ${what}`);
  return value;
}
