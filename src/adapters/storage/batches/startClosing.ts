import { milligrams } from "../../../base/lib/mass.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Closing, ClosingCategory, ClosingChecks, ExcludedClaim } from "../../../stages/pool/ports.ts";
import { tenantEntry } from "../records/tenantEntry.ts";
import { lockAdmission } from "../reductions/admissionLock.ts";
import { batchHead } from "./batches.ts";
import { closingFacts, type ClosingFacts } from "./closingFacts.ts";
import { findClosing, insertClosing } from "./closings.ts";
import type { ClosingRequest, NumberedClosing } from "./closings.ts";
import { AT_LEISURE } from "../engine/atLeisure.ts";
import type { Database, Session } from "../engine/database.ts";
import { recordMove } from "../reductions/recordMove.ts";
import type {
  DecideClosingProjects,
  LeftOutProject,
  OpenProjectDay,
  Project,
} from "../../../stages/projects/ports.ts";

/**
 * `started` is false where an earlier closing is unfinished: then `closing` is that one, to be resumed first.
 */
export interface StartedClosing {
  readonly started: boolean;
  readonly closing: Closing;
  /** Projects of which something is open that was left out, where there are any. */
  readonly leftOut?: readonly LeftOutProject[];
}

/** How a closing of projects is told which it takes. */
export interface ClosingProjects {
  readonly list: (tx: Session) => Promise<Project[]>;
  readonly decide: DecideClosingProjects;
}

/**
 * Freezes the open reductions of a region whose day (in the methodology's zone) is in the range: they become
 * `pooled` and belong to this closing for good, in one transaction with its row and the ledger's, and without
 * a change of theirs (`closingFacts`). From then on their activity keys take no further acts. What arrived
 * under a key after its compromise is left out, for good as well, and so is what a methodology counted that
 * was withdrawn since. A closing of projects takes those that `projects` names, with their days.
 * @param projects null for a closing of acts
 * @throws StateError as `checks` and `projects.decide`
 */
export async function startClosing(
  db: Database,
  tenant: TenantId,
  request: ClosingRequest,
  checks: ClosingChecks,
  projects: ClosingProjects | null = null,
): Promise<StartedClosing> {
  return db.transaction(async (tx) => {
    await lockAdmission(tx, tenant, "alone");
    const unfinished = await findClosing(tx, tenant);
    if (unfinished !== null) return { started: false, closing: unfinished };
    const head = await batchHead(tx, tenant);
    checks.head(head, request.previousBatchId);
    const number = await insertClosing(tx, tenant, request);
    // Its sums go over all that is frozen.
    await tx.execute(AT_LEISURE);
    await tx.query(
      `INSERT INTO closing_exclusions (tenant, closing, provider, public_key, arrived_from)
       SELECT tenant, $2, provider, public_key, revoked_at FROM provider_keys
       WHERE tenant = $1 AND revocation = 'compromised'`,
      [tenant, number],
    );
    await tx.query(
      `INSERT INTO closing_withdrawals (tenant, closing, methodology)
       SELECT $1, $2, id FROM rules WHERE kind = 'methodology' AND state = 'withdrawn' AND region = $3`,
      [tenant, number, request.region],
    );
    const { category = "act", terms = null } = request;
    const opened = { ...request, category, terms, reductions: 0, milligrams: milligrams(0n) };
    const numbered = { number, sealed: false, closing: opened };
    const leftOut = projects === null ? [] : await chooseProjects(tx, tenant, numbered, projects);
    const { facts, parameters } = await closingFacts(tx, tenant, numbered);
    const [sum] = (await tx.query(
      `SELECT count(*) AS reductions, coalesce(sum(f.milligrams), 0)::bigint AS milligrams FROM ${facts}`,
      parameters,
    )) as [{ readonly reductions: bigint; readonly milligrams: bigint }];
    checks.open(request.region, sum.reductions);
    checks.excluded(await findExcluded(tx, tenant, category, { facts, parameters }));
    await tx.query(
      "UPDATE closings SET reductions = $3, milligrams = $4 WHERE tenant = $1 AND closing = $2",
      [tenant, number, sum.reductions, sum.milligrams],
    );
    await recordMove(tx, tenant, {
      from: "open",
      to: "pooled",
      reductions: sum.reductions,
      milligrams: sum.milligrams,
      reference: `closing ${String(number)}`,
    });
    return {
      started: true,
      closing: { ...opened, reductions: Number(sum.reductions), milligrams: milligrams(sum.milligrams) },
      ...(leftOut.length > 0 && { leftOut }),
    };
  });
}

/**
 * What is admitted holds no asset's month against another side's claim; a closing looks once more before it
 * makes that final. Where the other side claims nothing at all it costs one look-up.
 */
async function findExcluded(
  tx: Session,
  tenant: TenantId,
  category: ClosingCategory,
  { facts, parameters }: ClosingFacts,
): Promise<ExcludedClaim | null> {
  const other = category === "act" ? "project" : "act";
  const { number } = await tenantEntry(tx, tenant);
  const [any] = await tx.query("SELECT 1 FROM asset_claims WHERE tenant = $1 AND side = $2 LIMIT 1", [
    number,
    other,
  ]);
  if (any === undefined) return null;
  const [excluded] = await tx.query<ExcludedClaim>(
    `SELECT held.provider, a.claimant, a.month
     FROM (SELECT s.provider, s.scenario, g.day, g.asset
       FROM (SELECT f.source, date '1970-01-01' + f.utc_day + f.day_shift AS day,
           convert_from(f.extra, 'UTF8')::jsonb #>> '{asset,key}' AS asset
         FROM ${facts} AND f.extra <> '') g
       JOIN sources s ON s.source = g.source) held
     JOIN asset_claims a ON a.tenant = $7 AND a.side = $8 AND a.asset = decode(substr(held.asset, 3), 'hex')
       AND a.month = (extract(year FROM held.day) - 1970) * 12 + extract(month FROM held.day) - 1
       AND (a.class = held.scenario OR EXISTS (SELECT 1 FROM projects p WHERE p.tenant = $1
         AND p.project = held.provider AND jsonb_exists(p.json::jsonb -> 'excludes', a.class)))
     WHERE held.asset IS NOT NULL LIMIT 1`,
    [...parameters, number, other],
  );
  return excluded ?? null;
}

/** Writes down which projects a closing takes, and which days of them. */
async function chooseProjects(
  tx: Session,
  tenant: TenantId,
  numbered: NumberedClosing,
  { list, decide }: ClosingProjects,
): Promise<readonly LeftOutProject[]> {
  const { facts, parameters } = await closingFacts(tx, tenant, numbered, "any");
  const open = await tx.query<OpenProjectDay>(
    `SELECT s.provider, g.day::int4 AS day, sum(g.records)::int4 AS records
     FROM (SELECT f.source, f.utc_day + f.day_shift AS day, count(*) AS records FROM ${facts} GROUP BY 1, 2) g
     JOIN sources s ON s.source = g.source GROUP BY 1, 2 ORDER BY 1, 2`,
    parameters,
  );
  const { taken, leftOut } = decide(await list(tx), open);
  await tx.query(
    `INSERT INTO closing_projects (tenant, closing, project, start_day, end_day)
     SELECT $1, $2, project, start_day, end_day
     FROM unnest($3::text[], $4::integer[], $5::integer[]) AS p (project, start_day, end_day)`,
    [
      tenant,
      numbered.number,
      taken.map(({ project }) => project),
      taken.map(({ startDay }) => startDay),
      taken.map(({ endDay }) => endDay),
    ],
  );
  return leftOut;
}
