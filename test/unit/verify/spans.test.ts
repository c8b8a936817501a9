import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { Milligrams } from "../../../src/base/types/quantities.ts";
import { strikesHashOf, type Strike } from "../../../src/format/batch/strikes.ts";
import { leafNode, parentLevel, type SumNode, type SumTree } from "../../../src/format/batch/sumTree.ts";
import type { SpanProof } from "../../../src/format/proofs/openSpans.ts";
import type { ProofFile, ProofPart } from "../../../src/format/proofs/proofFile.ts";
import { proveRange } from "../../../src/format/proofs/rangeProof.ts";
import type { Trust } from "../../../src/verify/trust.ts";
import type { Verdict } from "../../../src/verify/verdict.ts";
import { verdictText } from "../../../src/verify/sentences/verdictText.ts";
import { sampleArchive } from "./support/sampleArchive.ts";
import { CHAIN_ID, CONTRACTS, sampleBatch, type SampleBatch } from "./support/sampleBatch.ts";
import { partUnder, retirementFile, sampleRetirement, spanPart, starts } from "./support/sampleProof.ts";
import {
  askedFor,
  batchWords,
  retirementWord,
  sampleState,
  type BatchChange,
} from "./support/sampleState.ts";
import { code, verifyFile } from "./support/verifyFile.ts";

const batch = sampleBatch("spans", 600);
const begins = starts(batch);
const sizeOf = (index: number) => (begins[index + 1] as bigint) - (begins[index] as bigint);
const strikeOf = (index: number): Strike => ({
  index,
  start: begins[index] as Milligrams,
  end: begins[index + 1] as Milligrams,
});
const [start, end] = [(begins[17] as bigint) + 5n, (begins[401] as bigint) - 7n];
const record = sampleRetirement([{ batch, start, end }]);
const file = retirementFile(record, [spanPart(batch, start, end)]);
const listing = retirementFile(record, [partUnder(batch, start, end)]);
const named: Trust = { mode: "root", batches: [{ batchId: batch.batchId }] };
const archive = await sampleArchive(batch);
const withArchive = async (proof: ProofFile, trust: Trust | null = null, source = archive.source) =>
  verifyFile(proof, trust, null, () => source);

const BETWEEN =
  "What the leaves between are: they are not in the file; that their milligrams add up as the tree says is " +
  "what the batch's verifiers attested to. `verify FILE --archive …` reads them.";
/** What a verdict on a span must never say. */
const TOO_MUCH =
  /these acts|the acts are in|all leaves|all of the retired|no other leaves|each of these leaves/;
const words = ({ checked, notChecked }: Verdict) => [...checked, ...notChecked].join("\n");

/** The proof of a retirement against a block in which the batch was struck. */
async function afterStrikes(
  strikes: readonly Strike[],
  books: BatchChange,
  shown: ProofPart,
  retired = record,
): Promise<{ proof: ProofFile; trust: Trust }> {
  const stored = batchWords(batch, { strikesHash: strikesHashOf(strikes), retired: end, ...books });
  const state = await sampleState(stored, retirementWord(retired));
  const block = await state.evidence(askedFor([batch], retired.retirementId));
  const trust = {
    mode: "block",
    chainId: CHAIN_ID,
    blockHash: state.blockHash,
    contracts: CONTRACTS,
  } as const;
  return { proof: retirementFile(retired, [shown], block), trust };
}

