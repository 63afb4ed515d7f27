import { hash } from 'node:crypto';

/** 256 random bits cannot be guessed, so the hash may be fast: it is made for every request, in one call. */
export function hashSecret(secret: string): Uint8Array {
  return hash('sha256', secret, 'buffer');
}
