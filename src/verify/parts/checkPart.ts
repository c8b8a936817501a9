import { compareBytes, equalBytes } from "../../base/lib/bytes.ts";
import type { Address, BatchId, SubjectKey } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { checkPlaces } from "../../format/proofs/checkPlaces.ts";
import { verifyInclusion } from "../../format/proofs/inclusionProof.ts";
import type { MassRange } from "../../format/batch/sumTree.ts";
import { decodeLeaf, LAST_ACTIVITY_KEY, type Leaf } from "../../format/batch/leaf.ts";
import { linkFault } from "../../format/batch/linkFault.ts";
import type { Manifest, ManifestProvider } from "../../format/batch/manifest.ts";
import { methodologyIdOf } from "../../format/batch/methodology.ts";
import type { ActProof, ProofPart } from "../../format/proofs/proofFile.ts";
import { verifyRange } from "../../format/proofs/rangeProof.ts";
import { openSpans, type OpenedSpan } from "../../format/proofs/openSpans.ts";
import { commitmentOf } from "../../format/archive/readArchive.ts";
import { scenarioClassListHash } from "../../format/batch/scenarioClasses.ts";
import type { Strike } from "../../format/batch/strikes.ts";
import { leafFault, leafRules } from "../../format/archive/leafCheck.ts";
import { checkDisclosure, type HolderFinding, type LeafContext } from "./checkDisclosure.ts";
import { checkSignatures, type SignatureFinding } from "./checkSignatures.ts";
import { refuse } from "../refuse.ts";

/** A leaf that a proof shows, with its milligrams and what is known about it. */
export interface CheckedLeaf extends MassRange {
  readonly index: number;
  readonly milligrams: Milligrams;
  readonly context: LeafContext;
  /** Null where nothing is disclosed. */
  readonly disclosed: {
    readonly records: number;
    readonly holder: HolderFinding;
    readonly signatures: SignatureFinding;
  } | null;
}

/** One batch of a proof, consistent in itself. */
export interface CheckedPart {
  readonly batchId: BatchId;
  readonly manifest: Manifest;
  /** Those that are shown, by index. */
  readonly leaves: readonly CheckedLeaf[];
  /** Where only their ends are shown; null where all leaves are. */
  readonly spans: readonly OpenedSpan[] | null;
  readonly strikes: readonly Strike[];
  /** As the file names them; null where it does not. */
  readonly attesters: readonly Address[] | null;
}

interface Opened extends MassRange {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly act: ActProof | null;
}

/** What a part shows. Of spans, the leaves are the ends. */
interface Shown {
  readonly leaves: readonly Opened[];
  readonly spans: readonly OpenedSpan[] | null;
}

/**
 * Checks all about a part that needs no trust input: proofs to the manifest's root, total and count, each
 * leaf against the manifest, links, disclosures. That the manifest hashes to the batch id was checked when
 * the file was read.
 * @throws CheckFailedError `verify.scenario-classes`, `verify.leaf`, `verify.order`, `verify.link`, or as
 * `verifyInclusion`, `verifyRange`, `openSpans`, `checkDisclosure` and `checkSignatures`
 */
export function checkPart(part: ProofPart, subjectKey: SubjectKey | null): CheckedPart {
  checkClasses(part);
  const { leaves, spans } = part.spans
    ? openEnds(part, part.spans)
    : { leaves: openLeaves(part), spans: null };
  return { ...partOf(part), leaves: checkLeaves(part, leaves, subjectKey), spans };
}

/**
 * As `checkPart` for a part whose ranges were read between the ends of its spans, struck leaves among them:
 * these must stand where the list of strikes has them, and are not among those behind a retirement.
 * @throws CheckFailedError `span.places`, or as `checkPart`
 */
export function checkReadPart(part: ProofPart): CheckedPart {
  checkClasses(part);
  const { manifest, strikes } = part;
  const leaves = checkLeaves(part, openLeaves(part), null);
  checkPlaces({ total: manifest.totalMilligrams, count: manifest.leafCount }, [...strikes, ...leaves]);
  const struck = new Set(strikes.map(({ index }) => index));
  return { ...partOf(part), leaves: leaves.filter(({ index }) => !struck.has(index)), spans: null };
}

function checkClasses({ batchId, manifest }: ProofPart): void {
  if (manifest.schemas.scenarioClasses !== scenarioClassListHash())
    refuse(
      "scenario-classes",
      `Batch ${batchId} was made with a list of scenario classes that this version does not have.`,
    );
}

function partOf(part: ProofPart): Omit<CheckedPart, "leaves" | "spans"> {
  const { batchId, manifest, strikes, attesters = null } = part;
  return { batchId, manifest, strikes, attesters };
}

