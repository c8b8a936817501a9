import type { ProviderId } from "./ids.ts";
import type { MicroUnits, UnixSeconds } from "./quantities.ts";

/** Units in which an act is measured. A methodology counts in exactly one. */
export type Unit = "passenger-km" | "km" | "trip" | "kWh" | "meal";

/**
 * One act as its provider reports it, after a profile mapped it. Schema `microtonne-record/1` in the
 * published format.
 */
export interface ActivityRecord {
  readonly provider: ProviderId;
  /** The provider's own id of the record, NFC, 1 to 128 UTF-8 bytes. */
  readonly recordId: string;
  /** Name of a scenario class (`format/scenario-classes.json`). */
  readonly scenario: string;
  readonly startedAt: UnixSeconds;
  /** Null where the provider does not say. Never before `startedAt`. */
  readonly endedAt: UnixSeconds | null;
  readonly quantity: MicroUnits;
  readonly unit: Unit;
}
