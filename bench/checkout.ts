// Full purchases over HTTP against pgbench's TPC-B on the same server: the ratio says how much of what PostgreSQL can do on this machine reaches
// the till. 20,000 members, three lines a receipt, a tier's rate, one promotion with a total budget and a per-member limit, points redeemed where
// possible, one confirm each. Both databases are made anew for every run; the median of five runs counts.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Filled, fillShopFloor } from './checkout-fill.ts';
import type { BenchContext } from './context.ts';

const run$ = promisify(execFile);
const runs = Number(process.env['KOPILKA_BENCH_RUNS'] ?? 5);
const seconds = 10;
const connections = 16;
const scale = 20;
const port = 18_777;

export async function run(context: BenchContext): Promise<string> {
  await needs('wrk', 'wrk');
  await needs('pgbench', 'postgresql-client (pgbench comes with postgresql-15 or later)');
  context.log('filling: 20,000 members with points');
  const filled = await fillShopFloor(context.url);
  const tpcb = await context.createDatabase('tpcb_template');
  await run$('pgbench', ['-i', '-q', '-s', String(scale), tpcb]);
  const folder = await mkdtemp(join(tmpdir(), 'kopilka-bench-'));
  const ratios: Measured[] = [];
  try {
    for (let number = 1; number <= runs; number += 1) {
      const ours = await purchases(context, filled, folder, number);
      const limit = await pgbenchTps(context);
      ratios.push({ ...ours, ratio: ours.perSecond / limit });
      context.log(
        `run ${number}: ${ours.perSecond.toFixed(0)} purchases/s, p99 ${ours.p99.toFixed(1)} ms, pgbench ${limit.toFixed(0)} tps, ratio ${(ours.perSecond / limit).toFixed(3)}, rss ${ours.rssMb} MB`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const median = ratios.toSorted((a, b) => a.ratio - b.ratio)[Math.floor(ratios.length / 2)] as Measured;
  return `checkout ratio=${median.ratio.toFixed(2)} p99_ms=${median.p99.toFixed(1)} purchases_per_s=${median.perSecond.toFixed(0)} rss_mb=${median.rssMb}`;
}

interface Sold {
  readonly perSecond: number;
  readonly p99: number;
  readonly rssMb: number;
}

interface Measured extends Sold {
  readonly ratio: number;
}

async function purchases(context: BenchContext, filled: Filled, folder: string, number: number): Promise<Sold> {
  const url = await context.createDatabase('sales', 'bench');
  const script = join(folder, `sales-${number}.lua`);
  await writeFile(script, luaScript(filled, number));
  const bin = fileURLToPath(new URL('../bin/kopilka.mjs', import.meta.url));
  const server = spawn(process.execPath, [bin, 'serve', '--role', 'all'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: url,
      KOPILKA_PORT: String(port),
      KOPILKA_LOG_LEVEL: 'warn',
      KOPILKA_SECRET: filled.secret,
      KOPILKA_RATE_LIMIT_PER_MINUTE: '10000000',
      KOPILKA_POOL_SIZE: String(connections),
      KOPILKA_DATA_DIR: folder,
    },
  });
  const address = `http://127.0.0.1:${port}`;
  try {
    await untilReady(address);
    await wrk(address, script, 3);
    const answer = await wrk(address, script, seconds);
    const rssMb = await rssOf(server.pid as number);
    return { ...answer, rssMb };
  } finally {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
  }
}

async function wrk(address: string, script: string, duration: number): Promise<{ perSecond: number; p99: number }> {
  const { stdout } = await run$('wrk', [
    '-t1',
    `-c${connections}`,
    `-d${duration}s`,
    '--latency',
    '-s',
    script,
    address,
  ]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`purchases failed:\n${stdout}`);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  const [, count, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const p99 = Number(count) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1);
  return { perSecond, p99 };
}

async function pgbenchTps(context: BenchContext): Promise<number> {
  const url = await context.createDatabase('tpcb', 'tpcb_template');
  const { stdout } = await run$('pgbench', [
    '-n',
    '-c',
    String(connections),
    '-j',
    '2',
    '-M',
    'simple',
    '-T',
    String(seconds),
    url,
  ]);
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
}

/** Every request is a new receipt of a random member: no two share an id, in no run. */
function luaScript({ key, cards, skus }: Filled, number: number): string {
  return `
local cards = {${cards.map((card) => `"${card}"`).join(',')}}
local skus = {${skus.map((sku) => `"${sku}"`).join(',')}}
math.randomseed(os.time() + ${number})
local counter = 0
local start = tostring(os.time()) .. "-" .. tostring(math.random(1000000))
local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer ${key}" }
function request()
  counter = counter + 1
  local card = cards[math.random(#cards)]
  local lines = {}
  for place = 1, 3 do
    lines[place] = string.format('{"sku":"%s","quantity":1000,"sum":%d}', skus[math.random(#skus)], math.random(10000, 200000))
  end
  local body = string.format('{"id":"%s-%d","shop":"main","member":{"card":"%s"},"redeem":"max","lines":[%s]}', start, counter, card, table.concat(lines, ","))
  return wrk.format("POST", "/v1/checkout/confirm", headers, body)
end
`;
}

async function untilReady(address: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const ready = await fetch(`${address}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
  throw new Error('the server did not become ready');
}

async function rssOf(pid: number): Promise<number> {
  // bin/kopilka.mjs may have re-executed the bundled Node: the largest of the family counts.
  const { stdout } = await run$('ps', ['-o', 'rss=', '--ppid', String(pid), '-p', String(pid)]);
  return Math.round(Math.max(...stdout.trim().split(/\s+/).map(Number)) / 1024);
}

async function needs(command: string, debianPackage: string): Promise<void> {
  try {
    await run$('sh', ['-c', `command -v ${command}`]);
  } catch {
    throw new Error(`${command} is not installed; on Debian: apt-get install ${debianPackage}`);
  }
}