function checkLeaves(
  { batchId, manifest }: ProofPart,
  opened: readonly Opened[],
  subjectKey: SubjectKey | null,
): CheckedLeaf[] {
  const rules = leafRules(manifest);
  const methodologies = new Map(
    manifest.methodologies.map((methodology) => [methodologyIdOf(methodology), methodology]),
  );
  // One object for all leaves that share it: there may be a million of them.
  const contexts = new Map<Methodology, Map<ManifestProvider, LeafContext>>();
  const contextOf = (methodology: Methodology, provider: ManifestProvider): LeafContext => {
    const known = contexts.get(methodology) ?? new Map<ManifestProvider, LeafContext>();
    const context = known.get(provider) ?? { manifest, methodology, provider };
    contexts.set(methodology, known.set(provider, context));
    return context;
  };
  const leaves = opened.map(({ index, start, end, bytes, act }): CheckedLeaf => {
    const leaf = decodeLeaf(bytes);
    const fault = leafFault(rules, leaf);
    const [methodology, provider] = [
      methodologies.get(leaf.methodologyId),
      manifest.providers[leaf.providerIndex],
    ];
    if (fault !== null || !methodology || !provider)
      return refuse("leaf", `Leaf ${String(index)} of batch ${batchId} ${fault ?? "is refused"}.`);
    const context = contextOf(methodology, provider);
    const disclosed = act?.disclosed
      ? {
          records: act.disclosed.records.length,
          holder: checkDisclosure(index, leaf, act.disclosed, context, subjectKey),
          signatures: checkSignatures(index, act.disclosed, context),
        }
      : null;
    return { index, milligrams: leaf.milligrams, start, end, context, disclosed };
  });
  checkLinks(batchId, opened, manifest.leafCount);
  return leaves;
}

/** The ends of spans, a leaf that is two ends once. */
function openEnds({ manifest, strikes }: ProofPart, proofs: NonNullable<ProofPart["spans"]>): Shown {
  const spans = openSpans(commitmentOf(manifest), strikes, proofs);
  const ends = new Map(spans.flatMap(({ first, last }) => [first, last]).map((end) => [end.index, end]));
  const leaves = [...ends.values()].map(({ leaf, ...place }): Opened => ({
    ...place,
    bytes: leaf,
    act: null,
  }));
  return { leaves, spans };
}

function openLeaves({ batchId, manifest, acts, ranges }: ProofPart): Opened[] {
  const commitment = commitmentOf(manifest);
  const opened = [
    ...(acts ?? []).map((act): Opened => ({
      index: act.index,
      bytes: act.leaf,
      act,
      ...verifyInclusion(commitment, act),
    })),
    ...(ranges ?? []).flatMap((range) =>
      verifyRange(commitment, range).map((mass, i): Opened => ({
        index: range.first + i,
        bytes: range.leaves[i] as Uint8Array,
        act: null,
        ...mass,
      })),
    ),
  ];
  for (const [i, { index }] of opened.entries()) {
    if (i > 0 && index <= (opened[i - 1] as Opened).index) {
      refuse("order", `Leaf ${String(index)} of batch ${batchId} stands twice in the proof or out of order.`);
    }
  }
  return opened;
}

/**
 * Neighbours must link to each other; across a gap the keys must still ascend. Leaves are decoded once more
 * for this, so that none stays in memory with all its fields.
 */
function checkLinks(batchId: BatchId, opened: readonly Opened[], count: number): void {
  let leaf: Leaf | null = opened[0] ? decodeLeaf(opened[0].bytes) : null;
  for (const [i, { index }] of opened.entries()) {
    const next = opened[i + 1];
    const after = next ? decodeLeaf(next.bytes) : null;
    const whole = leaf === null || isLinked(leaf, index, after, next?.index ?? null, count);
    if (!whole)
      refuse(
        "link",
        `Leaf ${String(index)} of batch ${batchId} breaks the chain of links: the batch is faulty there.`,
      );
    leaf = after;
  }
}

function isLinked(
  leaf: Leaf,
  index: number,
  after: Leaf | null,
  afterIndex: number | null,
  count: number,
): boolean {
  const isLast = index === count - 1;
  if (isLast || afterIndex === index + 1) return linkFault(leaf, isLast ? null : after) === null;
  return (
    compareBytes(leaf.activityKey, leaf.nextActivityKey) < 0 &&
    !equalBytes(leaf.nextActivityKey, LAST_ACTIVITY_KEY) &&
    (after === null || compareBytes(leaf.nextActivityKey, after.activityKey) < 0)
  );
}
