CREATE TABLE retirements (
  tenant           text COLLATE "C" NOT NULL REFERENCES tenants,
  retirement_id    bytea NOT NULL CHECK (octet_length(retirement_id) = 32),
  sequence         bigint GENERATED ALWAYS AS IDENTITY,
  state            text COLLATE "C" NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'final', 'failed')),
  holder           bytea NOT NULL CHECK (octet_length(holder) = 20),
  nonce            bytea NOT NULL CHECK (octet_length(nonce) = 32),
  beneficiary_hash bytea NOT NULL CHECK (octet_length(beneficiary_hash) = 32),
  document_hash    bytea NOT NULL CHECK (octet_length(document_hash) = 32),
  purpose          text NOT NULL,
  reporting_year   integer NOT NULL,
  country          text NOT NULL,
  -- What opens beneficiary_hash, as JSON; stays off chain.
  disclosed        text,
  requested_at     bigint NOT NULL,
  retired_at       bigint,
  failure          text,
  proof            bytea,
  PRIMARY KEY (tenant, retirement_id),
  CHECK ((state = 'final') = (retired_at IS NOT NULL)),
  CHECK (proof IS NULL OR state = 'final')
);

-- start_milligrams and end_milligrams, half open, are known once the chain has assigned them.
CREATE TABLE retirement_lines (
  tenant           text COLLATE "C" NOT NULL,
  retirement_id    bytea NOT NULL,
  line             integer NOT NULL,
  batch_id         bytea NOT NULL,
  milligrams       bigint NOT NULL CHECK (milligrams > 0),
  start_milligrams bigint CHECK (start_milligrams >= 0),
  end_milligrams   bigint,
  PRIMARY KEY (tenant, retirement_id, line),
  UNIQUE (tenant, retirement_id, batch_id),
  FOREIGN KEY (tenant, retirement_id) REFERENCES retirements,
  FOREIGN KEY (tenant, batch_id) REFERENCES batches,
  CHECK (end_milligrams = start_milligrams + milligrams),
  CHECK ((start_milligrams IS NULL) = (end_milligrams IS NULL))
);
CREATE INDEX retirement_lines_batch ON retirement_lines (tenant, batch_id);
