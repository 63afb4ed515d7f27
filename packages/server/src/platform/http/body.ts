import { isUtf8 } from 'node:buffer';
import { HttpProblem } from './problems.ts';

const depthMax = 64;

// Tab, line feed and carriage return are text; the rest, and DEL, is not. PostgreSQL cannot store NUL at all.
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** A body that is not JSON, on its way: only routes whose contract `takesFile` read it. */
export class FileBody {
  readonly bytes: AsyncIterable<Uint8Array>;
  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.bytes = bytes;
  }
}

export const fileTypes = ['text/csv', 'application/gzip', 'application/octet-stream'];

export function isCleanText(text: string): boolean {
  return !controlCharacters.test(text) && text.isWellFormed();
}

/**
 * JSON as the wire allows it: UTF-8, at most 64 levels, no control characters or half surrogates in any text, no `__proto__`. An empty body is
 * no body: clients send the content type with a bare DELETE.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new HttpProblem('bad_request', { detail: 'the body is not UTF-8' });
  const json = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new HttpProblem('bad_request', { detail: 'the body is not JSON' });
  }
  // Raw control characters are no JSON, so a bad text needs an escape or a DEL: most bodies have neither, and their texts need no look.
  const isSuspicious = json.includes('\\') || json.includes('\u007f');
  const field = badText(value, 0, isSuspicious);
  if (field !== undefined) throw new HttpProblem('bad_request', { field, detail: badTextSentence });
  return value;
}

export const badTextSentence = 'control characters or broken Unicode are not allowed';

/** The pointer to the first bad text, built on the way back only: good bodies pay for no pointer. */
function badText(value: unknown, depth: number, isSuspicious: boolean): string | undefined {
  if (typeof value === 'string') return isSuspicious && !isCleanText(value) ? '' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= depthMax) throw new HttpProblem('bad_request', { detail: `more than ${depthMax} levels` });
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = badText(value[index], depth + 1, isSuspicious);
      if (found !== undefined) return `/${index}${found}`;
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || (isSuspicious && !isCleanText(key))) return '';
    const found = badText((value as Record<string, unknown>)[key], depth + 1, isSuspicious);
    if (found !== undefined) return `/${pointerPart(key)}${found}`;
  }
  return undefined;
}

/** RFC 6901. */
export function pointerPart(key: PropertyKey): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1');
}
