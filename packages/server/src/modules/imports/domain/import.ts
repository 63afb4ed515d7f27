import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import type { FileCounts, MadeCounts } from './counts.ts';
import type { ImportKind, ImportMode } from './kinds.ts';
import type { ImportMapping } from './mapping.ts';

export type ImportTask = 'dry_run' | 'run' | 'undo';
export type ImportStep = 'none' | 'reading' | 'sorting' | 'members' | 'applying' | 'settling' | 'undoing';
export type ImportStatus =
  | 'waiting_for_file'
  | 'ready'
  | 'queued'
  | 'running'
  | 'stopped'
  | 'done'
  | 'failed'
  | 'undone'
  | 'partly_undone';

export interface Requester {
  readonly kind: 'api_key' | 'cli' | 'system';
  readonly id: string;
  readonly name: string;
}

/** Where to go on. Written in the transaction of the batch it is about. */
export interface Checkpoint {
  /** The last member, group or row that was taken: a key to go on after. */
  readonly after?: string | undefined;
  readonly membersDone?: boolean | undefined;
  readonly applied?: boolean | undefined;
  /** The run's own clock in replay. */
  readonly virtualNow?: string | undefined;
}

export interface FileImport {
  readonly importId: string;
  readonly kind: ImportKind;
  readonly mode: ImportMode;
  readonly status: ImportStatus;
  readonly task: ImportTask | null;
  readonly step: ImportStep;
  readonly mapping: ImportMapping;
  readonly fileName: string;
  readonly filePath: string | null;
  readonly fileBytes: number | null;
  readonly fileDigest: string | null;
  readonly found: FileCounts | null;
  readonly made: MadeCounts;
  readonly checkpoint: Checkpoint;
  readonly total: number;
  readonly finished: number;
  readonly stopRequested: boolean;
  readonly requestedBy: Requester;
  readonly failure: string | null;
  readonly createdAt: Instant;
  readonly startedAt: Instant | null;
  readonly beatAt: Instant | null;
  readonly endedAt: Instant | null;
}

export type TaskRefusal =
  | { readonly code: 'file_missing' }
  | { readonly code: 'import_is_running' }
  | { readonly code: 'import_done' }
  | { readonly code: 'nothing_to_undo' };

const busy: readonly ImportStatus[] = ['queued', 'running'];

/** May this task begin (or go on)? A run that was stopped, failed or killed is resumed by asking for it again. */
export function mayBegin(one: FileImport, task: ImportTask): Outcome<null, TaskRefusal> {
  if (one.filePath === null && task !== 'undo') return refused({ code: 'file_missing' });
  if (busy.includes(one.status) && one.task !== task) return refused({ code: 'import_is_running' });
  const hasRun = Object.keys(one.made).length > 0;
  if (task === 'undo') return hasRun ? done(null) : refused({ code: 'nothing_to_undo' });
  const isOver =
    (one.status === 'done' && one.task === 'run') || one.status === 'undone' || one.status === 'partly_undone';
  if (isOver) return refused({ code: 'import_done' });
  // A dry run of what is half done would count members as known that this very import made.
  if (task === 'dry_run' && hasRun) return refused({ code: 'import_is_running' });
  return done(null);
}

/** After a dry run the import can be run; a run that ended is done. */
export function statusAfter(task: ImportTask, undoneWholly = true): ImportStatus {
  if (task === 'dry_run') return 'ready';
  if (task === 'run') return 'done';
  return undoneWholly ? 'undone' : 'partly_undone';
}
