import { fromHex } from "../../../base/lib/bytes.ts";
import type { MethodologyId, TenantId } from "../../../base/types/ids.ts";
import type { Reduction } from "../../../base/types/reduction.ts";
import type { CopyRow } from "../engine/copyFormat.ts";
import type { Session } from "../engine/database.ts";
import { ensureDayPartitions, utcDay } from "./dayPartitions.ts";
import { EVIDENCE_COLUMNS, evidenceValues } from "./evidenceColumns.ts";

const RECORD_KEY_COLUMNS = {
  tenant: "text",
  provider: "text",
  record_id: "text",
  started_at: "int8",
  activity_key: "bytea",
} as const;
const ACTIVITY_KEY_COLUMNS = { tenant: "text", activity_key: "bytea", utc_day: "int4" } as const;
const REDUCTION_COLUMNS = {
  tenant: "text",
  started_at: "int8",
  ended_at: "int8",
  quantity: "int8",
  milligrams: "int8",
  day: "int4",
  activity_key: "bytea",
  subject_key: "bytea",
  methodology: "bytea",
  provider: "text",
  record_id: "text",
  scenario: "text",
  unit: "text",
  region: "text",
  ...EVIDENCE_COLUMNS,
} as const;

/**
 * Writes reductions and their keys by COPY. `claims` are those of them that are the first under their
 * activity key. Fails with a unique violation where another transaction stored one of the keys since they
 * were looked up.
 */
export async function appendReductions(
  tx: Session,
  tenant: TenantId,
  reductions: readonly Reduction[],
  claims: readonly Reduction[],
): Promise<void> {
  await ensureDayPartitions(tx, [...new Set(reductions.map(({ record }) => utcDay(record.startedAt)))]);
  await tx.copyIn(
    "record_keys",
    RECORD_KEY_COLUMNS,
    reductions.map(({ record, activityKey }) => [
      tenant,
      record.provider,
      record.recordId,
      record.startedAt,
      activityKey,
    ]),
  );
  await tx.copyIn(
    "activity_keys",
    ACTIVITY_KEY_COLUMNS,
    claims.map(({ record, activityKey }) => [tenant, activityKey, utcDay(record.startedAt)]),
  );
  const methodologies = new Map<MethodologyId, Uint8Array>();
  const methodologyBytes = (id: MethodologyId): Uint8Array => {
    const known = methodologies.get(id);
    if (known !== undefined) return known;
    const bytes = fromHex(id, 32);
    methodologies.set(id, bytes);
    return bytes;
  };
  await tx.copyIn(
    "reductions",
    REDUCTION_COLUMNS,
    reductions.map((reduction) => reductionRow(tenant, reduction, methodologyBytes(reduction.methodologyId))),
  );
}

function reductionRow(tenant: TenantId, reduction: Reduction, methodology: Uint8Array): CopyRow {
  const { record } = reduction;
  return [
    tenant,
    record.startedAt,
    record.endedAt,
    record.quantity,
    reduction.milligrams,
    reduction.day,
    reduction.activityKey,
    reduction.subjectKey,
    methodology,
    record.provider,
    record.recordId,
    record.scenario,
    record.unit,
    reduction.region,
    ...evidenceValues(reduction.evidence ?? null),
  ];
}
