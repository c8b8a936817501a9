import { compareBytes, equalBytes } from "../../base/lib/bytes.ts";
import type { Address, BatchId, SubjectKey } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Day, Milligrams } from "../../base/types/quantities.ts";
import { checkPlaces } from "../../format/proofs/checkPlaces.ts";
import { verifyInclusion } from "../../format/proofs/inclusionProof.ts";
import type { MassRange } from "../../format/batch/sumTree.ts";
import { decodeLeaf, LAST_ACTIVITY_KEY, LEAF_BYTES, leafSize, type Leaf } from "../../format/batch/leaf.ts";
import { linkFault } from "../../format/batch/linkFault.ts";
import type { Manifest, ManifestProvider } from "../../format/batch/manifest.ts";
import { methodologyIdOf } from "../../format/batch/methodology.ts";
import type { ActProof, ProofPart } from "../../format/proofs/proofFile.ts";
import { verifyRange } from "../../format/proofs/rangeProof.ts";
import { openSpans, type OpenedSpan, type SpanProof } from "../../format/proofs/openSpans.ts";
import { SpanRoot } from "../../format/proofs/spanRoot.ts";
import { commitmentOf } from "../../format/archive/readArchive.ts";
import {
  SHIPPED_CLASS_LISTS,
  UNKNOWN_CLASS_LIST,
  type ClassList,
  type ClassLists,
} from "../../format/batch/classes/classLists.ts";
import type { Strike } from "../../format/batch/strikes.ts";
import { CapSums } from "../../format/batch/methodologies/capSums.ts";
import { capFault, leafFault, leafRules } from "../../format/archive/leafCheck.ts";
import { checkDisclosure, type HolderFinding, type LeafContext } from "./checkDisclosure.ts";
import { checkSignatures, type SignatureFinding } from "./checkSignatures.ts";
import { LeafTally } from "./leafTally.ts";
import { countedMilligrams } from "./recountMilligramsDown.ts";
import { refuse } from "../refuse.ts";

/** A leaf that a proof shows, with its milligrams and what is known about it. */
export interface CheckedLeaf extends MassRange {
  readonly index: number;
  readonly milligrams: Milligrams;
  readonly day: Day;
  readonly context: LeafContext;
  /** Null where nothing is disclosed. */
  readonly disclosed: {
    readonly records: number;
    readonly holder: HolderFinding;
    readonly signatures: SignatureFinding;
    /** True where its records come to more than it weighs, which its methodology may be the reason of. */
    readonly weighsLess: boolean;
  } | null;
}

