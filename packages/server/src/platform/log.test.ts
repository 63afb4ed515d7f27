import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { createLog, maskText } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

describe('the log', () => {
  it.each([
    ['call +79161234567 now', 'call [phone] now'],
    ['call 8 (916) 123-45-67 now', 'call [phone] now'],
    ['key (value)=(9161234567) exists', 'key (value)=([phone]) exists'],
    ['from anna.k@example.com to анна@пример.рф', 'from [email] to [email]'],
    ['card 4276 1234 1234 1234, ean 4600000000017', 'card [number], ean [number]'],
    ['Bearer kpk_0190a6e000007000800000000000abcd_abc-DEF_123', 'Bearer [key]'],
    // What must stay readable: ids, sums, times.
    [
      'member 01916123-4567-7123-8912-345678901234 has 1000000',
      'member 01916123-4567-7123-8912-345678901234 has 1000000',
    ],
    ['at 2026-03-01T10:00:00Z took 91612 ms', 'at 2026-03-01T10:00:00Z took 91612 ms'],
  ])('masks %j', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it('replaces fields that hold people or secrets, at any depth', () => {
    const line = logged((log) =>
      log.info({
        event: 'test',
        member: { id: 'm-1', first_name: 'Anna', phones: ['+79161234567'] },
        list: [{ Email: 'a@b.ru', cardNumber: '1' }],
        headers: { authorization: 'Bearer x' },
        points: 5n,
        at: Temporal.Instant.from('2026-03-01T10:00:00Z'),
      }),
    );
    expect(line).toMatchObject({
      event: 'test',
      member: { id: 'm-1', first_name: '[redacted]', phones: '[redacted]' },
      list: [{ Email: '[redacted]', cardNumber: '[redacted]' }],
      headers: '[redacted]',
      points: '5',
      at: '2026-03-01T10:00:00Z',
    });
  });

  it('tells of a database’s complaint what broke, not about whom', () => {
    const complaint = Object.assign(new Error('duplicate key value: +79161234567'), {
      code: '23505',
      constraint: 'identity_pkey',
      detail: 'Key (kind, value)=(phone, +79161234567) already exists.',
      parameters: ['+79161234567'],
    });
    for (const write of [
      (log: ReturnType<typeof createLog>) => log.error({ event: 'bug', err: new Error('outer', { cause: complaint }) }),
      (log: ReturnType<typeof createLog>) => log.error(complaint),
      (log: ReturnType<typeof createLog>) => log.error({ err: complaint }, 'saving 89161234567'),
    ]) {
      const line = logged(write);
      expect(JSON.stringify(line)).toContain('identity_pkey');
      expect(JSON.stringify(line)).not.toContain('9161234567');
    }
  });
});
