import { createHash } from 'node:crypto';

/** The meaning of a request, short enough for a key row (R20). */
export function digestOf(meaning: string): Uint8Array {
  return createHash('sha256').update(meaning).digest().subarray(0, 16);
}

export function sameDigest(first: Uint8Array, second: Uint8Array): boolean {
  return Buffer.compare(first, second) === 0;
}
