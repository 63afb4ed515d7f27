import type { LegalClass } from '#modules/catalog/index.ts';

export interface DemoShop {
  readonly code: string;
  readonly name: string;
  readonly zone: string;
  readonly channel: 'pos' | 'site';
  readonly address: string | null;
}

/** Two zones, so that a day that begins earlier somewhere is there to be seen. */
export const demoShops: readonly DemoShop[] = [
  {
    code: 'tverskaya',
    name: 'Лавка на Тверской',
    zone: 'Europe/Moscow',
    channel: 'pos',
    address: 'Москва, Тверская, 12',
  },
  {
    code: 'sokol',
    name: 'Лавка на Соколе',
    zone: 'Europe/Moscow',
    channel: 'pos',
    address: 'Москва, Ленинградский пр., 74',
  },
  {
    code: 'lenina',
    name: 'Лавка на Ленина',
    zone: 'Asia/Yekaterinburg',
    channel: 'pos',
    address: 'Екатеринбург, Ленина, 40',
  },
  {
    code: 'uralmash',
    name: 'Лавка на Уралмаше',
    zone: 'Asia/Yekaterinburg',
    channel: 'pos',
    address: 'Екатеринбург, Кировградская, 11',
  },
  { code: 'site', name: 'Сайт', zone: 'Europe/Moscow', channel: 'site', address: null },
];

export interface DemoCategory {
  readonly code: string;
  readonly name: string;
  readonly parentCode: string | null;
  readonly legalClass?: LegalClass;
  readonly noPromotions?: boolean;
  readonly noRedeeming?: boolean;
}

interface Shelf extends DemoCategory {
  readonly count: number;
  readonly nouns: readonly string[];
  readonly kinds: readonly string[];
  readonly brands: readonly string[];
  /** Rubles. */
  readonly from: number;
  readonly to: number;
  /** How often a basket takes from here. */
  readonly weight: number;
  readonly tags?: readonly string[];
}

const brands = {
  home: ['Уютов', 'Домовёнок', 'Чистюля', 'Северный лён'],
  food: ['Луговое', 'Бабушкин сад', 'Заречье', 'Добрый мельник', 'Тёплый хлеб'],
  beauty: ['Лаванда', 'Алтайская роса', 'Белая ночь', 'Ромашкино'],
} as const;

