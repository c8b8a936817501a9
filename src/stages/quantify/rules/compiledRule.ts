import type { ActivityRecord } from "../../../base/types/activityRecord.ts";
import type { Day } from "../../../base/types/quantities.ts";
import type { QuantifyRefusal } from "../reasonCodes.ts";
import type { Fraction } from "./factorOf.ts";

/**
 * What a record comes to under a rule, exactly, or why to nothing.
 * @param quantity in millionths of the unit, cut at the cap per act where the rule has one
 * @param day of the start in the methodology's zone
 */
export type CompiledRule = (record: ActivityRecord, quantity: bigint, day: Day) => Fraction | QuantifyRefusal;
