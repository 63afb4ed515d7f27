import { z } from 'zod';
import { route } from './route.ts';
import { code, instantText, page, pageQuery, text, uuid } from './wire.ts';

export const shopChannel = z.enum(['pos', 'site', 'app', 'marketplace']);

export const shop = z.object({
  shop_id: uuid,
  code,
  name: text(200),
  zone: text(60).meta({ description: 'IANA time zone such as Europe/Moscow' }),
  channel: shopChannel,
  legal_name: text(300).nullable(),
  inn: z.string().nullable(),
  kpp: z.string().nullable(),
  address: text(500).nullable(),
  test: z.boolean().meta({ description: 'its receipts stay out of figures' }),
  active: z.boolean(),
  updated_at: instantText,
});

export const listShops = route({
  method: 'GET',
  path: '/v1/shops',
  tag: 'Shops',
  summary: 'Shops',
  scope: 'catalog:read',
  query: pageQuery,
  response: page(shop),
  refusals: { bad_cursor: 400 },
});

export const getShop = route({
  method: 'GET',
  path: '/v1/shops/:code',
  tag: 'Shops',
  summary: 'One shop',
  scope: 'catalog:read',
  params: z.object({ code }),
  response: shop,
  refusals: { shop_not_found: 404 },
});

export const putShop = route({
  method: 'PUT',
  path: '/v1/shops/:code',
  tag: 'Shops',
  summary: 'Create or change a shop',
  description: 'Fields that are left out stay; a new shop needs name, zone and channel.',
  scope: 'catalog:write',
  params: z.object({ code }),
  body: z
    .object({
      name: text(200).optional(),
      zone: text(60).optional(),
      channel: shopChannel.optional(),
      legal_name: text(300).nullish(),
      inn: text(12).nullish(),
      kpp: text(9).nullish(),
      address: text(500).nullish(),
      test: z.boolean().optional(),
      active: z.boolean().optional(),
    })
    .strict(),
  response: shop,
  refusals: { field_missing: 422, unknown_zone: 422, bad_inn: 422, bad_kpp: 422 },
});

export const closeShop = route({
  method: 'DELETE',
  path: '/v1/shops/:code',
  tag: 'Shops',
  summary: 'Close a shop',
  description: 'It becomes inactive: nothing new is sold there, its history stays.',
  scope: 'catalog:write',
  params: z.object({ code }),
  response: shop,
  refusals: { shop_not_found: 404 },
});
