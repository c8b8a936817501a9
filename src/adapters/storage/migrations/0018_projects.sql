-- Projects: what was proposed, where it stands, and who decided what about it. A project belongs to the operator that proposed it and has the id of
-- the provider under which its monitoring reports come in.
CREATE TABLE projects (
  tenant       text COLLATE "C" NOT NULL REFERENCES tenants,
  project      text COLLATE "C" NOT NULL,
  -- Canonical JSON of the whole file; what is asked of it is read out of it (stages/projects/parseProject.ts).
  json         text COLLATE "C" NOT NULL,
  region       text COLLATE "C" NOT NULL,
  state        text COLLATE "C" NOT NULL
    CHECK (state IN ('proposed', 'noticed', 'registered', 'monitored', 'verified', 'issued', 'expired')),
  proposed_by  bytea NOT NULL CHECK (octet_length(proposed_by) = 20),
  noticed_at   bigint,
  objections   integer NOT NULL DEFAULT 0 CHECK (objections >= 0),
  -- The registry's number.
  registration text COLLATE "C",
  PRIMARY KEY (tenant, project),
  CHECK ((state IN ('proposed', 'noticed')) = (registration IS NULL)),
  CHECK ((state = 'proposed') = (noticed_at IS NULL))
);

-- One row each, only ever added; each has the hash of the tenant's one before it in its own.
CREATE TABLE project_decisions (
  tenant   text COLLATE "C" NOT NULL,
  sequence integer NOT NULL CHECK (sequence > 0),
  project  text COLLATE "C" NOT NULL,
  what     text COLLATE "C" NOT NULL
    CHECK (what IN ('propose', 'notice', 'object', 'register', 'monitor', 'verify', 'issue', 'expire')),
  by_key   bytea NOT NULL CHECK (octet_length(by_key) = 20),
  before   text COLLATE "C",
  after    text COLLATE "C" NOT NULL,
  -- Canonical JSON of what the step said besides.
  said     text NOT NULL,
  at       bigint NOT NULL,
  hash     bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (tenant, sequence),
  FOREIGN KEY (tenant, project) REFERENCES projects
);

-- Acts, projects and behaviour never share a batch. What a methodology counts is in its JSON; those of the first form count acts.
ALTER TABLE methodologies
  ADD COLUMN category text NOT NULL GENERATED ALWAYS AS (coalesce(json::jsonb ->> 'category', 'act')) STORED;
ALTER TABLE closings
  ADD COLUMN category text COLLATE "C" NOT NULL DEFAULT 'act' CHECK (category IN ('act', 'project'));

-- Which projects a closing took, and which months of them, each stretch a row: every day within the crediting period lies in a verified period.
CREATE TABLE closing_projects (
  tenant    text COLLATE "C" NOT NULL,
  closing   integer NOT NULL,
  project   text COLLATE "C" NOT NULL,
  start_day integer NOT NULL,
  end_day   integer NOT NULL CHECK (end_day >= start_day),
  PRIMARY KEY (tenant, closing, project, start_day),
  FOREIGN KEY (tenant, closing) REFERENCES closings,
  FOREIGN KEY (tenant, project) REFERENCES projects
);

-- Who counts an asset (fleet, network, meter) in a local month, one row for each class of acts: either acts or a project, never both. A project has
-- a row for its own class and one for each that it excludes. A certificate of another registry is a claim of class '' beside either.
CREATE TABLE asset_claims (
  -- tenants.number
  tenant    integer NOT NULL,
  asset     bytea NOT NULL CHECK (octet_length(asset) = 32),
  -- Months since 1970-01, in the region's zone.
  month     integer NOT NULL,
  class     text COLLATE "C" NOT NULL,
  side      text COLLATE "C" NOT NULL CHECK (side IN ('act', 'project', 'certificate')),
  -- The provider of the first act, the project, or the first certificate.
  claimant  text COLLATE "C" NOT NULL,
  -- Of certificates: millionths of a kWh that they stand for, together.
  certified bigint NOT NULL DEFAULT 0 CHECK (certified >= 0),
  PRIMARY KEY (tenant, asset, month, class),
  CHECK ((side = 'certificate') = (class = ''))
);

