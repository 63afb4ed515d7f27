// bin/kopilka.mjs in a folder of its own, with a small program in the place of the server's.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = `
const verb: string | undefined = process.argv[2];
let signals = 0;
const note = (name: string): void => {
  signals += 1;
  console.log('signal', name, signals);
  setTimeout(() => process.exit(5), 300);
};
if (verb === 'drain') for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => note(name));
if (verb === 'drain' || verb === 'stay') setInterval(() => {}, 1000);
console.log(process.version.split('.')[0], process.pid, process.argv.slice(2).join(' '));
if (verb === 'code') process.exit(7);
`;

/** Debian's and the official installer's places: where the machine's own Node is, which may be older than ours. */
const systemNode = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path));
const systemMajor =
  systemNode === undefined
    ? 0
    : Number(spawnSync(systemNode, ['-p', 'parseInt(process.versions.node)']).stdout.toString());
const nodes: [string, string][] = [['Node 24', process.execPath]];
if (systemNode !== undefined && systemMajor >= 18 && systemMajor < 24) nodes.push([`Node ${systemMajor}`, systemNode]);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kopilka-bin-'));
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'packages/server/src'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'packages/server/src/main.ts'), program);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  readonly child: ReturnType<typeof spawn>;
  readonly output: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

async function start(node: string, verb: string): Promise<Started> {
  const child = spawn(node, ['bin/kopilka.mjs', verb], { cwd: folder, detached: true });
  let output = '';
  const ended = new Promise<Awaited<Started['ended']>>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      resolve();
    }),
  );
  return { child, output: () => output, ended };
}

describe.each(nodes)('kopilka started by %s', (_name, node) => {
  it('runs on Node 24 with its arguments and gives back the exit code', () => {
    const result = spawnSync(node, ['bin/kopilka.mjs', 'code', 'a b'], { cwd: folder, encoding: 'utf8' });
    expect(result.stdout).toMatch(/^v24 \d+ code a b\n$/);
    expect(result.status).toBe(7);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on and waits for the program', async (signal) => {
    const { child, output, ended } = await start(node, 'drain');
    child.kill(signal);
    expect(await ended).toEqual({ code: 5, signal: null });
    expect(output()).toMatch(new RegExp(`signal ${signal} 1\n$`));
  });

  it('hears Ctrl-C once, though the terminal sends it to every process', async () => {
    const { child, output, ended } = await start(node, 'drain');
    process.kill(-Number(child.pid), 'SIGINT');
    await ended;
    expect(output()).toMatch(/signal SIGINT 1\n$/);
  });

  it('ends of a signal that the program does not handle', async () => {
    const { child, ended } = await start(node, 'stay');
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('leaves no program behind when it is killed', async () => {
    const { child, output, ended } = await start(node, 'drain');
    const left = Number(output().split(' ')[1]);
    child.kill('SIGKILL');
    await ended;
    await expect.poll(() => isRunning(left), { timeout: 5000 }).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie, which nobody has buried yet, does not run.
  return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
}
