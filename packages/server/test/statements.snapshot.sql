-- access.active_api_keys
select id, name, integration, scopes, shop_ids, test, secret_hash from access.api_key where revoked_at is null;

-- access.find_api_key
select id, name, integration, scopes, shop_ids, test, created_at, last_used_at, revoked_at from access.api_key where id = $1;

-- access.insert_api_key
insert into access.api_key (id, name, integration, scopes, shop_ids, test, secret_hash, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8);

-- access.insert_audit_entry
insert into access.audit_entry (id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, before, after) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- access.list_api_keys
select id, name, integration, scopes, shop_ids, test, created_at, last_used_at, revoked_at from access.api_key where $1::uuid is null or id < $1 order by id desc limit $2;

-- access.list_audit_entries
select id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, before, after from access.audit_entry
  where ($1::uuid is null or id < $1) and ($2::text is null or action = $2)
    and ($3::text is null or subject_kind = $3) and ($4::text is null or subject_id = $4)
    and ($5::text is null or actor_id = $5)
    and ($6::timestamptz is null or at >= $6) and ($7::timestamptz is null or at < $7)
  order by id desc limit $8;

-- access.mark_api_keys_used
update access.api_key set last_used_at = $2 where id = any($1::uuid[]);

-- access.revoke_api_key
update access.api_key set revoked_at = $2 where id = $1 and revoked_at is null returning id, name, integration, scopes, shop_ids, test, created_at, last_used_at, revoked_at;

-- catalog.add_brands
insert into catalog.brand (brand_key, name)
  select brand_key, name from jsonb_to_recordset($1::jsonb) as item(brand_key text, name text) on conflict (brand_key) do nothing;

-- catalog.add_codes
insert into catalog.product_code (kind, value, product_id)
  select kind, value, product_id from jsonb_to_recordset($1::jsonb) as item(kind text, value text, product_id uuid);

-- catalog.add_problems
insert into catalog.feed_problem (run_id, problem_no, line, item, code, detail)
  select $1::uuid, problem_no, line, item, code, detail
  from jsonb_to_recordset($2::jsonb) as item(problem_no integer, line integer, item text, code text, detail text);

-- catalog.beat_run
update catalog.feed_run set beat_at = $2, items = $3, added = $4, changed = $5, unchanged = $6, archived = $7, problems = $8
  where run_id = $1;

-- catalog.clear_items
delete from catalog.feed_item where run_id = $1;

-- catalog.count_missing
select (select count(*) from catalog.product p
  where p.source_feed = $1 and not p.archived and (p.variant_of is null) = ($3::smallint = 0)
  and not exists (select from catalog.feed_item i where i.run_id = $2 and i.part = $3 and i.key = p.sku offset 0)
  and not exists (select from catalog.product_code c where c.product_id = p.product_id and c.kind = $4
    and exists (select from catalog.feed_item i where i.run_id = $2 and i.part = $3 and i.key = c.value offset 0) offset 0)) as missing,
   (select count(*) from catalog.product p where p.source_feed = $1 and not p.archived and (p.variant_of is null) = ($3::smallint = 0)) as owned;

-- catalog.drop_codes
delete from catalog.product_code where product_id = any($1);

-- catalog.end_run
update catalog.feed_run set status = $2, ended_at = $3, failure = $4 where run_id = $1;

-- catalog.find_brands
select brand_key, name from catalog.brand where brand_key = any($1);

-- catalog.find_feed
select feed_id, code, name, kind, source, options, schedule, zone, active, due_at, updated_at from catalog.feed where code = $1;

-- catalog.find_feed_by_id
select feed_id, code, name, kind, source, options, schedule, zone, active, due_at, updated_at from catalog.feed where feed_id = $1;

-- catalog.find_missing
select p.product_id, p.sku, p.name, p.category_code, p.brand, p.kind, p.unit, p.price, p.regular_price, p.floor_price,
  p.no_earning, p.no_redeeming, p.no_promotions, p.legal_class, p.volume_ml, p.attributes, p.tags, p.variant_of, p.source_feed, p.archived,
  p.updated_at, (select array_agg(c.kind || E'\t' || c.value order by c.kind, c.value)
  from catalog.product_code c where c.product_id = p.product_id) as code_keys from catalog.product p
  where p.source_feed = $1 and not p.archived and (p.variant_of is null) = ($3::smallint = 0)
  and not exists (select from catalog.feed_item i where i.run_id = $2 and i.part = $3 and i.key = p.sku offset 0)
  and not exists (select from catalog.product_code c where c.product_id = p.product_id and c.kind = $4
    and exists (select from catalog.feed_item i where i.run_id = $2 and i.part = $3 and i.key = c.value offset 0) offset 0) and p.product_id > $5 order by p.product_id limit $6;

-- catalog.find_product
select p.product_id, p.sku, p.name, p.category_code, p.brand, p.kind, p.unit, p.price, p.regular_price, p.floor_price,
  p.no_earning, p.no_redeeming, p.no_promotions, p.legal_class, p.volume_ml, p.attributes, p.tags, p.variant_of, p.source_feed, p.archived,
  p.updated_at, (select array_agg(c.kind || E'\t' || c.value order by c.kind, c.value)
  from catalog.product_code c where c.product_id = p.product_id) as code_keys from catalog.product p where p.sku = $1;

-- catalog.find_run
select run_id, feed_id, kind, status, started_at, ended_at, items, added, changed, unchanged, archived, problems, failure from catalog.feed_run where run_id = $1;

-- catalog.find_shop
select shop_id, code, name, zone, channel, legal_name, inn, kpp, address, test, active, updated_at from catalog.shop where code = $1;

-- catalog.find_touched_products
select p.* from (
     select found.product_id from unnest($1::text[]) as wanted(sku)
     cross join lateral (select q.product_id from catalog.product q where q.sku = wanted.sku limit 1) found
     union
     select found.product_id from unnest($2::text[], $3::text[]) as wanted(kind, value)
     cross join lateral (select c.product_id from catalog.product_code c where c.kind = wanted.kind and c.value = wanted.value limit 1) found
   ) touched
   cross join lateral (select p.product_id, p.sku, p.name, p.category_code, p.brand, p.kind, p.unit, p.price, p.regular_price, p.floor_price,
  p.no_earning, p.no_redeeming, p.no_promotions, p.legal_class, p.volume_ml, p.attributes, p.tags, p.variant_of, p.source_feed, p.archived,
  p.updated_at, (select array_agg(c.kind || E'\t' || c.value order by c.kind, c.value)
  from catalog.product_code c where c.product_id = p.product_id) as code_keys from catalog.product p where p.product_id = touched.product_id limit 1) p;

-- catalog.forget_old_runs
delete from catalog.feed_run where feed_id = $1 and run_id not in
  (select run_id from catalog.feed_run where feed_id = $1 order by run_no desc limit $2);

-- catalog.give_up_silent_runs
update catalog.feed_run set status = 'failed', ended_at = $1, failure = '{"code":"interrupted","line":null,"detail":"the process ended"}'
  where status = 'running' and beat_at < $2 returning run_id;

-- catalog.last_runs
select distinct on (feed_id) run_id, feed_id, kind, status, started_at, ended_at, items, added, changed, unchanged, archived, problems, failure from catalog.feed_run where feed_id = any($1) order by feed_id, run_no desc;

-- catalog.list_runs
select run_id, feed_id, kind, status, started_at, ended_at, items, added, changed, unchanged, archived, problems, failure from catalog.feed_run where feed_id = $1 order by run_no desc limit $2;

-- catalog.load_categories
select code, parent_code, name, path, no_earning, no_redeeming, no_promotions, legal_class, updated_at from catalog.category;

-- catalog.load_shops
select shop_id, code, name, zone, channel, legal_name, inn, kpp, address, test, active, updated_at from catalog.shop order by code;

-- catalog.lock_due_feed
select feed_id, code, name, kind, source, options, schedule, zone, active, due_at, updated_at from catalog.feed where due_at <= $1 order by due_at limit 1 for update skip locked;

-- catalog.lock_version
select revision, category_revision, shop_revision from catalog.version for update;

-- catalog.next_items
select item_no, line, item from catalog.feed_item where run_id = $1 and part = $2 and key > $3 order by key limit $4;

-- catalog.page_brands
select b.name, (select count(*) from catalog.product p where p.brand = b.name and not p.archived) as products
  from catalog.brand b where $1::text is null or b.name > $1 order by b.name limit $2;

-- catalog.page_categories
select code, parent_code, name, path, no_earning, no_redeeming, no_promotions, legal_class, updated_at from catalog.category where $1::text[] is null or path > $1 order by path limit $2;

-- catalog.page_feeds
select feed_id, code, name, kind, source, options, schedule, zone, active, due_at, updated_at from catalog.feed where $1::text is null or code > $1 order by code limit $2;

-- catalog.page_problems
select problem_no, line, item, code, detail from catalog.feed_problem where run_id = $1 and problem_no > $2 order by problem_no limit $3;

-- catalog.page_shops
select shop_id, code, name, zone, channel, legal_name, inn, kpp, address, test, active, updated_at from catalog.shop where $1::text is null or code > $1 order by code limit $2;

-- catalog.plan_anew
select set_config('plan_cache_mode', 'force_custom_plan', true);

