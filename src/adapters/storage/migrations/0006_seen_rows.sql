-- Rows of providers whose acts are made of several rows (an entry and an exit tap), by the provider's id of the row: so that a row that comes
-- again, through another channel or in another file, is recognised, and none is part of two acts. A row that is an act's own has its id in
-- record_keys.
CREATE TABLE seen_rows (
  tenant   text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  row_id   text COLLATE "C" NOT NULL,
  -- The ingest that used the row, else the first that read it.
  ingest   bigint NOT NULL,
  -- Part of an act that was accepted.
  used     boolean NOT NULL,
  PRIMARY KEY (tenant, provider, row_id)
) PARTITION BY HASH (tenant, provider, row_id);

DO $$
BEGIN
  FOR i IN 0..15 LOOP
    EXECUTE format('CREATE TABLE seen_rows_%s PARTITION OF seen_rows FOR VALUES WITH (MODULUS 16, REMAINDER %s)', i, i);
  END LOOP;
END $$;
