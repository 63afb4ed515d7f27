import { type DestinationStream, pino } from 'pino';

/** Without `child`: pino does not hand the formatters that redact down to its bindings. */
export type Logger = Pick<pino.Logger, Exclude<LogLevel, 'silent'> | 'isLevelEnabled'>;

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

const depthMax = 6;
const itemsMax = 50;

// Personal data and secrets by the name of their field, in any of our spellings.
const secretFields: ReadonlySet<string> = new Set(
  [
    'phone',
    'phones',
    'email',
    'emails',
    'name',
    'firstname',
    'lastname',
    'middlename',
    'patronymic',
    'fullname',
  ].concat(
    ['birthday', 'birthdate', 'address', 'card', 'cards', 'cardnumber', 'identity', 'identities', 'value'],
    ['authorization', 'cookie', 'setcookie', 'password', 'secret', 'token', 'apikey', 'key', 'code', 'body', 'payload'],
    ['detail', 'where', 'parameters', 'values', 'headers', 'query', 'url'],
  ),
);
// Fields of an error that say what broke without saying about whom.
const errorFields = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine', 'syscall'] as const;

const email = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu;
const phone = /(?<![\w-])(?:\+\d{10,15}|(?:\+7|[78])[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}|9\d{9})(?![\w-])/g;
const card = /(?<![\w-])(?:\d{13}|\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4})(?![\w-])/g;
const apiKey = /kpk_[\w-]+/g;

/** Takes phones, e-mails, card numbers and keys out of a sentence: of a database's complaint, of a stack. */
export function maskText(text: string): string {
  return text.replace(email, '[email]').replace(apiKey, '[key]').replace(phone, '[phone]').replace(card, '[number]');
}

/** A copy for the log: fields that hold people or secrets are replaced, texts are masked, bigints become text. */
function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= depthMax) return '[deep]';
  if (value instanceof Error) return redactedError(value, depth);
  if (Array.isArray(value)) return value.slice(0, itemsMax).map((item) => redacted(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return redacted((value.toJSON as () => unknown).call(value), depth + 1);
  return redactedFields(value as Record<string, unknown>, depth);
}

function redactedFields(fields: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [field, part] of Object.entries(fields)) {
    copy[field] = secretFields.has(field.toLowerCase().replaceAll(/[_-]/g, ''))
      ? '[redacted]'
      : redacted(part, depth + 1);
  }
  return copy;
}

function redactedError(error: Error, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = { type: error.name, message: maskText(error.message) };
  for (const field of errorFields) {
    const part = (error as unknown as Record<string, unknown>)[field];
    if (typeof part === 'string') copy[field] = part;
  }
  if (error.stack !== undefined) copy['stack'] = maskText(error.stack);
  if (error.cause !== undefined) copy['cause'] = redacted(error.cause, depth + 1);
  return copy;
}

function errorIn(logged: unknown): Error | undefined {
  if (logged instanceof Error) return logged;
  const inside = typeof logged === 'object' && logged !== null && 'err' in logged ? logged.err : undefined;
  return inside instanceof Error ? inside : undefined;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly destination?: DestinationStream;
}

/** JSON lines: one `event` name and its fields. Everything passes through `redacted`: a caller may forget, the log does not. */
export function createLog(options: LogOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => redactedFields(fields, 0),
    },
    hooks: {
      logMethod(this: pino.Logger, input: Parameters<pino.LogFn>, method: pino.LogFn) {
        const masked = input.map((part: unknown) => (typeof part === 'string' ? maskText(part) : part));
        // Without a message pino would print the error's own, unmasked.
        const error = masked.length === 1 ? errorIn(masked[0]) : undefined;
        if (error !== undefined) masked.push(maskText(error.message));
        method.apply(this, masked as Parameters<pino.LogFn>);
      },
    },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}
