-- What a subject did on one local day, so that caps and concurrency hold over files, restarts and admissions at once: a row is locked by who adds to
-- it, and two who make the same row meet at its key. Acts are kept as adapters/storage/dayActs.ts encodes them.
CREATE TABLE subject_days (
  tenant      text COLLATE "C" NOT NULL,
  -- The day (int4, big endian, so that rows of one day lie together) and the subject key.
  day_subject bytea NOT NULL CHECK (octet_length(day_subject) = 36),
  acts        bytea NOT NULL CHECK (octet_length(acts) > 0),
  PRIMARY KEY (tenant, day_subject)
) WITH (fillfactor = 70);

-- Acts that were refused beside the other acts of their subject; `outcomes` says for which reason.
ALTER TABLE ingest_chunks ADD COLUMN implausible integer NOT NULL DEFAULT 0;
ALTER TABLE ingest_chunks DROP CONSTRAINT ingest_chunks_check;
ALTER TABLE ingest_chunks ADD CONSTRAINT ingest_chunks_check CHECK (
  rows_read = accepted + rejected + implausible + duplicate_record_id + duplicate_same_content + duplicate_activity_key + duplicate_closed);
