/** A token bucket per key, in this process's memory: with several processes each allows the whole rate. */
export interface RateLimit {
  /** Takes one call of `key`. `waitSeconds` is 0 when it is allowed. */
  take(key: string, epochMilliseconds: number): RateVerdict;
}

export interface RateVerdict {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the bucket is full again. */
  readonly resetSeconds: number;
  readonly waitSeconds: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

// API keys are made by people; more than this many is a mistake, and memory must have an end.
const bucketsMax = 10_000;

/** A burst of a whole minute's calls is allowed, then they come back evenly. */
export function rateLimit(perMinute: number): RateLimit {
  const buckets = new Map<string, Bucket>();
  const perMillisecond = perMinute / 60_000;
  return {
    take: (key, now) => {
      let bucket = buckets.get(key);
      if (bucket === undefined) {
        if (buckets.size >= bucketsMax) buckets.clear();
        bucket = { tokens: perMinute, filledAt: now };
        buckets.set(key, bucket);
      }
      // A clock that steps back must not empty or overfill a bucket.
      bucket.tokens = Math.min(perMinute, bucket.tokens + Math.max(0, now - bucket.filledAt) * perMillisecond);
      bucket.filledAt = now;
      const allowed = bucket.tokens >= 1;
      if (allowed) bucket.tokens -= 1;
      return {
        limit: perMinute,
        remaining: Math.floor(bucket.tokens),
        resetSeconds: Math.ceil((perMinute - bucket.tokens) / perMillisecond / 1000),
        waitSeconds: allowed ? 0 : Math.max(1, Math.ceil((1 - bucket.tokens) / perMillisecond / 1000)),
      };
    },
  };
}
