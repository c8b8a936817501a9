/** Why one act is held to be impossible by itself. */
export type ImplausibleActCode =
  | "plausibility.too-much"
  | "plausibility.too-long"
  | "plausibility.too-fast"
  | "plausibility.too-strong"
  | "plausibility.closed-hours"
  | "plausibility.no-bounds"
  | "plausibility.asset-kind";

/**
 * Why an act is held to be impossible beside the other acts of its subject, in the order of the bytes that
 * stand for them in storage.
 */
export const IMPLAUSIBLE_DAY_CODES = [
  "plausibility.acts-a-day",
  "plausibility.quantity-a-day",
  "plausibility.too-soon",
  "plausibility.at-once",
] as const;
export type ImplausibleDayCode = (typeof IMPLAUSIBLE_DAY_CODES)[number];
