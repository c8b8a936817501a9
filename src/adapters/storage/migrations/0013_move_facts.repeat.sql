-- Moves one day of the old facts into the lean tables and drops it. Run again, each time in a transaction of its own, until it answers that nothing
-- is left: so the disk holds one day twice at the most, and a run that was cut off goes on where it was.
DO $$
DECLARE
  old    text;
  newest integer;
  told   bigint;
  moved  bigint;
  keyed  bigint;
  readers text;
BEGIN
  SELECT c.relname INTO old FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'old_reductions'::regclass ORDER BY c.relname DESC LIMIT 1;
  IF old IS NULL THEN RETURN; END IF;
  -- Acts of an unknown tenant are counted below.
  EXECUTE format('INSERT INTO sources (tenant, provider, methodology, scenario, unit, region)
    SELECT DISTINCT tenant, provider, methodology, scenario, unit, region FROM %I JOIN tenants USING (tenant) ON CONFLICT DO NOTHING', old);
  EXECUTE format('INSERT INTO signing_keys (tenant, public_key)
    SELECT DISTINCT tenant, signing_key FROM %I JOIN tenants USING (tenant) WHERE signing_key IS NOT NULL ON CONFLICT DO NOTHING', old);
  -- The newest day comes first, and days around it get ranges of their own.
  EXECUTE format('SELECT coalesce(upper(day_ranges(''facts'')) - 1, max(started_at / 86400)) FROM %I', old) INTO newest;
  EXECUTE format('SELECT ensure_day_ranges(''facts'', array_agg(DISTINCT (started_at / 86400)::integer), $1) FROM %I HAVING count(*) > 0', old)
    USING newest;
  EXECUTE format($move$
    INSERT INTO facts (started_at, quantity, milligrams, after_closing, tenant, source, utc_day, seconds, signing_key, part, day_shift, disposition,
      activity_hi, activity_lo, subject_hi, subject_lo, record_id, evidence)
    SELECT r.started_at, r.quantity, r.milligrams,
      -- What was frozen stays in the closing that froze it, what is open was in none so far.
      coalesce(r.closing - 1, (SELECT max(c.closing) FROM closings c WHERE c.tenant = r.tenant), 0),
      t.number, s.source, r.started_at / 86400, coalesce(r.ended_at - r.started_at, -1), coalesce(k.signing_key, 0),
      row_number() OVER (PARTITION BY t.number, substr(r.activity_key, 1, 16) ORDER BY r.provider, r.record_id) - 1,
      r.day - r.started_at / 86400,
      CASE r.disposition WHEN 'redeemed' THEN 1 WHEN 'donated' THEN 2 ELSE 0 END,
      uuid_of(substr(r.activity_key, 1, 16)), uuid_of(substr(r.activity_key, 17)),
      uuid_of(coalesce(substr(r.subject_key, 1, 16), decode(repeat('00', 16), 'hex'))),
      uuid_of(coalesce(substr(r.subject_key, 17), decode(repeat('00', 16), 'hex'))),
      r.record_id, CASE WHEN r.evidence IS NULL THEN '' ELSE int8send(r.arrived_at) || r.evidence END
    FROM %I r
    JOIN tenants t ON t.tenant = r.tenant
    JOIN sources s ON s.tenant = r.tenant AND s.provider = r.provider AND s.methodology = r.methodology AND s.scenario = r.scenario
      AND s.unit = r.unit AND s.region = r.region
    LEFT JOIN signing_keys k ON k.tenant = r.tenant AND k.public_key = r.signing_key
    $move$, old);
  GET DIAGNOSTICS moved = ROW_COUNT;
  -- As records/recordKeys.ts. That two of them are equal in 112 keyed bits is not to be expected in any database.
  EXECUTE format($keys$
    INSERT INTO records (record_key, act, utc_day)
    SELECT uuid_of(substr(record_hmac(t.record_secret,
        convert_to(r.provider, 'UTF8') || '\x00'::bytea || convert_to(r.record_id, 'UTF8')), 1, 14) || '\x0000'::bytea),
      ('x' || encode(substr(r.activity_key, 1, 8), 'hex'))::bit(64)::bigint, r.started_at / 86400
    FROM %I r JOIN tenants t ON t.tenant = r.tenant
    $keys$, old);
  GET DIAGNOSTICS keyed = ROW_COUNT;
  EXECUTE format('SELECT count(*) FROM %I', old) INTO told;
  IF moved <> told OR keyed <> told THEN
    RAISE EXCEPTION 'Of % acts in % only % could be moved (% record keys). Nothing of it was dropped: see whether tenants knows all of its tenants, and start again.',
      told, old, moved, keyed;
  END IF;
  BEGIN
    EXECUTE format('DROP TABLE %I', old);
  EXCEPTION WHEN dependent_objects_still_exist THEN
    GET STACKED DIAGNOSTICS readers = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION 'The acts in % were not moved, since the table is read elsewhere: %. Drop what reads it and start again.', old, readers;
  END;
END $$;
SELECT EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'old_reductions'::regclass) AS again;