-- catalog.products_changed_since
select p.revision, p.product_id, p.sku, p.name, p.category_code, p.brand, p.kind, p.price, p.regular_price, p.floor_price, p.no_earning,
     p.no_redeeming, p.no_promotions, p.legal_class, p.volume_ml, p.tags, (select array_agg(c.kind || E'\t' || c.value order by c.kind, c.value)
  from catalog.product_code c where c.product_id = p.product_id) as code_keys
   from catalog.product p where (p.revision, p.product_id) > ($1, $2) order by p.revision, p.product_id limit $3;

-- catalog.read_version
select revision, category_revision, shop_revision from catalog.version;

-- catalog.remove_category
delete from catalog.category where code = $1
  and not exists (select from catalog.category below where below.parent_code = $1)
  and not exists (select from catalog.product where category_code = $1) returning code;

-- catalog.set_feed_due
update catalog.feed set due_at = $2 where feed_id = $1;

-- catalog.stage_items
insert into catalog.feed_item (run_id, part, item_no, key, line, item)
  select $1::uuid, part, item_no, key, line, item
  from jsonb_to_recordset($2::jsonb) as staged(part smallint, item_no integer, key text, line integer, item jsonb)
  on conflict (run_id, part, key) do nothing returning item_no;

-- catalog.start_run
insert into catalog.feed_run (run_id, feed_id, kind, status, started_at, beat_at) values ($1, $2, $3, 'running', $4, $4)
  on conflict (feed_id) where status = 'running' do nothing returning run_id;

-- catalog.upsert_categories
insert into catalog.category (code, parent_code, name, path, no_earning, no_redeeming, no_promotions, legal_class, updated_at)
  select code, parent_code, name, path, no_earning, no_redeeming, no_promotions, legal_class, updated_at from jsonb_to_recordset($1::jsonb) as item(code text, parent_code text, name text, path text[], no_earning boolean,
    no_redeeming boolean, no_promotions boolean, legal_class text, updated_at timestamptz)
  on conflict (code) do update set parent_code = excluded.parent_code, name = excluded.name, path = excluded.path,
    no_earning = excluded.no_earning, no_redeeming = excluded.no_redeeming, no_promotions = excluded.no_promotions,
    legal_class = excluded.legal_class, updated_at = excluded.updated_at;

