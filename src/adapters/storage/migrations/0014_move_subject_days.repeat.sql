-- Moves one stretch of the old subjects' days, from the table's end on, into the lean table. Run again, each time in a transaction of its own, until
-- it answers that nothing is left; in between, `vacuum` names the table whose end is empty by then: so the disk holds one stretch twice at the most.
DO $$
DECLARE
  -- Pages of the old table, 8 KiB each.
  stretch CONSTANT integer := 1024;
  past   bigint;
  low    bigint;
  newest integer;
  told   bigint;
  moved  bigint;
BEGIN
  -- With all facts moved, nobody asks for these.
  IF EXISTS (SELECT FROM old_reductions) THEN RAISE EXCEPTION 'There are acts left in old_reductions. Nothing was dropped.'; END IF;
  DROP TABLE IF EXISTS record_keys, activity_keys;
  DROP INDEX IF EXISTS old_subject_days_key;
  -- How many pages of the old table may still hold rows: what is behind them was moved.
  CREATE TABLE IF NOT EXISTS old_subject_days_left AS
    SELECT pg_relation_size('old_subject_days') / current_setting('block_size')::bigint AS pages;
  SELECT l.pages INTO past FROM old_subject_days_left l;
  IF past = 0 THEN
    IF EXISTS (SELECT FROM old_subject_days) THEN RAISE EXCEPTION 'There are days left in old_subject_days. Nothing of it was dropped.'; END IF;
    DROP TABLE old_reductions, old_subject_days, old_subject_days_left;
    RETURN;
  END IF;
  low := greatest(past - stretch, 0);
  -- Old days, byte by byte: `day_subject` was the day (int4) and the subject key, `act` the class (int2), the act's own day (int4), start (int8),
  -- quantity (int8) and seconds (int4).
  SELECT coalesce(upper(day_ranges('subject_days')) - 1, upper(day_ranges('facts')) - 1) INTO newest;
  PERFORM ensure_day_ranges('subject_days', array_agg(d.day), coalesce(newest, max(d.day))) FROM (
    SELECT DISTINCT ('x' || encode(substr(day_subject, 1, 4), 'hex'))::bit(32)::integer AS day FROM old_subject_days
    WHERE ctid >= format('(%s,0)', low)::tid AND ctid < format('(%s,0)', past)::tid) d
  HAVING count(*) > 0;
  WITH old AS (
    DELETE FROM old_subject_days WHERE ctid >= format('(%s,0)', low)::tid AND ctid < format('(%s,0)', past)::tid
    RETURNING tenant, day_subject, act, ('x' || encode(substr(day_subject, 1, 4), 'hex'))::bit(32)::integer AS day,
      ('x' || encode(substr(act, 3, 4), 'hex'))::bit(32)::integer AS own,
      ('x' || encode(substr(act, 7, 8), 'hex'))::bit(64)::bigint AS started_at
  ), lean AS (
    INSERT INTO subject_days (subject, day, tenant, act)
    SELECT uuid_of(substr(o.day_subject, 5, 16)), o.day, t.number,
      substr(o.day_subject, 21) || substr(o.act, 1, 2) || int2send((o.day - o.own)::smallint)
      || int4send((o.started_at - o.day * 86400::bigint)::integer) || substr(o.act, 15, 8) || substr(o.act, 23, 4)
    FROM old o JOIN tenants t ON t.tenant = o.tenant
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM old), (SELECT count(*) FROM lean) INTO told, moved;
  IF moved <> told THEN
    RAISE EXCEPTION 'Of % acts of subjects in pages % to % of old_subject_days only % could be moved. Nothing of them was dropped: see whether tenants knows all of their tenants, and start again.',
      told, low, past - 1, moved;
  END IF;
  UPDATE old_subject_days_left SET pages = low;
END $$;
SELECT to_regclass('old_subject_days') IS NOT NULL AS again, 'old_subject_days' AS vacuum;
