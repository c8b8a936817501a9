import type { UnixSeconds } from "../base/types/quantities.ts";

/** When a provider's key may sign. */
export interface KeyWindow {
  /** The first second. */
  readonly validFrom: UnixSeconds;
  /** The first second in which it is no longer valid, so that one key's end is the next one's beginning; null: no end is fixed. */
  readonly validTo: UnixSeconds | null;
}

export function isWithin({ validFrom, validTo }: KeyWindow, at: UnixSeconds): boolean {
  return at >= validFrom && (validTo === null || at < validTo);
}
