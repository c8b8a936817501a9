-- What methodologies count at most in a day or a year, and how much of it acts have used up.

-- A methodology that caps days or years, by region and code: its versions share what is used.
CREATE TABLE capped_methodologies (
  capped      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant      text COLLATE "C" NOT NULL REFERENCES tenants,
  methodology text COLLATE "C" NOT NULL,
  UNIQUE (tenant, methodology)
);

-- Written by the transaction that admits the acts, one row for each subject's day or year, or everybody's year, under a methodology that caps it.
CREATE TABLE cap_use (
  -- tenants.number; capped_methodologies.capped is one tenant's.
  tenant     integer NOT NULL,
  capped     integer NOT NULL,
  -- 0 a subject's day, 1 a subject's year, 2 everybody's year.
  kind       smallint NOT NULL CHECK (kind BETWEEN 0 AND 2),
  -- Days since 1970-01-01, or the calendar year, in the methodology's zone.
  period     integer NOT NULL,
  -- Both zero where it is everybody's.
  subject_hi uuid NOT NULL,
  subject_lo uuid NOT NULL,
  milligrams bigint NOT NULL CHECK (milligrams >= 0),
  PRIMARY KEY (subject_hi, period, capped, kind, subject_lo)
);

-- What caps left of a chunk's accepted acts that came to more: an int4 place in the chunk and an int8 of milligrams each.
ALTER TABLE ingest_chunks ADD COLUMN cuts bytea NOT NULL DEFAULT '';
