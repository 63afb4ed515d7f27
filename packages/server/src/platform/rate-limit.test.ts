import { describe, expect, it } from 'vitest';
import { rateLimit } from './rate-limit.ts';

describe('the rate limit', () => {
  it('allows a minute’s calls at once, then one as each comes back', () => {
    const limit = rateLimit(60);
    const waits = Array.from({ length: 62 }, () => limit.take('a', 0).waitSeconds);
    expect(waits.filter((wait) => wait === 0)).toHaveLength(60);
    expect(limit.take('a', 999).waitSeconds).toBe(1);
    expect(limit.take('a', 1_000)).toEqual({ limit: 60, remaining: 0, resetSeconds: 60, waitSeconds: 0 });
    expect(limit.take('a', 1_000).waitSeconds).toBe(1);
  });

  it('gives each key its own bucket, never fuller than full', () => {
    const limit = rateLimit(2);
    limit.take('a', 0);
    limit.take('a', 0);
    expect(limit.take('b', 0).waitSeconds).toBe(0);
    const later = Array.from({ length: 3 }, () => limit.take('a', 3_600_000).waitSeconds);
    expect(later).toEqual([0, 0, 30]);
  });

  it('is not fooled by a clock that steps back', () => {
    const limit = rateLimit(1);
    expect(limit.take('a', 60_000).waitSeconds).toBe(0);
    expect(limit.take('a', 0).waitSeconds).toBe(60);
  });
});