/** One batch of a proof, consistent in itself. */
export interface CheckedPart {
  readonly batchId: BatchId;
  readonly manifest: Manifest;
  /** Those that the file shows, by index; none where they were read from an archive. */
  readonly leaves: readonly CheckedLeaf[];
  /** What the leaves come to that are shown, or were read. */
  readonly tally: LeafTally;
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
 * @param capSums what caps on days and years are held against, shared by the parts of one operator
 * @throws CheckFailedError `verify.scenario-classes`, `verify.leaf`, `verify.order`, `verify.link`,
 * `verify.cap`, or as `verifyInclusion`, `verifyRange`, `openSpans`, `checkDisclosure` and `checkSignatures`
 */
export function checkPart(
  part: ProofPart,
  subjectKey: SubjectKey | null,
  classLists = SHIPPED_CLASS_LISTS,
  capSums = new CapSums(part.manifest.methodologies),
): CheckedPart {
  const classes = classesOf(part, classLists);
  const { leaves, spans } = part.spans
    ? openEnds(part, part.spans)
    : { leaves: openLeaves(part), spans: null };
  const checked = checkLeaves(part, leaves, subjectKey, classes);
  const tally = new LeafTally();
  const caps = new CapChain(part, capSums);
  for (const leaf of checked) {
    tally.add(leaf);
    caps.add(leaf, leaf.disclosed?.holder === "known" ? subjectKey : null);
  }
  return { ...partOf(part), leaves: checked, tally, spans };
}

/** A span whose leaves are at hand from end to end, some at a time; `readSpans` makes them. */
interface ReadSpan {
  readonly span: SpanProof;
  readonly leaves: AsyncIterable<Uint8Array>;
}

/**
 * As `checkPart` for a part whose leaves are read between the ends of its spans, struck leaves among them:
 * these must stand where the list of strikes has them, and are not among those behind a retirement. No leaf
 * stays in memory.
 * @param part whose spans were checked (`checkPart`)
 * @param spans its own, by index
 * @param onLeaf takes each that is not struck, in order; what it was told holds once this call is over
 * @param capSums as in `checkPart`, and not the ones that it was given
 * @throws CheckFailedError `span.places`, or as `checkPart`
 */
export async function checkReadPart(
  part: ProofPart,
  spans: readonly ReadSpan[],
  onLeaf: (leaf: CheckedLeaf) => void,
  classLists = SHIPPED_CLASS_LISTS,
  capSums = new CapSums(part.manifest.methodologies),
): Promise<CheckedPart> {
  const classes = classesOf(part, classLists);
  const { batchId, manifest, strikes } = part;
  const commitment = commitmentOf(manifest);
  const struck = new Map(strikes.map((strike) => [strike.index, strike]));
  const contextOf = leafContexts(part, classes);
  const links = new LinkChain(batchId, manifest.leafCount);
  const tally = new LeafTally();
  const caps = new CapChain(part, capSums);
  // A fault is one of the batch only where the leaf leads to its root. Then a leaf's own comes first.
  const faults: { leaf?: unknown; link?: unknown; place?: unknown; cap?: unknown } = {};
  const note = (kind: keyof typeof faults, check: () => void): void => {
    if (kind in faults) return;
    try {
      check();
    } catch (error) {
      faults[kind] = error;
    }
  };
  for (const { span, leaves } of spans) {
    const root = new SpanRoot(commitment, span);
    let [index, start] = [span.first.index, root.before];
    for await (const some of leaves) {
      root.add(some);
      for (let at = 0; at < some.length; at += LEAF_BYTES) {
        const bytes = some.subarray(at, at + LEAF_BYTES);
        const milligrams = leafSize(bytes);
        const place = { index, start: start as Milligrams, end: (start + milligrams) as Milligrams };
        const strike = struck.get(index);
        note("leaf", () => {
          const decoded = decodeLeaf(bytes);
          const context = contextOf(place.index, decoded);
          note("link", () => links.add(place.index, decoded));
          if (strike) return;
          const leaf = { ...place, milligrams, day: decoded.day, context, disclosed: null };
          tally.add(leaf);
          note("cap", () => caps.add(leaf, null));
          onLeaf(leaf);
        });
        if (strike) note("place", () => checkPlaces(commitment, [strike, place]));
        [index, start] = [index + 1, place.end];
      }
    }
    root.end();
  }
  note("link", () => links.end());
  for (const kind of ["leaf", "link", "place", "cap"] as const) if (kind in faults) throw faults[kind];
  return { ...partOf(part), leaves: [], tally, spans: null };
}

function classesOf({ batchId, manifest }: ProofPart, known: ClassLists): ClassList {
  return (
    known.of(manifest) ??
    refuse("scenario-classes", `Batch ${batchId} ${UNKNOWN_CLASS_LIST}.`, { act: "name-class-list" })
  );
}

function partOf(part: ProofPart): Omit<CheckedPart, "leaves" | "tally" | "spans"> {
  const { batchId, manifest, strikes, attesters = null } = part;
  return { batchId, manifest, strikes, attesters };
}

/** Holds a leaf's own bytes against the manifest. The function throws CheckFailedError `verify.leaf`. */
function leafContexts(
  { batchId, manifest }: ProofPart,
  classes: ClassList,
): (index: number, leaf: Leaf) => LeafContext {
  const rules = leafRules(manifest, classes);
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
  return (index, leaf) => {
    const fault = leafFault(rules, leaf);
    const methodology = methodologies.get(leaf.methodologyId);
    const provider = manifest.providers[leaf.providerIndex];
    if (fault !== null || !methodology || !provider)
      return refuse("leaf", `Leaf ${String(index)} of batch ${batchId} ${fault ?? "is refused"}.`);
    return contextOf(methodology, provider);
  };
}

function checkLeaves(
  part: ProofPart,
  opened: readonly Opened[],
  subjectKey: SubjectKey | null,
  classes: ClassList,
): CheckedLeaf[] {
  const contextOf = leafContexts(part, classes);
  const leaves = opened.map(({ index, start, end, bytes, act }): CheckedLeaf => {
    const leaf = decodeLeaf(bytes);
    const context = contextOf(index, leaf);
    const disclosed = act?.disclosed
      ? {
          records: act.disclosed.records.length,
          holder: checkDisclosure(index, leaf, act.disclosed, context, subjectKey),
          signatures: checkSignatures(index, act.disclosed, context),
          weighsLess: leaf.milligrams < countedMilligrams(act.disclosed.records, context.methodology),
        }
      : null;
    return { index, milligrams: leaf.milligrams, day: leaf.day, start, end, context, disclosed };
  });
  // Decoded once more, so that none stays in memory with all its fields.
  const links = new LinkChain(part.batchId, part.manifest.leafCount);
  for (const { index, bytes } of opened) links.add(index, decodeLeaf(bytes));
  links.end();
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

/** No leaves together weigh more than the caps of their methodologies give in a day or a year. */
class CapChain {
  readonly #batchId: BatchId;
  readonly #sums: CapSums;

  constructor({ batchId }: ProofPart, sums: CapSums) {
    this.#batchId = batchId;
    this.#sums = sums;
  }

  /**
   * @param subjectKey null where it is not known whose it is
   * @throws CheckFailedError `verify.cap`
   */
  add(
    { index, milligrams, day, context: { methodology } }: CheckedLeaf,
    subjectKey: SubjectKey | null,
  ): void {
    const fault = this.#sums.add({ methodology, milligrams, day, subjectKey });
    if (fault !== null)
      refuse("cap", `Leaf ${String(index)} of batch ${this.#batchId} ${capFault(methodology, fault)}.`);
  }
}

/** Neighbours must link to each other; across a gap the keys must still ascend. */
class LinkChain {
  readonly #batchId: BatchId;
  readonly #count: number;
  #last: { readonly index: number; readonly leaf: Leaf } | null = null;

  constructor(batchId: BatchId, count: number) {
    this.#batchId = batchId;
    this.#count = count;
  }

  /** The next one, by index. @throws CheckFailedError `verify.link` */
  add(index: number, leaf: Leaf): void {
    this.#check({ index, leaf });
    this.#last = { index, leaf };
  }

  /** There are no more. @throws CheckFailedError `verify.link` */
  end(): void {
    this.#check(null);
  }

  #check(next: { readonly index: number; readonly leaf: Leaf } | null): void {
    const last = this.#last;
    if (last === null) return;
    if (!isLinked(last.leaf, last.index, next?.leaf ?? null, next?.index ?? null, this.#count))
      refuse(
        "link",
        `Leaf ${String(last.index)} of batch ${this.#batchId} breaks the chain of links: the batch is ` +
          "faulty there.",
      );
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
