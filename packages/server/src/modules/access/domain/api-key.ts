/** What may call us: a key, made once, shown once, kept as a hash. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** Receipts are idempotent within it (R20); a replaced key keeps its integration. */
  readonly integration: string;
  readonly scopes: readonly string[];
  /** Null: every shop. */
  readonly shopIds: readonly string[] | null;
  readonly test: boolean;
}

const form = /^kpk_([0-9a-f]{32})_([\w-]{43})$/;

export interface KeyText {
  readonly id: string;
  readonly secret: string;
}

/** kpk_<id>_<secret>: recognisable for scanners of leaked secrets, and its id finds the row without trying hashes. */
export function formatKey(id: string, secret: string): string {
  return `kpk_${id.replaceAll('-', '')}_${secret}`;
}

function parseKey(text: string): KeyText | null {
  const [, hex, secret] = form.exec(text) ?? [];
  if (hex === undefined || secret === undefined) return null;
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return { id, secret };
}

/** The key in an Authorization header, or null. The scheme's name has no case (RFC 9110). */
export function bearerKey(authorization: string | undefined): KeyText | null {
  if (authorization === undefined || authorization.slice(0, 7).toLowerCase() !== 'bearer ') return null;
  return parseKey(authorization.slice(7).trim());
}
