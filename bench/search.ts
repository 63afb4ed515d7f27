// Look-ups among 400,000 members over HTTP: a phone, and fragments of names as people type them into a search box. One after another, by one
// client: this is the time a cashier waits. The server is a process of its own with the program's HTTP server and the members module.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../packages/server/src/platform/db.ts';
import { type GeneratedMember, generateMembers, peopleOf } from '../packages/server/test/generate-members.ts';

export interface BenchContext {
  /** A migrated database that the bench may fill. */
  readonly url: string;
  log(line: string): void;
}

const membersCount = 400_000;
const seed = 1;
const warmUpCalls = 300;
const measuredCalls = 2_000;

export async function run(context: BenchContext): Promise<string> {
  await fill(context);
  const child = fork(fileURLToPath(new URL('search-server.ts', import.meta.url)), [context.url], { stdio: 'inherit' });
  try {
    const [server] = (await once(child, 'message')) as [{ address: string; key: string }];
    const sample = sampleOf();
    const results = new Map<string, readonly number[]>();
    for (const [name, pathOf] of Object.entries(questions)) {
      results.set(name, await measure(server, { paths: sample.map(pathOf) }));
      context.log(`${name}: ${summary(results.get(name) ?? [])}`);
    }
    const fragments = Object.keys(questions).filter((name) => name !== 'phone');
    const worst = Math.max(...fragments.map((name) => percentile(results.get(name) ?? [], 0.99)));
    const memory = await memoryOf(child);
    const phone = percentile(results.get('phone') ?? [], 0.99);
    return `search phone_p99_ms=${phone.toFixed(1)} name_p99_ms=${worst.toFixed(1)} rss_mb=${Math.round(memory / 2 ** 20)}`;
  } finally {
    child.disconnect();
    await once(child, 'exit');
  }
}

async function fill(context: BenchContext): Promise<void> {
  const db = openDatabase({ url: context.url, poolSize: 2 });
  try {
    const started = performance.now();
    await generateMembers(db.pool, membersCount, seed);
    context.log(`${membersCount} members made in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    // Search is asked of a database at rest, as in the morning after an import.
    await db.pool.query('vacuum analyze members.search, members.member, members.identity');
  } finally {
    await db.close();
  }
}

/** People to ask for, from all over the list. */
function sampleOf(): GeneratedMember[] {
  const calls = warmUpCalls + measuredCalls;
  const step = Math.floor(membersCount / calls);
  const sample: GeneratedMember[] = [];
  let place = 0;
  for (const person of peopleOf(membersCount, seed)) {
    if (place % step === 0 && sample.length < calls) sample.push(person);
    place += 1;
  }
  // Not in the order of registration: neighbours would lie in one page.
  return sample
    .map((_, index) => sample[(index * 7_919) % sample.length] ?? sample[0])
    .filter((person) => person !== undefined);
}

const query = (text: string) => `/v1/members?limit=20&query=${encodeURIComponent(text)}`;

const questions: Readonly<Record<string, (person: GeneratedMember) => string>> = {
  phone: ({ phone }) => `/v1/members/by-identity?kind=phone&value=${encodeURIComponent(phone)}`,
  'phone in the search box': ({ phone }) => query(`8${phone.slice(2)}`),
  'last four digits': ({ phone }) => query(phone.slice(-4)),
  surname: ({ lastName }) => query(lastName),
  'three letters': ({ lastName }) => query(lastName.slice(0, 3)),
  'two letters': ({ lastName }) => query(lastName.slice(0, 2)),
  'first name alone': ({ firstName }) => query(firstName),
  'surname and name': ({ lastName, firstName }) => query(`${lastName} ${firstName}`),
  'three fragments': ({ lastName, firstName, patronymic }) =>
    query(`${firstName.slice(0, 4)} ${lastName.slice(0, 5)} ${patronymic.slice(0, 4)}`),
};

async function measure(
  server: { readonly address: string; readonly key: string },
  { paths }: { readonly paths: readonly string[] },
): Promise<number[]> {
  const times: number[] = [];
  for (const [call, path] of paths.entries()) {
    const started = performance.now();
    const response = await fetch(server.address + path, { headers: { authorization: `Bearer ${server.key}` } });
    const body = (await response.json()) as { items?: unknown[]; member_id?: string };
    const took = performance.now() - started;
    if (response.status !== 200 || (body.items?.length ?? 1) === 0)
      throw new Error(`${path} answered ${response.status} and nobody`);
    if (call >= warmUpCalls) times.push(took);
  }
  return times;
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function summary(times: readonly number[]): string {
  const [median, p99, most] = [0.5, 0.99, 1].map((share) => percentile(times, share).toFixed(1));
  return `median ${median} ms, p99 ${p99} ms, slowest ${most} ms`;
}

async function memoryOf(child: ChildProcess): Promise<number> {
  child.send('memory');
  const [{ rssBytes }] = (await once(child, 'message')) as [{ rssBytes: number }];
  return rssBytes;
}
