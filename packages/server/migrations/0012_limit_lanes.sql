-- Lanes of a large total limit: parts of it drawn in advance from limit_counter, so that sixteen tills do not wait for one row until each other's
-- COMMIT is on disk. A lane that is overdrawn breaks its check, one that is gone breaks its key; the sale is then decided under lock (R25).

-- The one way a lane comes into being. A till's upsert names opening 0, which is not here: where the lane exists it updates it and no key is
-- looked up; where it does not, the insert fails.
create table promotions.limit_opening (id smallint primary key);
insert into promotions.limit_opening (id) values (1);

create table promotions.limit_lane (
  promotion_code text not null,
  lane smallint not null,
  opening smallint not null,
  -- What is left in the lane.
  uses bigint not null,
  points bigint not null,
  money bigint not null,
  primary key (promotion_code, lane),
  constraint limit_lane_opened foreign key (opening) references promotions.limit_opening (id),
  constraint limit_lane_within_max check (uses >= 0 and points >= 0 and money >= 0)
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