describe("the verdict on a span", () => {
  it("says what the tree says, no more, in every mode", async () => {
    const { proof, trust } = await afterStrikes([], {}, spanPart(batch, start, end));
    for (const [shown, held] of [
      [file, null],
      [file, named],
      [proof, trust],
    ] as const) {
      const verdict = await verifyFile(shown, held);
      expect(words(verdict)).not.toMatch(TOO_MUCH);
      expect(verdict.checked).toContain(
        `Batch ${batch.batchId}: the manifest hashes to this id. Leaves 17 and 400 lead to its root, total ` +
          `(${batch.tree.total.toString()} mg) and leaf count (600).`,
      );
      expect(verdict.checked).toContain(
        `By the tree, the 384 leaves from 17 to 400 hold the retired milligrams ${start.toString()} to ` +
          `${(end - 1n).toString()} of the batch (${(end - start).toString()} mg).`,
      );
      expect(verdict.notChecked).toContain(BETWEEN);
      expect(verdict.notChecked).toContain("No record is disclosed, so no quantity was counted anew.");
      expect(verdict.checked.filter((one) => one.includes("used in part"))).toHaveLength(2);
    }
    expect((await verifyFile(file, named)).notChecked[0]).toContain(
      "This shows only that the leaves named above are in the batch.",
    );
  });

  it("has no counts of what is not shown", async () => {
    const { facts } = await verifyFile(file, named);
    expect(facts.batches[0]).toMatchObject({
      leaves: 2,
      leafCount: 600,
      milligrams: (sizeOf(17) + sizeOf(400)).toString(),
      spans: { ends: [{ first: 17, last: 400 }], leaves: 384, milligrams: (end - start).toString() },
      methodologies: [{ leaves: null }, { leaves: null }],
      providers: [
        { id: "bikes", leaves: null },
        { id: "trains", leaves: null },
      ],
    });
    expect(facts.retirement).toMatchObject({ milligrams: (end - start).toString(), unbackedMilligrams: "0" });
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
    expect((await verifyFile(listing)).facts.batches[0]?.spans).toBeNull();
  });

  it("is worded for people", async () => {
    expect(verdictText(await verifyFile(file, named))).toContain(
      "2 of 600 leaves (the ends of what is retired)\n",
    );
  });

  it("of a single leaf, or of two neighbours, leaves nothing between them open", async () => {
    const [one, two] = [
      [begins[17] as bigint, begins[18] as bigint],
      [begins[17] as bigint, begins[19] as bigint],
    ].map(([from, to]) =>
      retirementFile(sampleRetirement([{ batch, start: from as bigint, end: to as bigint }]), [
        spanPart(batch, from as bigint, to as bigint),
      ]),
    ) as [ProofFile, ProofFile];
    const single = await verifyFile(one);
    expect(single.checked.join("\n")).toMatch(/Leaf 17 leads to [^]*By the tree, leaf 17 holds the retired/);
    expect(single.notChecked).not.toContain(BETWEEN);
    expect((await verifyFile(two)).notChecked).not.toContain(BETWEEN);
  });
});

describe("spans after strikes", () => {
  const total = batch.tree.total as bigint;
  const struck = [strikeOf(20), strikeOf(599), strikeOf(30)];
  const mass = struck.reduce((sum, one) => sum + one.end - one.start, 0n);

  it("bridge what is struck, name what stands in its place, and count the others", async () => {
    const shown = spanPart(batch, start, end, struck, mass);
    const { proof, trust } = await afterStrikes(struck, { struck: mass, minted: total - mass }, shown);
    const verdict = await verifyFile(proof, trust);
    expect(shown.spans?.length).toBeGreaterThan(1);
    expect(verdict.checked.join("\n")).toMatch(
      /By the tree, the \d+ leaves from 17 to 400 and .* that are not struck hold/,
    );
    expect(verdict.checked.join("\n")).toContain(
      `${(sizeOf(20) + sizeOf(30)).toString()} mg of the range stand on other leaves`,
    );
    expect(words(verdict)).not.toMatch(TOO_MUCH);
    const read = await withArchive(proof, trust);
    expect(read.facts.batches[0]?.leaves).toBe(verdict.facts.batches[0]?.spans?.leaves);
    expect(read.facts.retirement?.unbackedMilligrams).toBe("0");
  });

  it("not made good are told, with how much is held", async () => {
    const shown = spanPart(batch, start, end, struck);
    const books = { struck: mass, minted: total, shortfall: mass };
    const { proof, trust } = await afterStrikes(struck, books, shown);
    const verdict = await verifyFile(proof, trust);
    const unbacked = sizeOf(20) + sizeOf(30);
    expect(verdict.facts.retirement?.unbackedMilligrams).toBe(unbacked.toString());
    expect(verdict.checked).toContain(
      `By the tree, the 382 leaves from 17 to 400 that are not struck hold ` +
        `${(end - start - unbacked).toString()} mg of the retired milligrams ${start.toString()} to ` +
        `${(end - 1n).toString()} of the batch (${(end - start).toString()} mg).`,
    );
    expect(words(verdict)).toContain(`WARNING: nothing stands behind ${unbacked.toString()} mg`);
    expect((await withArchive(proof, trust)).facts.batches[0]).toMatchObject({ leaves: 382, spans: null });
  });

  it("of a whole range leave none to show", async () => {
    const retired = sampleRetirement([{ batch, start: begins[20] as bigint, end: begins[21] as bigint }]);
    const list = [strikeOf(20)];
    const shown = spanPart(batch, begins[20] as bigint, begins[21] as bigint, list);
    const books = { struck: sizeOf(20), minted: total, shortfall: sizeOf(20) };
    const { proof, trust } = await afterStrikes(list, books, shown, retired);
    expect(shown.spans).toEqual([]);
    const verdict = await verifyFile(proof, trust);
    expect(verdict.checked).toContain(
      `Batch ${batch.batchId}: the manifest hashes to this id. No leaf of the batch is shown.`,
    );
    expect(verdict.facts.batches[0]?.spans).toEqual({ ends: [], leaves: 0, milligrams: "0" });
  });

  it("are not held against the range where no chain is in view", async () => {
    const shown = retirementFile(record, [spanPart(batch, start, end, struck, mass)]);
    for (const trust of [null, named]) {
      const verdict = await verifyFile(shown, trust);
      expect(verdict.checked.join("\n")).not.toContain("By the tree");
      expect(verdict.facts.batches[0]?.spans).toMatchObject({ leaves: null, milligrams: null });
      expect(verdict.facts.retirement?.unbackedMilligrams).toBeNull();
      expect(verdict.notChecked).toContain(BETWEEN);
      expect(words(verdict)).not.toMatch(TOO_MUCH);
    }
    const misplaced = [{ ...strikeOf(20), index: 17 }];
    await expect(
      verifyFile(retirementFile(record, [{ ...spanPart(batch, start, end), strikes: misplaced }])),
    ).rejects.toThrow(code("span.places"));
  });

  it("of a list that is not the registry's are refused: hidden, reordered, of other places", async () => {
    const books = { struck: mass, minted: total - mass };
    const [first, second, third] = struck as [Strike, Strike, Strike];
    const lists: Strike[][] = [
      [],
      [first, second],
      [second, first, third],
      [{ ...first, index: 21 }, second, third],
      [first, second, { ...third, end: (third.end - 1n) as Milligrams }],
    ];
    for (const strikes of lists) {
      const shown = { ...spanPart(batch, start, end, struck, mass), strikes };
      const { proof, trust } = await afterStrikes(struck, books, shown);
      await expect(verifyFile(proof, trust)).rejects.toThrow(code(/^(?:verify\.strikes|span\.places)$/));
    }
  });
});

