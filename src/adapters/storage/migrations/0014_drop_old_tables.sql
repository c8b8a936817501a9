-- Old days, byte by byte: `day_subject` was the day (int4) and the subject key, `act` the class (int2), the act's own day (int4), start (int8),
-- quantity (int8) and seconds (int4).
SELECT ensure_day_ranges('subject_days', array_agg(DISTINCT d.day), max(d.day)) FROM (
  SELECT ('x' || encode(substr(day_subject, 1, 4), 'hex'))::bit(32)::integer AS day FROM old_subject_days) d
HAVING count(*) > 0;
INSERT INTO subject_days (subject, day, tenant, act)
SELECT uuid_of(substr(o.day_subject, 5, 16)), o.day, t.number,
  substr(o.day_subject, 21) || substr(o.act, 1, 2) || int2send((o.day - o.own)::smallint) || int4send((o.started_at - o.day * 86400::bigint)::integer)
  || substr(o.act, 15, 8) || substr(o.act, 23, 4)
FROM (
  SELECT tenant, day_subject, act, ('x' || encode(substr(day_subject, 1, 4), 'hex'))::bit(32)::integer AS day,
    ('x' || encode(substr(act, 3, 4), 'hex'))::bit(32)::integer AS own,
    ('x' || encode(substr(act, 7, 8), 'hex'))::bit(64)::bigint AS started_at
  FROM old_subject_days) o
JOIN tenants t ON t.tenant = o.tenant;
DROP TABLE old_reductions, old_subject_days, record_keys, activity_keys;
