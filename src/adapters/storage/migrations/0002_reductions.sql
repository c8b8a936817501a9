-- Uniqueness lives in two hash-partitioned key tables. The facts are partitioned by the UTC day of their start, and a unique key of theirs
-- would have to include that day and let a record in twice; so they have none and are written together with their keys.
CREATE TABLE record_keys (
  tenant       text COLLATE "C" NOT NULL,
  provider     text COLLATE "C" NOT NULL,
  record_id    text COLLATE "C" NOT NULL,
  -- Where the fact is: its partition and its index.
  started_at   bigint NOT NULL,
  activity_key bytea NOT NULL,
  PRIMARY KEY (tenant, provider, record_id)
) PARTITION BY HASH (tenant, provider, record_id);

CREATE TABLE activity_keys (
  tenant       text COLLATE "C" NOT NULL,
  activity_key bytea NOT NULL CHECK (octet_length(activity_key) = 32),
  -- Day of the first claim's start. Who claimed it, under which methodology and whether it is closed, is what the facts of that day say.
  utc_day      integer NOT NULL,
  PRIMARY KEY (tenant, activity_key)
) PARTITION BY HASH (tenant, activity_key);

DO $$
BEGIN
  FOR i IN 0..15 LOOP
    EXECUTE format('CREATE TABLE record_keys_%s PARTITION OF record_keys FOR VALUES WITH (MODULUS 16, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE activity_keys_%s PARTITION OF activity_keys FOR VALUES WITH (MODULUS 16, REMAINDER %s)', i, i);
  END LOOP;
END $$;

-- One closing at a time and tenant; everything that a batch's bytes depend on is fixed in the transaction that starts it.
CREATE TABLE closings (
  tenant            text COLLATE "C" NOT NULL REFERENCES tenants,
  closing           integer GENERATED ALWAYS AS IDENTITY,
  closing_id        bytea NOT NULL CHECK (octet_length(closing_id) = 32),
  region            text COLLATE "C" NOT NULL,
  start_day         integer NOT NULL,
  end_day           integer NOT NULL CHECK (end_day >= start_day),
  time_zone         text NOT NULL,
  created_at        bigint NOT NULL,
  previous_batch_id bytea CHECK (octet_length(previous_batch_id) = 32),
  reductions        bigint NOT NULL,
  milligrams        bigint NOT NULL,
  sealed            boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant, closing),
  UNIQUE (tenant, closing_id)
);
CREATE UNIQUE INDEX closings_unfinished ON closings (tenant) WHERE NOT sealed;

-- The facts. Partitions `reductions_YYYYMMDD` are made by the transaction that admits the first start of a day.
CREATE TABLE reductions (
  tenant       text COLLATE "C" NOT NULL,
  started_at   bigint NOT NULL,
  ended_at     bigint,
  quantity     bigint NOT NULL CHECK (quantity >= 0),
  milligrams   bigint NOT NULL CHECK (milligrams > 0),
  -- Day of the start in the methodology's time zone, not in UTC.
  day          integer NOT NULL,
  closing      integer,
  activity_key bytea NOT NULL,
  subject_key  bytea CHECK (octet_length(subject_key) = 32),
  methodology  bytea NOT NULL CHECK (octet_length(methodology) = 32),
  provider     text COLLATE "C" NOT NULL,
  record_id    text COLLATE "C" NOT NULL,
  scenario     text COLLATE "C" NOT NULL,
  unit         text COLLATE "C" NOT NULL,
  region       text COLLATE "C" NOT NULL,
  disposition  text COLLATE "C" NOT NULL DEFAULT 'open' CHECK (disposition IN ('open', 'pooled', 'redeemed', 'donated')),
  CHECK ((disposition = 'pooled') = (closing IS NOT NULL))
) PARTITION BY RANGE (started_at);
-- A hash index is a third of a B-tree's size on 32-byte keys, and equality is all that is asked of it.
CREATE INDEX reductions_activity_key ON reductions USING hash (activity_key);

-- Every change of a disposition, in the transaction that makes it; from_disposition is null where a reduction enters.
-- At any time, per disposition: what came in less what went out = the facts that have it.
CREATE TABLE disposition_moves (
  tenant           text COLLATE "C" NOT NULL REFERENCES tenants,
  move             bigint GENERATED ALWAYS AS IDENTITY,
  from_disposition text COLLATE "C",
  to_disposition   text COLLATE "C" NOT NULL,
  reductions       bigint NOT NULL CHECK (reductions > 0),
  milligrams       bigint NOT NULL CHECK (milligrams > 0),
  reference        text NOT NULL,
  moved_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, move)
);

CREATE TABLE ingests (
  tenant       text COLLATE "C" NOT NULL REFERENCES tenants,
  ingest       bigint GENERATED ALWAYS AS IDENTITY,
  profile_hash bytea NOT NULL CHECK (octet_length(profile_hash) = 32),
  source_name  text NOT NULL,
  started_at   bigint NOT NULL,
  finished     boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant, ingest)
);
CREATE INDEX ingests_unfinished ON ingests (tenant, profile_hash) WHERE NOT finished;

CREATE TABLE ingest_chunks (
  tenant                 text COLLATE "C" NOT NULL,
  ingest                 bigint NOT NULL,
  chunk                  integer NOT NULL CHECK (chunk >= 0),
  chain_digest           bytea NOT NULL CHECK (octet_length(chain_digest) = 32),
  rows_read              integer NOT NULL CHECK (rows_read >= 0),
  accepted               integer NOT NULL,
  rejected               integer NOT NULL CHECK (rejected >= 0),
  duplicate_record_id    integer NOT NULL,
  duplicate_same_content integer NOT NULL,
  duplicate_activity_key integer NOT NULL,
  duplicate_closed       integer NOT NULL,
  milligrams             bigint NOT NULL,
  -- One byte per reduction in the order given, so that a chunk asked for again is answered as it was the first time.
  outcomes               bytea NOT NULL,
  PRIMARY KEY (tenant, ingest, chunk),
  FOREIGN KEY (tenant, ingest) REFERENCES ingests,
  CHECK (rows_read = accepted + rejected + duplicate_record_id + duplicate_same_content + duplicate_activity_key + duplicate_closed)
);
