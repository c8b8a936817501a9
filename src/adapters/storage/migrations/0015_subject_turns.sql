-- Is another one after each admission that adds to a tenant's subject days (reductions/subjectDays.ts), in its own transaction: a process that finds
-- the turn that it left behind knows that nobody else wrote since, and what is stored.
CREATE TABLE subject_turns (
  tenant integer PRIMARY KEY REFERENCES tenants (number),
  -- Random, not counted: a database that was set back and went another way never comes by a turn that it had.
  turn   uuid NOT NULL DEFAULT gen_random_uuid()
) WITH (fillfactor = 50);

-- Whoever changes rows by hand ends what is known, of all tenants, whether they have a turn yet or not.
CREATE FUNCTION renew_subject_turns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Once in a transaction: nobody else can make a turn of his own before its end.
  IF current_setting('microtonne.turns_renewed', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
    INSERT INTO subject_turns (tenant) SELECT number FROM tenants ORDER BY number
      ON CONFLICT (tenant) DO UPDATE SET turn = excluded.turn;
    PERFORM set_config('microtonne.turns_renewed', pg_current_xact_id()::text, true);
  END IF;
  RETURN NULL;
END $$;
-- Those of rows hold for every range as well, those of statements for the whole table alone. An admission says that it adds (subjectDays.ts).
CREATE TRIGGER subject_days_changed AFTER UPDATE OR DELETE ON subject_days
  FOR EACH ROW EXECUTE FUNCTION renew_subject_turns();
CREATE TRIGGER subject_days_emptied AFTER TRUNCATE ON subject_days
  FOR EACH STATEMENT EXECUTE FUNCTION renew_subject_turns();
CREATE TRIGGER subject_days_added AFTER INSERT ON subject_days
  FOR EACH STATEMENT WHEN (current_setting('microtonne.admits', true) IS DISTINCT FROM 'yes') EXECUTE FUNCTION renew_subject_turns();
