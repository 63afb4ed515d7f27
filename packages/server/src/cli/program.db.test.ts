import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { runProgram } from './program.ts';

let test: TestDatabase;
let dataDir: string;

beforeAll(async () => {
  test = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'kopilka-cli-'));
});

afterAll(async () => {
  await test.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly answer: string;
  readonly remarks: string;
}

async function run(args: readonly string[], env: Record<string, string> = {}, signal?: AbortSignal): Promise<Ran> {
  let answer = '';
  let remarks = '';
  const settings = {
    DATABASE_URL: test.url,
    KOPILKA_SECRET: 's'.repeat(32),
    KOPILKA_DATA_DIR: dataDir,
    KOPILKA_LOG_LEVEL: 'silent',
  };
  const code = await runProgram({
    args,
    env: { ...settings, ...env },
    person: 'tester',
    streams: {
      answers: { write: (text: string) => (answer += text) },
      remarks: { write: (text: string) => (remarks += text) },
    },
    signal: signal ?? new AbortController().signal,
  });
  return { code, answer, remarks };
}

describe('the command line', () => {
  it.each([
    [['--help'], 0],
    [['--version'], 0],
    [['apikey', '--help'], 0],
    [[], 2],
    [['nonsense'], 2],
    [['apikey', 'create'], 2],
    [['apikey', 'create', 'POS'], 2],
    [['apikey', 'create', 'POS', '--scopes', 'everything'], 2],
    [['serve', '--role', 'king'], 2],
    [['apikey', 'revoke', 'no-id'], 1],
    [['apikey', 'revoke', '0190a6e0-0000-7000-8000-000000000000'], 1],
    [['backup', '/tmp/somewhere'], 1],
    [['restore', '/tmp/somewhere'], 1],
  ])('%j ends with %i', async (args, code) => {
    expect((await run(args)).code).toBe(code);
  });

  it('explains every verb with an example', async () => {
    const verbsOf = (help: string) =>
      [...(help.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z][a-z-]*) /gm)]
        .map((match) => match[1] ?? '')
        .filter((verb) => verb !== 'help' && verb !== 'kopilka');
    const verbs = verbsOf((await run(['--help'])).answer);
    expect(verbs.length).toBeGreaterThanOrEqual(9);
    for (const verb of verbs) {
      const below = verbsOf((await run([verb, '--help'])).answer);
      for (const leaf of below.length === 0 ? [[verb]] : below.map((name) => [verb, name])) {
        expect(`${leaf.join(' ')}: ${(await run([...leaf, '--help'])).answer}`).toMatch(/Example:\n {2}\S/);
      }
    }
  });

  it('tells a wrong setting and a database that is away apart from a refusal', async () => {
    const wrong = await run(['migrate'], { KOPILKA_POTR: '1' });
    expect([wrong.code, wrong.remarks]).toEqual([2, expect.stringContaining('KOPILKA_PORT')]);
    const away = await run(['migrate'], { DATABASE_URL: 'postgres://127.0.0.1:1/nowhere' });
    expect([away.code, away.remarks]).toEqual([3, expect.stringContaining('ECONNREFUSED')]);
  });

  it('makes, lists and revokes keys; the answer alone goes to stdout', async () => {
    const made = await run(['apikey', 'create', 'POS', '--scopes', 'checkout,members:read', '--json']);
    const { id, key } = JSON.parse(made.answer) as { id: string; key: string };
    expect(key).toMatch(/^kpk_/);
    expect((await run(['apikey', 'create', 'site', '--scopes', 'checkout'])).answer).toMatch(/^kpk_\S+\n$/);
    expect((await run(['apikey', 'list'])).answer).toMatch(
      new RegExp(`${id} +POS +main +checkout,members:read +all +never +active`),
    );
    expect(await run(['apikey', 'revoke', id])).toMatchObject({ code: 0, answer: `revoked ${id}\n` });
    const listed = JSON.parse((await run(['apikey', 'list', '--json'])).answer) as { id: string; state: string }[];
    expect(listed.find((item) => item.id === id)?.state).toBe('revoked');
  });

  it('prints an OpenAPI document without any database', async () => {
    const { code, answer } = await run(['openapi'], { DATABASE_URL: 'postgres://127.0.0.1:1/nowhere' });
    expect(code).toBe(0);
    expect(JSON.parse(answer)).toMatchObject({
      openapi: '3.1.0',
      paths: { '/v1/api-keys': { post: { tags: ['access'] } } },
    });
  });

  it('migrates, and says that nothing is left to do', async () => {
    expect(await run(['migrate', '--json'])).toMatchObject({ code: 0, answer: '{\n  "applied": 0\n}\n' });
  });

  it('serves until it is told to stop, and then drains', async () => {
    const stop = new AbortController();
    const serving = run(['serve'], { KOPILKA_PORT: '18917' }, stop.signal);
    const ask = (path: string) =>
      fetch(`http://127.0.0.1:18917${path}`).then(
        (response) => response.status,
        () => 0,
      );
    await expect.poll(() => ask('/readyz'), { timeout: 15_000 }).toBe(200);
    expect(await ask('/v1/api-keys')).toBe(401);
    stop.abort();
    expect((await serving).code).toBe(0);
    expect(await ask('/healthz')).toBe(0);
  });
});
