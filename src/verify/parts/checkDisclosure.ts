import { equalBytes } from "../../base/lib/bytes.ts";
import { localDay } from "../../base/lib/time/zone.ts";
import type { SubjectKey } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import { holderCommitment, recordHash, type Leaf } from "../../format/batch/leaf.ts";
import type { Manifest, ManifestProvider } from "../../format/batch/manifest.ts";
import type { ActProof } from "../../format/proofs/proofFile.ts";
import { countedMilligrams, mayEarnLess } from "./recountMilligramsDown.ts";
import { refuse } from "../refuse.ts";

/**
 * What a disclosure shows about who acted: `subjectless`: nobody was named; `known`: the subject key given
 * opens the commitment.
 */
export type HolderFinding = "subjectless" | "known" | "not-opened";

/** The parts of the manifest that a leaf points at. */
export interface LeafContext {
  readonly manifest: Manifest;
  readonly methodology: Methodology;
  readonly provider: ManifestProvider;
}

/**
 * Checks that salt and records are those behind a leaf: hash, provider, scenario, day, and each quantity
 * counted anew.
 * @param subjectKey the holder's own key, where the verifier has it
 * @throws CheckFailedError `verify.record-hash`, `verify.record-provider`, `verify.record-scenario`,
 * `verify.record-day`, `verify.quantity`, `verify.holder`; InputError as `canonicalRecords`
 */
export function checkDisclosure(
  index: number,
  leaf: Leaf,
  disclosed: NonNullable<ActProof["disclosed"]>,
  { manifest, methodology, provider }: LeafContext,
  subjectKey: SubjectKey | null,
): HolderFinding {
  const where = `leaf ${String(index)}`;
  const { salt, records } = disclosed;
  if (!equalBytes(recordHash(salt, records, manifest.schemas.record), leaf.recordHash)) {
    refuse("record-hash", `The disclosed records and salt are not those behind ${where}.`);
  }
  for (const record of records) {
    if (record.provider !== provider.id)
      refuse("record-provider", `A record of ${where} is of another provider than the leaf.`);
    if (record.scenario !== methodology.scenario || record.unit !== methodology.unit) {
      refuse(
        "record-scenario",
        `A record of ${where} is of another scenario or unit than the leaf's methodology counts.`,
      );
    }
    if (localDay(manifest.vintage.timeZone, record.startedAt) !== leaf.day) {
      refuse(
        "record-day",
        `A record of ${where} started on another day in ${manifest.vintage.timeZone} than the leaf ` +
          `says (time-zone rules ${manifest.vintage.tzdata}).`,
      );
    }
  }
  const counted = countedMilligrams(records, methodology);
  const isCounted =
    counted === leaf.milligrams || (leaf.milligrams < counted && mayEarnLess(records, methodology));
  if (!isCounted) {
    refuse(
      "quantity",
      `The records of ${where} come to ${counted.toString()} mg; the leaf says ` +
        `${leaf.milligrams.toString()} mg.`,
    );
  }
  return holderFinding(where, leaf, salt, subjectKey);
}

function holderFinding(
  where: string,
  leaf: Leaf,
  salt: Uint8Array,
  subjectKey: SubjectKey | null,
): HolderFinding {
  if (equalBytes(holderCommitment(null, salt), leaf.holderCommitment)) return "subjectless";
  if (subjectKey === null) return "not-opened";
  if (equalBytes(holderCommitment(subjectKey, salt), leaf.holderCommitment)) return "known";
  return refuse("holder", `The subject key that you gave is not the one behind ${where}.`);
}
