// A chain's members out of a seed, by COPY: names as they are met in Russia, phones in real ranges, cards. For benches and for tests of search.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Temporal } from 'temporal-polyfill';
import { cardNumber, scrambleOf } from '#modules/members/domain/card.ts';
import { searchLine } from '#modules/members/domain/search-text.ts';
import { virtualClock } from '#platform/clock.ts';
import { idMaker, type Random, seededRandom } from '#platform/random.ts';

export interface GeneratedMember {
  readonly memberId: string;
  readonly lastName: string;
  readonly firstName: string;
  readonly patronymic: string;
  readonly female: boolean;
  readonly phone: string;
  readonly card: string;
  readonly email: string | null;
  readonly birthday: string;
  readonly joinedAt: string;
}

const roots =
  'Иван Петр Сидор Кузнец Попо Василь Соколо Михайло Ново Федоро Морозо Волко Алексе Лебеде Семено Егоро Павло Козло Степано Николае Орло Андрее Макаро Никити Захаро Зайце Соловье Борисо Яковле Григорье Романо Воробье Сергее Фроло Александро Дмитрие Короле Гусе Киселе Ильи Максимо Поляко Сороки Виноградо Ковале Бело Медведе Антоно Тарасо Жуко Барано Филиппо Комаро Давыдо Беляе Герасимо Богдано Осипо Сидоре Матвее Тито Марко Мироно Крыло Кулико Карпо Власо Мельнико Денисо Гаврило Тихоно Казако Афанасье Данило Савелье Тимофее Фоми Чернышо Абрамо Мартыно Ефимо Федото Щербако Назаро Калини Исае Черны Быко Мазур Кабано Рябо Субботи Фокин Шубин Щукин Пахомо Копыло Игнато Симоно Мухин Голубе Лукин Родионо Гурье Устино Третьяко';
const endings = ['ов', 'ев', 'ин', 'ков', 'цев', 'ский', 'енко', 'евич'] as const;
const maleNames =
  'Александр Дмитрий Максим Сергей Андрей Алексей Артём Илья Кирилл Михаил Никита Матвей Роман Егор Арсений Иван Денис Евгений Даниил Тимофей Владислав Игорь Владимир Павел Руслан Марк Константин Тимур Олег Ярослав Антон Николай Глеб Данил Виктор Пётр Юрий Василий Вадим Фёдор Семён Григорий Борис Станислав Леонид Анатолий Валерий Геннадий Ринат Ильдар'.split(
    ' ',
  );
const femaleNames =
  'Анна Мария Елена Дарья Алина Ирина Екатерина Арина Полина Ольга Юлия Татьяна Наталья Виктория Елизавета Ксения Милана Вероника Алиса Валерия Александра Ульяна Кира Светлана София Надежда Людмила Галина Вера Любовь Марина Оксана Лариса Нина Тамара Алёна Евгения Кристина Диана Яна Антонина Валентина Инна Маргарита Раиса Зоя Жанна Регина Гульнара Эльвира'.split(
    ' ',
  );
const patronymicRoots =
  'Александр Дмитри Максим Серге Андре Алексе Артём Кирилл Михайл Матве Роман Егор Иван Денис Евгень Владимир Павл Константин Олег Антон Никола Виктор Петр Юрь Василь Вадим Фёдор Семён Григорь Борис Станислав Леонид Анатоль Валерь Геннадь'.split(
    ' ',
  );
// Ranges of Russian mobile operators that are in use; members of one chain come from a few dozen of them.
const ranges = [
  903, 905, 906, 909, 910, 911, 912, 913, 915, 916, 917, 919, 920, 921, 922, 923, 925, 926, 927, 929, 950, 951, 960,
  961, 962, 964, 965, 967, 968, 977, 981, 982, 985, 999,
];
const mailHosts = ['mail.ru', 'yandex.ru', 'gmail.com', 'bk.ru', 'inbox.ru', 'rambler.ru'];
const latin: Readonly<Record<string, string>> = Object.fromEntries(
  [...'абвгдежзийклмнопрстуфхцчшщъыьэюя'].map((letter, index) => [
    letter,
    'a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh sch _ y _ e yu ya'.split(' ')[index]?.replace('_', '') ??
      '',
  ]),
);

const surnames = surnamesOf();
const cardScramble = scrambleOf(0x5eed_0000_cafe_0001n);
const bodyStep = 7_654_321;
const bodies = 10_000_000;
const generatedAt = Temporal.Instant.from('2026-11-22T00:00:00Z');

function surnamesOf(): string[] {
  const stems = roots.split(' ').map((root) => root.replace(/[оеи]$/, ''));
  return endings.flatMap((ending) => stems.map((stem) => stem + ending));
}

function inFeminine(surname: string): string {
  if (surname.endsWith('ский')) return surname.replace(/ский$/, 'ская');
  return /(?:ов|ев|ин)$/.test(surname) ? `${surname}а` : surname;
}

