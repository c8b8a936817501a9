import { functionsOf, ROLES } from "../../../adapters/chain/accessRoles.ts";
import { compared, noted, type Finding } from "./finding.ts";
import { SETTINGS, type Shown } from "./settings.ts";

/** Holds what the roles can set against the terms: quorums, windows, terms, limits, pauses. */
export async function checkSettings(shown: Shown): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { contract, name } of ROLES.flatMap(functionsOf)) {
    const setter = `${contract}.${name}`;
    const reading = SETTINGS[setter];
    if (reading === undefined) {
      findings.push(compared("term", `what ${setter} has set`, "compared", "not compared by this version"));
      continue;
    }
    const area = name === "setPaused" ? "pause" : "term";
    for (const { what, expected, found } of await reading(shown))
      findings.push(expected === null ? noted(area, what, found) : compared(area, what, expected, found));
  }
  return findings;
}
