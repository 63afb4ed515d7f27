import type { Scope } from '@kopilka/contract';

/** Who calls: an API key now, staff with the web UI. Handlers pass it down; services check shops and write it to the audit log. */
export interface Caller {
  readonly kind: 'api_key' | 'cli' | 'system';
  /** The key's id, never the key. */
  readonly id: string;
  readonly name: string;
  /** The integration the key belongs to: receipts are idempotent within it (R20). */
  readonly integration: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Shops this caller may act for; null means all. */
  readonly shopIds: ReadonlySet<string> | null;
  /** A test key: what it does stays out of figures. */
  readonly test: boolean;
}