describe("spans that are not those behind the range", () => {
  const span = spanPart(batch, start, end).spans?.[0] as SpanProof;
  const { first, last = first } = span;
  const shown = (spans: ProofPart["spans"]) =>
    retirementFile(record, [{ ...(file.parts[0] as ProofPart), spans: spans ?? [] }]);
  const wider = spanPart(batch, begins[16] as bigint, end).spans?.[0] ?? span;
  const [step, ...others] = first.steps as [SumNode, ...SumNode[]];

  it.each<[string, ProofFile, string]>([
    ["too wide", shown([wider]), "span.first"],
    ["cut short", shown([{ first }]), "span.last"],
    ["turned around", shown([{ first: last, last: first }]), "span.order"],
    ["named twice", shown([span, span]), "span.order"],
    ["left out", shown([]), "span.count"],
    ["split", shown([{ first }, { first: last }]), "span.count"],
    ["with another index", shown([{ first: { ...first, index: 18 }, last }]), "proof.root"],
    ["with a step less", shown([{ first: { ...first, steps: others }, last }]), "proof.truncated"],
    [
      "with a heavier step",
      shown([{ first: { ...first, steps: [{ ...step, size: step.size + 1n }, ...others] }, last }]),
      "proof.total",
    ],
    [
      "with another leaf's bytes",
      shown([{ first: { ...first, leaf: batch.leaves[18] as Uint8Array }, last }]),
      "proof.total",
    ],
  ])("are refused: %s", async (_, proof, expected) => {
    await expect(verifyFile(proof)).rejects.toThrow(code(expected));
    await expect(withArchive(proof)).rejects.toThrow(code(expected));
  });

  it("are refused where an end breaks the manifest's rules, or links to what can't be", async () => {
    const spanOf = (made: SampleBatch) => {
      const all = made.tree.total;
      return retirementFile(sampleRetirement([{ batch: made, start: 0n, end: all }]), [
        spanPart(made, 0n, all),
      ]);
    };
    const bent = (change: Parameters<typeof sampleBatch>[2]) => spanOf(sampleBatch("bent", 9, change));
    await expect(
      verifyFile(bent({ leaf: (leaf, i) => (i === 8 ? { ...leaf, day: 17_441 as never } : leaf) })),
    ).rejects.toThrow(code("verify.leaf"));
    const links: [index: number, next: Uint8Array][] = [
      [0, new Uint8Array(32).fill(0xff)],
      [0, new Uint8Array(32).fill(0xfe)],
      [8, new Uint8Array(32).fill(0xfe)],
    ];
    for (const [index, next] of links)
      await expect(
        verifyFile(bent({ leaf: (leaf, i) => (i === index ? { ...leaf, nextActivityKey: next } : leaf) })),
      ).rejects.toThrow(code("verify.link"));
  });
});

