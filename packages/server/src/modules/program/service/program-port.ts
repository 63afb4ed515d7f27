import type { Instant } from '#kernel/time.ts';
import type { CompiledProgram } from '../domain/compiled.ts';

/** The program in memory: what a purchase reads instead of the database. */
export interface ProgramPort {
  /** The published version; null: none yet. */
  current(): CompiledProgram | null;
  /** A version that receipts or holds were made by (R29). Unknown numbers are a bug and thrown. */
  version(number: number): CompiledProgram;
  /** What was in force at an instant (R21). Before the first publication: the first one; a receipt is a fact, and there is no other rule for it. */
  at(instant: Instant): CompiledProgram | null;
  /** Brings the memory up to what was committed before the call. */
  refresh(): Promise<void>;
  /** Refreshes now and then until stopped: other processes publish too. */
  poll(every: { readonly milliseconds: number; readonly onError: (error: unknown) => void }): () => void;
}
