import { createHash } from 'node:crypto';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { findOwnersOf, type Identity } from '#modules/members/index.ts';
import { inTransaction } from '#platform/db.ts';
import { columnsOf, type FileRow } from '../domain/cells.ts';
import { type FileCounts, noFileCounts, totalOf } from '../domain/counts.ts';
import { BrokenFile } from '../domain/file-port.ts';
import type { FileImport } from '../domain/import.ts';
import { namesMembers } from '../domain/kinds.ts';
import { isStopRequested, setImportFound, setImportStep } from '../store/import-store.ts';
import { clearProblems, type StoredProblem, saveProblems } from '../store/problem-store.ts';
import { countStaged, setStagedMemberIds, stagedMembersAfter } from '../store/staged-rows.ts';
import {
  clearStaging,
  collectMembers,
  copyLines,
  dropRepetitions,
  dropUnknownMembers,
  finishStaging,
  groupLines,
  indexLines,
  isStaged,
  type StagedLine,
} from '../store/staging-store.ts';
import type { ImportsDeps } from './deps.ts';
import { rowStager, type StagedReading } from './stage-row.ts';

export type StageRefusal =
  | { readonly code: 'stopped' }
  | { readonly code: 'file_broken'; readonly details: { readonly reason: string } };

const linesMax = 10_000;
const memberPage = 1_000;
const beatPieces = 20;

/** Reads the whole file into the scratch tables, unless it is there already; answers what it holds. Nothing of the product changes. */
export async function stageFile(deps: ImportsDeps, one: FileImport): Promise<Outcome<FileCounts, StageRefusal>> {
  const digest = createHash('sha256')
    .update(JSON.stringify([one.fileDigest, one.mapping]))
    .digest('hex');
  if (one.found !== null && (await isStaged(deps.db, one.importId, digest))) return done(one.found);
  await clearStaging(deps.db);
  await clearProblems(deps.db, one.importId);
  const read = await readFile(deps, one);
  if (!read.ok) return read;
  await setImportStep(deps.db, one.importId, { step: 'sorting', finished: read.value.rows, now: deps.clock.now() });
  const duplicates = one.mapping.duplicates === 'drop' ? await dropRepetitions(deps.db) : 0;
  await sortStaged(deps, one);
  const counts = { ...(await countsOf(deps, one, read.value)), duplicates };
  await finishStaging(deps.db, one.importId, digest);
  await setImportFound(deps.db, one.importId, { counts, total: totalOf(counts), now: deps.clock.now() });
  return done(counts);
}

/** What only reading can count. */
interface ReadCounts {
  rows: number;
  rounded: number;
  readonly skipped: Record<string, number>;
}

class Stopped extends Error {}

async function readFile(deps: ImportsDeps, one: FileImport): Promise<Outcome<ReadCounts, StageRefusal>> {
  const counts: ReadCounts = { rows: 0, rounded: 0, skipped: {} };
  const file = deps.files.open(one.filePath ?? '', one.mapping.format);
  try {
    const columns = columnsOf(one.mapping.format, await file.header());
    const stager = rowStager(columns, {
      mapping: one.mapping,
      rules: deps.members.settings,
      zone: one.mapping.zone === '' ? deps.zone : one.mapping.zone,
      onRounded: () => {
        counts.rounded += 1;
      },
    });
    if (!stager.ok) {
      const { column, columns: names } = stager.refusal.details;
      return broken(`the file has no column “${column}”; it has ${names.join(', ')}`);
    }
    await copyLines(deps.db, piecesOf({ deps, one, counts, stage: stager.value, rows: file.rows() }));
    return done(counts);
  } catch (error) {
    if (error instanceof Stopped) return refused({ code: 'stopped' });
    if (error instanceof BrokenFile) return broken(error.message);
    throw error;
  }
}

function broken(reason: string): Outcome<never, StageRefusal> {
  return refused({ code: 'file_broken', details: { reason } });
}

interface Reading {
  readonly deps: ImportsDeps;
  readonly one: FileImport;
  readonly counts: ReadCounts;
  readonly stage: (row: FileRow) => StagedReading;
  readonly rows: AsyncIterable<readonly FileRow[]>;
}

async function* piecesOf(reading: Reading): AsyncGenerator<readonly StagedLine[]> {
  const { deps, one, counts } = reading;
  let pieces = 0;
  for await (const rows of reading.rows) {
    const lines: StagedLine[] = [];
    const problems: StoredProblem[] = [];
    for (const row of rows) takeRow(row, reading.stage(row), { lines, problems, counts });
    if (problems.length > 0) await inTransaction(deps.db, (tx) => saveProblems(tx, one.importId, problems));
    yield lines;
    pieces += 1;
    if (pieces % beatPieces !== 0) continue;
    await setImportStep(deps.db, one.importId, { step: 'reading', finished: counts.rows, now: deps.clock.now() });
    if (await isStopRequested(deps.db, one.importId)) throw new Stopped();
  }
}

interface Taken {
  readonly lines: StagedLine[];
  readonly problems: StoredProblem[];
  readonly counts: ReadCounts;
}

function takeRow(row: FileRow, reading: StagedReading, taken: Taken): void {
  taken.counts.rows += 1;
  if (reading.kind === 'line') taken.lines.push(reading.line);
  else if (reading.kind === 'skipped') {
    taken.counts.skipped[reading.reason] = (taken.counts.skipped[reading.reason] ?? 0) + 1;
  } else {
    taken.problems.push({ rowNo: row.rowNo, ...reading.problem });
    taken.lines.push(...reading.marks);
  }
}

/** Members first: rows that name nobody we know are problems before their receipts are put together. */
async function sortStaged(deps: ImportsDeps, one: FileImport): Promise<void> {
  await collectMembers(deps.db);
  await findKnownMembers(deps);
  const { kind, mapping } = one;
  const isStrict = namesMembers(kind) && (kind !== 'receipts' || mapping.unknown_member === 'problem');
  if (kind !== 'receipts') {
    if (isStrict) await dropUnknownMembers(deps.db, one.importId, false);
    await indexLines(deps.db, 'row');
    return;
  }
  await indexLines(deps.db, 'group');
  if (isStrict) await dropUnknownMembers(deps.db, one.importId, true);
  await groupLines(deps.db, one.importId, linesMax);
}

async function findKnownMembers(deps: ImportsDeps): Promise<void> {
  let after = '';
  for (;;) {
    const page = await stagedMembersAfter(deps.db, after, { limit: memberPage, unknown: false });
    const owners = await findOwnersOf(
      deps.db,
      page.map(({ memberKey }) => identityOf(memberKey)),
    );
    const known = new Map(owners.map((owner) => [`${owner.kind} ${owner.value}`, owner.memberId]));
    await setStagedMemberIds(deps.db, known);
    const last = page.at(-1);
    if (!last || page.length < memberPage) return;
    after = last.memberKey;
  }
}

/** The key was made by `readIdentity`: its spelling is the one that is stored. */
export function identityOf(memberKey: string): Identity {
  const space = memberKey.indexOf(' ');
  return { kind: memberKey.slice(0, space), value: memberKey.slice(space + 1) } as Identity;
}

async function countsOf(deps: ImportsDeps, one: FileImport, read: ReadCounts): Promise<FileCounts> {
  const staged = await countStaged(deps.db, one.importId);
  const { lines, problems, ...figures } = staged;
  const membersNew = staged.members - staged.membersKnown;
  return { ...noFileCounts, ...figures, ...read, accepted: lines, problems, membersNew };
}
