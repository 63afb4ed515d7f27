import type { ImportKind } from './kinds.ts';
import type { MappingInput } from './mapping.ts';

/** A mapping and a file that fits it: what `kopilka import --example` writes and the manual shows; each is imported in a test. */
export interface Example {
  readonly mapping: MappingInput;
  readonly file: string;
}

const head = { format: { type: 'delimited', delimiter: ';' }, zone: 'Europe/Moscow' } as const;
const phone = { phone: 'Телефон' } as const;

export const examples: Readonly<Record<ImportKind, Example>> = {
  shops: {
    mapping: {
      kind: 'shops',
      ...head,
      fields: {
        code: 'Код',
        name: 'Название',
        zone: { constant: 'Europe/Moscow' },
        channel: { column: 'Тип', transforms: [{ values: { касса: 'pos', сайт: 'site' } }] },
      },
    },
    file: 'Код;Название;Тип\ntverskaya;Магазин на Тверской;касса\nsite;Интернет-магазин;сайт\n',
  },
  products: {
    mapping: {
      kind: 'products',
      ...head,
      decimal_mark: ',',
      fields: { sku: 'Артикул', name: 'Товар', price: 'Цена', barcode: 'Штрихкод', brand: 'Марка' },
    },
    file: 'Артикул;Товар;Цена;Штрихкод;Марка\nCREAM-50;Крем для рук, 50 мл;1 299,00;4600702000023;Роса\nSOAP-1;Мыло;89,90;;Роса\n',
  },
  members: {
    mapping: {
      kind: 'members',
      ...head,
      external_system: 'crm',
      fields: {
        ...phone,
        external_id: { column: 'Номер', transforms: ['drop_decimal_zero'] },
        card: 'Карта',
        first_name: 'Имя',
        last_name: 'Фамилия',
        birthday: { column: 'Рождение', format: 'dd.MM.yyyy' },
        gender: { column: 'Пол', transforms: [{ values: { М: 'male', Ж: 'female' } }] },
        joined_at: { column: 'Вступление', format: 'dd.MM.yyyy HH:mm' },
      },
      consents: [
        {
          channel: 'sms',
          purpose: 'advertising',
          given: 'Согласие',
          at: { column: 'Вступление', format: 'dd.MM.yyyy HH:mm' },
          text_shown: { constant: 'Согласен получать рекламу по SMS' },
          proof_kind: { constant: 'анкета' },
          proof_reference: 'Анкета',
        },
      ],
    },
    file: [
      'Номер;Телефон;Карта;Имя;Фамилия;Рождение;Пол;Вступление;Согласие;Анкета',
      '17850.0;8 (916) 123-45-67;7770001;Анна;Кузнецова;29.02.1992;Ж;05.03.2021 14:10;да;А-118',
      '17851.0;+7 916 765-43-21;7770002;Пётр;Иванов;01.11.1980;М;17.09.2022 09:00;нет;',
      '',
    ].join('\n'),
  },
  progress: {
    mapping: {
      kind: 'progress',
      ...head,
      decimal_mark: ',',
      fields: {
        ...phone,
        tier: { column: 'Уровень', transforms: [{ values: { Золото: 'gold', Серебро: 'silver' } }] },
        paid_total: 'Покупки',
        receipts_count: 'Чеков',
        last_purchase_at: { column: 'Последняя', format: 'dd.MM.yyyy' },
        inactivity_days: { constant: '365' },
      },
    },
    file: 'Телефон;Уровень;Покупки;Чеков;Последняя\n+7 916 123-45-67;Золото;84 120,50;31;02.11.2026\n+7 916 765-43-21;Серебро;9 900,00;4;15.08.2026\n',
  },
  lots: {
    mapping: {
      kind: 'lots',
      ...head,
      fields: {
        ...phone,
        points: 'Баллы',
        starts_at: { column: 'С', format: 'dd.MM.yyyy' },
        burns_at: { column: 'По', format: 'dd.MM.yyyy' },
        note: 'За что',
      },
    },
    file: 'Телефон;Баллы;С;По;За что\n+7 916 123-45-67;250;01.10.2026;31.12.2030;перенос\n+7 916 123-45-67;100;02.11.2026;;день рождения\n+7 916 765-43-21;70;01.01.2026;01.03.2030;перенос\n',
  },
  codes: {
    mapping: {
      kind: 'codes',
      ...head,
      fields: {
        code: 'Код',
        promotion: { constant: 'welcome' },
        used: 'Использован',
        valid_until: { column: 'До', format: 'dd.MM.yyyy' },
      },
    },
    file: 'Код;Использован;До\nHELLO-7731;да;\nHELLO-7732;нет;31.12.2030\n',
  },
  receipts: {
    mapping: {
      kind: 'receipts',
      format: { type: 'delimited' },
      zone: 'Europe/London',
      external_system: 'crm',
      unknown_member: 'create',
      fields: {
        receipt_id: 'InvoiceNo',
        at: { column: 'InvoiceDate', format: 'yyyy-MM-dd HH:mm:ss' },
        shop: { constant: 'site' },
        external_id: { column: 'CustomerID', transforms: ['drop_decimal_zero'] },
        sku: 'StockCode',
        quantity: 'Quantity',
        price: 'UnitPrice',
      },
      returns: { column: 'InvoiceNo', starts_with: 'C' },
      skip: [
        { column: 'StockCode', in: ['POST', 'BANK CHARGES'], reason: 'service codes' },
        { column: 'UnitPrice', at_most: '0', reason: 'no price' },
      ],
    },
    file: [
      'InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID',
      '536365,85123A,6,2024-12-01 08:26:00,2.55,17850.0',
      '536365,71053,2,2024-12-01 08:26:00,3.39,17850.0',
      '536365,POST,1,2024-12-01 08:26:00,18.00,17850.0',
      '536366,22633,1,2024-12-01 08:28:00,1.85,',
      'C536379,85123A,-1,2024-12-01 09:41:00,2.55,17850.0',
      '',
    ].join('\n'),
  },
};
