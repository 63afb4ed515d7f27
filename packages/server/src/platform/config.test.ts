import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Config, ensureSecret, parseConfig, renderConfigTable } from './config.ts';

const secret = 'a secret of at least thirty-two characters';

function configOf(env: Record<string, string>): Config {
  const parsed = parseConfig(env);
  if (!parsed.ok) throw new Error(parsed.refusal.details.problems.join('\n'));
  return parsed.value;
}

function problemsOf(env: Record<string, string>, readText?: (file: string) => string): readonly string[] {
  const parsed = parseConfig(env, readText);
  return parsed.ok ? [] : parsed.refusal.details.problems;
}

describe('the settings', () => {
  it('are complete without a single variable', () => {
    expect(configOf({ HOME: '/home/anna' })).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      dataDir: join(process.cwd(), 'data'),
      databaseUrl: undefined,
      secret: undefined,
      timeZone: 'Europe/Moscow',
      currency: 'RUB',
      trustProxy: 0,
      demo: true,
    });
  });

  it.each([
    [{ KOPILKA_PORT: '80a' }, 'KOPILKA_PORT=80a: expected a whole number from 1 to 65535.'],
    [{ KOPILKA_PORT: '0' }, 'KOPILKA_PORT=0: expected a whole number from 1 to 65535.'],
    [{ KOPILKA_PORT: '-1' }, 'KOPILKA_PORT=-1: expected a whole number from 1 to 65535.'],
    [{ KOPILKA_PORT: '1e3' }, 'KOPILKA_PORT=1e3: expected a whole number from 1 to 65535.'],
    [
      { KOPILKA_TIME_ZONE: 'Mars/Olympus' },
      'KOPILKA_TIME_ZONE=Mars/Olympus: expected a time zone such as Europe/Moscow.',
    ],
    [{ KOPILKA_TIME_ZONE: '+03:00' }, 'KOPILKA_TIME_ZONE=+03:00: expected a time zone such as Europe/Moscow.'],
    [{ KOPILKA_CURRENCY: 'rub' }, 'KOPILKA_CURRENCY=rub: expected a currency code such as RUB.'],
    [{ KOPILKA_DEMO: 'yes' }, 'KOPILKA_DEMO=yes: expected 1 or 0.'],
    [{ KOPILKA_SECRET: 'short' }, 'KOPILKA_SECRET: expected at least 32 characters.'],
    [
      { DATABASE_URL: 'mysql://a', KOPILKA_SECRET: secret },
      'DATABASE_URL: expected an address such as postgres://name:password@host:5432/database.',
    ],
    [{ KOPILKA_PROT: '1' }, 'KOPILKA_PROT is not a setting of Kopilka. Did you mean KOPILKA_PORT?'],
    [{ KOPILKA_TIMEZONE: 'UTC' }, 'KOPILKA_TIMEZONE is not a setting of Kopilka. Did you mean KOPILKA_TIME_ZONE?'],
    [
      { KOPILKA_SECRET: secret, KOPILKA_SECRET_FILE: '/x' },
      'KOPILKA_SECRET and KOPILKA_SECRET_FILE are both set: keep one.',
    ],
    [
      { KOPILKA_SECRET_FILE: '/nowhere/secret' },
      'KOPILKA_SECRET_FILE=/nowhere/secret: the file cannot be read (ENOENT).',
    ],
  ])('%j is refused: %s', (env, sentence) => {
    expect(problemsOf(env)).toEqual([sentence]);
  });

  it('tell all problems at once', () => {
    expect(problemsOf({ KOPILKA_PORT: 'x', KOPILKA_DEMO: 'x', KOPILKA_PROT: '1' })).toHaveLength(3);
  });

  it('never repeat a secret in a problem', () => {
    const password = 'hunter2hunter2';
    expect(problemsOf({ KOPILKA_SECRET: password, DATABASE_URL: `mysql://a:${password}@b` }).join()).not.toContain(
      password,
    );
  });

  it('want a secret where the database is not ours, because several processes must share it', () => {
    expect(problemsOf({ DATABASE_URL: 'postgres://a@b/c' })[0]).toMatch(/^KOPILKA_SECRET is not set/);
    expect(configOf({ DATABASE_URL: 'postgres://a@b/c', KOPILKA_SECRET: secret }).secret).toBe(secret);
  });

  it('read a secret from a file, without the line end that editors leave', () => {
    const parsed = parseConfig({ KOPILKA_SECRET_FILE: '/run/secrets/kopilka' }, (file) => `${secret} ${file}\n`);
    expect(parsed).toMatchObject({ ok: true, value: { secret: `${secret} /run/secrets/kopilka` } });
  });

  it('take an empty variable for an absent one, and leave the variables of tests alone', () => {
    expect(configOf({ KOPILKA_PORT: '', DATABASE_URL: '', KOPILKA_TEST_PG: '15' }).port).toBe(8080);
  });

  it.each([
    ['2', 2],
    ['10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
  ])('believe proxies: %s', (text, answer) => {
    expect(configOf({ KOPILKA_TRUST_PROXY: text }).trustProxy).toEqual(answer);
  });

  it.each(['true', '10.0.0.0/33', 'proxy.local', '1.2.3.4/8/8'])('do not believe %s to be a proxy', (text) => {
    expect(problemsOf({ KOPILKA_TRUST_PROXY: text })).toHaveLength(1);
  });
});

describe('the generated secret', () => {
  it('is made once, is readable by its owner only, and one of several first starts wins', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kopilka-config-'));
    try {
      const config = configOf({ KOPILKA_DATA_DIR: folder });
      const first = await Promise.all([1, 2, 3, 4].map(() => ensureSecret(config)));
      expect(new Set(first).size).toBe(1);
      expect(await ensureSecret(config)).toBe(first[0]);
      expect(first[0]?.length).toBeGreaterThan(40);
      expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the table of the manual', () => {
  it.each(['en', 'ru'] as const)('has every variable with its default and its meaning (%s)', (language) => {
    const lines = renderConfigTable(language).trim().split('\n');
    expect(lines).toHaveLength(2 + Object.keys(configOf({})).length);
    expect(lines.find((line) => line.includes('`KOPILKA_PORT`'))).toContain('`8080`');
    expect(lines.find((line) => line.includes('DATABASE_URL_FILE'))).toContain('PostgreSQL');
  });
});
