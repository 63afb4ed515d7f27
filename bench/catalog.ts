// The catalog calculation over HTTP: 100 products a call for a member, against an echo route of the same server that takes and answers bodies of the
// same size. The two alternate; the median of the rounds counts. The ratio says what of the server's own speed the calculation leaves.
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchContext } from './context.ts';

const run$ = promisify(execFile);
const rounds = 5;
const seconds = 5;
const warmUpSeconds = 4;
const connections = 8;
const productsACall = 100;
const bodiesCount = 128;

interface Round {
  readonly ratio: number;
  /** Against an echo that reads and writes the very same JSON by the same contract. */
  readonly mirrorRatio: number;
  /** Pages for visitors who have not signed in: most of a site's. */
  readonly nobodyRatio: number;
  readonly p99: number;
  readonly perSecond: number;
}

interface Server {
  readonly address: string;
  readonly key: string;
  readonly skus: readonly string[];
  readonly phones: readonly string[];
}

export async function run(context: Pick<BenchContext, 'url' | 'log'>): Promise<string> {
  await needsWrk();
  context.log('filling: 3,000 products, 2,000 members with points');
  const child = fork(fileURLToPath(new URL('catalog-server.ts', import.meta.url)), [context.url], { stdio: 'inherit' });
  const folder = await mkdtemp(join(tmpdir(), 'kopilka-bench-'));
  try {
    const [server] = (await once(child, 'message')) as [Server];
    const scripts = await writeScripts(server, folder);
    context.log(`a call: ${scripts.askedBytes} bytes there, ${scripts.answeredBytes} bytes back`);
    await wrk(server, scripts.catalog, warmUpSeconds);
    await wrk(server, scripts.echo, warmUpSeconds);
    const measured: Round[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const ours = await wrk(server, scripts.catalog, seconds);
      const echo = await wrk(server, scripts.echo, seconds);
      const mirror = await wrk(server, scripts.mirror, seconds);
      const nobody = await wrk(server, scripts.nobody, seconds);
      measured.push({
        ...ours,
        ratio: ours.perSecond / echo.perSecond,
        mirrorRatio: ours.perSecond / mirror.perSecond,
        nobodyRatio: nobody.perSecond / echo.perSecond,
      });
      context.log(
        `round ${round}: ${ours.perSecond.toFixed(0)} calls/s, p99 ${ours.p99.toFixed(1)} ms, echo ${echo.perSecond.toFixed(0)}, mirror ${mirror.perSecond.toFixed(0)}, without a member ${nobody.perSecond.toFixed(0)} calls/s`,
      );
    }
    const [median] = measured.toSorted((a, b) => a.ratio - b.ratio).slice(Math.floor(rounds / 2));
    if (median === undefined) throw new Error('nothing was measured');
    const rss = Math.round((await memoryOf(child)) / 2 ** 20);
    return `catalog ratio=${median.ratio.toFixed(2)} p99_ms=${median.p99.toFixed(1)} calls_per_s=${median.perSecond.toFixed(0)} mirror_ratio=${median.mirrorRatio.toFixed(2)} without_member_ratio=${median.nobodyRatio.toFixed(2)} rss_mb=${rss}`;
  } finally {
    child.disconnect();
    await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
}

/** Pages of different products for different members; an echo body has the size of a page's, and asks for an answer of its answer's size. */
async function writeScripts(server: Server, folder: string) {
  const bodies = Array.from({ length: bodiesCount }, (_, number) => pageOf(server, number));
  const [first = ''] = bodies;
  const answer = await fetch(`${server.address}/v1/catalog/calculate`, {
    ...headersOf(server),
    method: 'POST',
    body: first,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the calculation failed:\n${text}`);
  const frame = { asked: JSON.stringify({ text: '', answer: text.length }), answered: JSON.stringify({ text: '' }) };
  const size = text.length - frame.answered.length;
  const echoes = bodies.map((body) =>
    JSON.stringify({ text: 'x'.repeat(body.length - frame.asked.length), answer: size }),
  );
  const catalog = join(folder, 'catalog.lua');
  const echo = join(folder, 'echo.lua');
  await writeFile(catalog, luaScript(server, '/v1/catalog/calculate', bodies));
  await writeFile(echo, luaScript(server, '/v1/bench/echo', echoes));
  const mirror = join(folder, 'mirror.lua');
  await writeFile(mirror, luaScript(server, '/v1/bench/mirror', bodies));
  const nobody = join(folder, 'nobody.lua');
  const strangers = bodies.map((body) => JSON.stringify({ ...(JSON.parse(body) as object), member: null }));
  await writeFile(nobody, luaScript(server, '/v1/catalog/calculate', strangers));
  return { catalog, echo, mirror, nobody, askedBytes: first.length, answeredBytes: text.length };
}

function pageOf({ skus, phones }: Server, number: number): string {
  const products = Array.from({ length: productsACall }, (_, place) => {
    const sku = skus[(number * 131 + place * 17) % skus.length];
    // Every tenth with the site's own price: one for a product, whoever looks.
    return place % 10 === 0 ? { sku, price: 100_000 + Number(sku?.slice(4)) } : { sku };
  });
  return JSON.stringify({ shop: 'site', member: { phone: phones[(number * 13) % phones.length] }, products });
}

function headersOf({ key }: Server) {
  return { headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` } };
}

function luaScript({ key }: Server, path: string, bodies: readonly string[]): string {
  return `
local bodies = {${bodies.map((body) => `[==[${body}]==]`).join(',\n')}}
local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer ${key}" }
local requests = {}
local counter = 0
function request()
  counter = counter % #bodies + 1
  if not requests[counter] then requests[counter] = wrk.format("POST", "${path}", headers, bodies[counter]) end
  return requests[counter]
end
`;
}

async function wrk(server: Server, script: string, duration: number): Promise<{ perSecond: number; p99: number }> {
  const { stdout } = await run$('wrk', [
    ...['-t1', `-c${connections}`, `-d${duration}s`, '--latency', '-s', script, server.address],
  ]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`calls failed:\n${stdout}`);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  const [, count, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  return { perSecond, p99: Number(count) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1) };
}

async function memoryOf(child: ChildProcess): Promise<number> {
  child.send('memory');
  const [{ rssBytes }] = (await once(child, 'message')) as [{ rssBytes: number }];
  return rssBytes;
}

async function needsWrk(): Promise<void> {
  try {
    await run$('sh', ['-c', 'command -v wrk']);
  } catch {
    throw new Error('wrk is not installed; on Debian: apt-get install wrk');
  }
}
