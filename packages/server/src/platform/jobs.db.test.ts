import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { type Jobs, startJobs } from './jobs.ts';
import { createLog } from './log.ts';

let test: TestDatabase;
let jobs: Jobs;

beforeAll(async () => {
  test = await createTestDatabase();
  jobs = await startJobs({ url: test.url, log: createLog({ level: 'silent' }) });
});

afterAll(async () => {
  await jobs.stop();
  await test.drop();
});

describe('jobs', () => {
  it('carry pokes to their worker, and a failed one comes again', async () => {
    const seen: string[] = [];
    await jobs.createQueue('poke', { retriesMax: 2 });
    await jobs.work('poke', async (data) => {
      seen.push(data['id'] ?? '');
      if (data['id'] === 'broken' && seen.filter((id) => id === 'broken').length === 1) throw new Error('once');
    });
    await jobs.send('poke', { id: 'a' });
    await jobs.send('poke', { id: 'broken' });
    await expect.poll(() => seen.toSorted(), { timeout: 15_000 }).toEqual(['a', 'broken', 'broken']);
  });

  it('of a queue that takes one at a time: of many pokes that wait one is kept', async () => {
    await jobs.createQueue('single', { oneAtATime: true });
    for (let time = 0; time < 5; time += 1) await jobs.send('single', { time: String(time) });
    const seen: string[] = [];
    await jobs.work('single', async (data) => {
      seen.push(data['time'] ?? '');
    });
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['0']);
  });

  it('may be scheduled again and again', async () => {
    await jobs.createQueue('nightly');
    await jobs.schedule('nightly', '0 3 * * *', 'Europe/Moscow');
    await expect(jobs.schedule('nightly', '0 4 * * *', 'Asia/Yekaterinburg')).resolves.toBeUndefined();
    await expect(jobs.schedule('nightly', 'at night', 'Europe/Moscow')).rejects.toThrow();
  });
});
