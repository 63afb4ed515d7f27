import type { Instant } from '#kernel/time.ts';
import { type Db, statement, type Tx } from '#platform/db.ts';
import type { Shop, ShopChannel } from '../domain/shop.ts';

interface ShopRow {
  shop_id: string;
  code: string;
  name: string;
  zone: string;
  channel: string;
  legal_name: string | null;
  inn: string | null;
  kpp: string | null;
  address: string | null;
  test: boolean;
  active: boolean;
  updated_at: Instant;
}

const columns = 'shop_id, code, name, zone, channel, legal_name, inn, kpp, address, test, active, updated_at';
const load = statement<ShopRow>('catalog.load_shops', `select ${columns} from catalog.shop order by code`);
const find = statement<ShopRow>('catalog.find_shop', `select ${columns} from catalog.shop where code = $1`);
const page = statement<ShopRow>(
  'catalog.page_shops',
  `select ${columns} from catalog.shop where $1::text is null or code > $1 order by code limit $2`,
);
const upsert = statement<never>(
  'catalog.upsert_shop',
  `insert into catalog.shop (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
   on conflict (shop_id) do update set name = excluded.name, zone = excluded.zone, channel = excluded.channel, legal_name = excluded.legal_name,
     inn = excluded.inn, kpp = excluded.kpp, address = excluded.address, test = excluded.test, active = excluded.active,
     updated_at = excluded.updated_at`,
);

function toShop(row: ShopRow): Shop {
  return {
    shopId: row.shop_id,
    code: row.code,
    name: row.name,
    zone: row.zone,
    channel: row.channel as ShopChannel,
    legalName: row.legal_name,
    inn: row.inn,
    kpp: row.kpp,
    address: row.address,
    test: row.test,
    active: row.active,
    updatedAt: row.updated_at,
  };
}

export async function loadShops(db: Db): Promise<Shop[]> {
  return (await db.run(load, [])).map(toShop);
}

export async function findShop(db: Db, code: string): Promise<Shop | null> {
  const [row] = await db.run(find, [code]);
  return row === undefined ? null : toShop(row);
}

export async function pageShops(db: Db, after: string | null, limit: number): Promise<Shop[]> {
  return (await db.run(page, [after, limit])).map(toShop);
}

export async function saveShop(tx: Tx, shop: Shop): Promise<void> {
  await tx.run(upsert, [
    shop.shopId,
    shop.code,
    shop.name,
    shop.zone,
    shop.channel,
    shop.legalName,
    shop.inn,
    shop.kpp,
    shop.address,
    shop.test,
    shop.active,
    shop.updatedAt,
  ]);
}
