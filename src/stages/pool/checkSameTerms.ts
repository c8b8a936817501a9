import { StateError } from "../../base/errors/errors.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import type { ClosingTerms } from "./ports.ts";
import type { SaidTerms } from "./readAskedTerms.ts";

const WORDS: Readonly<Record<keyof SaidTerms, string>> = {
  useBy: "last day of use",
  title: "title",
  campaign: "campaign",
  audience: "audience",
  verification: "verification statement",
};

/**
 * A closing that was cut off ends with the terms that it began with: its leaves are frozen, and the caller
 * who finishes it may not be the one who began it.
 * @throws StateError `closing.other-terms` where something else is asked for now; what nobody asks for is
 * the closing's own
 */
export function checkSameTerms(terms: ClosingTerms, said: SaidTerms): void {
  for (const name of Object.keys(said) as (keyof SaidTerms)[]) {
    if (canonicalJson(said[name] ?? null) === canonicalJson(terms[name])) continue;
    throw new StateError(
      "closing.other-terms",
      `The batch that is still being closed began with another ${WORDS[name]} than is asked for now, and ` +
        "ends with its own. Run the command without it (or with the one that it began with) to finish it.",
    );
  }
}
