-- What microtonne-record/2 says beside the members of /1. The grade of evidence and the text that was consented to are the same in many facts;
-- asset, attributes and revision are the fact's own: canonical JSON of those that there are, empty for none (reductions/factAdditions.ts), so that
-- an ordinary act takes a byte more. Whatever was stored before is declared, by nobody's text.
ALTER TABLE sources
  ADD COLUMN grade        text COLLATE "C" NOT NULL DEFAULT 'declared' CHECK (grade IN ('metered', 'transactional', 'photo', 'declared')),
  ADD COLUMN consent_text text COLLATE "C" NOT NULL DEFAULT '';

DO $$
DECLARE
  old text;
BEGIN
  SELECT conname INTO STRICT old FROM pg_constraint WHERE conrelid = 'sources'::regclass AND contype = 'u';
  EXECUTE format('ALTER TABLE sources DROP CONSTRAINT %I', old);
END $$;
ALTER TABLE sources ADD UNIQUE (tenant, provider, methodology, scenario, unit, region, grade, consent_text);

ALTER TABLE facts ADD COLUMN extra bytea NOT NULL DEFAULT '';
