import type { Database } from "../../../../src/adapters/storage/engine/database.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import type { TenantId } from "../../../../src/base/types/ids.ts";
import type { DayAct } from "../../../../src/stages/plausibility/ports.ts";
import type { Reduction } from "../../../../src/base/types/reduction.ts";

/** A reduction as version 0.2 stored it. */
export interface OldRow {
  readonly reduction: Reduction;
  readonly disposition?: "open" | "pooled" | "redeemed" | "donated";
  readonly closing?: number;
  readonly signed?: { readonly key: Uint8Array; readonly evidence: Uint8Array; readonly arrivedAt: number };
}

/** Writes rows as version 0.2 did, into the tables that migrations up to 0011 make. */
export async function insertOldRows(db: Database, tenant: TenantId, rows: readonly OldRow[]): Promise<void> {
  const days = new Set(rows.map(({ reduction }) => Math.floor(reduction.record.startedAt / 86_400)));
  for (const day of days) {
    const name = new Date(day * 86_400_000).toISOString().slice(0, 10).replaceAll("-", "");
    await db.execute(`CREATE TABLE IF NOT EXISTS reductions_${name}
      PARTITION OF reductions FOR VALUES FROM (${String(day * 86_400)}) TO (${String((day + 1) * 86_400)})`);
  }
  for (const { reduction, disposition = "open", closing = null, signed = null } of rows) {
    const { record, activityKey } = reduction;
    await db.query(`INSERT INTO record_keys VALUES ($1, $2, $3, $4, $5)`, [
      tenant,
      record.provider,
      record.recordId,
      record.startedAt,
      activityKey,
    ]);
    await db.query("INSERT INTO activity_keys VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
      tenant,
      activityKey,
      Math.floor(record.startedAt / 86_400),
    ]);
    await db.query(
      `INSERT INTO reductions (tenant, started_at, ended_at, quantity, milligrams, day, closing, activity_key,
       subject_key, methodology, provider, record_id, scenario, unit, region, disposition, signing_key,
       evidence, arrived_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, decode($10, 'hex'), $11, $12, $13, $14, $15, $16, $17, $18,
         $19)`,
      [
        tenant,
        record.startedAt,
        record.endedAt,
        record.quantity,
        reduction.milligrams,
        reduction.day,
        closing,
        activityKey,
        reduction.subjectKey,
        reduction.methodologyId.slice(2),
        record.provider,
        record.recordId,
        record.scenario,
        record.unit,
        reduction.region,
        disposition,
        signed?.key ?? null,
        signed?.evidence ?? null,
        signed?.arrivedAt ?? null,
      ],
    );
  }
}

/** An act of a subject, under `day`, as version 0.2 stored it. */
export async function insertOldDay(
  db: Database,
  tenant: TenantId,
  subjectKey: Uint8Array,
  day: number,
  act: DayAct,
): Promise<void> {
  const seconds = act.endedAt === null ? -1n : BigInt(act.endedAt - act.startedAt);
  await db.query(
    `INSERT INTO subject_days VALUES ($1, int4send($2::integer) || decode($3, 'hex'), int2send($4::smallint)
       || int4send($5::integer) || int8send($6::bigint) || int8send($7::bigint) || int4send($8::integer))`,
    [
      tenant,
      day,
      toHex(subjectKey).slice(2),
      act.scenarioClass,
      act.day,
      BigInt(act.startedAt),
      act.quantity,
      seconds,
    ],
  );
}
