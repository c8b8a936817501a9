-- What the HTTP service keeps. Keys are looked up by their public half before the tenant is known; that is the one query that names no tenant.
CREATE TABLE api_keys (
  tenant      text COLLATE "C" NOT NULL REFERENCES tenants,
  key_id      text COLLATE "C" NOT NULL UNIQUE,
  -- SHA-256 of the secret half, which is 32 random bytes: no salt and no slow hash is needed against guessing.
  secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
  label       text NOT NULL,
  roles       text NOT NULL,
  created_at  bigint NOT NULL,
  expires_at  bigint,
  revoked_at  bigint,
  PRIMARY KEY (tenant, key_id)
);

-- Answers by the caller's own key for a request. `attempt` tells the request that runs from one that was cut off.
CREATE TABLE idempotency_keys (
  tenant       text COLLATE "C" NOT NULL REFERENCES tenants,
  key          text COLLATE "C" NOT NULL,
  request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
  attempt      bytea NOT NULL CHECK (octet_length(attempt) = 16),
  started_at   bigint NOT NULL,
  status       integer,
  content_type text,
  location     text,
  body         bytea,
  PRIMARY KEY (tenant, key),
  CHECK ((status IS NULL) = (body IS NULL))
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (started_at);

-- Work that outlasts its request. `request` may name a beneficiary: it stays here.
CREATE TABLE operations (
  tenant       text COLLATE "C" NOT NULL REFERENCES tenants,
  operation_id text COLLATE "C" NOT NULL,
  kind         text COLLATE "C" NOT NULL,
  state        text COLLATE "C" NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
  request      text NOT NULL,
  result       text,
  problem      text,
  created_at   bigint NOT NULL,
  finished_at  bigint,
  sequence     bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (tenant, operation_id),
  CHECK ((state = 'done') = (result IS NOT NULL)),
  CHECK ((state = 'failed') = (problem IS NOT NULL))
);

-- A tenant's own profiles, and the lookup files (stations, fares) that profiles name.
CREATE TABLE profiles (
  tenant     text COLLATE "C" NOT NULL REFERENCES tenants,
  name       text COLLATE "C" NOT NULL,
  yaml       text NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (tenant, name)
);
CREATE TABLE lookup_files (
  tenant     text COLLATE "C" NOT NULL REFERENCES tenants,
  name       text COLLATE "C" NOT NULL,
  bytes      bytea NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (tenant, name)
);

-- Files that come in pieces; the bytes lie in the data folder.
CREATE TABLE uploads (
  tenant      text COLLATE "C" NOT NULL REFERENCES tenants,
  upload_id   text COLLATE "C" NOT NULL,
  state       text COLLATE "C" NOT NULL DEFAULT 'receiving' CHECK (state IN ('receiving', 'queued', 'done', 'failed')),
  -- Profile, provider, region, file name: as they were named when the upload began.
  request     text NOT NULL,
  size        bigint NOT NULL CHECK (size >= 0),
  report      text,
  problem     text,
  created_at  bigint NOT NULL,
  finished_at bigint,
  sequence    bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (tenant, upload_id),
  CHECK ((state = 'done') = (report IS NOT NULL)),
  CHECK ((state = 'failed') = (problem IS NOT NULL))
);
