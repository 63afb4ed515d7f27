import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';

/** One environment variable: how its text is read, what happens without it, and what an operator is told about it. */
interface Setting<Value, Fallback extends string | null> {
  readonly env: string;
  /** The text used when the variable is absent or empty; null: there is none. */
  readonly fallback: Fallback;
  readonly read: z.ZodType<Value, string>;
  /** Never shown; may also come from a file named by `<env>_FILE`. */
  readonly secret?: true;
  /** Completes "expected …". */
  readonly expected: { readonly en: string; readonly ru: string };
  readonly meaning: { readonly en: string; readonly ru: string };
}

const setting = <Value, const Fallback extends string | null>(
  described: Setting<Value, Fallback>,
): Setting<Value, Fallback> => described;

function integer(least: number, most: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most));
}

const between = (least: number, most: number) => ({
  en: `a whole number from ${least} to ${most}`,
  ru: `целое число от ${least} до ${most}`,
});

const yesOrNo = z.enum(['0', '1']).transform((text) => text === '1');
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** As Fastify takes it: how many proxies stand before us, or whose word is believed. */
const trustedProxies = z
  .string()
  .refine((text) => /^\d{1,2}$/.test(text) || text.split(',').every((part) => isNetwork(part.trim())))
  .transform((text): number | readonly string[] =>
    /^\d{1,2}$/.test(text) ? Number(text) : text.split(',').map((part) => part.trim()),
  );

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function isTimeZone(name: string): boolean {
  try {
    // Offsets such as +03:00 are accepted by Intl too, but they know no summer time and no name for people.
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

export const table = {
  host: setting({
    env: 'KOPILKA_HOST',
    fallback: '127.0.0.1',
    read: z.string().regex(/^[^\s/]+$/),
    expected: { en: 'an address or a host name', ru: 'адрес или имя узла' },
    meaning: {
      en: 'The address to listen on. `127.0.0.1` is reachable from this machine only, which is right behind a proxy; `0.0.0.0` from everywhere.',
      ru: 'Адрес, на котором слушает сервер. `127.0.0.1` доступен только с этой машины, так и нужно за прокси; `0.0.0.0` — отовсюду.',
    },
  }),
  port: setting({
    env: 'KOPILKA_PORT',
    fallback: '8080',
    read: integer(1, 65_535),
    expected: between(1, 65_535),
    meaning: { en: 'The port to listen on.', ru: 'Порт, на котором слушает сервер.' },
  }),
  dataDir: setting({
    env: 'KOPILKA_DATA_DIR',
    fallback: './data',
    read: z.string().transform((text) => resolve(text)),
    expected: { en: 'a folder', ru: 'папка' },
    meaning: {
      en: 'The folder of the embedded database and of the generated secret.',
      ru: 'Папка встроенной базы данных и созданного секрета.',
    },
  }),
  databaseUrl: setting({
    env: 'DATABASE_URL',
    fallback: null,
    secret: true,
    read: z.string().regex(/^postgres(ql)?:\/\/./),
    expected: {
      en: 'an address such as postgres://name:password@host:5432/database',
      ru: 'адрес вида postgres://имя:пароль@узел:5432/база',
    },
    meaning: {
      en: 'Your own PostgreSQL, version 15 or later. Without it Kopilka runs the embedded one.',
      ru: 'Ваш PostgreSQL версии 15 или новее. Без него Kopilka запускает встроенный.',
    },
  }),
  poolSize: setting({
    env: 'KOPILKA_POOL_SIZE',
    fallback: '20',
    read: integer(2, 150),
    expected: between(2, 150),
    meaning: {
      en: 'How many connections to PostgreSQL one process opens at most.',
      ru: 'Сколько соединений с PostgreSQL открывает один процесс, не больше.',
    },
  }),
  secret: setting({
    env: 'KOPILKA_SECRET',
    fallback: null,
    secret: true,
    read: z.string().min(32),
    expected: { en: 'at least 32 characters', ru: 'не меньше 32 знаков' },
    meaning: {
      en: 'The key of stored hashes (confirmation codes, phones and cards that are remembered after an erasure). Losing it makes them void: a welcome gift could be had twice. With the embedded database it is generated once into the data folder; with `DATABASE_URL` it must be given, the same to every process.',
      ru: 'Ключ хранимых хешей (коды подтверждения, телефоны и карты, которые помнятся после удаления данных). Если он потерян, хеши бесполезны: приветственный подарок можно получить дважды. Для встроенной базы создаётся один раз в папке данных; с `DATABASE_URL` задаётся обязательно, один на все процессы.',
    },
  }),
  logLevel: setting({
    env: 'KOPILKA_LOG_LEVEL',
    fallback: 'info',
    read: z.enum(logLevels),
    expected: { en: `one of ${logLevels.join(', ')}`, ru: `одно из ${logLevels.join(', ')}` },
    meaning: {
      en: 'How much is written to the log. Personal data is never written.',
      ru: 'Насколько подробен журнал. Персональные данные не пишутся никогда.',
    },
  }),
  timeZone: setting({
    env: 'KOPILKA_TIME_ZONE',
    fallback: 'Europe/Moscow',
    read: z.string().refine(isTimeZone),
    expected: { en: 'a time zone such as Europe/Moscow', ru: 'часовой пояс, например Europe/Moscow' },
    meaning: {
      en: 'The zone whose days count where neither a member nor a shop has its own.',
      ru: 'Пояс, по чьим дням считаются сроки, если своего нет ни у участника, ни у магазина.',
    },
  }),
  currency: setting({
    env: 'KOPILKA_CURRENCY',
    fallback: 'RUB',
    read: z.string().refine((text) => Intl.supportedValuesOf('currency').includes(text)),
    expected: { en: 'a currency code such as RUB', ru: 'код валюты, например RUB' },
    meaning: { en: 'The currency of all sums.', ru: 'Валюта всех сумм.' },
  }),
  trustProxy: setting({
    env: 'KOPILKA_TRUST_PROXY',
    fallback: '0',
    read: trustedProxies,
    expected: {
      en: 'how many proxies stand before Kopilka (0 to 99), or their addresses separated by commas',
      ru: 'сколько прокси стоит перед Kopilka (от 0 до 99) или их адреса через запятую',
    },
    meaning: {
      en: "Whose `X-Forwarded-For` is believed. With `0` the caller's address is the connection's.",
      ru: 'Чьему `X-Forwarded-For` верить. При `0` адрес вызывающего — адрес соединения.',
    },
  }),
  rateLimitPerMinute: setting({
    env: 'KOPILKA_RATE_LIMIT_PER_MINUTE',
    fallback: '6000',
    read: integer(1, 10_000_000),
    expected: between(1, 10_000_000),
    meaning: {
      en: 'Requests one API key may make in a minute; above it, answers are 429.',
      ru: 'Сколько запросов в минуту может сделать один ключ API; сверх того ответ 429.',
    },
  }),
  bodyLimitBytes: setting({
    env: 'KOPILKA_BODY_LIMIT_BYTES',
    fallback: '4194304',
    read: integer(1024, 1_073_741_824),
    expected: between(1024, 1_073_741_824),
    meaning: {
      en: 'The largest request body that is read; above it, answers are 413.',
      ru: 'Самое большое тело запроса, которое читается; сверх того ответ 413.',
    },
  }),
  demo: setting({
    env: 'KOPILKA_DEMO',
    fallback: '1',
    read: yesOrNo,
    expected: { en: '1 or 0', ru: '1 или 0' },
    meaning: {
      en: '`1`: `npm start` fills an empty database with a demo chain. `kopilka serve` never does.',
      ru: '`1`: `npm start` заполняет пустую базу демонстрационной сетью. `kopilka serve` не делает этого никогда.',
    },
  }),
} as const;

type Table = typeof table;
export type SettingName = keyof Table;
/** Without a fallback a setting may be absent. */
export type Config = {
  readonly [Name in SettingName]:
    | z.output<Table[Name]['read']>
    | (Table[Name] extends { fallback: string } ? never : undefined);
};
