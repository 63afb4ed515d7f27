import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Config, type SettingName, table } from './config/table.ts';

export type { Config } from './config/table.ts';

export interface ConfigRefusal {
  readonly code: 'invalid_configuration';
  /** One sentence each, for the operator. */
  readonly details: { readonly problems: readonly string[] };
}

type Environment = Readonly<Record<string, string | undefined>>;
type ReadText = (file: string) => string;

const names = Object.keys(table) as SettingName[];
const schema = z.object(Object.fromEntries(names.map((name) => [name, table[name].read.optional()])));
const allowed = new Set(
  names.flatMap((name) => ('secret' in table[name] ? [table[name].env, `${table[name].env}_FILE`] : [table[name].env])),
);
/** Read by the tests, not by the server. */
const testPrefix = 'KOPILKA_TEST_';

/** Reads every setting from the environment. All problems at once: an operator should not find them one restart at a time. */
export function parseConfig(env: Environment, readText: ReadText = readUtf8): Outcome<Config, ConfigRefusal> {
  const problems = unknownNames(env);
  const texts: Partial<Record<SettingName, string>> = {};
  for (const name of names) {
    const given = givenText(name, env, readText);
    if (given.problem !== undefined) problems.push(given.problem);
    else if (given.text !== undefined) texts[name] = given.text;
  }
  const parsed = schema.safeParse(texts);
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0] as SettingName));
    for (const name of wrong) problems.push(wrongValue(name, texts[name] ?? ''));
  }
  if (
    texts.databaseUrl !== undefined &&
    texts.secret === undefined &&
    !problems.some((line) => line.startsWith('KOPILKA_SECRET'))
  ) {
    problems.push(
      'KOPILKA_SECRET is not set: with DATABASE_URL every process needs the same one. Make it with "openssl rand -base64 32".',
    );
  }
  if (problems.length > 0) return refused({ code: 'invalid_configuration', details: { problems } });
  // Absent is written down, so that reading a setting never depends on whether the key exists.
  const absent = Object.fromEntries(names.map((name) => [name, undefined]));
  return done({ ...absent, ...parsed.data } as Config);
}

function readUtf8(file: string): string {
  return readFileSync(file, 'utf8');
}

interface Given {
  readonly text?: string;
  readonly problem?: string;
}

function givenText(name: SettingName, env: Environment, readText: ReadText): Given {
  const { env: variable, fallback } = table[name];
  const direct = env[variable] || undefined; // an empty variable is what a compose file leaves behind: not set
  const file = 'secret' in table[name] ? env[`${variable}_FILE`] || undefined : undefined;
  if (direct !== undefined && file !== undefined)
    return { problem: `${variable} and ${variable}_FILE are both set: keep one.` };
  if (file === undefined) {
    const text = direct ?? fallback;
    return text === null ? {} : { text };
  }
  try {
    return { text: readText(file).trim() };
  } catch (error) {
    return {
      problem: `${variable}_FILE=${file}: the file cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
    };
  }
}

function wrongValue(name: SettingName, text: string): string {
  const described = table[name];
  const shown = 'secret' in described ? described.env : `${described.env}=${text}`;
  return `${shown}: expected ${described.expected.en}.`;
}

function unknownNames(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('KOPILKA_') && !name.startsWith(testPrefix) && !allowed.has(name))
    .map((name) => `${name} is not a setting of Kopilka. Did you mean ${nearest(name)}?`);
}

function nearest(wrong: string): string {
  let best = { name: '', distance: Number.POSITIVE_INFINITY };
  for (const name of allowed) {
    const found = distance(wrong, name);
    if (found < best.distance) best = { name, distance: found };
  }
  return best.name;
}

/** How many letters to add, drop or change (Levenshtein). */
function distance(first: string, second: string): number {
  let row = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...first].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...second].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[second.length] ?? 0;
}

/** The secret of an embedded installation: made at the first start, then always the same. */
export async function ensureSecret(config: Config): Promise<string> {
  if (config.secret !== undefined) return config.secret;
  const file = join(config.dataDir, 'secret');
  await mkdir(config.dataDir, { recursive: true, mode: 0o750 });
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(unfinished, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  // A hard link appears whole or not at all and never over an earlier one: of two first starts, one secret wins.
  await link(unfinished, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(unfinished);
  return (await readFile(file, 'utf8')).trim();
}

const headings = { en: ['Variable', 'Default', 'Meaning'], ru: ['Переменная', 'По умолчанию', 'Что это'] } as const;

/** The table in docs/manual/operator/configuration.md. */
export function renderConfigTable(language: 'en' | 'ru'): string {
  const file = { en: 'or a file named by', ru: 'или файл, названный в' }[language];
  const rows = names.map((name) => {
    const described = table[name];
    const variable =
      'secret' in described ? `\`${described.env}\`, ${file} \`${described.env}_FILE\`` : `\`${described.env}\``;
    const fallback = described.fallback === null ? '–' : `\`${described.fallback}\``;
    return [variable, fallback, `${described.meaning[language]} (${described.expected[language]})`];
  });
  return [headings[language], ['---', '---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
