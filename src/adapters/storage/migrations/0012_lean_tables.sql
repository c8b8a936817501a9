-- Lean tables for what comes in by the million (docs/design/lean-tables.md). The tables that they replace are kept as old_* and moved by the next
-- migration, one partition a transaction.
DO $$
DECLARE
  readers text;
BEGIN
  -- They would go on reading the old tables, empty ones, and keep 0013 and 0014 from dropping them, the tables or one of their ranges.
  WITH parents AS (
    SELECT unnest(ARRAY['reductions', 'subject_days', 'record_keys', 'activity_keys']::regclass[])::oid AS oid
  ), replaced AS (
    SELECT oid FROM parents UNION SELECT inhrelid FROM pg_inherits WHERE inhparent IN (SELECT oid FROM parents)
  ), used AS (
    SELECT 'pg_class'::regclass AS class, oid FROM replaced
    UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t WHERE t.typrelid IN (SELECT oid FROM replaced)
    UNION ALL SELECT 'pg_type'::regclass, t.typarray FROM pg_type t WHERE t.typrelid IN (SELECT oid FROM replaced)
  )
  SELECT string_agg(DISTINCT coalesce(r.ev_class::regclass::text, pg_describe_object(d.classid, d.objid, d.objsubid)), ', ') INTO readers
  FROM pg_depend d JOIN used u ON u.class = d.refclassid AND u.oid = d.refobjid
  LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
  LEFT JOIN pg_constraint c ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid
  WHERE d.deptype = 'n' AND coalesce(r.ev_class, c.conrelid, CASE d.classid WHEN 'pg_class'::regclass THEN d.objid END, 0)
    NOT IN (SELECT oid FROM replaced);
  IF readers IS NOT NULL THEN
    RAISE EXCEPTION 'Views read tables that this version replaces: %. Drop them, start again, and make them anew over the view reductions.', readers;
  END IF;
END $$;

ALTER TABLE tenants
  ADD COLUMN number integer GENERATED ALWAYS AS IDENTITY UNIQUE,
  -- What record keys are made with: 122 random bits, so that no provider finds two records of one key, or chooses where its records go.
  ADD COLUMN record_secret uuid NOT NULL DEFAULT gen_random_uuid();

ALTER TABLE reductions RENAME TO old_reductions;
ALTER TABLE subject_days RENAME TO old_subject_days;
ALTER INDEX subject_days_key RENAME TO old_subject_days_key;

-- What many facts have in common, under one number.
CREATE TABLE sources (
  source      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant      text COLLATE "C" NOT NULL REFERENCES tenants,
  provider    text COLLATE "C" NOT NULL,
  methodology bytea NOT NULL CHECK (octet_length(methodology) = 32),
  scenario    text COLLATE "C" NOT NULL,
  unit        text COLLATE "C" NOT NULL,
  region      text COLLATE "C" NOT NULL,
  UNIQUE (tenant, provider, methodology, scenario, unit, region)
);

-- Keys that signed records. 0 stands for no signature.
CREATE TABLE signing_keys (
  signing_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant      text COLLATE "C" NOT NULL REFERENCES tenants,
  public_key  bytea NOT NULL CHECK (octet_length(public_key) = 32),
  UNIQUE (tenant, public_key)
);

-- The facts. Partitions are made by the transaction that admits the first start in their range (ensure_day_ranges). An activity key fixes its
-- minute, hence its UTC day; and where it names nobody, it fixes its record, which is unique by itself. So the unique index inside a range is
-- one over all. Of the 32 bytes of a key the first half is indexed, and whoever finds by it compares the second.
CREATE TABLE facts (
  started_at    bigint NOT NULL,
  quantity      bigint NOT NULL CHECK (quantity >= 0),
  milligrams    bigint NOT NULL CHECK (milligrams > 0),
  -- The tenant's last closing when the act came, 0 before the first. The fact belongs to the first closing after it that covers its region and
  -- day and does not exclude it; no closing touches it.
  after_closing integer NOT NULL,
  tenant        integer NOT NULL,
  source        integer NOT NULL,
  utc_day       integer NOT NULL,
  -- To the end; -1 where none is known.
  seconds       integer NOT NULL CHECK (seconds >= -1),
  signing_key   integer NOT NULL,
  -- 0 for the first under its activity key (or under the indexed half of it), then 1, 2, …
  part          integer NOT NULL,
  -- Day of the start in the methodology's time zone, less the UTC day.
  day_shift     smallint NOT NULL,
  -- 0 open, 1 redeemed, 2 donated. Pooled is what a closing says.
  disposition   smallint NOT NULL CHECK (disposition BETWEEN 0 AND 2),
  activity_hi   uuid NOT NULL,
  activity_lo   uuid NOT NULL,
  -- Both zero where nobody is named.
  subject_hi    uuid NOT NULL,
  subject_lo    uuid NOT NULL,
  record_id     text COLLATE "C" NOT NULL,
  -- Empty where nobody signed, else when the record arrived (int8) and what reductions/storedEvidence.ts says.
  evidence      bytea NOT NULL,
  UNIQUE (activity_hi, utc_day, tenant, part)
) PARTITION BY RANGE (utc_day);

