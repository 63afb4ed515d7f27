import type { Command } from 'commander';
import type { Refusal } from '#kernel/outcome.ts';
import type { Foundation } from './foundation.ts';
import type { Caller } from './http/caller.ts';
import type { ModuleMount } from './module.ts';

/** 0: done. 1: refused, with a reason. 2: called wrongly. 3: our mistake. */
export const exitCodes = { done: 0, refused: 1, usage: 2, bug: 3 } as const;

/** A module's words on the command line; wiring lists them. */
export interface CliVerb {
  register(program: Command, context: CliContext): void;
}

/** What a verb gets. Nothing is opened before it is asked for: help and usage errors need no database. */
export interface CliContext {
  /** Opens (and, without DATABASE_URL, starts) the migrated database. Closed by the frame when the verb ends. */
  foundation(): Promise<Foundation>;
  modules(): Promise<readonly ModuleMount[]>;
  readonly caller: Caller;
  readonly out: Out;
  progress(label: string, total: number): Progress;
  /** Aborted by the first Ctrl-C: long work stops at a point from which it can be resumed. */
  readonly signal: AbortSignal;
}

export interface Out {
  /** With --json only `value` is printed; otherwise what `print` prints. */
  answer(value: unknown, print: (out: Printer) => void): void;
  /** Remarks on the way, to stderr: never part of the answer. */
  note(line: string): void;
}

export interface Printer {
  line(text: string): void;
  table(columns: readonly string[], rows: readonly (readonly string[])[]): void;
}

export interface Progress {
  advance(count: number): void;
  done(): void;
}

/** The business says no: exit code 1 and a sentence, or the refusal itself with --json. */
export class CliRefusal extends Error {
  override readonly name = 'CliRefusal';
  readonly refusal: Refusal;
  constructor(refusal: Refusal, sentence?: string) {
    super(sentence ?? refusal.code.replaceAll('_', ' '));
    this.refusal = refusal;
  }
}
