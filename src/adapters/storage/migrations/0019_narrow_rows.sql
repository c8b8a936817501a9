-- Rows of records and subject_days become eight bytes narrower. What is stored already stays as it is and is read as it was: no table is written
-- again.

-- Four bytes of an activity key lead to a fact within its partition as well as eight do; the record's own id decides. Rows before have `act` and no
-- prefix. Of a row of at most eight columns the map of those that are null takes no room.
ALTER TABLE records
  ALTER COLUMN act DROP NOT NULL,
  ADD COLUMN act_prefix integer,
  ADD CONSTRAINT records_place CHECK ((act IS NULL) <> (act_prefix IS NULL)) NOT VALID;

-- Of the second half of the subject's key 11 bytes, 27 of 32 together; rows before have all.
DO $$
DECLARE
  old text;
BEGIN
  SELECT conname INTO STRICT old FROM pg_constraint
    WHERE conrelid = 'subject_days'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%octet_length(act)%';
  EXECUTE format('ALTER TABLE subject_days DROP CONSTRAINT %I', old);
END $$;
ALTER TABLE subject_days ADD CONSTRAINT subject_days_act_bytes CHECK (octet_length(act) IN (31, 36)) NOT VALID;
