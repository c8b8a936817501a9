import { createHash } from "node:crypto";
import { admitReductions } from "../../../../src/adapters/storage/reductions/admitReductions.ts";
import type { Database } from "../../../../src/adapters/storage/engine/database.ts";
import { readEvents, type StoredEvent } from "../../../../src/adapters/storage/events/readEvents.ts";
import { startIngest } from "../../../../src/adapters/storage/ingests/ingests.ts";
import { admissionDecisions } from "../../../../src/app/ingest/admissionDecisions.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { methodologyId, providerId, regionCode } from "../../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { ActivityKey, Hex, SubjectKey, TenantId } from "../../../../src/base/types/ids.ts";
import type { Day, MicroUnits, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import type { Reduction } from "../../../../src/base/types/reduction.ts";
import type { ChunkProgress } from "../../../../src/stages/dedupe/ports.ts";
import type { DayRules } from "../../../../src/stages/plausibility/ports.ts";

export function hash(text: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(text).digest());
}

export const PROFILE: Hex = toHex(hash("profile"));
export const REGION = regionCode("WUHAN");
export const METHODOLOGY = methodologyId(toHex(hash("methodology")));
/** 2025-03-01T00:00:00Z */
export const MORNING = 1_740_787_200;

export interface Sample {
  readonly id: string;
  readonly provider?: string;
  /** Null: the record names nobody. */
  readonly subject?: string | null;
  readonly methodology?: string;
  readonly region?: string;
  readonly startedAt?: number;
  readonly endedAt?: number | null;
  readonly quantity?: bigint;
  readonly milligrams?: bigint;
  readonly day?: number;
}

/**
 * A reduction as the stages hand it over, with the activity key that its provider, subject and minute lead
 * to.
 */
export function reduction(sample: Sample): Reduction {
  const { id, provider = "metro", subject = id, startedAt = MORNING } = sample;
  const quantity = (sample.quantity ?? 1_000_000n) as MicroUnits;
  const record: ActivityRecord = {
    provider: providerId(provider),
    recordId: id,
    scenario: "metro",
    startedAt: startedAt as UnixSeconds,
    endedAt: (sample.endedAt === undefined ? startedAt + 600 : sample.endedAt) as UnixSeconds | null,
    quantity,
    unit: "passenger-km",
  };
  const minute = Math.floor(startedAt / 60);
  const message = subject === null ? `2 ${provider} ${id}` : `1 ${subject} metro ${String(minute)}`;
  return {
    record,
    methodologyId:
      sample.methodology === undefined ? METHODOLOGY : methodologyId(toHex(hash(sample.methodology))),
    region: sample.region === undefined ? REGION : regionCode(sample.region),
    milligrams: (sample.milligrams ?? 78_400n) as Milligrams,
    day: (sample.day ?? Math.floor((startedAt + 8 * 3600) / 86_400)) as Day,
    subjectKey: subject === null ? null : (hash(`subject ${subject}`) as SubjectKey),
    activityKey: hash(message) as ActivityKey,
  };
}

export function progress(
  ingestId: string,
  chunk: number,
  reductions: readonly unknown[],
  rejected = 0,
): ChunkProgress {
  return {
    ingestId,
    chunk,
    chainDigest: hash(`${ingestId} ${String(chunk)}`),
    rowsRead: reductions.length + rejected,
    rejected,
  };
}

export async function ingest(db: Database, tenant: TenantId, sourceName = "file.csv"): Promise<string> {
  return startIngest(db, tenant, { profileHash: PROFILE, sourceName, startedAt: MORNING as UnixSeconds });
}

/** Admits these as one chunk of an ingest of their own. */
export async function admit(
  db: Database,
  tenant: TenantId,
  reductions: readonly Reduction[],
  rules: DayRules | null = null,
  keyWidth?: number,
) {
  return admitReductions(
    db,
    tenant,
    reductions,
    progress(await ingest(db, tenant), 0, reductions),
    rules,
    admissionDecisions,
    keyWidth,
  );
}

/** Everything that was recorded of a tenant. */
export async function eventsOf(db: Database, tenant: TenantId): Promise<StoredEvent[]> {
  return readEvents(db, tenant, { after: 0n, limit: 1_000 });
}

export async function eventTypesOf(db: Database, tenant: TenantId): Promise<string[]> {
  return (await eventsOf(db, tenant)).map(({ type }) => type);
}
