import type { CheckFailedError } from "../../base/errors/errors.ts";
import type { Remedy } from "../../base/errors/remedy.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { attestRefusal } from "./attestRefusal.ts";

/**
 * A withdrawn methodology counts no act from its withdrawal on, and no batch is closed with it.
 * @param later what comes after the withdrawal, without a full stop
 */
export function withdrawnRefusal(
  { code, version }: Pick<Methodology, "code" | "version">,
  withdrawnAt: UnixSeconds,
  later: string,
  remedy: Remedy | null = null,
): CheckFailedError {
  return attestRefusal(
    "withdrawn-methodology",
    `the registrar withdrew ${code}@${version} at ${utcText(withdrawnAt)}, and ${later}`,
    remedy,
  );
}
