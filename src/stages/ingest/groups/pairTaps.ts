import type { ReasonCode } from "../reasonCodes.ts";

/**
 * What a tap is. Where taps fall into the same second, exits come first: one ride ends before the next
 * begins.
 */
export const TAP = { exit: 0, entry: 1, single: 2 } as const;
export type TapKind = (typeof TAP)[keyof typeof TAP];

/** One tap of a card. */
export interface Tap {
  /** Unix seconds. */
  readonly at: number;
  readonly kind: TapKind;
  /** The provider's id of the tap. */
  readonly id: string;
  readonly raw: string;
}

/** What becomes of the taps of one card: each is in exactly one of these. */
export type TapGroup<T> =
  | { readonly ride: { readonly entry: T; readonly exit: T } }
  | { readonly single: T }
  | { readonly exitOnly: T }
  | { readonly refused: T; readonly code: ReasonCode };

type PairCode = Extract<ReasonCode, `pair.${string}`>;

/**
 * Pairs the taps of one card in the order of their times. An exit belongs to the entry before it, where no
 * other tap of the card at a gate lies between and at most `maxSeconds` do. The order in which taps are given
 * makes no difference: times decide, then kind, id and text.
 */
export function pairTaps<T extends Tap>(taps: readonly T[], maxSeconds: number): TapGroup<T>[] {
  const groups: TapGroup<T>[] = [];
  const refuse = (refused: T, code: PairCode): void => void groups.push({ refused, code });
  let open: T | null = null;
  let last: T | null = null;
  for (const tap of taps.toSorted(inOrder)) {
    if (last && last.id === tap.id && last.at === tap.at && last.kind === tap.kind) {
      refuse(tap, "pair.repeated");
      continue;
    }
    last = tap;
    if (tap.kind === TAP.single) groups.push({ single: tap });
    else if (tap.kind === TAP.entry) {
      if (open) refuse(open, "pair.entry-replaced");
      open = tap;
    } else if (!open) groups.push({ exitOnly: tap });
    else {
      if (tap.at - open.at <= maxSeconds) groups.push({ ride: { entry: open, exit: tap } });
      else {
        refuse(open, "pair.too-long");
        refuse(tap, "pair.too-long");
      }
      open = null;
    }
  }
  if (open) refuse(open, "pair.entry-without-exit");
  return groups;
}

function inOrder(a: Tap, b: Tap): number {
  return a.at - b.at || a.kind - b.kind || compare(a.id, b.id) || compare(a.raw, b.raw);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
