import type { z } from 'zod';

/** What an API key may do. `admin` covers every other scope. */
export const scopes = [
  'checkout',
  'members:read',
  'members:write',
  'catalog:read',
  'catalog:write',
  'program:read',
  'program:write',
  'points:adjust',
  'imports',
  'reports:read',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

/** One HTTP route as both sides know it: the server validates and documents by it, the UIs type their calls by it. */
export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Fastify's form: /v1/members/:memberId */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** null: no key needed (health, openapi). */
  readonly scope: Scope | null;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** Not JSON: the handler's value is an AsyncIterable of bytes that is streamed as it is. */
  readonly answers?: 'text/csv';
  /** Instead of a JSON body a file, streamed as it comes: text/csv, application/gzip or application/octet-stream. */
  readonly takesFile?: true;
  /** Status of success; 200 when not given. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Stable refusal codes with the status each is answered with; those every route shares (bad_request, unauthorized …) are not repeated. */
  readonly refusals: Readonly<Record<string, 400 | 403 | 404 | 409 | 410 | 413 | 422 | 423 | 429>>;
  /** True: an Idempotency-Key header makes a repeat answer the same. Routes whose own id serves leave it out. */
  readonly idempotencyKey?: boolean;
}

export function route<const Contract extends RouteContract>(contract: Contract): Contract {
  return contract;
}
