import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import type { DayRules } from "../../stages/plausibility/ports.ts";
import { subjectDayRules } from "../../stages/plausibility/subjectDayRules.ts";
import type { Context } from "../context.ts";

/**
 * The rules of a subject's day for a profile's acts; null where its rows name no single person, or where no
 * methodology counts its region.
 */
export function dayRulesOf(
  { plausibility, methodologies }: Pick<Context, "plausibility" | "methodologies">,
  profile: Profile,
): DayRules | null {
  if (!profile.subject || profile.subject.shared) return null;
  const timeZone = methodologies.timeZoneOf(profile.region);
  return timeZone === null ? null : subjectDayRules(plausibility, profile.region, timeZone);
}
