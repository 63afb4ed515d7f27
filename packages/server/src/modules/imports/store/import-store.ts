import type { Instant } from '#kernel/time.ts';
import { type Db, statement } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import { type FileCounts, type MadeCounts, noFileCounts } from '../domain/counts.ts';
import type { Checkpoint, FileImport, ImportStatus, ImportStep, ImportTask, Requester } from '../domain/import.ts';
import type { ImportKind, ImportMode } from '../domain/kinds.ts';
import type { ImportMapping } from '../domain/mapping.ts';

interface ImportRow {
  import_id: string;
  kind: ImportKind;
  mode: ImportMode;
  status: ImportStatus;
  task: ImportTask | null;
  step: ImportStep;
  mapping: ImportMapping;
  file_name: string;
  file_path: string | null;
  file_bytes: bigint | null;
  file_digest: string | null;
  found: Partial<Record<keyof FileCounts, unknown>>;
  made: MadeCounts;
  checkpoint: Checkpoint;
  total: bigint;
  finished: bigint;
  stop_requested: boolean;
  requested_by: Requester;
  failure: string | null;
  created_at: Instant;
  started_at: Instant | null;
  beat_at: Instant | null;
  ended_at: Instant | null;
}

const columns = `import_id, kind, mode, status, task, step, mapping, file_name, file_path, file_bytes, file_digest, found, made, checkpoint, total,
  finished, stop_requested, requested_by, failure, created_at, started_at, beat_at, ended_at`;

