import { required } from '#kernel/assert.ts';
import { type Instant, isAtOrBefore } from '#kernel/time.ts';
import type { Db } from '#platform/db.ts';
import { compileProgram } from '../domain/compile.ts';
import type { CompiledProgram } from '../domain/compiled.ts';
import type { LegalProfile } from '../domain/legal/profile.ts';
import { readPublished } from '../domain/validate.ts';
import type { StoredVersion } from '../domain/version.ts';
import { latestNumber, versionsAfter } from '../store/version-store.ts';
import type { ProgramPort } from './program-port.ts';

export interface ProgramOptions {
  readonly legalProfile: LegalProfile;
  readonly zone: string;
}

/** Reads every version into memory; a poll costs one small query while nothing is published. */
export async function loadProgram(db: Db, options: ProgramOptions): Promise<ProgramPort> {
  const versions: StoredVersion[] = [];
  const compiled = new Map<number, CompiledProgram>();
  const bringUp = async (): Promise<void> => {
    const known = versions.at(-1)?.number ?? 0;
    if ((await latestNumber(db)) > known) {
      for (const version of await versionsAfter(db, known)) {
        if (version.number > (versions.at(-1)?.number ?? 0)) versions.push(version);
      }
    }
  };
  const compile = (stored: StoredVersion): CompiledProgram => {
    const known = compiled.get(stored.number);
    if (known) return known;
    const made = compileProgram(readPublished(stored.json), { version: stored.number, ...options });
    compiled.set(stored.number, made);
    return made;
  };
  const newest = (): CompiledProgram | null => compileOrNull(versions.at(-1), compile);
  await bringUp();
  return {
    current: newest,
    version: (number) =>
      compile(
        required(
          versions.find((version) => version.number === number),
          `program version ${number}`,
        ),
      ),
    at: (instant) => compileOrNull(inForce(versions, instant), compile),
    refresh: bringUp,
    poll: (every) => {
      const timer = setInterval(() => {
        bringUp().catch(every.onError);
      }, every.milliseconds);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

function compileOrNull(
  stored: StoredVersion | undefined,
  compile: (stored: StoredVersion) => CompiledProgram,
): CompiledProgram | null {
  return stored === undefined ? null : compile(stored);
}

/** A receipt from before the first publication meets the first version: it is a fact, and no other rule was ever written for it. */
function inForce(versions: readonly StoredVersion[], instant: Instant): StoredVersion | undefined {
  return versions.findLast((version) => isAtOrBefore(version.publishedAt, instant)) ?? versions[0];
}
