import { providerId, regionCode } from "../../../../../src/base/lib/ids.ts";
import type { ActivityKey, Hex, MethodologyId, SubjectKey } from "../../../../../src/base/types/ids.ts";
import type { Day, MicroUnits, Milligrams, UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import type { Unit } from "../../../../../src/base/types/activityRecord.ts";
import type { Reduction } from "../../../../../src/base/types/reduction.ts";
import type { KeyHolder, NamedReduction } from "../../../../../src/stages/dedupe/ports.ts";

/** 2025-03-01T00:00:00Z */
export const MORNING = 1_740_787_200;

export interface Act {
  readonly id: string;
  readonly provider?: string;
  /** Null: the record names nobody. */
  readonly subject?: number | null;
  readonly methodology?: number;
  /** Seconds after `MORNING`. */
  readonly at?: number;
  readonly seconds?: number | null;
  readonly quantity?: bigint;
  readonly unit?: Unit;
  readonly scenario?: string;
  readonly milligrams?: bigint;
}

/** A metro ride of ten minutes, unless said otherwise. */
export function reductionOf(act: Act): Reduction {
  const { id, provider = "metro", subject = 1, methodology = 1, at = 0, seconds = 600 } = act;
  const startedAt = MORNING + at;
  return {
    record: {
      provider: providerId(provider),
      recordId: id,
      scenario: act.scenario ?? "metro",
      startedAt: startedAt as UnixSeconds,
      endedAt: (seconds === null ? null : startedAt + seconds) as UnixSeconds | null,
      quantity: (act.quantity ?? 1_000_000n) as MicroUnits,
      unit: act.unit ?? "passenger-km",
    },
    methodologyId: hex(methodology) as MethodologyId,
    region: regionCode("WUHAN"),
    milligrams: (act.milligrams ?? 78_400n) as Milligrams,
    day: Math.floor((startedAt + 8 * 3600) / 86_400) as Day,
    subjectKey: subject === null ? null : (new Uint8Array(32).fill(subject) as SubjectKey),
    activityKey: new Uint8Array(32) as ActivityKey,
  };
}

/** With its keys as names: one key for a subject's minute, or for a record that names nobody. */
export function named(act: Act): NamedReduction {
  const { id, provider = "metro", subject = 1, at = 0 } = act;
  const key = subject === null ? `${provider} ${id}` : `${String(subject)} at ${String(Math.floor(at / 60))}`;
  return { reduction: reductionOf(act), record: `${provider}\0${id}`, key };
}

/** The act as storage knows it. */
export function holderOf(act: Act, closed = false): KeyHolder {
  const { record, methodologyId, subjectKey } = reductionOf(act);
  const { provider, scenario, startedAt, endedAt, quantity, unit } = record;
  const hasSubject = subjectKey !== null;
  const told = { scenario, startedAt, endedAt, quantity, unit };
  return { provider, methodologyId, hasSubject, ...told, closed, dropped: false };
}

function hex(n: number): Hex {
  return `0x${n.toString(16).padStart(64, "0")}`;
}
