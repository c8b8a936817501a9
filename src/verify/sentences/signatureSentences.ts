import type { Judgement } from "../judgement.ts";
import type { Verdict } from "../verdict.ts";

/** What was checked of providers' signatures and what was not, in plain sentences. */
export function signatureSentences({ parts }: Judgement): Pick<Verdict, "checked" | "notChecked"> {
  const findings = parts.flatMap(({ leaves }) =>
    leaves.flatMap(({ disclosed }) => (disclosed ? [disclosed.signatures] : [])),
  );
  const named = findings.reduce((sum, finding) => sum + finding.named, 0);
  const others = findings.flatMap(({ otherKeys }) => otherKeys);
  const undisclosed = findings.reduce((sum, finding) => sum + finding.undisclosed, 0);
  const uncheckable = findings.reduce((sum, finding) => sum + finding.uncheckable, 0);
  const checked: string[] = [];
  const notChecked: string[] = [];
  if (named > 0) {
    checked.push(
      `${records(named)} signed by ${named === 1 ? "its provider" : "their providers"} with the key ` +
        "that the manifest names, at a time at which it was valid; the " +
        `${named === 1 ? "signature holds" : "signatures hold"}.`,
    );
    notChecked.push(
      "That a signing key is its provider's and was not revoked: the operator wrote it into the " +
        "manifest. Ask the provider, or the registrar.",
    );
  }
  if (others.length > 0) {
    const keys = [...new Set(others)].join(", ");
    checked.push(
      `${records(others.length)} signed with a key that the manifest does not name (${keys}); the ` +
        `${others.length === 1 ? "signature holds" : "signatures hold"}.`,
    );
    notChecked.push(
      "Whose keys these are that the manifest does not name: an older key of the provider, or " +
        "anybody's. Ask the provider.",
    );
  }
  if (undisclosed > 0) {
    const signatures =
      undisclosed === 1
        ? "The signature of 1 disclosed record"
        : `The signatures of ${String(undisclosed)} disclosed records`;
    notChecked.push(
      `${signatures}: by the manifest the provider signs its records, but the file does not have it.`,
    );
  }
  if (uncheckable > 0)
    notChecked.push(
      `${records(uncheckable)} of a provider that by the manifest signs by sm2-sm3: this version can't ` +
        "check such signatures.",
    );
  return { checked, notChecked };
}

function records(count: number): string {
  return count === 1 ? "1 disclosed record is" : `${String(count)} disclosed records are`;
}
