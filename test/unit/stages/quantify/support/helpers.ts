import type { ActivityRecord } from "../../../../../src/base/types/activityRecord.ts";
import type { ProviderId, RegionCode } from "../../../../../src/base/types/ids.ts";
import type { Methodology1, Methodology2 } from "../../../../../src/base/types/methodology.ts";
import type { MicroUnits, UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { PLAIN_TERMS } from "../../../../support/plainTerms.ts";

/** Seconds of an ISO time. */
export const at = (iso: string): UnixSeconds => (Date.parse(iso) / 1000) as UnixSeconds;

export function record(
  parts: Partial<Omit<ActivityRecord, "quantity">> & { readonly quantity?: bigint } = {},
): ActivityRecord {
  const { quantity = 1_000_000n, ...rest } = parts;
  return {
    provider: "small" as ProviderId,
    recordId: "r-1",
    scenario: "bike",
    startedAt: at("2025-06-01T04:00:00Z"),
    endedAt: null,
    unit: "km",
    ...rest,
    quantity: quantity as MicroUnits,
  };
}

export function methodology(parts: Partial<Methodology1> = {}): Methodology1 {
  return {
    schema: "microtonne-methodology/1",
    code: "SMALL-BIKE",
    version: "1",
    title: "For tests",
    region: "WUHAN" as RegionCode,
    timeZone: "Asia/Shanghai",
    scenario: "bike",
    unit: "km",
    gramsPerUnit: "93.3",
    validFrom: "2025-01-01",
    validTo: "2025-12-31",
    caps: { unitsPerAct: null },
    source: "Tests.",
    ...parts,
  };
}

/** Of the second form: linear, valid in 2025 and 2026 in Shanghai, unless said otherwise. */
export function methodology2(parts: Partial<Methodology2> = {}): Methodology2 {
  return {
    schema: "microtonne-methodology/2",
    code: "TEST-SMALL",
    version: "1",
    title: "For tests",
    region: "WUHAN" as RegionCode,
    timeZone: "Asia/Shanghai",
    scenario: "ev-charging",
    unit: "kWh",
    category: "act",
    validFrom: "2024-12-31T16:00Z",
    validTo: "2026-12-31T16:00Z",
    days: { first: "2025-01-01", last: "2026-12-31" },
    rule: { kind: "linear", gramsPerUnit: "409.4" },
    ...PLAIN_TERMS,
    source: "Tests.",
    ...parts,
  };
}
