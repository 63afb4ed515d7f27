// People out of a seed: names as they are met in Russia, phones in real ranges. For the demo chain, and for benches of hundreds of thousands.
import type { Random } from '#platform/random.ts';

export interface Person {
  readonly lastName: string;
  readonly firstName: string;
  readonly patronymic: string;
  readonly female: boolean;
  /** E.164, another one for every place. */
  readonly phone: string;
  readonly email: string | null;
  readonly birthday: string;
}

/** A whole number from 0 to below the bound. */
export type Draw = (below: number) => number;

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
const bodyStep = 7_654_321;
const bodies = 10_000_000;

function surnamesOf(): string[] {
  const stems = roots.split(' ').map((root) => root.replace(/[оеи]$/, ''));
  return endings.flatMap((ending) => stems.map((stem) => stem + ending));
}

function inFeminine(surname: string): string {
  if (surname.endsWith('ский')) return surname.replace(/ский$/, 'ская');
  return /(?:ов|ев|ин)$/.test(surname) ? `${surname}а` : surname;
}

/** Somebody of a chain whose members are mostly women, as they are in shops for the home and for beauty. */
export function personAt(place: number, draw: Draw): Person {
  const female = draw(100) < 78;
  const surname = surnames[favouring(surnames.length, draw)] ?? 'Иванов';
  const names = female ? femaleNames : maleNames;
  const lastName = female ? inFeminine(surname) : surname;
  const year = 1945 + draw(60);
  return {
    lastName,
    firstName: names[favouring(names.length, draw)] ?? 'Анна',
    patronymic: `${patronymicRoots[favouring(patronymicRoots.length, draw)] ?? 'Иван'}${female ? 'овна' : 'ович'}`,
    female,
    phone: phoneOf(place),
    email:
      draw(100) < 40 ? `${transliterated(lastName)}.${place}@${mailHosts[draw(mailHosts.length)] ?? 'mail.ru'}` : null,
    birthday: `${year}-${padded(1 + draw(12))}-${padded(1 + draw(28))}`,
  };
}

/** Common names come first in the lists: their share falls with the place, as it does among people. */
function favouring(length: number, draw: Draw): number {
  const share = draw(65_536) / 65_536;
  return Math.floor(length * share * share);
}

/** Whole numbers out of random bytes; at most 65,536 different ones. */
export function drawsOf(random: Random): Draw {
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