-- (tenant, provider, record id) as 14 bytes of a keyed hash and a uint16 that counts strangers of the same hash: records/recordKeys.ts. Ranges,
-- not hashes: a look-up names the partition. The tenant is part of what is hashed.
CREATE TABLE records (
  record_key uuid PRIMARY KEY,
  -- Where the fact is: the first 8 bytes of its activity key, and its partition.
  act        bigint NOT NULL,
  utc_day    integer NOT NULL
) PARTITION BY RANGE (record_key);

-- What subjects did on their local days, one row for each act and day that it touches, so that caps and concurrency hold over files, restarts and
-- admissions at once. Rows are only ever added; admissions that name subjects take turns (reductions/admissionLock.ts).
CREATE TABLE subject_days (
  -- First half of the subject key; the second stands in `act`.
  subject uuid NOT NULL,
  day     integer NOT NULL,
  tenant  integer NOT NULL,
  -- As reductions/dayActs.ts writes it.
  act     bytea NOT NULL CHECK (octet_length(act) = 36)
) PARTITION BY RANGE (day);
-- Equality is all that is asked of it, and a hash index is smaller than a B-tree.
CREATE INDEX subject_days_subject ON subject_days USING hash (subject);

DO $$
DECLARE
  digits text := '0123456789abcdef';
  bound  text := '%s0000000-0000-0000-0000-000000000000';
BEGIN
  FOR i IN 0..15 LOOP
    EXECUTE format('CREATE TABLE records_%s PARTITION OF records FOR VALUES FROM (%s) TO (%s)', substr(digits, i + 1, 1),
      CASE i WHEN 0 THEN 'MINVALUE' ELSE quote_literal(format(bound, substr(digits, i + 1, 1))) END,
      CASE i WHEN 15 THEN 'MAXVALUE' ELSE quote_literal(format(bound, substr(digits, i + 2, 1))) END);
  END LOOP;
END $$;

-- Which signed records a closing left out: those that arrived under a key of a provider at that time or later.
CREATE TABLE closing_exclusions (
  tenant       text COLLATE "C" NOT NULL,
  closing      integer NOT NULL,
  provider     text COLLATE "C" NOT NULL,
  public_key   bytea NOT NULL CHECK (octet_length(public_key) = 32),
  arrived_from bigint NOT NULL,
  PRIMARY KEY (tenant, closing, provider, public_key),
  FOREIGN KEY (tenant, closing) REFERENCES closings
);

-- When a signed record arrived.
CREATE FUNCTION arrival(evidence bytea) RETURNS bigint IMMUTABLE LANGUAGE sql AS
$$ SELECT ('x' || encode(substr(evidence, 1, 8), 'hex'))::bit(64)::bigint $$;

