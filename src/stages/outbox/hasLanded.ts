import type { ChainEffect, Term } from "./ports.ts";

const HEX = /^0x[0-9a-f]*$/i;

/**
 * Whether the chain shows exactly what was planned: there is something under the id, and each planned term,
 * of which there must be some, is shown as it is. What it shows besides does not count. Hex is read, not
 * spelled.
 */
export function hasLanded(effect: ChainEffect): boolean {
  if ("isThere" in effect) return effect.isThere;
  const terms = Object.entries(effect.planned);
  return (
    terms.length > 0 &&
    terms.every(([name, term]) => {
      const seen = effect.shown[name];
      return seen !== undefined && plain(seen) === plain(term);
    })
  );
}

/** Lower case where it is hex: a word on chain has no capitals. */
function plain(term: Term): Term {
  return typeof term === "string" && HEX.test(term) ? term.toLowerCase() : term;
}
