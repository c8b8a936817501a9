-- Rules that came in as files: methodologies, lists of scenario classes, plausibility rules, recognition. One set for all tenants of a database, since
-- a region's registrar publishes for everybody; a proposal is its tenant's until then: two tenants
-- may propose one file, and neither learns of the other. Once it is published there is one row, everybody's.
CREATE TABLE rules (
  kind         text COLLATE "C" NOT NULL CHECK (kind IN ('methodology', 'scenario-classes', 'plausibility', 'recognition')),
  -- keccak-256 of the JSON.
  id           bytea NOT NULL CHECK (octet_length(id) = 32),
  -- Canonical JSON of the whole file.
  json         text COLLATE "C" NOT NULL,
  region       text COLLATE "C" NOT NULL,
  name         text COLLATE "C" NOT NULL,
  version      text COLLATE "C" NOT NULL,
  time_zone    text COLLATE "C",
  scenario     text COLLATE "C",
  -- Unix seconds, from inclusive, to exclusive.
  valid_from   bigint NOT NULL,
  valid_to     bigint,
  state        text COLLATE "C" NOT NULL CHECK (state IN ('proposed', 'published', 'withdrawn')),
  tenant       text COLLATE "C" NOT NULL REFERENCES tenants,
  -- Null where a published one was taken over.
  proposed_by  bytea CHECK (octet_length(proposed_by) = 20),
  published_by bytea CHECK (octet_length(published_by) = 20),
  published_at bigint,
  withdrawn_at bigint,
  PRIMARY KEY (kind, id, tenant),
  CHECK ((state = 'proposed') = (published_at IS NULL)),
  CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL))
);
CREATE UNIQUE INDEX rules_public ON rules (kind, id) WHERE state <> 'proposed';

-- What people decided about them, one row each, only ever added; each has the hash of the one before it in its own.
CREATE TABLE rule_decisions (
  -- Whose door it came through.
  tenant   text COLLATE "C" NOT NULL REFERENCES tenants,
  sequence integer PRIMARY KEY CHECK (sequence > 0),
  kind     text COLLATE "C" NOT NULL,
  id       bytea NOT NULL,
  what     text COLLATE "C" NOT NULL CHECK (what IN ('propose', 'publish', 'shown', 'withdraw')),
  by_key   bytea NOT NULL CHECK (octet_length(by_key) = 20),
  before   text COLLATE "C",
  after    text COLLATE "C" NOT NULL,
  why      text,
  at       bigint NOT NULL,
  -- No key to rules: the proposals that a publication makes one of end, their rows here stay.
  hash     bytea NOT NULL CHECK (octet_length(hash) = 32)
);

-- Methodologies that were withdrawn before a closing began: it leaves their acts out, for good.
CREATE TABLE closing_withdrawals (
  tenant      text COLLATE "C" NOT NULL REFERENCES tenants,
  closing     integer NOT NULL,
  methodology bytea NOT NULL CHECK (octet_length(methodology) = 32),
  PRIMARY KEY (tenant, closing, methodology)
);
