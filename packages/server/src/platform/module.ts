import type { Temporal } from 'temporal-polyfill';
import type { Tx } from './db.ts';
import type { Fact } from './facts.ts';
import type { MountedRoute } from './http/handler.ts';
import type { MemberPart } from './member-parts.ts';

/** What a module hands to wiring when it is mounted. */
export interface ModuleMount {
  readonly name: string;
  readonly routes: readonly MountedRoute[];
  readonly part?: MemberPart;
  readonly listeners?: readonly FactListener[];
  readonly dueWork?: readonly DueWork[];
}

/** Due work is rows with due_at in the module's own table; the worker pokes it, the simulation calls it. Answers how much it did. */
export interface DueWork {
  readonly name: string;
  runDue(now: Temporal.Instant): Promise<number>;
}

/** Runs in the relay's transaction: its writes and the fact's removal are one. May run again after a failure. */
export interface FactListener {
  readonly name: string;
  readonly kinds: readonly string[];
  handle(tx: Tx, fact: Fact): Promise<void>;
}
