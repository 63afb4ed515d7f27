import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Db } from '#platform/db.ts';
import type { ProgramDocument } from '../domain/document.ts';
import { diffProgram } from '../domain/sentences/diff.ts';
import type { Template } from '../domain/sentences/format.ts';
import { readPublished } from '../domain/validate.ts';
import type { ProgramVersion } from '../domain/version.ts';
import { findVersion, latestNumber, listVersions } from '../store/version-store.ts';

export interface ReadVersion extends ProgramVersion {
  readonly document: ProgramDocument;
  readonly inForce: boolean;
  /** Against the version before. */
  readonly changes: readonly Template[];
}

export async function readVersion(
  db: Db,
  number: number,
): Promise<Outcome<ReadVersion, { code: 'version_not_found' }>> {
  const [version, before, latest] = await Promise.all([
    findVersion(db, number),
    findVersion(db, number - 1),
    latestNumber(db),
  ]);
  if (version === null) return refused({ code: 'version_not_found' });
  const { json, ...head } = version;
  const document = readPublished(json);
  const changes = before === null ? [] : diffProgram(readPublished(before.json), document);
  return done({ ...head, document, changes, inForce: number === latest });
}

/** The version in force, with its document. */
export async function readCurrent(db: Db): Promise<Outcome<ReadVersion, { code: 'program_not_published' }>> {
  const latest = await latestNumber(db);
  const found = latest === 0 ? null : await readVersion(db, latest);
  return found?.ok === true ? found : refused({ code: 'program_not_published' });
}

export async function listProgramVersions(
  db: Db,
  page: { beforeNumber: number | null; limit: number },
): Promise<{ versions: ProgramVersion[]; latest: number }> {
  const [versions, latest] = await Promise.all([listVersions(db, page), latestNumber(db)]);
  return { versions, latest };
}
