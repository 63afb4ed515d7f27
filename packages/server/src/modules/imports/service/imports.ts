import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { recordAudit } from '#modules/access/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { FileImport, ImportTask, TaskRefusal } from '../domain/import.ts';
import { mayBegin } from '../domain/import.ts';
import type { ImportKind, ImportMode } from '../domain/kinds.ts';
import { type MappingRefusal, readMapping } from '../domain/mapping.ts';
import {
  findImport,
  insertImport,
  type KeptFile,
  lockImport,
  pageImports,
  queueImport,
  requestImportStop,
  setImportFile,
} from '../store/import-store.ts';
import { countProblems, type ProblemGroup } from '../store/problem-store.ts';

export type { ProblemGroup } from '../store/problem-store.ts';

import type { ImportsDeps } from './deps.ts';

export type NotFound = { readonly code: 'import_not_found' };

export interface CreateImport {
  readonly kind: ImportKind;
  readonly mode: ImportMode;
  readonly mapping: unknown;
  readonly fileName: string;
  /** A file that stays where it is (the command line); null: it is uploaded later. */
  readonly file: KeptFile | null;
  readonly caller: Caller;
  readonly now: Instant;
}

export async function createImport(
  deps: ImportsDeps,
  command: CreateImport,
): Promise<Outcome<FileImport, MappingRefusal>> {
  const mapping = readMapping(command.mapping, command.kind);
  if (!mapping.ok) return mapping;
  const { kind, mode, fileName, file, caller, now } = command;
  const one: FileImport = {
    ...{ importId: deps.newId(), kind, mode, fileName, mapping: mapping.value },
    ...{ status: file === null ? 'waiting_for_file' : 'ready', task: null, step: 'none' },
    ...{ filePath: file?.path ?? null, fileBytes: file?.bytes ?? null, fileDigest: file?.digest ?? null },
    ...{ found: null, made: {}, checkpoint: {}, total: 0, finished: 0, stopRequested: false, failure: null },
    requestedBy: { kind: caller.kind, id: caller.id, name: caller.name },
    ...{ createdAt: now, startedAt: null, beatAt: null, endedAt: null },
  };
  return inTransaction(deps.db, async (tx) => {
    await insertImport(tx, one);
    await onRecord(tx, deps, { caller, now, action: 'import.create', importId: one.importId, after: { kind, mode } });
    return done(one);
  });
}

export interface Upload {
  readonly importId: string;
  readonly content: AsyncIterable<Uint8Array>;
  readonly bytesMax: number;
}

export type UploadRefusal =
  | NotFound
  | { readonly code: 'file_taken' }
  | { readonly code: 'file_too_large'; readonly details: { readonly bytes_max: number } };

/** Streamed to disk; a second file is another import. */
export async function uploadFile(deps: ImportsDeps, upload: Upload): Promise<Outcome<FileImport, UploadRefusal>> {
  const one = await findImport(deps.db, upload.importId);
  if (one === null) return refused({ code: 'import_not_found' });
  if (one.filePath !== null) return refused({ code: 'file_taken' });
  const path = await deps.files.keep(`${one.importId}.csv`, upload.content, upload.bytesMax);
  if (path === null) return refused({ code: 'file_too_large', details: { bytes_max: upload.bytesMax } });
  const file = { path, ...(await deps.files.digest(path)) };
  await setImportFile(deps.db, one.importId, file);
  return done({ ...one, filePath: path, fileBytes: file.bytes, fileDigest: file.digest, status: 'ready' });
}

export interface RequestTask {
  readonly importId: string;
  readonly task: ImportTask;
  /** null: the caller works on it itself (the command line). */
  readonly dueAt: Instant | null;
  readonly caller: Caller;
  readonly now: Instant;
}

/** Begins, or goes on after a stop, a failure or a kill. */
export async function requestTask(
  deps: ImportsDeps,
  command: RequestTask,
): Promise<Outcome<FileImport, NotFound | TaskRefusal>> {
  const { importId, task, dueAt, caller, now } = command;
  return inTransaction(deps.db, async (tx): Promise<Outcome<FileImport, NotFound | TaskRefusal>> => {
    const one = await lockImport(tx, importId);
    if (one === null) return refused({ code: 'import_not_found' });
    const may = mayBegin(one, task);
    if (!may.ok) return may;
    await queueImport(tx, importId, task, dueAt);
    await onRecord(tx, deps, { caller, now, action: `import.${task}`, importId, after: null });
    return done({ ...one, status: 'queued', task, stopRequested: false, failure: null });
  });
}

/** It ends after the batch it is at. */
export async function stopImport(deps: ImportsDeps, importId: string): Promise<Outcome<FileImport, NotFound>> {
  await requestImportStop(deps.db, importId);
  return readImport(deps, importId);
}

export async function readImport(deps: ImportsDeps, importId: string): Promise<Outcome<FileImport, NotFound>> {
  const one = await findImport(deps.db, importId);
  return one === null ? refused({ code: 'import_not_found' }) : done(one);
}

/** With its problems by reason, for the page of one import. */
export async function importReport(
  deps: ImportsDeps,
  importId: string,
): Promise<Outcome<{ one: FileImport; problems: ProblemGroup[] }, NotFound>> {
  const one = await readImport(deps, importId);
  return one.ok ? done({ one: one.value, problems: await countProblems(deps.db, importId) }) : one;
}

/** Newest first. */
export function listImports(
  deps: ImportsDeps,
  page: { readonly before: string | null; readonly limit: number },
): Promise<FileImport[]> {
  return pageImports(deps.db, page.before, page.limit);
}

interface OnRecord {
  readonly caller: Caller;
  readonly now: Instant;
  readonly action: string;
  readonly importId: string;
  readonly after: unknown;
}

function onRecord(tx: Tx, deps: ImportsDeps, { importId, ...entry }: OnRecord): Promise<void> {
  return recordAudit(tx, { ...entry, newId: deps.newId, subject: { kind: 'import', id: importId }, before: null });
}
