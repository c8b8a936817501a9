-- What a project's installations have come to in a month, of all that was admitted, whatever became of it since: held against the count and the
-- capacity that it is registered with.
CREATE TABLE project_months (
  -- tenants.number
  tenant        integer NOT NULL,
  project       text COLLATE "C" NOT NULL,
  -- Months since 1970-01, in the region's zone.
  month         integer NOT NULL,
  installations integer NOT NULL CHECK (installations > 0),
  -- Millionths of the unit; nothing of a project whose capacity says nothing about a month.
  quantity      bigint NOT NULL CHECK (quantity >= 0),
  PRIMARY KEY (tenant, project, month)
);
INSERT INTO project_months (tenant, project, month, installations, quantity)
SELECT tenant, provider, (extract(year FROM day) - 1970) * 12 + extract(month FROM day) - 1,
  count(DISTINCT (activity_hi, activity_lo)), least(sum(quantity), 9223372036854775807)
FROM (
  SELECT f.tenant, s.provider, date '1970-01-01' + f.utc_day + f.day_shift AS day, f.activity_hi, f.activity_lo, f.quantity
  FROM facts f
  JOIN sources s ON s.source = f.source
  JOIN methodologies m ON m.tenant = s.tenant AND m.methodology = s.methodology
  WHERE m.category = 'project') held
GROUP BY 1, 2, 3;

-- Whoever proposed something may take it back until somebody else has acted on it. Of a rule the proposal ends and its rows here stay; a project stays
-- as retracted, and may be proposed anew.
ALTER TABLE rule_decisions
  DROP CONSTRAINT rule_decisions_what_check,
  ADD CONSTRAINT rule_decisions_what_check CHECK (what IN ('propose', 'publish', 'shown', 'withdraw', 'retract'));
ALTER TABLE project_decisions
  DROP CONSTRAINT project_decisions_what_check,
  ADD CONSTRAINT project_decisions_what_check
    CHECK (what IN ('propose', 'notice', 'object', 'register', 'monitor', 'verify', 'issue', 'expire', 'retract'));
ALTER TABLE projects
  DROP CONSTRAINT projects_state_check,
  DROP CONSTRAINT projects_check,
  DROP CONSTRAINT projects_check1,
  ADD CONSTRAINT projects_state_check
    CHECK (state IN ('proposed', 'noticed', 'registered', 'monitored', 'verified', 'issued', 'expired', 'retracted')),
  ADD CONSTRAINT projects_registration_check CHECK ((state IN ('proposed', 'noticed', 'retracted')) = (registration IS NULL)),
  ADD CONSTRAINT projects_notice_check CHECK ((state IN ('proposed', 'retracted')) = (noticed_at IS NULL));
