import type { Instant } from '#kernel/time.ts';
import type { ProgramDocument } from './document.ts';

export interface Author {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** A published version; it never changes. The greatest number is in force. */
export interface ProgramVersion {
  readonly number: number;
  readonly comment: string;
  readonly author: Author;
  readonly publishedAt: Instant;
  readonly restoredFrom: number | null;
}

/** What the marketer is working on: as written, valid or not yet. */
export interface Draft {
  readonly document: Record<string, unknown>;
  readonly revision: number;
  readonly basedOn: number | null;
  readonly author: Author;
  readonly savedAt: Instant;
}

/** Documents are kept as they were written then; reading brings them to today's format. */
export interface StoredVersion extends ProgramVersion {
  readonly json: unknown;
}

export interface NewVersion extends ProgramVersion {
  readonly document: ProgramDocument;
}