/** The same seed makes the same people. */
export function* peopleOf(count: number, seed: number): Generator<GeneratedMember> {
  const random = seededRandom(seed);
  const draw = drawsOf(random);
  const clock = virtualClock(generatedAt);
  const newId = idMaker(clock, random);
  const start = generatedAt.epochMilliseconds - 5 * 365 * 86_400_000;
  for (let place = 0; place < count; place += 1) {
    const joined = start + Math.floor((place / count) * 5 * 365 * 86_400_000);
    clock.set(Temporal.Instant.fromEpochMilliseconds(joined));
    const female = draw(100) < 78;
    const surname = surnames[favouring(surnames.length, draw)] ?? 'Иванов';
    const names = female ? femaleNames : maleNames;
    const lastName = female ? inFeminine(surname) : surname;
    const year = 1945 + draw(60);
    yield {
      memberId: newId(),
      lastName,
      firstName: names[favouring(names.length, draw)] ?? 'Анна',
      patronymic: `${patronymicRoots[favouring(patronymicRoots.length, draw)] ?? 'Иван'}${female ? 'овна' : 'ович'}`,
      female,
      phone: phoneOf(place),
      card: cardNumber('290', BigInt(place), cardScramble),
      email:
        draw(100) < 40
          ? `${transliterated(lastName)}.${place}@${mailHosts[draw(mailHosts.length)] ?? 'mail.ru'}`
          : null,
      birthday: `${year}-${padded(1 + draw(12))}-${padded(1 + draw(28))}`,
      joinedAt: new Date(joined).toISOString(),
    };
  }
}

/** Common names come first in the lists: their share falls with the place, as it does among people. */
function favouring(length: number, draw: (below: number) => number): number {
  const share = draw(65_536) / 65_536;
  return Math.floor(length * share * share);
}

function drawsOf(random: Random): (below: number) => number {
  let bytes = random.bytes(4_096);
  let used = 0;
  return (below) => {
    if (used === bytes.length) {
      bytes = random.bytes(4_096);
      used = 0;
    }
    const drawn = (bytes[used] ?? 0) + (bytes[used + 1] ?? 0) * 256;
    used += 2;
    return drawn % below;
  };
}

function phoneOf(place: number): string {
  const range = ranges[place % ranges.length] ?? 912;
  const body = (Math.floor(place / ranges.length) * bodyStep + 1_234_567) % bodies;
  return `+7${range}${String(body).padStart(7, '0')}`;
}

function transliterated(name: string): string {
  return [...name.toLowerCase().replaceAll('ё', 'е')].map((letter) => latin[letter] ?? '').join('');
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}

const copies = {
  member:
    'members.member (member_id, status, joined_at, first_name, last_name, patronymic, birthday, gender, origin, registered_by, created_at, updated_at)',
  identity: 'members.identity (kind, value, member_id, identity_id, state, added_at, source)',
  search: 'members.search (member_id, words)',
  standing: 'standing.standing (member_id)',
} as const;
type Copied = keyof typeof copies;

/**
 * Fills members and their standings. On an empty search table the trigram index is built afterwards: a quarter of the time of growing it row by
 * row. 400,000 take well under a minute on two cores.
 */
export async function generateMembers(pool: pg.Pool, count: number, seed: number): Promise<void> {
  const isEmpty = (await pool.query('select 1 from members.search limit 1')).rowCount === 0;
  const index = await pool.query<{ indexdef: string }>(
    "select indexdef from pg_indexes where schemaname = 'members' and indexname = 'search_words'",
  );
  if (isEmpty) await pool.query('drop index members.search_words');
  for (const people of groupsOf(peopleOf(count, seed))) {
    for (const table of Object.keys(copies) as Copied[]) await copyRows(pool, table, people);
  }
  if (isEmpty) await pool.query(index.rows[0]?.indexdef ?? '');
  await pool.query('analyze members.member, members.identity, members.search, standing.standing');
}

const groupSize = 20_000;

/** Every table gets the same people; a group at a time, so that memory does not grow with the chain. */
function* groupsOf(people: Iterable<GeneratedMember>): Generator<readonly GeneratedMember[]> {
  let group: GeneratedMember[] = [];
  for (const person of people) {
    group.push(person);
    if (group.length < groupSize) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

async function copyRows(pool: pg.Pool, table: Copied, people: Iterable<GeneratedMember>): Promise<void> {
  const client = await pool.connect();
  try {
    await pipeline(Readable.from(chunksOf(table, people)), client.query(copyFrom(`copy ${copies[table]} from stdin`)));
  } finally {
    client.release();
  }
}

const chunkLines = 500;

function* chunksOf(table: Copied, people: Iterable<GeneratedMember>): Generator<string> {
  let lines: string[] = [];
  for (const person of people) {
    for (const fields of rowsOf(table, person)) lines.push(fields.map((field) => field ?? '\\N').join('\t'));
    if (lines.length < chunkLines) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

function rowsOf(table: Copied, person: GeneratedMember): (string | null)[][] {
  const { memberId, joinedAt, phone, email, card } = person;
  switch (table) {
    case 'member': {
      const names = [person.firstName, person.lastName, person.patronymic];
      const gender = person.female ? 'female' : 'male';
      return [
        [memberId, 'active', joinedAt, ...names, person.birthday, gender, 'import', 'generator', joinedAt, joinedAt],
      ];
    }
    case 'identity': {
      const held: (readonly [string, string])[] = [
        ['phone', phone],
        ['card', card],
      ];
      if (email !== null) held.push(['email', email]);
      // The member's id with another digit or two: unique among identities.
      return held.map(([kind, value], place) => [
        kind,
        value,
        memberId,
        identityId(memberId, place),
        'active',
        joinedAt,
        'import',
      ]);
    }
    case 'search':
      return [[memberId, searchLine([person.lastName, person.firstName, person.patronymic, phone.slice(1), email])]];
    case 'standing':
      return [[memberId]];
  }
}

function identityId(memberId: string, place: number): string {
  return `${memberId.slice(0, 14)}8${memberId.slice(15, -1)}${place}`;
}
