-- A tenant is one pooling operator. Every row below belongs to one, and every query names it.
CREATE TABLE tenants (
  tenant     text COLLATE "C" PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE providers (
  tenant   text COLLATE "C" NOT NULL REFERENCES tenants,
  provider text COLLATE "C" NOT NULL,
  name     text NOT NULL,
  PRIMARY KEY (tenant, provider)
);

-- json is the canonical JSON whose hash is the id, byte for byte.
CREATE TABLE methodologies (
  tenant      text COLLATE "C" NOT NULL REFERENCES tenants,
  methodology bytea NOT NULL CHECK (octet_length(methodology) = 32),
  region      text COLLATE "C" NOT NULL,
  json        text NOT NULL,
  PRIMARY KEY (tenant, methodology)
);
