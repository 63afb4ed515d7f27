import { execFile, type SpawnOptions } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Thrown with a sentence for the operator: nothing is broken in the program, the machine or the folder does not allow it. */
export class EmbeddedRefused extends Error {
  override readonly name = 'EmbeddedRefused';
}

/** The system account PostgreSQL runs under; undefined everywhere means "as whoever runs Kopilka". */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

// PATH only: neither our secrets nor a stray PGPORT reach PostgreSQL. UTC, because initdb writes the zone it sees into the settings.
export const childEnv = { LC_ALL: 'C.UTF-8', PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC' } as const;

/** A folder the account can certainly enter: Node changes directory before it changes the account's id, PostgreSQL looks at it after. */
export function asAccount(account: Account | undefined): Pick<SpawnOptions, 'uid' | 'gid' | 'cwd' | 'env'> {
  return account === undefined
    ? { cwd: '/', env: childEnv }
    : { cwd: '/', env: childEnv, uid: account.uid, gid: account.gid };
}

export async function run(file: string, args: readonly string[], account?: Account): Promise<string> {
  const { stdout } = await execute(file, [...args], { ...asAccount(account), encoding: 'utf8', maxBuffer: 1 << 24 });
  return stdout;
}

/** PostgreSQL refuses to run as root, so root lends it an account: the cluster's owner, ours, the distribution's, a new one, or nobody. */
export async function chooseAccount(clusterDir: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(clusterDir).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const existing = (await accountNamed('kopilka')) ?? (await accountNamed('postgres'));
  if (existing !== undefined) return existing;
  // Fails where /etc is read-only or the tool is absent; nobody is there on every system.
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'kopilka',
  ]).catch(() => undefined);
  const made = (await accountNamed('kopilka')) ?? (await accountNamed('nobody'));
  if (made === undefined)
    throw new EmbeddedRefused(
      'PostgreSQL does not run as root and this machine has no other account: create one with "useradd --system kopilka".',
    );
  return made;
}

async function accountNamed(name: string): Promise<Account | undefined> {
  try {
    const uid = Number(await run('id', ['-u', name]));
    const gid = Number(await run('id', ['-g', name]));
    return Number.isInteger(uid) && uid > 0 ? { uid, gid } : undefined;
  } catch {
    return undefined;
  }
}

/** Asked of the system itself rather than computed from mode bits: access lists and mounts count too. */
export async function canEnter(account: Account | undefined, folder: string): Promise<boolean> {
  return run('test', ['-x', folder], account).then(
    () => true,
    () => false,
  );
}

export async function giveTo(account: Account | undefined, folder: string): Promise<void> {
  if (account !== undefined) await run('chown', ['-R', `${account.uid}:${account.gid}`, folder]);
}
