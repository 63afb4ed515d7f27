import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '#modules/access/index.ts';
import { type House, openHouse } from '#test/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const install = (code: string, body: object, key?: string) =>
  house.call('POST', `/v1/playbooks/${code}/install`, body, key === undefined ? {} : { key });

describe('playbooks over HTTP', () => {
  it('lists them, and reads one with its program', async () => {
    const { items } = await house.ok('GET', '/v1/playbooks');
    expect(items).toHaveLength(5);
    expect(items[2]).toMatchObject({ code: 'c-book-publisher', title: { ru: 'Книжное издательство' } });
    expect(items[2]).not.toHaveProperty('program');
    const read = await house.ok('GET', '/v1/playbooks/c-book-publisher');
    expect(read).toMatchObject({ program: { format: 1, redeeming: { rate: '30' } } });
    expect(await house.call('GET', '/v1/playbooks/f')).toMatchObject({
      status: 404,
      body: { code: 'playbook_not_found' },
    });
  });

  it('R29: installs a draft and publishes nothing; it is on record', async () => {
    const installed = await install('d-hookah-chain', {});
    expect(installed).toMatchObject({ status: 201, body: { playbook: 'd-hookah-chain', revision: 1, problems: [] } });
    expect(await house.call('GET', '/v1/program')).toMatchObject({ status: 404 });
    const draft = await house.ok('GET', '/v1/program/draft');
    expect(draft).toMatchObject({ document: { name: 'Сеть кальянных магазинов' }, author: 'test' });
    const any = { beforeId: null, subjectKind: null, subjectId: null, actorId: null, from: null, until: null };
    const [entry] = await listAudit(house.foundation.db, { ...any, action: 'playbook.install', limit: 1 });
    expect(entry).toMatchObject({ action: 'playbook.install', subject: { kind: 'playbook', id: 'd-hookah-chain' } });
  });

  it('does not lose a draft that somebody works on, unless told to', async () => {
    const refused = await install('a-cosmetics-chain', {});
    expect(refused).toMatchObject({ status: 409, body: { code: 'draft_exists' } });
    expect(await house.ok('GET', '/v1/program/draft')).toMatchObject({
      document: { name: 'Сеть кальянных магазинов' },
    });
    expect(await install('a-cosmetics-chain', { replace: true })).toMatchObject({ status: 201, body: { revision: 2 } });
    expect(await house.ok('GET', '/v1/program/draft')).toMatchObject({ document: { name: 'Сеть косметики' } });
  });

  it('what is installed can be published as it is, and over another one', async () => {
    const first = await house.ok('POST', '/v1/program/publish', { comment: 'as installed' });
    expect(first).toMatchObject({ version: 1, document: { redeeming: { rate: '30' } } });
    const next = await install('e-two-small-towns', {});
    expect(next).toMatchObject({ status: 201 });
    expect(next.body['changes'].length).toBeGreaterThan(0);
    expect(await house.ok('GET', '/v1/program')).toMatchObject({ version: 1 });
  });

  it('needs the scope program:write', async () => {
    const key = await house.key({ scopes: ['program:read'] });
    expect(await install('e-two-small-towns', { replace: true }, key)).toMatchObject({ status: 403 });
    expect(await house.call('GET', '/v1/playbooks', undefined, { key })).toMatchObject({ status: 200 });
  });
});
