import { findClosing } from "../../adapters/storage/batches/closings.ts";
import { localDay } from "../../base/lib/time/zone.ts";
import type { Address, RegionCode } from "../../base/types/ids.ts";
import type { MethodologyCategory } from "../../base/types/methodology.ts";
import { closableCategory } from "../../stages/pool/closableCategory.ts";
import { isSameClosing } from "../../stages/pool/isSameClosing.ts";
import { readAskedTerms, type AskedTerms, type SaidTerms } from "../../stages/pool/readAskedTerms.ts";
import { operatorOf } from "../chain/operatorOf.ts";
import type { Context } from "../context.ts";

/**
 * What a closing is asked to say of its batch, checked as on the day on which it began if it was cut off and
 * this finishes it, else as today; writes nothing.
 * @throws UsageError, InputError as `readAskedTerms`; StateError `closing.behaviour`
 */
export async function checkAskedTerms(
  context: Context,
  {
    region,
    vintage,
    category = "act",
    terms = {},
  }: {
    readonly region: RegionCode;
    readonly vintage: number;
    readonly category?: MethodologyCategory;
    readonly terms?: AskedTerms;
  },
): Promise<SaidTerms> {
  if (Object.keys(terms).length === 0) return {};
  const { address } = await operatorOf(context);
  const asked = { region, vintage, category: closableCategory(category) };
  const unfinished = await findClosing(context.db, context.tenant);
  const { timeZone, createdAt } =
    unfinished && isSameClosing(unfinished, asked)
      ? unfinished
      : { timeZone: context.methodologies.timeZoneOf(region) ?? "UTC", createdAt: context.clock.now() };
  return readAskedTerms(terms, {
    operator: address.toLowerCase() as Address,
    ...asked,
    day: localDay(timeZone, createdAt),
  });
}
