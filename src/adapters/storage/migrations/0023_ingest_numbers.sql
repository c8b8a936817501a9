-- Ingests are numbered for each tenant on its own: one number line for all showed each tenant how much the others send.
CREATE TABLE ingest_numbers (
  tenant text COLLATE "C" PRIMARY KEY REFERENCES tenants,
  last   bigint NOT NULL
);
INSERT INTO ingest_numbers SELECT tenant, max(ingest) FROM ingests GROUP BY tenant;
ALTER TABLE ingests ALTER COLUMN ingest DROP IDENTITY;
