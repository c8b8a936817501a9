-- Receivers of events. Secrets are sealed outside the database, bound to tenant and endpoint.
CREATE TABLE webhook_endpoints (
  tenant          text COLLATE "C" NOT NULL REFERENCES tenants,
  endpoint_id     text COLLATE "C" NOT NULL,
  url             text NOT NULL,
  -- Null: all types, also those that are yet to come.
  event_types     text[] CHECK (cardinality(event_types) > 0),
  secret          bytea NOT NULL,
  -- The secret before the last rotation; signs as well until then.
  previous_secret bytea,
  previous_until  bigint,
  -- Number of the last event that deliveries were made of.
  cursor          bigint NOT NULL,
  created_at      bigint NOT NULL,
  -- First failure since the last success.
  failing_since   bigint,
  disabled_at     bigint,
  disabled_reason text CHECK (disabled_reason IN ('gone', 'failing', 'owner')),
  PRIMARY KEY (tenant, endpoint_id),
  CHECK ((previous_secret IS NULL) = (previous_until IS NULL)),
  CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
);

-- One event for one endpoint. body is what is signed and sent, byte for byte the same at each attempt, and outlives the event.
CREATE TABLE webhook_deliveries (
  tenant       text COLLATE "C" NOT NULL,
  endpoint_id  text COLLATE "C" NOT NULL,
  number       bigint GENERATED ALWAYS AS IDENTITY,
  -- The webhook-id that receivers recognise repetitions by.
  delivery_id  text COLLATE "C" NOT NULL,
  -- Null for a test, which is no event.
  sequence     bigint,
  type         text COLLATE "C" NOT NULL,
  body         text NOT NULL,
  state        text COLLATE "C" NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed', 'cancelled')),
  attempts     integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  created_at   bigint NOT NULL,
  attempted_at bigint,
  next_at      bigint,
  last_status  integer,
  last_failure text,
  PRIMARY KEY (tenant, endpoint_id, delivery_id),
  UNIQUE (tenant, endpoint_id, sequence),
  FOREIGN KEY (tenant, endpoint_id) REFERENCES webhook_endpoints ON DELETE CASCADE,
  CHECK ((state = 'pending') = (next_at IS NOT NULL))
);
CREATE INDEX webhook_deliveries_number ON webhook_deliveries (tenant, endpoint_id, number);
