-- Keys with which providers sign, as this operator or verifier knows them. Times are unix seconds; valid_to is exclusive.
CREATE TABLE provider_keys (
  tenant     text COLLATE "C" NOT NULL REFERENCES tenants,
  provider   text COLLATE "C" NOT NULL,
  public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
  valid_from bigint NOT NULL,
  valid_to   bigint CHECK (valid_to > valid_from),
  required   boolean NOT NULL,
  added_at   bigint NOT NULL,
  revoked_at bigint,
  revocation text COLLATE "C" CHECK (revocation IN ('retired', 'compromised')),
  PRIMARY KEY (tenant, provider, public_key),
  CHECK ((revoked_at IS NULL) = (revocation IS NULL))
);

-- Files that a provider signed as a whole, by the keccak-256 of what was signed. The file salt is not kept: with it subjects could be opened.
CREATE TABLE signed_files (
  tenant       text COLLATE "C" NOT NULL REFERENCES tenants,
  file         bytea NOT NULL CHECK (octet_length(file) = 32),
  provider     text COLLATE "C" NOT NULL,
  public_key   bytea NOT NULL CHECK (octet_length(public_key) = 32),
  profile_hash bytea NOT NULL CHECK (octet_length(profile_hash) = 32),
  salt_hash    bytea NOT NULL CHECK (octet_length(salt_hash) = 32),
  records      bigint NOT NULL CHECK (records > 0),
  root         bytea NOT NULL CHECK (octet_length(root) = 32),
  signed_at    bigint NOT NULL,
  signature    bytea NOT NULL CHECK (octet_length(signature) = 64),
  PRIMARY KEY (tenant, file)
);

-- The digests of a signed file's records, 256 a bundle, in the order of its tree: what paths of single records are made of.
CREATE TABLE signed_file_bundles (
  tenant  text COLLATE "C" NOT NULL,
  file    bytea NOT NULL,
  bundle  integer NOT NULL CHECK (bundle >= 0),
  root    bytea NOT NULL CHECK (octet_length(root) = 32),
  digests bytea NOT NULL,
  PRIMARY KEY (tenant, file, bundle),
  FOREIGN KEY (tenant, file) REFERENCES signed_files
);

-- Which key signed a record, what evidence is made of (storage/storedEvidence.ts), and when the ingest that brought it began. All null where nobody signed.
ALTER TABLE reductions
  ADD COLUMN signing_key bytea,
  ADD COLUMN evidence    bytea,
  ADD COLUMN arrived_at  bigint,
  ADD CHECK ((signing_key IS NULL) = (evidence IS NULL) AND (evidence IS NULL) = (arrived_at IS NULL));