-- Certificates of other registries, as they were imported: a meter's energy that somebody else has sold. The meter's number is not kept.
CREATE TABLE external_claims (
  tenant      text COLLATE "C" NOT NULL REFERENCES tenants,
  certificate text COLLATE "C" NOT NULL,
  asset       bytea NOT NULL CHECK (octet_length(asset) = 32),
  -- Days of the zone that the import named, both inclusive.
  first_day   integer NOT NULL,
  last_day    integer NOT NULL CHECK (last_day >= first_day),
  micro_kwh   bigint NOT NULL CHECK (micro_kwh > 0),
  PRIMARY KEY (tenant, certificate, asset)
);

-- As in 0012; a closing now takes facts of its category alone, of projects only those that it names, and none of a methodology that was withdrawn
-- before it. What records of the second form add stands at the end.
CREATE OR REPLACE VIEW reductions AS
SELECT s.tenant, f.started_at, CASE WHEN f.seconds >= 0 THEN f.started_at + f.seconds END AS ended_at, f.quantity, f.milligrams,
  f.utc_day + f.day_shift AS day, c.closing, uuid_send(f.activity_hi) || uuid_send(f.activity_lo) AS activity_key,
  CASE WHEN f.subject_hi <> '00000000-0000-0000-0000-000000000000' OR f.subject_lo <> '00000000-0000-0000-0000-000000000000'
    THEN uuid_send(f.subject_hi) || uuid_send(f.subject_lo) END AS subject_key,
  s.methodology, s.provider, f.record_id, s.scenario, s.unit, s.region,
  CASE f.disposition WHEN 1 THEN 'redeemed' WHEN 2 THEN 'donated' ELSE CASE WHEN c.closing IS NULL THEN 'open' ELSE 'pooled' END
    END AS disposition,
  k.public_key AS signing_key,
  CASE WHEN f.signing_key <> 0 THEN substr(f.evidence, 9) END AS evidence,
  CASE WHEN f.signing_key <> 0 THEN arrival(f.evidence) END AS arrived_at,
  f.utc_day, f.activity_hi, f.part, s.grade, s.consent_text, f.extra
FROM facts f
JOIN sources s ON s.source = f.source
LEFT JOIN signing_keys k ON k.signing_key = f.signing_key
CROSS JOIN LATERAL (
  SELECT CASE WHEN f.disposition = 0 THEN (
    SELECT min(c.closing) FROM closings c
    WHERE c.tenant = s.tenant AND c.closing > f.after_closing AND c.region = s.region
      AND f.utc_day + f.day_shift BETWEEN c.start_day AND c.end_day
      AND c.category = coalesce(
        (SELECT m.category FROM methodologies m WHERE m.tenant = s.tenant AND m.methodology = s.methodology), 'act')
      AND (c.category <> 'project' OR EXISTS (
        SELECT 1 FROM closing_projects p
        WHERE p.tenant = c.tenant AND p.closing = c.closing AND p.project = s.provider
          AND f.utc_day + f.day_shift BETWEEN p.start_day AND p.end_day))
      AND NOT EXISTS (
        SELECT 1 FROM closing_withdrawals w
        WHERE w.tenant = c.tenant AND w.closing = c.closing AND w.methodology = s.methodology)
      AND (f.signing_key = 0 OR NOT EXISTS (
        SELECT 1 FROM closing_exclusions x
        WHERE x.tenant = c.tenant AND x.closing = c.closing AND x.provider = s.provider AND x.public_key = k.public_key
          AND arrival(f.evidence) >= x.arrived_from))) END AS closing) c;
