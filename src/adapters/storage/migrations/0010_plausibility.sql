-- What subjects did on their local days, one row for each act and day that it touches, so that caps and concurrency hold over files, restarts and
-- admissions at once. Rows are only ever added; admissions that name subjects take turns (admissionLock.ts).
CREATE TABLE subject_days (
  tenant      text COLLATE "C" NOT NULL,
  -- The day (int4, big endian) and the subject key.
  day_subject bytea NOT NULL CHECK (octet_length(day_subject) = 36),
  -- As adapters/storage/dayActs.ts encodes it.
  act         bytea NOT NULL CHECK (octet_length(act) = 26)
);
-- As the one of reductions: equality is all that is asked of it.
CREATE INDEX subject_days_key ON subject_days USING hash (day_subject);

-- Acts that were refused beside the other acts of their subject; `outcomes` says for which reason.
ALTER TABLE ingest_chunks ADD COLUMN implausible integer NOT NULL DEFAULT 0;
ALTER TABLE ingest_chunks DROP CONSTRAINT ingest_chunks_check;
ALTER TABLE ingest_chunks ADD CONSTRAINT ingest_chunks_check CHECK (
  rows_read = accepted + rejected + implausible + duplicate_record_id + duplicate_same_content + duplicate_activity_key + duplicate_closed);
