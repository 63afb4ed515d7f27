import { randomBytes } from 'node:crypto';
import {
  access,
  chmod,
  chown,
  constants,
  lstat,
  mkdir,
  readlink,
  realpath,
  rename,
  stat,
  symlink,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Account, canEnter, chooseAccount, EmbeddedRefused, giveTo, run } from './account.ts';

export const systemDir = '/var/lib/kopilka';

/** Where the cluster's files are, and whose they are. */
export interface Place {
  readonly dataDir: string;
  readonly clusterDir: string;
  readonly account: Account | undefined;
}

/**
 * The cluster lives in `<dataDir>/postgres`. Under /root the account PostgreSQL runs as cannot reach it:
 * then it lives under /var/lib/kopilka and `<dataDir>/postgres` is a link to it.
 */
export async function settle(options: {
  readonly dataDir: string;
  readonly log: (line: string) => void;
}): Promise<Place> {
  const dataDir = await writableFolder(options.dataDir);
  const link = join(dataDir, 'postgres');
  const clusterDir = await follow(link);
  const account = await chooseAccount(clusterDir);
  if (account === undefined) return ownCluster({ dataDir, clusterDir, account });
  await letIn(account, dirname(clusterDir));
  if (await canEnter(account, dirname(clusterDir))) {
    if (await ownedByRoot(clusterDir)) await giveTo(account, clusterDir);
    return { dataDir, clusterDir, account };
  }
  const moved = await moveOut(link, account, options.log);
  return { dataDir, clusterDir: moved, account };
}

async function writableFolder(folder: string): Promise<string> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(folder, { recursive: true, mode: 0o750 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(folder);
  } catch (error) {
    throw new EmbeddedRefused(`The data folder ${folder} cannot be used: ${(error as Error).message}.`);
  }
}

async function follow(link: string): Promise<string> {
  const entry = await lstat(link).catch(() => undefined);
  if (entry?.isSymbolicLink() !== true) return link;
  const target = await readlink(link);
  return await realpath(link).catch(() => {
    throw new EmbeddedRefused(
      `${link} points to ${target}, which is not there: the database was kept outside this folder. Bring that folder back, or "kopilka restore" a backup, or remove the link to begin with an empty database.`,
    );
  });
}

async function ownCluster(place: Place): Promise<Place> {
  const owner = await stat(place.clusterDir).catch(() => undefined);
  if (owner !== undefined && owner.uid !== process.getuid?.()) {
    throw new EmbeddedRefused(
      `The database in ${place.clusterDir} belongs to another account (uid ${owner.uid}); it was probably started as root. Start Kopilka as root again, or stop it and give the folder away: chown -R "$(id -un)" ${place.dataDir} ${place.clusterDir}`,
    );
  }
  return place;
}

/** Kopilka's own data folder may be closed (0700): its group gets the way through and nothing more. Folders above it are not ours to open. */
async function letIn(account: Account, folder: string): Promise<void> {
  if ((await canEnter(account, folder)) || !(await canEnter(account, dirname(folder)))) return;
  const { mode, uid } = await stat(folder);
  await chown(folder, uid, account.gid);
  await chmod(folder, (mode & 0o7777) | 0o010);
}

async function ownedByRoot(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.uid === 0;
}

async function moveOut(link: string, account: Account, log: (line: string) => void): Promise<string> {
  await mkdir(systemDir, { recursive: true });
  await chmod(systemDir, 0o755);
  // A new name each time: who removes ./data to begin anew must not get the old members back.
  const home = join(systemDir, `${basename(dirname(dirname(link)))}-${randomBytes(4).toString('hex')}`);
  await mkdir(home);
  await chmod(home, 0o711);
  const target = join(home, 'postgres');
  if ((await stat(link).catch(() => undefined)) !== undefined) {
    await run('cp', ['-a', link, `${target}.copying`]);
    await giveTo(account, `${target}.copying`);
    await rename(`${target}.copying`, target);
    await rename(link, `${link}.before-move`);
    log(`The database was copied to ${target}; the old copy stays in ${link}.before-move until you remove it.`);
  } else {
    await mkdir(target, { mode: 0o700 });
    await giveTo(account, target);
  }
  await symlink(target, link);
  log(
    `PostgreSQL does not run as root and its account cannot enter ${dirname(link)}: the database is kept in ${target}.`,
  );
  return target;
}