-- HMAC-SHA-256 under a record_secret: records/recordKeys.ts in SQL.
CREATE FUNCTION record_hmac(secret uuid, message bytea) RETURNS bytea IMMUTABLE LANGUAGE sql AS $$
  SELECT sha256(int8send(high # x'5c5c5c5c5c5c5c5c'::bigint) || int8send(low # x'5c5c5c5c5c5c5c5c'::bigint) || decode(repeat('5c', 48), 'hex')
    || sha256(int8send(high # x'3636363636363636'::bigint) || int8send(low # x'3636363636363636'::bigint) || decode(repeat('36', 48), 'hex')
      || message))
  FROM (SELECT ('x' || substr(digits, 1, 16))::bit(64)::bigint AS high, ('x' || substr(digits, 17))::bit(64)::bigint AS low
    FROM (SELECT replace(secret::text, '-', '') AS digits) hex) halves
$$;

CREATE FUNCTION uuid_of(bytes bytea) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$ SELECT encode(bytes, 'hex')::uuid $$;

-- The facts as they are read by people and by whatever need not be fast. `closing` is the one that a fact belongs to.
CREATE VIEW reductions AS
SELECT s.tenant, f.started_at, CASE WHEN f.seconds >= 0 THEN f.started_at + f.seconds END AS ended_at, f.quantity, f.milligrams,
  f.utc_day + f.day_shift AS day, c.closing, uuid_send(f.activity_hi) || uuid_send(f.activity_lo) AS activity_key,
  CASE WHEN f.subject_hi <> '00000000-0000-0000-0000-000000000000' OR f.subject_lo <> '00000000-0000-0000-0000-000000000000'
    THEN uuid_send(f.subject_hi) || uuid_send(f.subject_lo) END AS subject_key,
  s.methodology, s.provider, f.record_id, s.scenario, s.unit, s.region,
  CASE f.disposition WHEN 1 THEN 'redeemed' WHEN 2 THEN 'donated' ELSE CASE WHEN c.closing IS NULL THEN 'open' ELSE 'pooled' END
    END AS disposition,
  k.public_key AS signing_key,
  CASE WHEN f.signing_key <> 0 THEN substr(f.evidence, 9) END AS evidence,
  CASE WHEN f.signing_key <> 0 THEN arrival(f.evidence) END AS arrived_at,
  f.utc_day, f.activity_hi, f.part
FROM facts f
JOIN sources s ON s.source = f.source
LEFT JOIN signing_keys k ON k.signing_key = f.signing_key
CROSS JOIN LATERAL (
  SELECT CASE WHEN f.disposition = 0 THEN (
    SELECT min(c.closing) FROM closings c
    WHERE c.tenant = s.tenant AND c.closing > f.after_closing AND c.region = s.region
      AND f.utc_day + f.day_shift BETWEEN c.start_day AND c.end_day
      AND (f.signing_key = 0 OR NOT EXISTS (
        SELECT 1 FROM closing_exclusions x
        WHERE x.tenant = c.tenant AND x.closing = c.closing AND x.provider = s.provider AND x.public_key = k.public_key
          AND arrival(f.evidence) >= x.arrived_from))) END AS closing) c;

-- Whoever could read the old facts, or columns of them, can read these.
DO $$
DECLARE
  given record;
BEGIN
  FOR given IN
    SELECT a.privilege_type, '' AS columns, a.grantee, a.is_grantable
      FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = 'old_reductions'::regclass AND a.grantee <> c.relowner
    UNION ALL
    SELECT a.privilege_type, format('(%I)', t.attname), a.grantee, a.is_grantable
      FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
      WHERE c.oid = 'old_reductions'::regclass AND a.grantee <> c.relowner AND NOT t.attisdropped
  LOOP
    EXECUTE format('GRANT %s %s ON reductions TO %s %s', given.privilege_type, given.columns,
      CASE given.grantee WHEN 0 THEN 'PUBLIC' ELSE given.grantee::regrole::text END, CASE WHEN given.is_grantable THEN 'WITH GRANT OPTION' END);
  END LOOP;
END $$;

-- The days that the ranges of a table cover.
CREATE FUNCTION day_ranges(parent text) RETURNS int4multirange STABLE LANGUAGE sql AS $$
  SELECT coalesce(range_agg(int4range(bound[1]::integer, bound[2]::integer)), '{}'::int4multirange) FROM (
    SELECT regexp_match(replace(pg_get_expr(c.relpartbound, c.oid), '''', ''), 'FROM \((-?\d+)\) TO \((-?\d+)\)') AS bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = parent::regclass) bounds
$$;

-- Makes the ranges that these days lack, in the transaction given. Days around `today` get a range each, the last ten years a month each, whatever
-- lies further a decade each, less what is there already: so no file makes more than some two hundred of them, whatever dates it tells. ATTACH,
-- unlike CREATE … PARTITION OF, does not shut out those who read and write other ranges meanwhile; who needs new ranges at the same time waits for
-- this transaction's end.
CREATE FUNCTION ensure_day_ranges(parent text, days integer[], today integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  -- Days [first_near, past_near) get a range each, [first_known, past_known) otherwise one a month.
  first_near  CONSTANT integer := today - 45;
  past_near   CONSTANT integer := today + 3;
  first_known CONSTANT integer := today - 3660;
  past_known  CONSTANT integer := today + 366;
  covered     int4multirange := day_ranges(parent);
  wanted      integer;
  low         integer;
  high        integer;
  name        text;
BEGIN
  IF NOT EXISTS (SELECT FROM unnest(days) AS d WHERE NOT covered @> d) THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('microtonne/partitions', 0));
  -- A statement of its own: it sees what was committed while the lock was waited for.
  covered := day_ranges(parent);
  FOR wanted IN SELECT DISTINCT d FROM unnest(days) AS d ORDER BY d LOOP
    CONTINUE WHEN covered @> wanted;
    IF wanted >= first_near AND wanted < past_near THEN
      low := wanted;
      high := wanted + 1;
    ELSIF wanted >= first_known AND wanted < past_known THEN
      low := date_trunc('month', date '1970-01-01' + wanted)::date - date '1970-01-01';
      high := (date_trunc('month', date '1970-01-01' + wanted) + interval '1 month')::date - date '1970-01-01';
      IF wanted < first_near THEN high := least(high, first_near); ELSE low := greatest(low, past_near); END IF;
    ELSE
      low := floor(wanted / 3653.0) * 3653;
      high := low + 3653;
      IF wanted < first_known THEN high := least(high, first_known); ELSE low := greatest(low, past_known); END IF;
    END IF;
    SELECT greatest(low, max(upper(r))) INTO low FROM unnest(covered) AS r WHERE upper(r) <= wanted;
    SELECT least(high, min(lower(r))) INTO high FROM unnest(covered) AS r WHERE lower(r) > wanted;
    name := format('%s_%s', parent, CASE WHEN low >= 0 THEN to_char(date '1970-01-01' + low, 'YYYYMMDD') ELSE format('before_%s', -low) END);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name, parent);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', parent, name, low, high);
    covered := covered + int4multirange(int4range(low, high));
  END LOOP;
END $$;
