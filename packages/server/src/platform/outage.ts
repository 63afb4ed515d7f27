import { sqlState } from './db.ts';

// Class 08 is the connection; these say that the server is leaving, full, read-only or too slow: nothing is wrong with the request.
const outageStates: ReadonlySet<string> = new Set([
  '25006',
  '40001',
  '40P01',
  '53000',
  '53100',
  '53200',
  '53300',
  '53400',
  '55P03',
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
]);
const socketCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
// What pg throws without a code.
const driverWords =
  /connection terminated|connection error|not queryable|timeout exceeded when trying to connect|timeout expired|cannot use a pool after calling end|client was closed/i;

/** True when the database is away or overloaded: the same call may succeed a moment later. Anything else that is thrown is a bug. */
export function isOutage(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== '') return state.startsWith('08') || outageStates.has(state);
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isOutage);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isSocket = 'syscall' in error && socketCodes.has(code) && error.syscall !== 'open';
  return isSocket || driverWords.test(error.message);
}
