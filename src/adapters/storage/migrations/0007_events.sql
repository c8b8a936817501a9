-- What happened, in the words that integrators are told. A tenant's events are numbered from 1 in the order of their commits and without gaps:
-- whoever records one holds this row to the end of the transaction.
CREATE TABLE event_sequences (
  tenant text COLLATE "C" PRIMARY KEY REFERENCES tenants,
  last   bigint NOT NULL CHECK (last > 0)
);

-- data is canonical JSON as it is handed out, byte for byte, so that a signature over it can be made again.
CREATE TABLE events (
  tenant      text COLLATE "C" NOT NULL REFERENCES tenants,
  sequence    bigint NOT NULL CHECK (sequence > 0),
  type        text COLLATE "C" NOT NULL,
  data        text NOT NULL,
  occurred_at bigint NOT NULL,
  PRIMARY KEY (tenant, sequence)
);
