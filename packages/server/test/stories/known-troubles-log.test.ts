// A day of the whole product with the log at its most talkative: nobody can be recognised in it, no key can be taken from it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDueWork } from '#platform/due-work.ts';
import { createLog } from '#platform/log.ts';
import { relay } from '#platform/relay.ts';
import { everyRoute, openWorld, send, type World } from '../bad-input/world.ts';

/** What must never be seen: each stands in a request of the day, in one of its spellings. */
const secrets = {
  phone: '79167778899',
  phoneAsTyped: '8 (916) 777-88-99',
  email: 'karenina@vronsky.example',
  firstName: 'Аннушка',
  lastName: 'Каренина-Облонская',
  birthday: '1973-04-17',
  card: '9990001112223',
  telegram: '700800900',
  reason: 'соседка пожаловалась',
};

describe('the log of a day', () => {
  const lines: string[] = [];
  let world: World;
  let memberId: string;
  const keys: string[] = [];

  beforeAll(async () => {
    const log = createLog({ level: 'trace', destination: { write: (line: string) => lines.push(line) } });
    world = await openWorld({ log });
    await dayOfOne();
    for (const asked of everyRoute(world)) await send(world.house, asked);
    await dayOfTrouble();
    await dayOfTheWorker();
  });
  afterAll(() => world.house.close());

  async function dayOfOne(): Promise<void> {
    const { house } = world;
    const key = await house.key();
    keys.push(key);
    const made = await house.ok('POST', '/v1/members', {
      identities: [
        { kind: 'phone', value: secrets.phoneAsTyped },
        { kind: 'email', value: secrets.email },
        { kind: 'card', value: secrets.card },
        { kind: 'telegram', value: secrets.telegram },
      ],
      ...{ first_name: secrets.firstName, last_name: secrets.lastName, birthday: secrets.birthday },
    });
    memberId = made['member'].member_id;
    const find = (kind: string, value: string) =>
      house.call('GET', `/v1/members/by-identity?${new URLSearchParams({ kind, value }).toString()}`, undefined, {
        key,
      });
    await find('phone', `+${secrets.phone}`);
    await find('email', secrets.email);
    await find('card', secrets.card);
    await house.ok('GET', `/v1/members?query=${encodeURIComponent(secrets.lastName)}`);
    const cart = { shop: 'main', lines: [{ sku: 'CREAM', quantity: 1000, sum: 100_000 }] };
    for (const member of [{ phone: secrets.phoneAsTyped }, { email: secrets.email }, { card: secrets.card }])
      await house.ok('POST', '/v1/checkout/quote', { ...cart, member });
    await house.ok('POST', '/v1/checkout/confirm', { ...cart, id: 'LOG-1', member: { card: secrets.card } });
    await house.ok('POST', `/v1/members/${memberId}/block`, { reason: secrets.reason });
    await house.ok('POST', `/v1/members/${memberId}/export`);
  }

  /** Refusals, what is no request, and failures of the database, whose complaints quote the rows. */
  async function dayOfTrouble(): Promise<void> {
    const { house } = world;
    const phone = { kind: 'phone', value: secrets.phoneAsTyped };
    await house.call('POST', '/v1/members', { identities: [phone] });
    await house.call('POST', '/v1/members', { identities: [phone], first_name: 7, last_name: secrets.lastName });
    await house.call('POST', '/v1/members', `{"identities": [{"value": "${secrets.phone}"`);
    await house.call('GET', `/v1/nothing/${secrets.phone}?email=${secrets.email}`);
    await house.call('GET', '/v1/shops', undefined, { key: `${keys[0] ?? ''}x` });
    await house.call('GET', '/v1/shops', undefined, { headers: { 'x-request-id': `+${secrets.phone}` } });
    const { pool } = house.foundation.db;
    await pool.query('alter table members.member add constraint nobody check (first_name is null) not valid');
    const failed = await house.call('PATCH', `/v1/members/${memberId}`, { first_name: `${secrets.firstName}2` });
    expect(failed).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(JSON.stringify(failed.body)).not.toContain(secrets.firstName);
    await pool.query('alter table members.member drop constraint nobody');
  }

  async function dayOfTheWorker(): Promise<void> {
    const { log, metrics, db, clock } = world.house.foundation;
    const now = () => clock.now();
    await runDueWork({ work: world.house.kopilka.dueWork, log, metrics, now });
    await relay({ db, listeners: world.house.kopilka.listeners, log, metrics, now }).drain();
  }

  it('every request, refusal and failure of the day is in it', () => {
    const events = lines.map((line) => JSON.parse(line) as { event: string; status?: number });
    expect(events.filter(({ event }) => event === 'request').length).toBeGreaterThan(100);
    expect(events.some(({ event }) => event === 'bug')).toBe(true);
    expect(events.some(({ status }) => status === 401)).toBe(true);
  });

  it.each(Object.entries(secrets))('no %s is in it', (_name, secret) => {
    expect(lines.filter((line) => line.toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
  });

  it('no number that could be a phone or a card is in it', () => {
    const loose = lines.filter((line) =>
      /(?<![\w.-])\+?\d{10,19}(?![\w-])/.test(line.replaceAll(/"time":"[^"]*"/g, '')),
    );
    expect(loose).toEqual([]);
  });

  it('no key and no address of anybody is in it', () => {
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(lines.filter((line) => line.includes(key.slice(0, 16)))).toEqual([]);
    expect(
      lines.filter((line) => /kpk_|@|Bearer/.test(line.replaceAll(/\(?file:[^)"\\]*|node_modules\/@[\w-]+/g, ''))),
    ).toEqual([]);
  });
});
