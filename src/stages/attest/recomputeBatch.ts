import { CheckFailedError } from "../../base/errors/errors.ts";
import { compareBytes, toHex } from "../../base/lib/bytes.ts";
import { milligrams } from "../../base/lib/mass.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { ConfidentialLeaf } from "../../base/types/confidentialLeaf.ts";
import type { ActivityKey, MethodologyId } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Day, Milligrams } from "../../base/types/quantities.ts";
import { anchorKey } from "../../format/batch/classes/anchorKey.ts";
import { activityMessage, subjectlessMessage } from "../../format/batch/keys.ts";
import { holderCommitments, LAST_ACTIVITY_KEY, recordHashes, type Leaf } from "../../format/batch/leaf.ts";
import type { Manifest, ManifestProvider } from "../../format/batch/manifest.ts";
import { methodologyCategory, methodologyIdOf } from "../../format/batch/methodology.ts";
import type { CapCheck } from "./capCheck.ts";
import { CLOCK_SECONDS } from "./checkCreatedAt.ts";

/** The rules and keys that a verifier brings along; it takes neither from the operator. */
export interface VerifierMeans {
  /**
   * Finds the methodology of a record among the manifest's (the very object) and counts it. @throws where no
   * rule covers the record
   */
  quantify(record: ActivityRecord): { methodology: Methodology; milligrams: Milligrams; day: Day };
  /** Code of a scenario class by the batch's list. @throws CheckFailedError `attest.scenario` */
  classCode(scenario: string): number;
  activityKeys(messages: readonly { year: number; message: Uint8Array }[]): Promise<ActivityKey[]>;
  /**
   * Holds what the provider of a leaf signed against its records (`SignatureCheck`). @throws CheckFailedError
   * `attest.…`
   */
  checkSignatures(leaf: ConfidentialLeaf, provider: ManifestProvider, index: number): void;
  /** Holds all leaves against the caps on days and years. */
  readonly caps: CapCheck;
}

/**
 * Makes every leaf of a batch anew from the confidential records: each quantity counted by the methodology,
 * each key asked from the key service, order and links checked, no record twice, caps on days and years kept.
 * What comes out is what the operator must have committed to.
 * @throws CheckFailedError `attest.…`, which names the leaf (0-based) and what is wrong with it
 */