const insert = statement<never>(
  'imports.insert_import',
  `insert into imports.import (import_id, kind, mode, status, mapping, file_name, file_path, file_bytes, file_digest, requested_by, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);
const find = statement<ImportRow>('imports.find_import', `select ${columns} from imports.import where import_id = $1`);
const lock = statement<ImportRow>(
  'imports.lock_import',
  `select ${columns} from imports.import where import_id = $1 for update`,
);
const page = statement<ImportRow>(
  'imports.page_imports',
  `select ${columns} from imports.import where $1::uuid is null or import_id < $1 order by import_id desc limit $2`,
);
const due = statement<ImportRow>(
  'imports.due_import',
  `select ${columns} from imports.import where due_at <= $1 order by due_at, import_id limit 1`,
);
const setFile = statement<never>(
  'imports.set_file',
  `update imports.import set file_path = $2, file_bytes = $3, file_digest = $4, status = 'ready' where import_id = $1`,
);
const queue = statement<never>(
  'imports.queue',
  `update imports.import set status = 'queued', task = $2, due_at = $3, stop_requested = false, failure = null where import_id = $1`,
);
const requestStop = statement<never>(
  'imports.request_stop',
  `update imports.import set stop_requested = true where import_id = $1 and status in ('queued', 'running')`,
);
const readStop = statement<{ stop_requested: boolean }>(
  'imports.read_stop',
  'select stop_requested from imports.import where import_id = $1',
);
const begin = statement<never>(
  'imports.begin',
  `update imports.import set status = 'running', task = $2, step = $3, started_at = coalesce(started_at, $4), beat_at = $4, ended_at = null,
     failure = null, checkpoint = $5, total = $6, finished = $7 where import_id = $1`,
);
const advance = statement<never>(
  'imports.advance',
  `update imports.import set step = $2, checkpoint = $3, made = $4, finished = $5, beat_at = $6 where import_id = $1`,
);
const setFound = statement<never>(
  'imports.set_found',
  'update imports.import set found = $2, total = $3, beat_at = $4 where import_id = $1',
);
const setStep = statement<never>(
  'imports.set_step',
  'update imports.import set step = $2, finished = $3, beat_at = $4 where import_id = $1',
);
const end = statement<never>(
  'imports.end',
  `update imports.import set status = $2, step = $3, failure = $4, ended_at = $5, beat_at = $5, due_at = null, stop_requested = false
   where import_id = $1`,
);

export async function insertImport(db: Db, one: FileImport): Promise<void> {
  const { importId, kind, mode, status, mapping, fileName, filePath, fileBytes, fileDigest } = one;
  const file = [fileName, filePath, fileBytes, fileDigest];
  await db.run(insert, [importId, kind, mode, status, mapping, ...file, one.requestedBy, one.createdAt]);
}

export async function findImport(db: Db, importId: string): Promise<FileImport | null> {
  const [row] = await db.run(find, [importId]);
  return row ? toImport(row) : null;
}

export async function lockImport(db: Db, importId: string): Promise<FileImport | null> {
  const [row] = await db.run(lock, [importId]);
  return row ? toImport(row) : null;
}

export async function pageImports(db: Db, before: string | null, limit: number): Promise<FileImport[]> {
  return (await db.run(page, [before, limit])).map(toImport);
}

export async function findDueImport(db: Db, now: Instant): Promise<FileImport | null> {
  const [row] = await db.run(due, [now]);
  return row ? toImport(row) : null;
}

export interface KeptFile {
  readonly path: string;
  readonly bytes: number;
  readonly digest: string;
}

export async function setImportFile(db: Db, importId: string, file: KeptFile): Promise<void> {
  await db.run(setFile, [importId, file.path, file.bytes, file.digest]);
}

export async function queueImport(db: Db, importId: string, task: ImportTask, dueAt: Instant | null): Promise<void> {
  await db.run(queue, [importId, task, dueAt]);
}

export async function requestImportStop(db: Db, importId: string): Promise<void> {
  await db.run(requestStop, [importId]);
}

export async function isStopRequested(db: Db, importId: string): Promise<boolean> {
  return (await db.run(readStop, [importId]))[0]?.stop_requested === true;
}

export async function beginImport(db: Db, one: FileImport, now: Instant): Promise<void> {
  const place = [one.checkpoint, one.total, one.finished];
  await db.run(begin, [one.importId, one.task, one.step, now, ...place]);
}

/** In the transaction of a batch: what it made and where to go on. */
export async function advanceImport(db: Db, one: FileImport, now: Instant): Promise<void> {
  await db.run(advance, [one.importId, one.step, one.checkpoint, one.made, one.finished, now]);
}

export async function setImportFound(
  db: Db,
  importId: string,
  found: { counts: FileCounts; total: number; now: Instant },
): Promise<void> {
  await db.run(setFound, [importId, toJson(found.counts), found.total, found.now]);
}

export async function setImportStep(
  db: Db,
  importId: string,
  place: { step: ImportStep; finished: number; now: Instant },
): Promise<void> {
  await db.run(setStep, [importId, place.step, place.finished, place.now]);
}

export interface ImportEnd {
  readonly status: ImportStatus;
  readonly failure: string | null;
  readonly step: ImportStep;
  readonly now: Instant;
}

export async function endImport(db: Db, importId: string, ended: ImportEnd): Promise<void> {
  await db.run(end, [importId, ended.status, ended.step, ended.failure, ended.now]);
}

function toImport(row: ImportRow): FileImport {
  return {
    importId: row.import_id,
    kind: row.kind,
    mode: row.mode,
    status: row.status,
    task: row.task,
    step: row.step,
    mapping: row.mapping,
    fileName: row.file_name,
    filePath: row.file_path,
    fileBytes: row.file_bytes === null ? null : Number(row.file_bytes),
    fileDigest: row.file_digest,
    found: foundOf(row.found),
    made: row.made,
    checkpoint: row.checkpoint,
    total: Number(row.total),
    finished: Number(row.finished),
    stopRequested: row.stop_requested,
    requestedBy: row.requested_by,
    failure: row.failure,
    createdAt: row.created_at,
    startedAt: row.started_at,
    beatAt: row.beat_at,
    endedAt: row.ended_at,
  };
}

function foundOf(json: ImportRow['found']): FileCounts | null {
  if (json.rows === undefined) return null;
  const { sum = 0, returnedSum = 0, ...rest } = json as Partial<Record<keyof FileCounts, number>>;
  return { ...noFileCounts, ...rest, sum: BigInt(sum), returnedSum: BigInt(returnedSum) } as FileCounts;
}