describe("with an archive at hand", () => {
  it("the answer is that of a listing, and says where the leaves are from", async () => {
    const [read, listed] = [await withArchive(file, named), await verifyFile(listing, named)];
    expect(read.facts).toEqual(listed.facts);
    expect(read.notChecked).toEqual(listed.notChecked);
    const added = "The file shows only the ends of these leaves; those between were read from your archive.";
    expect(read.checked.filter((one) => one !== added)).toEqual(listed.checked);
    expect(read.checked).toContain(added);
  });

  it("only the bundles between the ends are read", async () => {
    const { source, read } = await sampleArchive(batch);
    await withArchive(file, null, source);
    expect(read).toEqual(["leaves/000", "leaves/001"]);
  });

  it("a file that lists its leaves, or whose batch has no archive, is judged as it is", async () => {
    const asked: string[] = [];
    const verdict = await verifyFile(listing, named, null, (id) => (asked.push(id), archive.source));
    expect([verdict, asked]).toEqual([await verifyFile(listing, named), []]);
    expect(await verifyFile(file, named, null, () => null)).toEqual(await verifyFile(file, named));
  });

  it("other leaves than those under the root, or none, are refused", async () => {
    const changed = batch.leaves.map((leaf, i) =>
      i === 200 ? leaf.with(100, (leaf[100] as number) ^ 1) : leaf,
    );
    const { source } = await sampleArchive({ manifest: batch.manifest, leaves: changed });
    await expect(withArchive(file, null, source)).rejects.toThrow(code("proof.root"));
    const missing = { read: () => Promise.reject(new Error("gone")) };
    await expect(withArchive(file, null, missing)).rejects.toThrow("gone");
  });

  it("a leaf between that breaks rules or links is found, which the span alone passes", async () => {
    for (const [change, expected] of [
      [{ day: 17_441 as never }, "verify.leaf"],
      [{ nextActivityKey: new Uint8Array(32).fill(1) }, "verify.link"],
    ] as const) {
      const made = sampleBatch("between", 9, {
        leaf: (leaf, i) => (i === 4 ? { ...leaf, ...change } : leaf),
      });
      const all = made.tree.total;
      const proof = retirementFile(sampleRetirement([{ batch: made, start: 0n, end: all }]), [
        spanPart(made, 0n, all),
      ]);
      expect((await verifyFile(proof)).ok).toBe(true);
      const { source } = await sampleArchive(made);
      await expect(withArchive(proof, null, source)).rejects.toThrow(code(expected));
    }
  });

  it("a tree whose unopened node lies about its sum is refused, which the span alone passes", async () => {
    const honest = sampleBatch("hollow", 16);
    const levels: (readonly SumNode[])[] = [honest.leaves.map(leafNode)];
    const pairs = parentLevel(levels[0] as SumNode[]);
    const lie = pairs[2] as SumNode;
    levels.push(pairs.with(2, { ...lie, size: lie.size + 1_000_000n }));
    while ((levels.at(-1) as SumNode[]).length > 1) levels.push(parentLevel(levels.at(-1) as SumNode[]));
    const top = levels.at(-1)?.[0] as SumNode;
    const tree: SumTree = { levels, root: top.hash, total: top.size as Milligrams, count: 16 };
    const manifest = { root: toHex(tree.root), totalMilligrams: tree.total };
    const hollow = { ...sampleBatch("hollow", 16, { manifest }), tree };
    const opened = (index: number) => ({
      index,
      leaf: honest.leaves[index] as Uint8Array,
      steps: proveRange(tree, index, index),
    });
    const part: ProofPart = {
      batchId: hollow.batchId,
      manifest: hollow.manifest,
      strikes: [],
      spans: [{ first: opened(0), last: opened(15) }],
    };
    const proof = retirementFile(sampleRetirement([{ batch: hollow, start: 0n, end: tree.total }]), [part]);
    const verdict = await verifyFile(proof);
    expect(verdict.notChecked).toContain(BETWEEN);
    expect(words(verdict)).not.toMatch(TOO_MUCH);
    const { source } = await sampleArchive(honest);
    await expect(withArchive(proof, null, source)).rejects.toThrow(code(/^proof\./));
  });

  it("a struck leaf has its own place and no other", async () => {
    const forged = { ...strikeOf(20), end: (begins[20] as bigint) + 1n } as Strike;
    const shown = spanPart(batch, start, end, [forged]);
    const books = { struck: 1n, minted: batch.tree.total as bigint, shortfall: 1n };
    const { proof, trust } = await afterStrikes([forged], books, shown);
    expect((await verifyFile(proof, trust)).ok).toBe(true);
    await expect(withArchive(proof, trust)).rejects.toThrow(code("span.places"));
  });
});