export async function* recomputeLeaves(
  manifest: Manifest,
  leaves: AsyncIterable<readonly ConfidentialLeaf[]>,
  means: VerifierMeans,
): AsyncIterable<{ leaf: Leaf; hasSubject: boolean }[]> {
  const providerIndex = new Map(manifest.providers.map((provider, index) => [provider.id, index]));
  const methodologyIds = new Map<Methodology, MethodologyId>();
  const seenRecords = new Set<string>();
  let waiting: Recomputed | null = null;
  let index = 0;
  for await (const chunk of leaves) {
    const drafts = chunk.map((confidential, offset) => recomputeOne(confidential, index + offset));
    const commitments = holderCommitments(chunk);
    const hashes = recordHashes(chunk, manifest.schemas.record);
    const keys = await means.activityKeys(drafts.map((draft) => draft.message));
    const linked: { leaf: Leaf; hasSubject: boolean }[] = [];
    for (const [offset, draft] of drafts.entries()) {
      const activityKey = keys[offset] as ActivityKey;
      if (waiting) {
        if (compareBytes(waiting.leaf.activityKey, activityKey) >= 0)
          throw refusal("order", index + offset, "its activity key is not above the one before it");
        linked.push({
          leaf: { ...waiting.leaf, nextActivityKey: activityKey },
          hasSubject: waiting.hasSubject,
        });
      }
      waiting = {
        leaf: {
          ...draft.leaf,
          activityKey,
          nextActivityKey: LAST_ACTIVITY_KEY,
          holderCommitment: commitments[offset] as Uint8Array,
          recordHash: hashes[offset] as Uint8Array,
        },
        hasSubject: draft.hasSubject,
      };
    }
    index += chunk.length;
    if (linked.length > 0) yield linked;
  }
  if (waiting) yield [waiting];

  function recomputeOne(confidential: ConfidentialLeaf, at: number) {
    const [first] = confidential.records;
    if (!first) throw refusal("empty", at, "it has no record");
    let sum = 0n;
    let rule: { methodology: Methodology; day: Day } | null = null;
    for (const record of confidential.records) {
      if (
        record.provider !== first.provider ||
        record.scenario !== first.scenario ||
        minuteOf(record) !== minuteOf(first)
      ) {
        throw refusal("mixed", at, "its records differ in provider, scenario or minute");
      }
      const name = `${record.provider}\n${record.recordId}`;
      if (seenRecords.has(name))
        throw refusal(
          "record-twice",
          at,
          `the record ${JSON.stringify(record.recordId)} of ${record.provider} stands in the batch twice`,
        );
      seenRecords.add(name);
      if (record.startedAt > manifest.createdAt + CLOCK_SECONDS)
        throw refusal(
          "created-earlier",
          at,
          `a record of ${record.provider} starts at ${utcText(record.startedAt)}, after the batch was closed`,
        );
      const counted = means.quantify(record);
      if (rule && rule.methodology !== counted.methodology)
        throw refusal("mixed", at, "its records fall under two methodologies");
      rule = counted;
      sum += counted.milligrams;
    }
    const { methodology, day } = rule as { methodology: Methodology; day: Day };
    const keyedBy = anchorKey(first, methodologyCategory(methodology)) ?? confidential.subjectKey;
    const isOne = keyedBy === null || keyedBy !== confidential.subjectKey;
    if (isOne && confidential.records.length !== 1)
      throw refusal(
        "mixed",
        at,
        keyedBy === null
          ? "it joins several records although it names no subject"
          : "it joins several records although it is keyed by an asset, which is counted once",
      );
    const provider = providerIndex.get(first.provider);
    if (provider === undefined)
      throw refusal("provider", at, `its provider ${first.provider} is not in the manifest`);
    means.checkSignatures(confidential, manifest.providers[provider] as ManifestProvider, at);
    if (day < manifest.vintage.startDay || day > manifest.vintage.endDay)
      throw refusal("vintage", at, "its day lies outside the manifest's vintage");
    let methodologyId = methodologyIds.get(methodology);
    if (!methodologyId) methodologyIds.set(methodology, (methodologyId = methodologyIdOf(methodology)));
    const classCode = means.classCode(first.scenario);
    return {
      message: keyedBy ? activityMessage(keyedBy, classCode, first.startedAt) : subjectlessMessage(first),
      hasSubject: confidential.subjectKey !== null,
      leaf: {
        methodologyId,
        milligrams: means.caps.weigh(
          confidential,
          { methodology, day, counted: milligrams(sum) },
          (code, what) => refusal(code, at, what),
        ),
        day,
        scenarioClass: classCode,
        providerIndex: provider,
      },
    };
  }
}

interface Recomputed {
  readonly leaf: Leaf;
  readonly hasSubject: boolean;
}

const minuteOf = (record: ActivityRecord): number => Math.floor(record.startedAt / 60);

function refusal(code: string, leafIndex: number, what: string): CheckFailedError {
  return new CheckFailedError(`attest.${code}`, `Leaf ${String(leafIndex)} is refused: ${what}.`);
}

/** What a recomputed batch comes to. */
export interface RecomputedCommitment {
  readonly root: Uint8Array;
  readonly total: Milligrams;
  readonly count: number;
  readonly leavesHash: Uint8Array;
  readonly subjectlessMilligrams: Milligrams;
}

/**
 * Compares what was recomputed with what the manifest says, field by field.
 * @throws CheckFailedError `attest.commitment` that names every field that differs
 */
export function compareCommitment(manifest: Manifest, recomputed: RecomputedCommitment): void {
  const differences = [
    ["root", manifest.root, toHex(recomputed.root)],
    ["leavesHash", manifest.leavesHash, toHex(recomputed.leavesHash)],
    ["totalMilligrams", manifest.totalMilligrams.toString(), recomputed.total.toString()],
    ["leafCount", manifest.leafCount.toString(), recomputed.count.toString()],
    [
      "subjectlessMilligrams",
      manifest.subjectlessMilligrams.toString(),
      recomputed.subjectlessMilligrams.toString(),
    ],
  ].filter(([, stated, found]) => stated !== found);
  if (differences.length > 0) {
    const list = differences
      .map(
        ([field, stated, found]) => `${field ?? ""} is stated as ${stated ?? ""} and comes to ${found ?? ""}`,
      )
      .join("; ");
    throw new CheckFailedError("attest.commitment", `The manifest does not match its records: ${list}.`);
  }
}
