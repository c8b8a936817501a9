import type { ChainEffect, Term } from "./ports.ts";

const HEX = /^0x[0-9a-f]*$/i;

/**
 * Whether the chain shows exactly what was planned: there is something under the id, and each planned term is
 * shown as it is. What it shows besides does not count. Hex is read, not spelled.
 */
export function hasLanded({ planned, shown }: ChainEffect): boolean {
  return (
    shown !== null &&
    Object.entries(planned).every(([name, term]) => {
      const seen = shown[name];
      return seen !== undefined && plain(seen) === plain(term);
    })
  );
}

/** Lower case where it is hex: a word on chain has no capitals. */
function plain(term: Term): Term {
  return typeof term === "string" && HEX.test(term) ? term.toLowerCase() : term;
}