-- catalog.upsert_feed
insert into catalog.feed (feed_id, code, name, kind, source, options, schedule, zone, active, due_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  on conflict (code) do update set name = excluded.name, source = excluded.source, options = excluded.options, schedule = excluded.schedule,
    zone = excluded.zone, active = excluded.active, due_at = excluded.due_at, updated_at = excluded.updated_at;

-- catalog.upsert_products
insert into catalog.product (product_id, sku, name, category_code, brand, kind, unit, price, regular_price, floor_price, no_earning, no_redeeming, no_promotions, legal_class, volume_ml, attributes, tags, variant_of, source_feed, archived, updated_at, revision)
   select product_id, sku, name, category_code, brand, kind, unit, price, regular_price, floor_price, no_earning, no_redeeming, no_promotions, legal_class, volume_ml, attributes, tags, variant_of, source_feed, archived, updated_at, $2 from jsonb_to_recordset($1::jsonb) as item(product_id uuid, sku text, name text, category_code text, brand text, kind text, unit text, price bigint, regular_price bigint,
  floor_price bigint, no_earning boolean, no_redeeming boolean, no_promotions boolean, legal_class text, volume_ml integer, attributes jsonb,
  tags text[], variant_of uuid, source_feed uuid, archived boolean, updated_at timestamptz)
   on conflict (product_id) do update set
   sku = excluded.sku, name = excluded.name, category_code = excluded.category_code, brand = excluded.brand, kind = excluded.kind, unit = excluded.unit, price = excluded.price, regular_price = excluded.regular_price, floor_price = excluded.floor_price, no_earning = excluded.no_earning, no_redeeming = excluded.no_redeeming, no_promotions = excluded.no_promotions, legal_class = excluded.legal_class, volume_ml = excluded.volume_ml, attributes = excluded.attributes, tags = excluded.tags, variant_of = excluded.variant_of, source_feed = excluded.source_feed, archived = excluded.archived, updated_at = excluded.updated_at, revision = excluded.revision;

-- catalog.upsert_shop
insert into catalog.shop (shop_id, code, name, zone, channel, legal_name, inn, kpp, address, test, active, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  on conflict (shop_id) do update set name = excluded.name, zone = excluded.zone, channel = excluded.channel, legal_name = excluded.legal_name,
    inn = excluded.inn, kpp = excluded.kpp, address = excluded.address, test = excluded.test, active = excluded.active,
    updated_at = excluded.updated_at;

-- catalog.write_version
update catalog.version set revision = $1, category_revision = $2, shop_revision = $3;

-- checkout.count_member_uses
select member_id, used ->> 'promotionCode' as promotion, count(*) as uses
  from checkout.receipt cross join lateral jsonb_array_elements(outcome -> 'uses') used
  where member_id = any($1::uuid[]) and at < $2 and state = 'confirmed' and not test and claimed_by is null and not returned_wholly group by member_id, used ->> 'promotionCode';

-- checkout.count_past_receipts
select count(*) as count from checkout.receipt where shop_id = any($1::uuid[]) and at >= $2 and at < $3 and state = 'confirmed' and not test and claimed_by is null and not returned_wholly;

-- checkout.delete_receipt_lines
delete from checkout.receipt_line where member_id = $1 and receipt_id = $2;

-- checkout.find_by_purchase
select member_id, receipt_id from checkout.receipt
  where shop_id = $1 and at >= $2 and at < $3 and paid = $4 and state = 'confirmed' order by receipt_id limit 3;

-- checkout.find_expired_holds
select member_id, receipt_id from checkout.receipt where state = 'held' and hold_expires_at <= $1 order by hold_expires_at limit $2;

-- checkout.find_fiscal_owner
select member_id, receipt_id from checkout.fiscal_key where drive = $1 and document = $2 and sign = $3;

-- checkout.find_last_purchase
select at from checkout.receipt
  where member_id = any($1::uuid[]) and receipt_id <> $2 and state = 'confirmed' and not returned_wholly and claimed_by is null
  order by at desc limit 1;

-- checkout.find_many_receipt_keys
select integration, shop_id, external_id, kind, member_id, object_id, digest
  from checkout.receipt_key where integration = $1 and shop_id = any($2::uuid[]) and external_id = any($3::text[]);

-- checkout.find_part_lines
select line.line_id, sum(line.quantity)::bigint as quantity, sum(line.redeemed_points)::bigint as redeemed_points
  from checkout.receipt part
  join checkout.receipt_line line on line.member_id = part.member_id and line.receipt_id = part.receipt_id
  where part.member_id = $1 and line.member_id = $1 and part.outcome ->> 'partOf' = $2
  group by line.line_id;

-- checkout.find_receipt
select member_id, receipt_id, has_member, integration, shop_id, external_id, state, is_order, at, received_at, confirmed_at, program_version, shelf, till_discount, promotion_discount, redeemed_points, redeemed_money, rounding, paid, earned_points, returned_money, returned_wholly, tier_code, raised_tier, flags, origin, test, hold_expires_at, claimed_by, outcome from checkout.receipt where member_id = $1 and receipt_id = $2;

-- checkout.find_receipt_keys
select integration, shop_id, external_id, kind, member_id, object_id, digest
  from checkout.receipt_key where integration = $1 and shop_id = $2 and external_id = $3;

-- checkout.find_receipt_lines
select line_no, line_id, sku, product_id, kind, quantity, shelf_sum, till_discount, discount, redeemed_points, redeemed_money, rounding, paid, earned_points, gift, discounts, returned_units from checkout.receipt_line where member_id = $1 and receipt_id = $2 order by line_no;

-- checkout.find_return
select member_id, return_id, receipt_id, integration, shop_id, external_id, at, received_at, money_returned, points_given_back, points_taken_back, debt_made, test, flags, answer from checkout.return where member_id = $1 and return_id = $2;

-- checkout.find_returnable_lines
select receipt.receipt_id, receipt.external_id, receipt.shop_id, line.line_id, line.sku, line.quantity, line.paid, line.returned_units
  from checkout.receipt_line line
  join checkout.receipt receipt on receipt.member_id = line.member_id and receipt.receipt_id = line.receipt_id
  where line.member_id = $1 and receipt.member_id = $1 and line.sku = any($2::text[]) and receipt.state = 'confirmed' and not receipt.returned_wholly
    and receipt.integration = $3 and receipt.at <= $4 and not line.gift
  order by receipt.at desc, receipt.receipt_id desc, line.line_no
  limit 500;

-- checkout.find_returns_of_receipt
select member_id, return_id, receipt_id, integration, shop_id, external_id, at, received_at, money_returned, points_given_back, points_taken_back, debt_made, test, flags, answer from checkout.return where member_id = $1 and receipt_id = $2 order by at, return_id;

-- checkout.fiscal_keys_of_receipts
select receipt_id, drive, document, sign, purpose, sum, at from checkout.fiscal_key where receipt_id = any($1::uuid[]) order by document;

-- checkout.has_open_holds
select exists (select 1 from checkout.receipt where member_id = any($1::uuid[]) and state in ('held', 'review')) as open;

-- checkout.has_unreturned_parts
select exists (select 1 from checkout.receipt
  where member_id = $1 and receipt_id <> $3 and not returned_wholly
    and (outcome ->> 'partOf' = $2 or (receipt_id = $2::uuid and state = 'held'))) as open;

-- checkout.insert_fiscal_keys (rows)
insert into checkout.fiscal_key (drive, document, sign, member_id, receipt_id, purpose, line_ids, sum, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (drive, document, sign) do nothing;

-- checkout.insert_receipt_keys (rows)
insert into checkout.receipt_key (integration, shop_id, external_id, kind, member_id, object_id, digest) values ($1, $2, $3, $4, $5, $6, $7);

-- checkout.insert_receipt_lines (rows)
insert into checkout.receipt_line (member_id, receipt_id, line_no, line_id, sku, product_id, kind, quantity, shelf_sum, till_discount, discount, redeemed_points, redeemed_money, rounding, paid, earned_points, gift, discounts, returned_units) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- checkout.insert_receipts (rows)
insert into checkout.receipt (member_id, receipt_id, has_member, integration, shop_id, external_id, state, is_order, at, received_at, confirmed_at, program_version, shelf, till_discount, promotion_discount, redeemed_points, redeemed_money, rounding, paid, earned_points, returned_money, returned_wholly, tier_code, raised_tier, flags, origin, test, hold_expires_at, claimed_by, outcome) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30);

-- checkout.insert_returns (rows)
insert into checkout.return (member_id, return_id, receipt_id, integration, shop_id, external_id, at, received_at, money_returned, points_given_back, points_taken_back, debt_made, test, flags, answer) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- checkout.lines_of_members
select receipt_id, line_id, sku, quantity, shelf_sum, paid, redeemed_points, earned_points
  from checkout.receipt_line where member_id = any($1::uuid[]) order by receipt_id, line_no;

-- checkout.list_member_history
select member_id, at, paid - returned_money as paid
  from checkout.receipt where member_id = any($1::uuid[]) and at >= $2 and at < $3 and state = 'confirmed' and not test and claimed_by is null and not returned_wholly order by member_id, at, receipt_id;

-- checkout.list_member_receipts
select member_id, receipt_id, has_member, integration, shop_id, external_id, state, is_order, at, received_at, confirmed_at, program_version, shelf, till_discount, promotion_discount, redeemed_points, redeemed_money, rounding, paid, earned_points, returned_money, returned_wholly, tier_code, raised_tier, flags, origin, test, hold_expires_at, claimed_by, outcome from checkout.receipt
  where member_id = any($1::uuid[]) and (at, receipt_id) < ($2, $3) and claimed_by is null
  order by at desc, receipt_id desc limit $4;

-- checkout.list_past_lines
select line.receipt_id, line.line_id, line.sku, line.kind, line.quantity, line.shelf_sum, line.till_discount
  from unnest($1::uuid[], $2::uuid[]) as asked (member_id, receipt_id)
  join checkout.receipt_line line on line.member_id = asked.member_id and line.receipt_id = asked.receipt_id
  where not line.gift
  order by line.receipt_id, line.line_no;

-- checkout.list_waiting_receipts
select member_id, receipt_id, has_member, integration, shop_id, external_id, state, is_order, at, received_at, confirmed_at, program_version, shelf, till_discount, promotion_discount, redeemed_points, redeemed_money, rounding, paid, earned_points, returned_money, returned_wholly, tier_code, raised_tier, flags, origin, test, hold_expires_at, claimed_by, outcome from checkout.receipt 
  where state = 'review' and (received_at, receipt_id) > ($1, $2) order by received_at, receipt_id limit $3;

-- checkout.lock_receipt
select receipt_id from checkout.receipt where member_id = $1 and receipt_id = $2 for update;

-- checkout.mark_claimed
update checkout.receipt set claimed_by = $3, claimed_at = $4 where member_id = $1 and receipt_id = $2;

-- checkout.move_fiscal_keys
update checkout.fiscal_key set member_id = $3, receipt_id = $4 where member_id = $1 and receipt_id = $2;

-- checkout.page_past_receipts
select member_id, receipt_id, has_member, shop_id, external_id, at, tier_code, redeemed_points, earned_points,
    outcome -> 'uses' as uses, outcome -> 'balance' as balance
  from checkout.receipt
  where shop_id = any($1::uuid[]) and at >= $2 and at < $3 and (at, receipt_id) > ($2, $4) and state = 'confirmed' and not test and claimed_by is null and not returned_wholly
  order by at, receipt_id limit $5;

-- checkout.point_receipt_key
update checkout.receipt_key set object_id = $5 where integration = $1 and shop_id = $2 and external_id = $3 and kind = $4;

-- checkout.receipts_of_members
select receipt_id, shop_id, external_id, state, at, received_at, paid, shelf, till_discount, promotion_discount, redeemed_points, earned_points,
    returned_money, tier_code, flags, origin
  from checkout.receipt where member_id = any($1::uuid[]) order by at, receipt_id;

-- checkout.replace_receipt
update checkout.receipt set has_member = $3, state = $4, is_order = $5, at = $6, confirmed_at = $7, program_version = $8, shelf = $9, till_discount = $10, promotion_discount = $11, redeemed_points = $12, redeemed_money = $13, rounding = $14, paid = $15, earned_points = $16, returned_money = $17, returned_wholly = $18, tier_code = $19, raised_tier = $20, flags = $21, origin = $22, test = $23, hold_expires_at = $24, claimed_by = $25, outcome = $26 where member_id = $1 and receipt_id = $2;

-- checkout.repoint_receipt_key
update checkout.receipt_key set member_id = $5 where integration = $1 and shop_id = $2 and external_id = $3 and kind = $4;

-- checkout.returns_of_members
select return_id, receipt_id, shop_id, external_id, at, money_returned, points_given_back, points_taken_back, debt_made
  from checkout.return where member_id = any($1::uuid[]) order by at, return_id;

-- checkout.save_key_digest
update checkout.receipt_key set digest = $5 where integration = $1 and shop_id = $2 and external_id = $3 and kind = $4;

-- checkout.sum_member_history
select member_id, count(*) as receipts, sum(paid - returned_money)::bigint as paid, min(at) as first, max(at) as last
  from checkout.receipt where member_id = any($1::uuid[]) and at < $2 and state = 'confirmed' and not test and claimed_by is null and not returned_wholly group by member_id;

-- checkout.sum_returns_of_day
select count(*) as count, coalesce(sum(money_returned), 0)::bigint as sum from checkout.return
  where shop_id = $1 and at >= $2 and at < $3 and not test;

-- checkout.sum_sales_of_day
select count(*) as count, coalesce(sum(paid), 0)::bigint as sum from checkout.receipt
  where shop_id = $1 and at >= $2 and at < $3 and state = 'confirmed' and not test and claimed_by is null;

-- checkout.take_receipt_key
insert into checkout.receipt_key (integration, shop_id, external_id, kind, member_id, object_id, digest)
  values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1 as taken;

-- checkout.update_returned_units
update checkout.receipt_line line set returned_units = moved.units
  from unnest($3::smallint[], $4::numeric[]) as moved (line_no, units)
  where line.member_id = $1 and line.receipt_id = $2 and line.line_no = moved.line_no;

-- imports.advance
update imports.import set step = $2, checkpoint = $3, made = $4, finished = $5, beat_at = $6 where import_id = $1;

-- imports.begin
update imports.import set status = 'running', task = $2, step = $3, started_at = coalesce(started_at, $4), beat_at = $4, ended_at = null,
  failure = null, checkpoint = $5, total = $6, finished = $7 where import_id = $1;

-- imports.clear_problems
delete from imports.problem where import_id = $1;

-- imports.count_made
select count(*) as count from imports.made where import_id = $1;

-- imports.count_staged
select (select count(*) from imports.staged_line) as lines,
  (select count(*) from imports.staged_member) as members,
  (select count(*) from imports.staged_member where member_id is not null) as known,
  (select count(*) from imports.staged_group where group_key like 's%') as receipts,
  (select count(*) from imports.staged_group where group_key like 'r%') as returns,
  (select count(*) from imports.staged_group where member_key = '') as nobody,
  (select coalesce(sum(sum), 0)::bigint from imports.staged_group where group_key like 's%') as sum,
  (select coalesce(sum(sum), 0)::bigint from imports.staged_group where group_key like 'r%') as returned,
  (select count(*) from imports.problem where import_id = $1) as problems;

-- imports.count_touched
select count(*) as count from imports.touched where import_id = $1;

-- imports.delete_made
delete from imports.made where import_id = $1 and object_id = any($2::text[]);

-- imports.delete_touched
delete from imports.touched where import_id = $1 and member_id = any($2::uuid[]);

-- imports.drop_before
delete from imports.touched where member_id = $1;

-- imports.due_import
select import_id, kind, mode, status, task, step, mapping, file_name, file_path, file_bytes, file_digest, found, made, checkpoint, total,
  finished, stop_requested, requested_by, failure, created_at, started_at, beat_at, ended_at from imports.import where due_at <= $1 order by due_at, import_id limit 1;

-- imports.end
update imports.import set status = $2, step = $3, failure = $4, ended_at = $5, beat_at = $5, due_at = null, stop_requested = false
  where import_id = $1;

-- imports.find_import
select import_id, kind, mode, status, task, step, mapping, file_name, file_path, file_bytes, file_digest, found, made, checkpoint, total,
  finished, stop_requested, requested_by, failure, created_at, started_at, beat_at, ended_at from imports.import where import_id = $1;

-- imports.find_touched
select member_id from imports.touched where member_id = any($1::uuid[]) and import_id = $2;

-- imports.insert_import
insert into imports.import (import_id, kind, mode, status, mapping, file_name, file_path, file_bytes, file_digest, requested_by, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- imports.insert_made (rows)
insert into imports.made (import_id, object_kind, object_id, member_id) values ($1, $2, $3, $4) on conflict (import_id, object_kind, object_id) do nothing;

-- imports.insert_problem (rows)
insert into imports.problem (import_id, row_no, code, field, detail) values ($1, $2, $3, $4, $5) on conflict (import_id, row_no) do nothing;

-- imports.insert_touched (rows)
insert into imports.touched (member_id, import_id, before, revision_before, revision) values ($1, $2, $3, $4, $5) on conflict (member_id, import_id) do nothing;

-- imports.lock_import
select import_id, kind, mode, status, task, step, mapping, file_name, file_path, file_bytes, file_digest, found, made, checkpoint, total,
  finished, stop_requested, requested_by, failure, created_at, started_at, beat_at, ended_at from imports.import where import_id = $1 for update;

-- imports.mark_staged
insert into imports.staging (import_id, mapping_digest) values ($1, $2);

-- imports.page_imports
select import_id, kind, mode, status, task, step, mapping, file_name, file_path, file_bytes, file_digest, found, made, checkpoint, total,
  finished, stop_requested, requested_by, failure, created_at, started_at, beat_at, ended_at from imports.import where $1::uuid is null or import_id < $1 order by import_id desc limit $2;

-- imports.page_made
select object_kind, object_id, member_id from imports.made where import_id = $1 and object_id > $2 order by object_id limit $3;

-- imports.page_problems
select row_no, code, field, detail from imports.problem where import_id = $1 and row_no > $2 order by row_no limit $3;

-- imports.page_touched
select member_id, before is null as is_new, revision from imports.touched where import_id = $1 and member_id > $2 order by member_id limit $3;

-- imports.problems_by_code
select code, count(*) as count, (array_agg(row_no order by row_no))[1:5] as first_rows, (array_agg(field || ': ' || detail order by row_no))[1] as detail
  from imports.problem where import_id = $1 group by code order by count(*) desc, code;

-- imports.queue
update imports.import set status = 'queued', task = $2, due_at = $3, stop_requested = false, failure = null where import_id = $1;

-- imports.read_relays
select member_id, revision_before from imports.touched
  where import_id = $1 and member_id = any($2::uuid[]) and revision_before is not null;

-- imports.read_stop
select stop_requested from imports.import where import_id = $1;

-- imports.relay_revision
update imports.touched touched set revision = now.revision from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as now (member_id, before, revision)
  where touched.member_id = now.member_id and touched.import_id <> $1 and touched.revision = now.before;

-- imports.request_stop
update imports.import set stop_requested = true where import_id = $1 and status in ('queued', 'running');

-- imports.set_file
update imports.import set file_path = $2, file_bytes = $3, file_digest = $4, status = 'ready' where import_id = $1;

-- imports.set_found
update imports.import set found = $2, total = $3, beat_at = $4 where import_id = $1;

-- imports.set_staged_member_ids
update imports.staged_member member set member_id = known.member_id
  from unnest($1::text[], $2::uuid[]) as known (member_key, member_id) where member.member_key = known.member_key;

-- imports.set_step
update imports.import set step = $2, finished = $3, beat_at = $4 where import_id = $1;

-- imports.sold_since
select distinct member_id from imports.till_receipt where member_id = any($1::uuid[]) and received_at >= $2;

-- imports.staged_groups_after
select group_no, lines from imports.staged_group where group_no > $1 order by group_no limit $2;

-- imports.staged_lines_of_groups
select receipt.group_no, receipt.group_key, receipt.at, receipt.member_key, member.member_id, line.row_no, line.record
  from imports.staged_group receipt
  join imports.staged_line line on line.group_key = receipt.group_key
  left join imports.staged_member member on member.member_key = receipt.member_key
  where receipt.group_no > $1 and receipt.group_no <= $2 order by receipt.group_no, line.row_no;

-- imports.staged_members_after
select member_key, first_at, member_id from imports.staged_member where member_key > $1 order by member_key limit $2;

-- imports.staged_rows_after
select line.row_no, line.record, line.member_key, member.member_id
  from imports.staged_line line left join imports.staged_member member on member.member_key = line.member_key
  where line.row_no > $1 order by line.row_no limit $2;

-- imports.touched_by
select import_id, member_id, before is null as is_new from imports.touched where member_id = any($1::uuid[]) order by import_id;

-- imports.unknown_members_after
select member_key, first_at, member_id from imports.staged_member where member_key > $1 and member_id is null
  order by member_key limit $2;

-- imports.update_revisions
update imports.touched touched set revision = now.revision, receipts = touched.receipts + now.receipts
  from unnest($2::uuid[], $3::bigint[], $4::int[]) as now (member_id, revision, receipts)
  where touched.member_id = now.member_id and touched.import_id = $1;

-- imports.whose_staging
select import_id, mapping_digest from imports.staging;

-- ledger.any_lot
select exists (select 1 from ledger.lot) as exist;

-- ledger.delete_hold
delete from ledger.hold where member_id = $1 and hold_id = $2;

-- ledger.insert_debt (rows)
insert into ledger.debt (member_id, debt_id, amount, remaining, forgiven, cause_kind, cause_id, created_at, written_off_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- ledger.insert_entry (rows)
insert into ledger.entry (member_id, entry_id, lot_id, kind, change, cause_kind, cause_id, at, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- ledger.insert_lot (rows)
insert into ledger.lot (member_id, lot_id, source, rule, cause_kind, cause_id, amount, remaining, held, starts_at, burns_at, inactivity_days,
  grace_until, restriction, funder, pays_debt, started, open, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- ledger.one_snapshot
set transaction isolation level repeatable read, read only;

-- ledger.page_entries
select e.member_id as "memberId", e.entry_id as "entryId", e.lot_id as "lotId", e.kind, e.change, e.cause_kind as "causeKind", e.cause_id as "causeId",
  e.at, e.recorded_at as "recordedAt" from ledger.entry e where e.member_id = any($1::uuid[]) and e.entry_id < $2 order by e.entry_id desc limit $3;

-- ledger.page_lots
select l.member_id as "memberId", l.lot_id as "lotId", l.source, l.rule, l.cause_kind as "causeKind", l.cause_id as "causeId", l.amount, l.remaining,
  l.held, l.starts_at as "startsAt", l.burns_at as "burnsAt", l.inactivity_days as "inactivityDays", l.grace_until as "graceUntil", l.restriction, l.funder,
  l.pays_debt as "paysDebt", l.started, l.created_at as "createdAt" from ledger.lot l where l.member_id = any($1::uuid[]) and (l.open or $4) and l.lot_id < $2 order by l.lot_id desc limit $3;

-- ledger.page_members
select m.member_id as "memberId" from (
    (select distinct l.member_id from ledger.lot l where l.member_id > $1 order by l.member_id limit $2) union
    (select distinct e.member_id from ledger.entry e where e.member_id > $1 order by e.member_id limit $2) union
    (select distinct h.member_id from ledger.hold h where h.member_id > $1 order by h.member_id limit $2) union
    (select distinct d.member_id from ledger.debt d where d.member_id > $1 order by d.member_id limit $2)
  ) m order by m.member_id limit $2;

-- ledger.read_all_entries_of_many
select e.member_id as "memberId", e.entry_id as "entryId", e.lot_id as "lotId", e.kind, e.change, e.cause_kind as "causeKind", e.cause_id as "causeId",
  e.at, e.recorded_at as "recordedAt" from ledger.entry e where e.member_id = any($1::uuid[]) order by e.member_id, e.entry_id;

-- ledger.read_all_lots_of_many
select l.member_id as "memberId", l.lot_id as "lotId", l.source, l.rule, l.cause_kind as "causeKind", l.cause_id as "causeId", l.amount, l.remaining,
  l.held, l.starts_at as "startsAt", l.burns_at as "burnsAt", l.inactivity_days as "inactivityDays", l.grace_until as "graceUntil", l.restriction, l.funder,
  l.pays_debt as "paysDebt", l.started, l.created_at as "createdAt" from ledger.lot l where l.member_id = any($1::uuid[]) order by l.member_id, l.lot_id;

-- ledger.read_burned_lots
select l.member_id as "memberId", l.lot_id as "lotId", l.source, l.rule, l.cause_kind as "causeKind", l.cause_id as "causeId", l.amount, l.remaining,
  l.held, l.starts_at as "startsAt", l.burns_at as "burnsAt", l.inactivity_days as "inactivityDays", l.grace_until as "graceUntil", l.restriction, l.funder,
  l.pays_debt as "paysDebt", l.started, l.created_at as "createdAt" from ledger.lot l where l.member_id = $1 and l.lot_id in
    (select e.lot_id from ledger.entry e where e.member_id = $1 and e.kind = 'expire' and e.at > $2);

-- ledger.read_debts
select d.member_id as "memberId", d.debt_id as "debtId", d.amount, d.remaining, d.forgiven, d.cause_kind as "causeKind", d.cause_id as "causeId",
  d.created_at as "createdAt", d.written_off_at as "writtenOffAt" from ledger.debt d where d.member_id = $1 and d.debt_id = any($2::uuid[]);

-- ledger.read_debts_of_many
select d.member_id as "memberId", d.debt_id as "debtId", d.amount, d.remaining, d.forgiven, d.cause_kind as "causeKind", d.cause_id as "causeId",
  d.created_at as "createdAt", d.written_off_at as "writtenOffAt" from ledger.debt d where d.member_id = any($1::uuid[]);

-- ledger.read_entries_of_lots
select e.member_id as "memberId", e.entry_id as "entryId", e.lot_id as "lotId", e.kind, e.change, e.cause_kind as "causeKind", e.cause_id as "causeId",
  e.at, e.recorded_at as "recordedAt" from ledger.entry e where e.member_id = $1 and e.lot_id = any($2::uuid[]) order by e.entry_id;

-- ledger.read_holds
select h.member_id as "memberId", h.hold_id as "holdId", h.parts, h.expires_at as "expiresAt" from ledger.hold h where h.member_id = $1;

-- ledger.read_holds_of_many
select h.member_id as "memberId", h.hold_id as "holdId", h.parts, h.expires_at as "expiresAt" from ledger.hold h where h.member_id = any($1::uuid[]);

-- ledger.read_lots
select l.member_id as "memberId", l.lot_id as "lotId", l.source, l.rule, l.cause_kind as "causeKind", l.cause_id as "causeId", l.amount, l.remaining,
  l.held, l.starts_at as "startsAt", l.burns_at as "burnsAt", l.inactivity_days as "inactivityDays", l.grace_until as "graceUntil", l.restriction, l.funder,
  l.pays_debt as "paysDebt", l.started, l.created_at as "createdAt" from ledger.lot l where l.member_id = $1 and l.lot_id = any($2::uuid[]);

-- ledger.read_lots_of_cause
select l.member_id as "memberId", l.lot_id as "lotId", l.source, l.rule, l.cause_kind as "causeKind", l.cause_id as "causeId", l.amount, l.remaining,
  l.held, l.starts_at as "startsAt", l.burns_at as "burnsAt", l.inactivity_days as "inactivityDays", l.grace_until as "graceUntil", l.restriction, l.funder,
  l.pays_debt as "paysDebt", l.started, l.created_at as "createdAt" from ledger.lot l where l.member_id = $1 and l.cause_kind = $2 and l.cause_id = $3;

-- ledger.read_open_debts
select d.member_id as "memberId", d.debt_id as "debtId", d.amount, d.remaining, d.forgiven, d.cause_kind as "causeKind", d.cause_id as "causeId",
  d.created_at as "createdAt", d.written_off_at as "writtenOffAt" from ledger.debt d where d.member_id = $1 and d.remaining > 0;

-- ledger.read_open_debts_of_many
select d.member_id as "memberId", d.debt_id as "debtId", d.amount, d.remaining, d.forgiven, d.cause_kind as "causeKind", d.cause_id as "causeId",
  d.created_at as "createdAt", d.written_off_at as "writtenOffAt" from ledger.debt d where d.member_id = any($1::uuid[]) and d.remaining > 0;

-- ledger.read_open_lots
select l.member_id as "memberId", l.lot_id as "lotId", l.source, l.rule, l.cause_kind as "causeKind", l.cause_id as "causeId", l.amount, l.remaining,
  l.held, l.starts_at as "startsAt", l.burns_at as "burnsAt", l.inactivity_days as "inactivityDays", l.grace_until as "graceUntil", l.restriction, l.funder,
  l.pays_debt as "paysDebt", l.started, l.created_at as "createdAt" from ledger.lot l where l.member_id = $1 and l.open;

-- ledger.read_open_lots_of_many
select l.member_id as "memberId", l.lot_id as "lotId", l.source, l.rule, l.cause_kind as "causeKind", l.cause_id as "causeId", l.amount, l.remaining,
  l.held, l.starts_at as "startsAt", l.burns_at as "burnsAt", l.inactivity_days as "inactivityDays", l.grace_until as "graceUntil", l.restriction, l.funder,
  l.pays_debt as "paysDebt", l.started, l.created_at as "createdAt" from ledger.lot l where l.member_id = any($1::uuid[]) and l.open;

-- ledger.read_spendable_lots
select l.member_id as "memberId", l.lot_id as "lotId", l.source, l.rule, l.cause_kind as "causeKind", l.cause_id as "causeId", l.amount, l.remaining,
  l.held, l.starts_at as "startsAt", l.burns_at as "burnsAt", l.inactivity_days as "inactivityDays", l.grace_until as "graceUntil", l.restriction, l.funder,
  l.pays_debt as "paysDebt", l.started, l.created_at as "createdAt" from (
    select o.*, sum(case when o.restriction is null then o.remaining - o.held else 0 end)
      over (order by o.ends_at asc nulls last, o.bounds desc, o.starts_at, o.created_at, o.lot_id rows between unbounded preceding and 1 preceding) as before
    from (
      select a.*, case when a.burns_at is not null
          then greatest(a.burns_at, a.grace_until, case when a.inactivity_days is not null then $2::timestamptz end) end as ends_at,
        case when a.restriction is null then 0 else (a.restriction ? 'shops')::int + (a.restriction ? 'channels')::int
          + (a.restriction ? 'products')::int + (a.restriction ? 'least_receipt')::int end as bounds
      from ledger.lot a where a.member_id = $1 and a.open and a.started and a.remaining > a.held
    ) o where o.ends_at is null or o.ends_at > $3
  ) l where coalesce(l.before, 0) < $4;

-- ledger.save_hold (rows)
insert into ledger.hold (member_id, hold_id, parts, expires_at) values ($1, $2, $3, $4) on conflict (member_id, hold_id) do update set parts = excluded.parts, expires_at = excluded.expires_at;

-- ledger.sum_entries_by_lot
select e.member_id as "memberId", e.lot_id as "lotId", sum(e.change)::bigint as sum, count(*) as count from ledger.entry e
  where e.member_id = any($1::uuid[]) group by e.member_id, e.lot_id;

-- ledger.sum_payments_by_debt
select e.member_id as "memberId", e.cause_id as "debtId", sum(-e.change)::bigint as paid from ledger.entry e
  where e.member_id = any($1::uuid[]) and e.kind = 'pay_debt' group by e.member_id, e.cause_id;

-- ledger.update_debt
update ledger.debt set remaining = $3, forgiven = $4 where member_id = $1 and debt_id = $2;

-- ledger.update_lots
update ledger.lot as l set remaining = v.remaining, held = v.held, started = v.started, grace_until = v.grace_until, open = v.remaining > 0
  from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::boolean[], $6::timestamptz[]) as v (lot_id, remaining, held, started, grace_until)
  where l.member_id = $1 and l.lot_id = v.lot_id;

-- ledger.update_lots_of_many
update ledger.lot as l set remaining = v.remaining, held = v.held, started = v.started, grace_until = v.grace_until, open = v.remaining > 0
  from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::boolean[], $6::timestamptz[]) as v (member_id, lot_id, remaining, held, started, grace_until)
  where l.member_id = v.member_id and l.lot_id = v.lot_id;

-- members.archive_fields
update members.field set archived_at = $1 where archived_at is null;

-- members.claim_identity (rows)
insert into members.identity (identity_id, member_id, kind, value, state, added_at, confirmed_at, proof, source) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (kind, value) do nothing;

-- members.claim_welcome
insert into members.welcome_key (hash, gift, claimed_at) values ($1, $2, $3) on conflict (hash, gift) do nothing returning gift;

-- members.confirm_identity
update members.identity set confirmed_at = $3, proof = $4 where kind = $1 and value = $2;

-- members.count_card_stock
select count(*) as count from members.card_stock where batch_id = $1;

-- members.delete_identities
delete from members.identity where member_id = $1 returning kind, value;

-- members.delete_identity
delete from members.identity where kind = $1 and value = $2 and member_id = $3;

-- members.delete_identity_history
delete from members.identity_history where member_id = $1 returning kind, value;

-- members.delete_search
delete from members.search where member_id = $1;

-- members.find_aliases
select member_id from members.member where merged_into = $1 order by member_id;

-- members.find_identities
select kind, value, member_id from members.identity where (kind, value) in (select * from unnest($1::text[], $2::text[]));

-- members.find_identity
select member_id, state from members.identity where kind = $1 and value = $2;

-- members.find_member
select member_id, status, merged_into, joined_at, joined_shop_id, first_name, last_name, patronymic, birthday, gender, zone, language, fields, staff, test, origin, registered_by, blocked_at, blocked_reason, erased_at, created_at, updated_at from members.member where member_id = $1;

-- members.find_members
select member_id, status, merged_into, joined_at, joined_shop_id, first_name, last_name, patronymic, birthday, gender, zone, language, fields, staff, test, origin, registered_by, blocked_at, blocked_reason, erased_at, created_at, updated_at from members.member where member_id = any($1::uuid[]);

-- members.find_memento
select memento from members.merge where member_id = $1 and merge_id = $2;

-- members.forget_mementos
update members.merge set memento = '{}', reason = null where member_id = $1;

-- members.insert_card_batch
insert into members.card_batch (batch_id, prefix, cards_count, note, made_at, made_by) values ($1, $2, $3, $4, $5, $6);

-- members.insert_card_stock (rows)
insert into members.card_stock (number, batch_id, state, changed_at) values ($1, $2, $3, $4) on conflict (number) do nothing;

-- members.insert_consent (rows)
insert into members.consent (member_id, consent_id, channel, purpose, given, at, source, shop_id, text_shown, proof, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- members.insert_identity_history
insert into members.identity_history
    (member_id, identity_id, kind, value, added_at, confirmed_at, proof, released_at, reason, released_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- members.insert_member (rows)
insert into members.member (member_id, status, merged_into, joined_at, joined_shop_id, first_name, last_name, patronymic, birthday, gender, zone, language, fields, staff, test, origin, registered_by, blocked_at, blocked_reason, erased_at, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22);

-- members.insert_merge
insert into members.merge (member_id, merge_id, place, absorbed_id, merged_at, undo_until, merged_by, reason, memento)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- members.list_card_stock
select number, state from members.card_stock where batch_id = $1 and number > $2 order by number limit $3;

-- members.list_consents
select consent_id, channel, purpose, given, at, source, shop_id, text_shown, proof from members.consent where member_id = $1 order by at, consent_id;

-- members.list_fields
select code, type, label_ru, label_en, choices, personal from members.field where archived_at is null order by position, code;

-- members.list_identities
select identity_id, member_id, kind, value, state, added_at, confirmed_at, proof, source from members.identity where member_id = any($1::uuid[]) order by member_id, kind, added_at, value;

-- members.list_identity_history
select member_id, kind, value, added_at, released_at, reason from members.identity_history
  where member_id = any($1::uuid[]) order by released_at, identity_id;

-- members.list_merges
select member_id, merge_id, place, absorbed_id, merged_at, undo_until, merged_by, reason, undone_at from members.merge
  where member_id = $1 order by place;

-- members.load_for_checkout
select member_id, status, merged_into, birthday, gender, zone, language, staff, test, joined_at, joined_shop_id, fields
  from members.member where member_id = $1;

-- members.lock_card_stock
select state from members.card_stock where number = $1 for update;

-- members.lock_fields
select code, type from members.field order by code for update;

-- members.lock_identity
select identity_id, member_id, kind, value, state, added_at, confirmed_at, proof, source from members.identity where kind = $1 and value = $2 for update;

-- members.lock_member
select member_id, status, merged_into, joined_at, joined_shop_id, first_name, last_name, patronymic, birthday, gender, zone, language, fields, staff, test, origin, registered_by, blocked_at, blocked_reason, erased_at, created_at, updated_at from members.member where member_id = $1 for update;

-- members.minimise_consents
update members.consent set proof = jsonb_build_object('kind', proof -> 'kind'), minimised_at = $2
  where member_id = $1 and proof is not null and minimised_at is null;

-- members.next_card_places
select nextval('members.card_number') as place from generate_series(1, $1::integer);

-- members.point_alias
update members.member set merged_into = $2 where member_id = $1 and merged_into is not null;

-- members.repoint_back
update members.identity set member_id = $2
  where member_id = $1 and (kind, value) in (select * from unnest($3::text[], $4::text[]));

-- members.repoint_identities
update members.identity set member_id = $2 where member_id = $1 returning kind, value;

-- members.search_1
select member_id, words from members.search where words like $2 and (words || '') like all ($1::text[]) limit 300;

-- members.search_2
select member_id, words from members.search where words like $2 and words like $3 and (words || '') like all ($1::text[]) limit 300;

-- members.search_3
select member_id, words from members.search where words like $2 and words like $3 and words like $4 and (words || '') like all ($1::text[]) limit 300;

-- members.search_4
select member_id, words from members.search where words like $2 and words like $3 and words like $4 and words like $5 and (words || '') like all ($1::text[]) limit 300;

-- members.search_5
select member_id, words from members.search where words like $2 and words like $3 and words like $4 and words like $5 and words like $6 and (words || '') like all ($1::text[]) limit 300;

-- members.set_card_stock_state
update members.card_stock set state = $2, changed_at = $3 where number = $1;

-- members.set_identity_state
update members.identity set state = $3 where kind = $1 and value = $2;

-- members.undo_merge
update members.merge set undone_at = $3, undone_by = $4 where member_id = $1 and merge_id = $2;

-- members.update_member
update members.member set status = $2, merged_into = $3, first_name = $4, last_name = $5, patronymic = $6, birthday = $7, gender = $8,
    zone = $9, language = $10, fields = $11, staff = $12, blocked_at = $13, blocked_reason = $14, erased_at = $15, updated_at = $16
  where member_id = $1;

-- members.upsert_field
insert into members.field (code, type, label_ru, label_en, choices, personal, position) values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (code) do update set label_ru = excluded.label_ru, label_en = excluded.label_en, choices = excluded.choices,
    personal = excluded.personal, position = excluded.position, archived_at = null;

-- members.upsert_search (rows)
insert into members.search (member_id, words) values ($1, $2) on conflict (member_id) do update set words = excluded.words;

-- platform.claim_idempotency_key
insert into platform.idempotency (integration, key, route, digest) values ($1, $2, $3, $4)
  on conflict (integration, key, route) do nothing returning key;

-- platform.forget_idempotency_keys
delete from platform.idempotency where ctid in (
    select ctid from platform.idempotency where created_at < now() - make_interval(days => 7) limit 1000
  ) returning key;

-- platform.insert_fact (rows)
insert into platform.fact (member_id, fact_no, kind, at, origin, data) values ($1, $2, $3, $4, $5, $6);

-- platform.keep_idempotent_answer
update platform.idempotency set status = $4, body = $5 where integration = $1 and key = $2 and route = $3;

-- platform.read_idempotency_key
select digest, status, body::text as body from platform.idempotency where integration = $1 and key = $2 and route = $3;

-- platform.release_idempotency_key
delete from platform.idempotency where integration = $1 and key = $2 and route = $3;

-- platform.release_savepoint
release savepoint joined;

-- platform.rollback_to_savepoint
rollback to savepoint joined;

-- platform.savepoint
savepoint joined;

-- program.latest_number
select max(number) as number from program.version;

-- program.lock_versions
lock table program.version in share row exclusive mode;

-- promotions.add_count
insert into promotions.member_use as m (member_id, promotion_code, uses, day, uses_today) values ($1, $2, $3, $4, $5)
  on conflict (member_id, promotion_code) do update set
    uses = m.uses + excluded.uses,
    uses_today = case
      when m.day = excluded.day then m.uses_today + excluded.uses_today
      when m.day < excluded.day then excluded.uses_today else m.uses_today end,
    day = greatest(m.day, excluded.day);

-- promotions.cancel_code
update promotions.promo_code set cancelled_at = coalesce(cancelled_at, $2) where code_key = $1 returning code_key;

-- promotions.cancel_codes_of_member
update promotions.promo_code set cancelled_at = coalesce(cancelled_at, $2) where member_id = $1;

-- promotions.cancel_issued_codes
update promotions.promo_code set cancelled_at = $2 where issued_by = $1 and uses = 0 and cancelled_at is null returning code_key;

-- promotions.codes_of_members
select code_key, text, kind, promotion_code, pool_id, member_id, issued_by, valid_from, valid_until, uses_max, uses, cancelled_at, created_at from promotions.promo_code where member_id = any($1) order by code_key;

-- promotions.copy_window
insert into promotions.personal_window
    (member_id, window_id, promotion_code, starts_at, ends_at, uses_left, cause_kind, cause_id, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (member_id, promotion_code, cause_kind, cause_id) do nothing returning window_id;

-- promotions.count_member_use (rows)
insert into promotions.member_use as m (member_id, promotion_code, uses, day, uses_today) values ($1, $2, $3, $4, $5) on conflict (member_id, promotion_code) do update set
  uses = m.uses + excluded.uses,
  uses_today = case when m.day = excluded.day then m.uses_today + excluded.uses_today else excluded.uses_today end,
  day = excluded.day;

-- promotions.count_wrong_try
insert into promotions.wrong_try as t (subject, window_start, tries, last_key) values ($1, $2, $5, $4)
  on conflict (subject) do update set
    tries = case
      when t.window_start <= $3 then excluded.tries
      when t.last_key = excluded.last_key then t.tries
      else t.tries + excluded.tries end,
    window_start = case when t.window_start <= $3 then excluded.window_start else t.window_start end,
    last_key = excluded.last_key;

-- promotions.counts_of_member
select promotion_code, uses, day, uses_today from promotions.member_use where member_id = $1 order by promotion_code;

-- promotions.delete_imported_code
delete from promotions.promo_code where code_key = $1 and uses = uses_imported returning code_key;

-- promotions.draw_lanes
update promotions.limit_counter set uses = uses + $2, points = points + $3, money = money + $4 where promotion_code = $1;

-- promotions.end_all_windows
update promotions.personal_window set ends_at = greatest($2, starts_at + interval '1 microsecond') where member_id = $1 and ends_at > $2;

-- promotions.end_windows
update promotions.personal_window set ends_at = greatest($4, starts_at + interval '1 microsecond')
  where member_id = $1 and cause_kind = $2 and cause_id = $3 and ends_at > $4 returning window_id;

-- promotions.ensure_limit
insert into promotions.limit_counter as c (promotion_code, uses_max, points_max, money_max) values ($1, $2, $3, $4)
  on conflict (promotion_code) do update set
    uses_max = excluded.uses_max, points_max = excluded.points_max, money_max = excluded.money_max,
    uses_forced = greatest(0, c.uses - excluded.uses_max),
    points_forced = greatest(0, c.points - excluded.points_max),
    money_forced = greatest(0, c.money - excluded.money_max);

-- promotions.find_codes
select code_key, text, kind, promotion_code, pool_id, member_id, issued_by, valid_from, valid_until, uses_max, uses, cancelled_at, created_at from promotions.promo_code where code_key = any($1);

-- promotions.find_pool
select pool_id as "poolId", promotion_code as "promotionCode", name, prefix, random_length as length, count, generated, uses_max as "usesMax",
  valid_from as "validFrom", valid_until as "validUntil", state, created_at as "createdAt", finished_at as "finishedAt" from promotions.promo_code_pool where pool_id = $1;

-- promotions.fold_lanes
delete from promotions.limit_lane where promotion_code = any($1) returning promotion_code, uses, points, money;

-- promotions.give_back_code_use
update promotions.promo_code set uses = uses - 1, uses_forced = greatest(0, least(uses_forced, uses - 1 - uses_max))
  where code_key = $1 and uses > 0;

-- promotions.give_back_limit
update promotions.limit_counter set
    uses = uses - $2, points = points - $3, money = money - $4,
    uses_forced = greatest(0, least(uses_forced, uses - $2 - uses_max)),
    points_forced = greatest(0, least(points_forced, points - $3 - points_max)),
    money_forced = greatest(0, least(money_forced, money - $4 - money_max))
  where promotion_code = $1;

-- promotions.insert_code
insert into promotions.promo_code
    (code_key, text, kind, promotion_code, pool_id, member_id, issued_by, valid_from, valid_until, uses_max, uses, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (code_key) do nothing returning code_key;

-- promotions.insert_imported_code
insert into promotions.promo_code
    (code_key, text, kind, promotion_code, member_id, valid_until, uses_max, uses, uses_imported, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) on conflict (code_key) do nothing returning code_key;

-- promotions.insert_lane (rows)
insert into promotions.limit_lane (promotion_code, lane, opening, uses, points, money) values ($1, $2, $3, $4, $5, $6);

-- promotions.insert_pool
insert into promotions.promo_code_pool
    (pool_id, promotion_code, name, prefix, random_length, count, uses_max, valid_from, valid_until, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- promotions.insert_use (rows)
insert into promotions.use (member_id, receipt_id, use_id, promotion_code, code_key, window_id, discount, points, per_member, in_total,
  day, state, taken_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- promotions.insert_window (rows)
insert into promotions.personal_window
  (member_id, window_id, promotion_code, starts_at, ends_at, uses_left, cause_kind, cause_id, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (member_id, promotion_code, cause_kind, cause_id) do nothing;

-- promotions.lift_limits
update promotions.limit_counter set
    uses_max = null, points_max = null, money_max = null, uses_forced = 0, points_forced = 0, money_forced = 0
  where promotion_code = any($1);

-- promotions.lock_limits
select promotion_code, uses, uses_forced, uses_max, points, points_forced, points_max, money, money_forced, money_max, false as laned
  from promotions.limit_counter where promotion_code = any($1) order by promotion_code for update;

-- promotions.mark_use_part_returned
update promotions.use set discount_returned = discount_returned + $4, points_returned = points_returned + $5
  where member_id = $1 and receipt_id = $2 and use_id = $3;

-- promotions.mark_use_returned
update promotions.use set state = 'returned', returned_at = $4, discount_returned = discount, points_returned = points
  where member_id = $1 and receipt_id = $2 and use_id = $3;

-- promotions.member_uses
select promotion_code, uses, day, uses_today from promotions.member_use where member_id = $1;

-- promotions.open_windows
select window_id, promotion_code, starts_at, ends_at, uses_left from promotions.personal_window
  where member_id = $1 and ends_at > $2 and (uses_left is null or uses_left > 0) order by ends_at, window_id;

-- promotions.pass_codes
update promotions.promo_code set member_id = $2 where member_id = $1 returning code_key;

-- promotions.pass_codes_back
update promotions.promo_code set member_id = $3 where member_id = $1 and code_key = any($2);

-- promotions.pool_usage
select count(*) as used, coalesce(sum(uses), 0)::bigint as uses from promotions.promo_code where pool_id = $1 and uses > 0;

-- promotions.read_all_limits
select c.promotion_code, c.uses - coalesce(l.uses, 0) as uses, c.uses_forced, c.uses_max,
    c.points - coalesce(l.points, 0) as points, c.points_forced, c.points_max,
    c.money - coalesce(l.money, 0) as money, c.money_forced, c.money_max, l.promotion_code is not null as laned
  from promotions.limit_counter c
  left join (
    select promotion_code, sum(uses)::bigint as uses, sum(points)::bigint as points, sum(money)::bigint as money
    from promotions.limit_lane group by promotion_code
  ) l using (promotion_code) order by c.promotion_code limit 1000;

-- promotions.read_limits
select c.promotion_code, c.uses - coalesce(l.uses, 0) as uses, c.uses_forced, c.uses_max,
    c.points - coalesce(l.points, 0) as points, c.points_forced, c.points_max,
    c.money - coalesce(l.money, 0) as money, c.money_forced, c.money_max, l.promotion_code is not null as laned
  from promotions.limit_counter c
  left join (
    select promotion_code, sum(uses)::bigint as uses, sum(points)::bigint as points, sum(money)::bigint as money
    from promotions.limit_lane group by promotion_code
  ) l using (promotion_code) where c.promotion_code = any($1);

-- promotions.read_wrong_tries
select subject, tries from promotions.wrong_try where subject = any($1) and window_start > $2;

-- promotions.set_window_uses_left
update promotions.personal_window set uses_left = $3 where member_id = $1 and window_id = $2;

-- promotions.subtract_count
update promotions.member_use set uses = greatest(0, uses - $3) where member_id = $1 and promotion_code = $2;

-- promotions.take_back_window
delete from promotions.personal_window where member_id = $1 and window_id = $2 returning uses_left;

-- promotions.take_code_use
update promotions.promo_code set uses = uses + 1 where code_key = $1;

-- promotions.take_code_use_forced
update promotions.promo_code set uses = uses + 1, uses_forced = greatest(uses_forced, uses + 1 - uses_max) where code_key = $1;

-- promotions.take_lane
insert into promotions.limit_lane as l (promotion_code, lane, opening, uses, points, money) values ($1, $2, 0, 0, 0, 0)
  on conflict (promotion_code, lane) do update set uses = l.uses - $3, points = l.points - $4, money = l.money - $5;

-- promotions.take_limit
insert into promotions.limit_counter as c (promotion_code, uses, points, money, uses_max, points_max, money_max)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (promotion_code) do update set
    uses = c.uses + excluded.uses, points = c.points + excluded.points, money = c.money + excluded.money;

-- promotions.take_limit_forced
insert into promotions.limit_counter as c
    (promotion_code, uses, points, money, uses_max, points_max, money_max, uses_forced, points_forced, money_forced)
  values ($1, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6::bigint, $7::bigint,
    greatest(0, $2::bigint - $5::bigint), greatest(0, $3::bigint - $6::bigint), greatest(0, $4::bigint - $7::bigint))
  on conflict (promotion_code) do update set
    uses = c.uses + excluded.uses, points = c.points + excluded.points, money = c.money + excluded.money,
    uses_forced = greatest(c.uses_forced, c.uses + excluded.uses - c.uses_max),
    points_forced = greatest(c.points_forced, c.points + excluded.points - c.points_max),
    money_forced = greatest(c.money_forced, c.money + excluded.money - c.money_max);

-- promotions.uncount_member_use
update promotions.member_use set
    uses = greatest(0, uses - 1),
    uses_today = case when day = $3 then greatest(0, uses_today - 1) else uses_today end
  where member_id = $1 and promotion_code = $2;

-- promotions.unuse_window
update promotions.personal_window set uses_left = uses_left + 1 where member_id = $1 and window_id = $2 and uses_left is not null;

-- promotions.use_window
update promotions.personal_window set uses_left = greatest(0, uses_left - 1) where member_id = $1 and window_id = $2 and uses_left is not null;

-- promotions.uses_of_members
select member_id, receipt_id, promotion_code, code_key, discount, points, state, taken_at
  from promotions.use where member_id = any($1) order by taken_at, use_id;

-- promotions.uses_of_receipt
select member_id, receipt_id, use_id, promotion_code, code_key, window_id, discount, points, discount_returned, points_returned, per_member,
    in_total, day, taken_at
  from promotions.use where member_id = $1 and receipt_id = $2 and state = 'taken' order by promotion_code, use_id;

-- promotions.windows_of_members
select member_id, window_id, promotion_code, starts_at, ends_at, uses_left, cause_kind, cause_id, created_at
  from promotions.personal_window where member_id = any($1) order by created_at, window_id;

-- standing.insert (rows)
insert into standing.standing (member_id, revision, blocked, available, pending, reserved, debt, changes_at, inactivity_deadline, receipts_count, paid_total, first_purchase_at, last_purchase_at, last_shop_id, tier_code, tier_since, tier_review_at, day, day_earned, day_redeemed, counters) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21);

-- standing.lock
select member_id as "memberId", revision, blocked, available, pending, reserved, debt, changes_at as "changesAt",
  inactivity_deadline as "inactivityDeadline", receipts_count as "receiptsCount", paid_total as "paidTotal", first_purchase_at as "firstPurchaseAt",
  last_purchase_at as "lastPurchaseAt", last_shop_id as "lastShopId", tier_code as "tierCode", tier_since as "tierSince",
  tier_review_at as "tierReviewAt", day, day_earned as "dayEarned", day_redeemed as "dayRedeemed", counters from standing.standing where member_id = $1 for update;

-- standing.lock_free
select member_id as "memberId", revision, blocked, available, pending, reserved, debt, changes_at as "changesAt",
  inactivity_deadline as "inactivityDeadline", receipts_count as "receiptsCount", paid_total as "paidTotal", first_purchase_at as "firstPurchaseAt",
  last_purchase_at as "lastPurchaseAt", last_shop_id as "lastShopId", tier_code as "tierCode", tier_since as "tierSince",
  tier_review_at as "tierReviewAt", day, day_earned as "dayEarned", day_redeemed as "dayRedeemed", counters from standing.standing where member_id = any($1::uuid[]) order by member_id for update skip locked;

-- standing.lock_many
select member_id as "memberId", revision, blocked, available, pending, reserved, debt, changes_at as "changesAt",
  inactivity_deadline as "inactivityDeadline", receipts_count as "receiptsCount", paid_total as "paidTotal", first_purchase_at as "firstPurchaseAt",
  last_purchase_at as "lastPurchaseAt", last_shop_id as "lastShopId", tier_code as "tierCode", tier_since as "tierSince",
  tier_review_at as "tierReviewAt", day, day_earned as "dayEarned", day_redeemed as "dayRedeemed", counters from standing.standing where member_id = any($1::uuid[]) order by member_id for update;

-- standing.page
select member_id as "memberId", revision, blocked, available, pending, reserved, debt, changes_at as "changesAt",
  inactivity_deadline as "inactivityDeadline", receipts_count as "receiptsCount", paid_total as "paidTotal", first_purchase_at as "firstPurchaseAt",
  last_purchase_at as "lastPurchaseAt", last_shop_id as "lastShopId", tier_code as "tierCode", tier_since as "tierSince",
  tier_review_at as "tierReviewAt", day, day_earned as "dayEarned", day_redeemed as "dayRedeemed", counters from standing.standing where member_id > $1 order by member_id limit $2;

-- standing.page_due
select member_id as "memberId" from standing.standing where member_id > $1 and changes_at <= $2 order by member_id limit $3;

-- standing.read
select member_id as "memberId", revision, blocked, available, pending, reserved, debt, changes_at as "changesAt",
  inactivity_deadline as "inactivityDeadline", receipts_count as "receiptsCount", paid_total as "paidTotal", first_purchase_at as "firstPurchaseAt",
  last_purchase_at as "lastPurchaseAt", last_shop_id as "lastShopId", tier_code as "tierCode", tier_since as "tierSince",
  tier_review_at as "tierReviewAt", day, day_earned as "dayEarned", day_redeemed as "dayRedeemed", counters from standing.standing where member_id = $1;

-- standing.read_inactivity_deadline
select inactivity_deadline as "inactivityDeadline" from standing.standing where member_id = $1;

-- standing.read_many
select member_id as "memberId", revision, blocked, available, pending, reserved, debt, changes_at as "changesAt",
  inactivity_deadline as "inactivityDeadline", receipts_count as "receiptsCount", paid_total as "paidTotal", first_purchase_at as "firstPurchaseAt",
  last_purchase_at as "lastPurchaseAt", last_shop_id as "lastShopId", tier_code as "tierCode", tier_since as "tierSince",
  tier_review_at as "tierReviewAt", day, day_earned as "dayEarned", day_redeemed as "dayRedeemed", counters from standing.standing where member_id = any($1::uuid[]);

-- standing.save
update standing.standing set revision = $2, blocked = $3, available = $4, pending = $5, reserved = $6, debt = $7, changes_at = $8, inactivity_deadline = $9, receipts_count = $10, paid_total = $11, first_purchase_at = $12, last_purchase_at = $13, last_shop_id = $14, tier_code = $15, tier_since = $16, tier_review_at = $17, day = $18, day_earned = $19, day_redeemed = $20, counters = $21 where member_id = $1;

-- standing.save_many (rows)
update standing.standing as s set revision = v.revision::bigint, blocked = v.blocked::boolean, available = v.available::bigint, pending = v.pending::bigint, reserved = v.reserved::bigint, debt = v.debt::bigint, changes_at = v.changes_at::timestamptz, inactivity_deadline = v.inactivity_deadline::timestamptz, receipts_count = v.receipts_count::integer, paid_total = v.paid_total::bigint, first_purchase_at = v.first_purchase_at::timestamptz, last_purchase_at = v.last_purchase_at::timestamptz, last_shop_id = v.last_shop_id::text, tier_code = v.tier_code::text, tier_since = v.tier_since::timestamptz, tier_review_at = v.tier_review_at::timestamptz, day = v.day::date, day_earned = v.day_earned::bigint, day_redeemed = v.day_redeemed::bigint, counters = v.counters::jsonb from ( values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) ) as v (member_id, revision, blocked, available, pending, reserved, debt, changes_at, inactivity_deadline, receipts_count, paid_total, first_purchase_at, last_purchase_at, last_shop_id, tier_code, tier_since, tier_review_at, day, day_earned, day_redeemed, counters) where s.member_id = v.member_id::uuid;

-- tiers.add_day (rows)
insert into tiers.progress_day as p (member_id, day, paid, receipts) values ($1, $2, $3, $4) on conflict (member_id, day) do update set paid = p.paid + excluded.paid, receipts = p.receipts + excluded.receipts;

-- tiers.add_day_counter
insert into tiers.progress_day as p (member_id, day, counters) values ($1, $2, jsonb_build_object($3::text, $4::int))
  on conflict (member_id, day) do update set
    counters = p.counters || jsonb_build_object($3::text, coalesce((p.counters ->> $3::text)::int, 0) + $4::int);

-- tiers.add_whole_day
insert into tiers.progress_day as p (member_id, day, paid, receipts, counters) values ($1, $2, $3, $4, $5)
  on conflict (member_id, day) do update set
    paid = p.paid + excluded.paid,
    receipts = p.receipts + excluded.receipts,
    counters = coalesce((
      select jsonb_object_agg(key, coalesce((p.counters ->> key)::int, 0) + coalesce((excluded.counters ->> key)::int, 0))
      from jsonb_object_keys(p.counters || excluded.counters) as key
    ), '{}');

-- tiers.clear_changes
update tiers.tier_change set cause_id = null where member_id = $1;

-- tiers.clear_days
delete from tiers.progress_day where member_id = $1;

-- tiers.clear_manual
delete from tiers.manual_tier where member_id = $1;

-- tiers.clear_review
delete from tiers.review where member_id = $1;

-- tiers.days_of_members
select day, paid, receipts, counters from tiers.progress_day where member_id = any($1) order by day;

-- tiers.days_since
select day, paid, receipts, counters from tiers.progress_day where member_id = $1 and day >= $2;

-- tiers.delete_manual_tier
delete from tiers.manual_tier where member_id = $1;

-- tiers.delete_review
delete from tiers.review where member_id = $1;

-- tiers.due_reviews
select member_id, due_at, kind, review_at from tiers.review where due_at <= $1 order by due_at, member_id limit $2;

-- tiers.end_review
delete from tiers.review where member_id = $1;

-- tiers.history
select change_id, at, from_tier, to_tier, direction, cause_kind, cause_id, review_at from tiers.tier_change
  where member_id = any($1) order by at desc, change_id desc limit $2;

-- tiers.insert_change (rows)
insert into tiers.tier_change
  (member_id, change_id, at, from_tier, from_since, from_review_at, to_tier, review_at, direction, cause_kind, cause_id, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- tiers.manual_of_members
select tier_code as "tierCode", until, reason from tiers.manual_tier where member_id = any($1);

-- tiers.manual_tier
select tier_code, until, reason, set_by, set_at from tiers.manual_tier where member_id = $1;

-- tiers.put_manual_tier
insert into tiers.manual_tier (member_id, tier_code, until, reason, set_by, set_at) values ($1, $2, $3, $4, $5, $6)
  on conflict (member_id) do update set tier_code = excluded.tier_code, until = excluded.until, reason = excluded.reason,
    set_by = excluded.set_by, set_at = excluded.set_at;

-- tiers.put_review
insert into tiers.review (member_id, due_at, kind, review_at) values ($1, $2, $3, $4)
  on conflict (member_id) do update set due_at = excluded.due_at, kind = excluded.kind, review_at = excluded.review_at;

-- tiers.raise_of_receipt
select at, from_tier, from_since, from_review_at, to_tier from tiers.tier_change
  where member_id = $1 and cause_kind = 'purchase' and cause_id = $2 and direction = 'up' order by change_id desc limit 1;
