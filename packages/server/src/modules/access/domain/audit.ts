import type { Temporal } from 'temporal-polyfill';

/** Who changed what, when, from what to what. Never personal data: ids and figures (R34 would have to erase it). */
export interface AuditEntry {
  readonly id: string;
  readonly at: Temporal.Instant;
  readonly actor: { readonly kind: 'api_key' | 'cli' | 'system'; readonly id: string; readonly name: string };
  /** noun.verb, such as program.publish. */
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string };
  /** Plain JSON; bigints are allowed. Null: there was nothing, or nothing is left. */
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditFilter {
  readonly beforeId: string | null;
  readonly action: string | null;
  readonly subjectKind: string | null;
  readonly subjectId: string | null;
  readonly actorId: string | null;
  readonly from: Temporal.Instant | null;
  readonly until: Temporal.Instant | null;
  readonly limit: number;
}