const shelves: readonly Shelf[] = [
  {
    code: 'bakery',
    name: 'Хлеб и сладости',
    parentCode: 'food',
    count: 40,
    nouns: ['Хлеб', 'Пряники', 'Пирог', 'Печенье', 'Зефир', 'Мармелад', 'Шоколад'],
    kinds: ['ржаной рецепт', 'с вишней', 'с орехом', 'домашний', 'на меду', 'ванильный'],
    brands: brands.food,
    from: 60,
    to: 490,
    weight: 22,
  },
  {
    code: 'grocery',
    name: 'Бакалея',
    parentCode: 'food',
    count: 45,
    nouns: ['Крупа гречневая', 'Рис', 'Макароны', 'Мёд', 'Варенье', 'Масло льняное', 'Мука'],
    kinds: ['500 г', '1 кг', 'отборный сорт', 'фермерский', 'из цельного зерна', 'премиум'],
    brands: brands.food,
    from: 90,
    to: 890,
    weight: 20,
  },
  {
    code: 'dairy',
    name: 'Молочное',
    parentCode: 'food',
    count: 25,
    nouns: ['Молоко', 'Кефир', 'Сметана', 'Творог', 'Сыр'],
    kinds: ['деревенский вкус', '2,5 %', '5 %', 'козье', 'топлёное'],
    brands: brands.food,
    from: 80,
    to: 790,
    weight: 18,
  },
  {
    code: 'drinks',
    name: 'Напитки',
    parentCode: 'food',
    count: 25,
    nouns: ['Морс', 'Чай', 'Кофе', 'Лимонад', 'Квас'],
    kinds: ['клюква', 'чёрная смородина', 'классика', 'с чабрецом', 'крепкая обжарка'],
    brands: brands.food,
    from: 70,
    to: 1_190,
    weight: 14,
  },
  {
    code: 'care',
    name: 'Уход',
    parentCode: 'beauty',
    count: 50,
    nouns: ['Крем для рук', 'Крем для лица', 'Мыло', 'Шампунь', 'Бальзам', 'Скраб', 'Маска'],
    kinds: ['с ромашкой', 'с облепихой', 'увлажнение', 'питание', 'для чувствительной кожи', 'ночной уход'],
    brands: brands.beauty,
    from: 150,
    to: 2_490,
    weight: 12,
  },
  {
    code: 'aroma',
    name: 'Ароматы для дома',
    parentCode: 'beauty',
    count: 25,
    nouns: ['Свеча', 'Саше', 'Диффузор', 'Соль для ванн'],
    kinds: ['лаванда', 'кедр', 'цитрус', 'дождь', 'ваниль'],
    brands: brands.beauty,
    from: 250,
    to: 2_990,
    weight: 5,
  },
  {
    code: 'textile',
    name: 'Текстиль',
    parentCode: 'home',
    count: 30,
    nouns: ['Полотенце', 'Плед', 'Скатерть', 'Фартук', 'Наволочка'],
    kinds: ['лён', 'хлопок', 'клетка', 'полоска', 'вышивка', 'вафельное'],
    brands: brands.home,
    from: 390,
    to: 5_990,
    weight: 4,
  },
  {
    code: 'kitchen',
    name: 'Кухня',
    parentCode: 'home',
    count: 30,
    nouns: ['Кружка', 'Тарелка', 'Разделочная доска', 'Чайник', 'Банка для круп'],
    kinds: ['керамика', 'дуб', 'стекло', 'эмаль', 'ручная работа'],
    brands: brands.home,
    from: 190,
    to: 4_490,
    weight: 6,
  },
  {
    code: 'gift-wrap',
    name: 'Подарочная упаковка',
    parentCode: 'home',
    noRedeeming: true,
    count: 8,
    nouns: ['Пакет подарочный', 'Коробка'],
    kinds: ['малая', 'средняя', 'большая', 'праздничная'],
    brands: brands.home,
    from: 40,
    to: 390,
    weight: 3,
  },
  {
    code: 'alcohol',
    name: 'Вино и пиво',
    parentCode: null,
    legalClass: 'alcohol',
    count: 12,
    nouns: ['Вино красное сухое', 'Вино белое', 'Пиво светлое'],
    kinds: ['0,75 л', 'выдержка', 'крафтовое', 'Крым'],
    brands: ['Солнечная долина', 'Хмельной двор'],
    from: 190,
    to: 1_990,
    weight: 4,
    tags: ['alcohol:wine'],
  },
  {
    code: 'tobacco',
    name: 'Табак',
    parentCode: null,
    legalClass: 'tobacco',
    count: 10,
    nouns: ['Сигареты'],
    kinds: ['красные', 'синие', 'компакт', 'классика', 'лёгкие'],
    brands: ['Марка А', 'Марка Б'],
    from: 160,
    to: 280,
    weight: 4,
  },
];

export const demoCategories: readonly DemoCategory[] = [
  { code: 'food', name: 'Еда', parentCode: null },
  { code: 'beauty', name: 'Красота', parentCode: null },
  { code: 'home', name: 'Дом', parentCode: null },
  ...shelves.map(({ code, name, parentCode, legalClass, noRedeeming }) => ({
    code,
    name,
    parentCode,
    ...(legalClass === undefined ? {} : { legalClass }),
    ...(noRedeeming === undefined ? {} : { noRedeeming }),
  })),
];

export interface DemoProduct {
  readonly sku: string;
  readonly name: string;
  readonly categoryCode: string;
  readonly brand: string;
  /** Kopecks. */
  readonly price: bigint;
  readonly tags: readonly string[];
  readonly noPromotions: boolean;
  readonly weight: number;
}

/** The same assortment every time: nothing here is drawn. */
export const demoProducts: readonly DemoProduct[] = shelves.flatMap((shelf) =>
  Array.from({ length: shelf.count }, (_, place) => productAt(shelf, place)),
);

function productAt(shelf: Shelf, place: number): DemoProduct {
  const { nouns, kinds, brands: names } = shelf;
  const noun = nouns[place % nouns.length] ?? '';
  const kind = kinds[Math.floor(place / nouns.length) % kinds.length] ?? '';
  const brand = names[(place * 7) % names.length] ?? '';
  // Spread over the range without a draw: 61 has no divisor in common with any count here.
  const share = ((place * 61 + 17) % 97) / 97;
  const rubles = Math.round((shelf.from + (shelf.to - shelf.from) * share * share) / 10) * 10 - 1;
  return {
    sku: `${shelf.code.toUpperCase()}-${String(place + 1).padStart(3, '0')}`,
    name: `${noun} «${brand}», ${kind}`,
    categoryCode: shelf.code,
    brand,
    price: BigInt(rubles) * 100n,
    tags: shelf.tags ?? [],
    // Bread at the price of the social shelf takes part in no promotion.
    noPromotions: shelf.code === 'bakery' && place % 10 === 0,
    weight: shelf.weight / shelf.count,
  };
}
