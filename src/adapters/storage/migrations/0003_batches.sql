CREATE TABLE batches (
  tenant            text COLLATE "C" NOT NULL REFERENCES tenants,
  batch_id          bytea NOT NULL CHECK (octet_length(batch_id) = 32),
  closing           integer NOT NULL,
  state             text COLLATE "C" NOT NULL CHECK (state IN ('sealed', 'committing', 'committed', 'minting', 'minted')),
  root              bytea NOT NULL CHECK (octet_length(root) = 32),
  total_milligrams  bigint NOT NULL CHECK (total_milligrams > 0),
  leaf_count        integer NOT NULL CHECK (leaf_count > 0),
  leaves_hash       bytea NOT NULL CHECK (octet_length(leaves_hash) = 32),
  buffer_milligrams bigint NOT NULL CHECK (buffer_milligrams BETWEEN 0 AND total_milligrams),
  minted_milligrams bigint NOT NULL DEFAULT 0 CHECK (minted_milligrams BETWEEN 0 AND total_milligrams),
  manifest          bytea NOT NULL,
  PRIMARY KEY (tenant, batch_id),
  UNIQUE (tenant, closing),
  UNIQUE (tenant, root),
  FOREIGN KEY (tenant, closing) REFERENCES closings
);

-- Whose salt key: 01 and the subject key, or 02 and the provider's id where the act names nobody.
CREATE FUNCTION salt_holder(subject_key bytea, provider text) RETURNS bytea IMMUTABLE LANGUAGE sql AS
$$ SELECT CASE WHEN subject_key IS NULL THEN '\x02'::bytea || convert_to(provider, 'UTF8') ELSE '\x01'::bytea || subject_key END $$;

-- Sealed by the key service. Erasure leaves sealed_key null for good; a later closing gets a key of its own (since_closing), so that an erased
-- leaf can never be recomputed with another salt.
CREATE TABLE subject_salt_keys (
  tenant        text COLLATE "C" NOT NULL REFERENCES tenants,
  holder        bytea NOT NULL,
  since_closing integer NOT NULL,
  sealed_key    bytea,
  PRIMARY KEY (tenant, holder, since_closing)
);
