-- Writes to the chain that must happen exactly once, entered in the transaction of the state change that wants them.
CREATE TABLE outbox (
  tenant       text COLLATE "C" NOT NULL REFERENCES tenants,
  sequence     bigint GENERATED ALWAYS AS IDENTITY,
  key          text COLLATE "C" NOT NULL,
  kind         text NOT NULL,
  from_address bytea NOT NULL CHECK (octet_length(from_address) = 20),
  to_address   bytea CHECK (octet_length(to_address) = 20),
  data         bytea NOT NULL,
  state        text COLLATE "C" NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'signed', 'mined', 'final', 'failed')),
  nonce        bigint,
  raw          bytea,
  tx_hash      bytea,
  block_number bigint,
  block_hash   bytea,
  failure      text,
  PRIMARY KEY (tenant, sequence),
  UNIQUE (tenant, key),
  CHECK ((nonce IS NULL) = (raw IS NULL) AND (raw IS NULL) = (tx_hash IS NULL)),
  CHECK (state <> 'signed' OR raw IS NOT NULL)
);
-- Two live intents of one sender under one nonce would shut each other out.
CREATE UNIQUE INDEX outbox_nonce ON outbox (tenant, from_address, nonce) WHERE state <> 'failed';
CREATE INDEX outbox_unfinished ON outbox (tenant, sequence) WHERE state IN ('queued', 'signed', 'mined');
