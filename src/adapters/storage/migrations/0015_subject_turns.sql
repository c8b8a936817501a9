-- Is another one after each admission that adds to a tenant's subject days (reductions/subjectDays.ts), in its own transaction: a process that finds
-- the turn that it left behind knows that nobody else wrote since, and what is stored.
CREATE TABLE subject_turns (
  tenant integer PRIMARY KEY REFERENCES tenants (number),
  -- Random, not counted: a database that was set back and went another way never comes by a turn that it had.
  turn   uuid NOT NULL DEFAULT gen_random_uuid()
) WITH (fillfactor = 50);

-- Whoever changes or takes away rows by hand ends what is known.
CREATE FUNCTION renew_subject_turns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE subject_turns SET turn = gen_random_uuid();
  RETURN NULL;
END $$;
CREATE TRIGGER subject_days_changed AFTER UPDATE OR DELETE OR TRUNCATE ON subject_days
  FOR EACH STATEMENT EXECUTE FUNCTION renew_subject_turns();
