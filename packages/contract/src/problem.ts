import { z } from 'zod';

/** RFC 9457. `type` is `https://kopilka.dev/problems/<code>`; read `code`, it is stable. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  /** JSON pointer to what is wrong: /lines/0/quantity. */
  field: z.string().optional(),
  request_id: z.string(),
  /** For bad_request: every finding, the first of which is also in field and detail. */
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof problem>;

/** What any route may answer. */
export const sharedProblems = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  idempotency_conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;
export type SharedProblemCode = keyof typeof sharedProblems;
