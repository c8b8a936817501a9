import { WHOLE_BPS, WHOLE_BPS_EXACT } from "../../base/lib/basisPoints.ts";
import type { Milligrams } from "../../base/types/quantities.ts";

/**
 * What of retired grams is recognised: floor(milligrams * (10^4 - discountBps) / 10^4). The grams themselves
 * are retired whole; the difference counts for nobody.
 */
export function recogniseDown(milligrams: Milligrams, discountBps: number): Milligrams {
  return ((milligrams * BigInt(WHOLE_BPS - discountBps)) / WHOLE_BPS_EXACT) as Milligrams;
}

/** The least grams of which at least `claim` is recognised. Inverse of `recogniseDown`, rounded up. */
export function gramsForClaimUp(claim: Milligrams, discountBps: number): Milligrams {
  const kept = BigInt(WHOLE_BPS - discountBps);
  return ((claim * WHOLE_BPS_EXACT + kept - 1n) / kept) as Milligrams;
}
