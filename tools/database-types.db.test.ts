import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../packages/server/test/database.ts';
import { databaseTypes, databaseTypesFile } from './database-types.mjs';
import { repository, textOf } from './files.mjs';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

it('the types of the database are fresh (node tools/database-types.mjs)', async () => {
  const onDisk = existsSync(join(repository, databaseTypesFile)) ? textOf(repository, databaseTypesFile) : '';
  expect(onDisk).toBe(await databaseTypes(database.url));
});

it('a new table changes them, with the types our driver answers', async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('create schema planted');
  await client.query('create table planted.fault (points bigint not null, at timestamptz not null, on_day date)');
  await client.end();
  const types = await databaseTypes(database.url);
  expect(types).toContain('"planted.fault": PlantedFault;');
  expect(types).toMatch(/at: Temporal\.Instant;\s+on_day: Temporal\.PlainDate \| null;\s+points: bigint;/);
});
