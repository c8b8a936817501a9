import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { MerkleSumTree } from "merkletreejs";
import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { Hex, SubjectKey } from "../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../src/base/types/quantities.ts";
import { decodeLeaf, encodeLeaf } from "../../../src/format/leaf.ts";
import { encodeProofFile, type ActProof, type ProofFile, type ProofPart } from "../../../src/format/proofFile.ts";
import { proveRange } from "../../../src/format/rangeProof.ts";
import type { Trust } from "../../../src/verify/trust.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { sampleAddress, sampleBatch, sampleWord, type SampleBatch } from "./support/sampleBatch.ts";
import { actFile, actsPart, partUnder, rangePart, retirementFile, sampleRetirement, starts } from "./support/sampleProof.ts";

const batch = sampleBatch("proof", 23);
const begins = starts(batch);
const [start, end] = [(begins[3] as bigint) + 5n, (begins[9] as bigint) - 7n];
const record = sampleRetirement([{ batch, start, end }]);
const retirement = retirementFile(record, [partUnder(batch, start, end)]);
const act = actFile(actsPart(batch, [4]));
const named: Trust = { mode: "root", batches: [{ batchId: batch.batchId }] };

const verify = async (file: ProofFile, trust: Trust | null = null, subjectKey: SubjectKey | null = null) =>
  verifyProof(encodeProofFile(file), trust, subjectKey);
const code = (text: string) => expect.objectContaining({ code: text }) as unknown;

function withPart(file: ProofFile, change: Partial<ProofPart>): ProofFile {
  return { ...file, parts: [{ ...(file.parts[0] as ProofPart), ...change }] };
}
function withAct(change: Partial<ActProof>): ProofFile {
  return withPart(act, { acts: [{ ...(act.parts[0]?.acts?.[0] as ActProof), ...change }] });
}
function disclosing(source: SampleBatch, index: number, change: Partial<NonNullable<ActProof["disclosed"]>> = {}): ProofFile {
  const part = actsPart(source, [index]);
  const [only] = part.acts as [ActProof];
  return actFile({ ...part, acts: [{ ...only, disclosed: { ...(only.disclosed as NonNullable<ActProof["disclosed"]>), ...change } }] });
}

describe("without a trust input", () => {
  it("a consistent file passes, and the verdict says that nothing was anchored", async () => {
    const verdict = await verify(retirement);
    expect(verdict).toMatchObject({ ok: true, mode: "none", facts: { kind: "retirement", block: null } });
    expect(verdict.notChecked[0]).toMatch(/^Nothing was anchored/);
    expect(verdict.notChecked[0]).toContain("NOT checked");
  });

  it("the facts name serials, masses, methodologies and providers", async () => {
    const { facts } = await verify(retirement);
    expect(facts.retirement).toMatchObject({ milligrams: (end - start).toString(), purpose: "event-neutrality", use: "Meeting of May" });
    expect(facts.batches[0]).toMatchObject({ vintage: 2017, firstDay: "2017-09-11", leaves: 6, leafCount: 23, onChain: null });
    expect(facts.batches[0]?.serials).toEqual([`MT-SGP-2017-${batch.batchId.slice(2, 34)}-${start.toString()}-${(end - 1n).toString()}`]);
    expect(facts.batches[0]?.methodologies.reduce((sum, { leaves }) => sum + (leaves ?? 0), 0)).toBe(6);
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });

  it("a leaf that is used in part is said to be", async () => {
    const { checked } = await verify(retirement);
    expect(checked.filter((sentence) => sentence.includes("used in part"))).toHaveLength(2);
    const whole = sampleRetirement([{ batch, start: begins[3] as bigint, end: begins[9] as bigint }]);
    const exact = await verify(retirementFile(whole, [partUnder(batch, begins[3] as bigint, begins[9] as bigint)]));
    expect(exact.checked.join(" ")).not.toContain("used in part");
  });

  it("any changed byte of a file is noticed", async () => {
    const bytes = encodeProofFile(act);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = bytes.slice();
        changed[at] = (changed[at] as number) ^ mask;
        await expect(verifyProof(changed, null)).rejects.toMatchObject({ code: expect.stringMatching(/^(?:json|proof-file)\./) });
      }),
      { numRuns: 400 },
    );
  });

  it("bytes that are no proof file are refused", async () => {
    for (const text of ["", "{}", "[]", "null", "\u0000"]) {
      await expect(verifyProof(new TextEncoder().encode(text), null)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:json|proof-file)\./),
      });
    }
  });
});

describe("leaves of a proof", () => {
  const [own] = act.parts[0]?.acts as [ActProof];
  const steps = own.steps;

  it.each<[string, ProofFile, string]>([
    ["another index", withAct({ index: 5 }), "proof.root"],
    ["an index outside", withAct({ index: 23 }), "proof.index"],
    ["a step less", withAct({ steps: steps.slice(0, -1) }), "proof.truncated"],
    ["a step more", withAct({ steps: [...steps, { size: 1n as Milligrams, hash: sampleWord("x") }] }), "proof.extended"],
    ["steps in another order", withAct({ steps: steps.toReversed() }), "proof.root"],
    [
      "a step of no mass",
      withAct({ steps: [{ ...(steps[0] as (typeof steps)[number]), size: 0n }, ...steps.slice(1)] }),
      "proof.zero-size",
    ],
    ["a heavier step", withAct({ steps: steps.map((step, i) => (i === 1 ? { ...step, size: step.size + 1n } : step)) }), "proof.total"],
    ["another leaf's bytes", withAct({ leaf: batch.leaves[5] as Uint8Array }), "proof.total"],
    ["an act twice", withPart(act, { acts: [own, own] }), "verify.order"],
    ["acts out of order", actFile(actsPart(batch, [4, 2])), "verify.order"],
    [
      "ranges over each other",
      withPart(retirement, { ranges: [...(rangePart(batch, 3, 6).ranges ?? []), ...(rangePart(batch, 6, 8).ranges ?? [])] }),
      "verify.order",
    ],
    [
      "a range with a leaf exchanged",
      withPart(retirement, { ranges: [{ first: 3, leaves: batch.leaves.slice(4, 10), steps: proveRange(batch.tree, 3, 8) }] }),
      "proof.total",
    ],
  ])("are refused with %s", async (_, file, expected) => {
    await expect(verify(file)).rejects.toThrow(code(expected));
  });

  it("are refused where any byte of a leaf is changed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(178), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const leaf = own.leaf.slice();
        leaf[at] = (leaf[at] as number) ^ mask;
        await expect(verify(withAct({ leaf }))).rejects.toMatchObject({ code: expect.stringMatching(/^(?:proof|leaf)\./) });
      }),
    );
  });

  const wrong = (change: Parameters<typeof sampleBatch>[2]) => {
    const made = sampleBatch("wrong", 9, change);
    return actFile(actsPart(made, [2, 3, 4], false));
  };
  it.each<[string, ProofFile, string]>([
    ["a day outside the vintage", wrong({ leaf: (leaf, i) => (i === 3 ? { ...leaf, day: 17_441 as never } : leaf) }), "verify.leaf"],
    [
      "a day outside the methodology's validity",
      wrong({
        leaf: (leaf, i) => (i === 3 ? { ...leaf, day: 17_532 as never } : leaf),
        manifest: { vintage: { startDay: 17_420 as never, endDay: 17_531 as never, timeZone: "Asia/Singapore", tzdata: "2025b" } },
      }),
      "verify.leaf",
    ],
    [
      "a methodology that the manifest has not",
      wrong({ leaf: (leaf, i) => (i === 3 ? { ...leaf, methodologyId: toHex(sampleWord("m")) as never } : leaf) }),
      "verify.leaf",
    ],
    ["a provider that the manifest has not", wrong({ leaf: (leaf, i) => (i === 3 ? { ...leaf, providerIndex: 2 } : leaf) }), "verify.leaf"],
    [
      "another scenario class than its methodology",
      wrong({ leaf: (leaf, i) => (i === 3 ? { ...leaf, scenarioClass: 8 } : leaf) }),
      "verify.leaf",
    ],
    [
      "a link to another leaf",
      wrong({ leaf: (leaf, i) => (i === 3 ? { ...leaf, nextActivityKey: sampleWord("n") } : leaf) }),
      "verify.link",
    ],
    [
      "a link that ends the chain too early",
      wrong({ leaf: (leaf, i) => (i === 4 ? { ...leaf, nextActivityKey: new Uint8Array(32).fill(0xff) } : leaf) }),
      "verify.link",
    ],
    [
      "a link to below itself",
      wrong({ leaf: (leaf, i) => (i === 4 ? { ...leaf, nextActivityKey: new Uint8Array(32) } : leaf) }),
      "verify.link",
    ],
    [
      "a list of scenario classes that is not ours",
      wrong({
        manifest: { schemas: { leaf: "microtonne-leaf/1", record: "microtonne-record/1", scenarioClasses: toHex(sampleWord("list")) } },
      }),
      "verify.scenario-classes",
    ],
  ])("of a batch with %s are refused although they are well proven", async (_, file, expected) => {
    await expect(verify(file)).rejects.toThrow(code(expected));
  });

  it("of a batch whose keys fall across a gap are refused", async () => {
    const made = sampleBatch("gap", 9, {
      leaf: (leaf, i) => (i === 6 ? { ...leaf, activityKey: new Uint8Array(32).fill(1) as never } : leaf),
    });
    await expect(verify(actFile(actsPart(made, [2, 6], false)))).rejects.toThrow(code("verify.link"));
  });

  it("of a last leaf that does not end the chain are refused", async () => {
    const made = sampleBatch("last", 9, {
      leaf: (leaf, i) => (i === 8 ? { ...leaf, nextActivityKey: new Uint8Array(32).fill(0xfe) } : leaf),
    });
    await expect(verify(actFile(actsPart(made, [8], false)))).rejects.toThrow(code("verify.link"));
  });

  it("of a manifest with another total, root or count are refused", async () => {
    for (const manifest of [
      { totalMilligrams: (batch.tree.total + 1n) as Milligrams },
      { root: toHex(sampleWord("root")) },
      { leafCount: 40 },
    ]) {
      const other = sampleBatch("proof", 23, { manifest });
      await expect(verify(actFile(actsPart(other, [4])))).rejects.toMatchObject({ code: expect.stringMatching(/^proof\./) });
    }
  });
});

describe("disclosed records", () => {
  it("open every leaf's hash and mass, counted anew", async () => {
    const indexes = batch.leaves.map((_, i) => i);
    const verdict = await verify(actFile(actsPart(batch, indexes)));
    expect(verdict.checked.join(" ")).toMatch(/\d+ records of 23 leaves are disclosed/);
    expect(verdict.notChecked.join(" ")).not.toContain("not counted anew");
  });

  it("of an act without a subject show that nobody was named; else the commitment stays closed", async () => {
    const subjectless = batch.acts.findIndex(({ subjectKey }) => subjectKey === null);
    const someone = batch.acts.findIndex(({ subjectKey }) => subjectKey !== null);
    expect((await verify(disclosing(batch, subjectless))).checked.join(" ")).toContain("without a named subject");
    expect((await verify(disclosing(batch, someone))).notChecked.join(" ")).toContain("does not open the holder's commitment");
  });

  it("open the holder's commitment with the holder's own key and with no other", async () => {
    const index = batch.acts.findIndex(({ subjectKey }) => subjectKey !== null);
    const key = batch.acts[index]?.subjectKey as SubjectKey;
    expect((await verify(disclosing(batch, index), null, key)).checked.join(" ")).toContain("opens the holder's commitment");
    await expect(verify(disclosing(batch, index), null, sampleWord("me") as SubjectKey)).rejects.toThrow(code("verify.holder"));
  });

  const records = batch.acts[4]?.records ?? [];
  it.each<[string, Partial<NonNullable<ActProof["disclosed"]>>, string]>([
    ["another salt", { salt: sampleWord("s") }, "verify.record-hash"],
    ["another quantity", { records: records.map((one) => ({ ...one, quantity: (one.quantity + 1n) as never })) }, "verify.record-hash"],
    ["another id", { records: records.map((one) => ({ ...one, recordId: "x" })) }, "verify.record-hash"],
    ["a signature that nothing can check", { signatures: ["0x00"] }, "verify.signatures"],
  ])("with %s are refused", async (_, change, expected) => {
    await expect(verify(disclosing(batch, 4, change))).rejects.toThrow(code(expected));
  });

  it.each<[string, Parameters<typeof sampleBatch>[2], string]>([
    [
      "more mass than the records come to",
      { leaf: (leaf) => ({ ...leaf, milligrams: (leaf.milligrams + 1n) as Milligrams }) },
      "verify.quantity",
    ],
    [
      "less mass than the records come to",
      { leaf: (leaf) => ({ ...leaf, milligrams: (leaf.milligrams - 1n) as Milligrams }) },
      "verify.quantity",
    ],
    [
      "another day than the records",
      { leaf: (leaf) => ({ ...leaf, day: (leaf.day === 17_420 ? 17_421 : leaf.day - 1) as never }) },
      "verify.record-day",
    ],
    [
      "another provider than the records",
      { leaf: (leaf) => ({ ...leaf, providerIndex: 1 - leaf.providerIndex }) },
      "verify.record-provider",
    ],
    ["another methodology than the records call for", { leaf: swapMethodology }, "verify.record-scenario"],
  ])("show a well-proven leaf that has %s", async (_, change, expected) => {
    await expect(verify(disclosing(sampleBatch("false", 9, change), 3))).rejects.toThrow(code(expected));
  });
});

function swapMethodology(leaf: ReturnType<typeof decodeLeaf>): ReturnType<typeof decodeLeaf> {
  const other = batch.leaves.map(decodeLeaf).find(({ methodologyId }) => methodologyId !== leaf.methodologyId) as typeof leaf;
  return { ...leaf, methodologyId: other.methodologyId, scenarioClass: other.scenarioClass };
}

describe("a retirement", () => {
  const lines = (from: bigint, to: bigint) => sampleRetirement([{ batch, start: from, end: to }]);
  const part = partUnder(batch, start, end);
  const other = sampleBatch("other", 8);

  it.each<[string, ProofFile, string]>([
    ["leaves that end too early", retirementFile(record, [rangePart(batch, 3, 7)]), "verify.range-uncovered"],
    ["leaves that begin too late", retirementFile(record, [rangePart(batch, 4, 8)]), "verify.range-uncovered"],
    [
      "a gap in its leaves",
      retirementFile(record, [{ ...part, ranges: [...(rangePart(batch, 3, 4).ranges ?? []), ...(rangePart(batch, 6, 8).ranges ?? [])] }]),
      "verify.range-uncovered",
    ],
    ["a leaf too many before it", retirementFile(record, [rangePart(batch, 2, 8)]), "verify.range-excess"],
    ["a leaf too many behind it", retirementFile(record, [rangePart(batch, 3, 9)]), "verify.range-excess"],
    ["a range beyond the batch", retirementFile(lines(start, batch.tree.total + 1n), [rangePart(batch, 3, 22)]), "verify.lines"],
    ["an empty range", retirementFile(lines(start, start), [part]), "verify.lines"],
    [
      "a batch that the file does not show",
      retirementFile(
        sampleRetirement([
          { batch, start, end },
          { batch: other, start: 0n, end: 5n },
        ]),
        [part],
      ),
      "verify.lines",
    ],
    ["leaves of another batch", retirementFile(sampleRetirement([{ batch: other, start: 0n, end: 5n }]), [part]), "verify.lines"],
    [
      "a batch twice",
      retirementFile(
        sampleRetirement([
          { batch, start, end },
          { batch, start: end, end: end + 1n },
        ]),
        [part, partUnder(other, 0n, 5n)],
      ),
      "verify.lines",
    ],
  ])("with %s is refused", async (_, file, expected) => {
    await expect(verify(file)).rejects.toThrow(code(expected));
  });

  it("that discloses another beneficiary or use is refused", async () => {
    const disclosed = retirement.retirement?.disclosed as NonNullable<NonNullable<ProofFile["retirement"]>["disclosed"]>;
    const changed = (change: Partial<typeof disclosed>): ProofFile => ({
      ...retirement,
      retirement: { record, disclosed: { ...disclosed, ...change } },
    });
    await expect(verify(changed({ beneficiary: { name: "Another bank" } }))).rejects.toThrow(code("verify.beneficiary"));
    await expect(verify(changed({ salt: toHex(sampleWord("salt")) }))).rejects.toThrow(code("verify.beneficiary"));
    await expect(verify(changed({ use: "Meeting of June" }))).rejects.toThrow(code("verify.document"));
    await expect(verify(changed({ use: "" }))).rejects.toThrow(code("verify.document"));
  });

  it("may keep beneficiary and use to itself, and have no document", async () => {
    expect((await verify({ ...retirement, retirement: { record } })).notChecked.join(" ")).toContain("only the hashes");
    const none = { ...record, documentHash: `0x${"00".repeat(32)}` as Hex };
    const disclosed = { ...(retirement.retirement?.disclosed as NonNullable<NonNullable<ProofFile["retirement"]>["disclosed"]>), use: "" };
    expect((await verify({ ...retirement, retirement: { record: none, disclosed } })).ok).toBe(true);
  });

  it("over several batches pairs each line with its batch", async () => {
    const both = sampleRetirement([
      { batch, start, end },
      { batch: other, start: 0n, end: other.tree.total },
    ]);
    const { facts } = await verify(retirementFile(both, [part, partUnder(other, 0n, other.tree.total)]));
    expect(facts.batches).toHaveLength(2);
    expect(facts.retirement?.milligrams).toBe((end - start + other.tree.total).toString());
  });

  it("over batches of two deployments is refused", async () => {
    const elsewhere = sampleBatch("elsewhere", 8, {
      manifest: { contracts: { ...batch.manifest.contracts, CarbonCredit: sampleAddress("x") } },
    });
    const both = sampleRetirement([
      { batch, start, end },
      { batch: elsewhere, start: 0n, end: 5n },
    ]);
    await expect(verify(retirementFile(both, [part, partUnder(elsewhere, 0n, 5n)]))).rejects.toThrow(code("verify.contracts"));
  });
});

describe("with batches that the verifier names", () => {
  it("a batch id anchors acts and says that retirement was not checked", async () => {
    const verdict = await verify(retirement, named);
    expect(verdict.mode).toBe("root");
    expect(verdict.notChecked[0]).toContain("minted, retired or struck");
    expect(verdict.notChecked[0]).toContain("NOT checked");
    expect(verdict.notChecked.join(" ")).toContain("no other batch counts the same acts");
  });

  it("root, total and count anchor the leaves but not the manifest, and the verdict says so", async () => {
    const tree = { root: toHex(batch.tree.root), total: batch.tree.total, count: 23 };
    expect((await verify(act, { mode: "root", batches: [tree] })).notChecked.join(" ")).toContain("prover's word");
    expect((await verify(act, named)).notChecked.join(" ")).not.toContain("prover's word");
  });

  it.each<[string, Trust]>([
    ["another id", { mode: "root", batches: [{ batchId: toHex(sampleWord("id")) as never }] }],
    ["another root", { mode: "root", batches: [{ root: toHex(sampleWord("r")), total: batch.tree.total, count: 23 }] }],
    [
      "another total",
      { mode: "root", batches: [{ root: toHex(batch.tree.root), total: (batch.tree.total - 1n) as Milligrams, count: 23 }] },
    ],
    ["another count", { mode: "root", batches: [{ root: toHex(batch.tree.root), total: batch.tree.total, count: 24 }] }],
    ["none at all", { mode: "root", batches: [] }],
  ])("%s is refused", async (_, trust) => {
    await expect(verify(act, trust)).rejects.toThrow(code("verify.root"));
  });

  it("every batch of the file must be named", async () => {
    const other = sampleBatch("other", 8);
    const both = actFile(actsPart(batch, [1]), actsPart(other, [1]));
    await expect(verify(both, named)).rejects.toThrow(code("verify.root"));
  });

  it("a batch made anew from the same leaves is another batch", async () => {
    const again = sampleBatch("proof", 23, { manifest: { createdAt: 1 as never } });
    await expect(verify(actFile(actsPart(again, [4])), named)).rejects.toThrow(code("verify.root"));
  });
});

describe("random batches", () => {
  const someBatch = fc.record({ seed: fc.string({ maxLength: 8 }), count: fc.integer({ min: 1, max: 40 }) });
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  it("verify for any range, and their root is that of merkletreejs", async () => {
    await fc.assert(
      fc.asyncProperty(someBatch, share, share, async ({ seed, count }, a, b) => {
        const made = sampleBatch(seed, count);
        const [from, to] = [a, b]
          .map((at) => (made.tree.total * BigInt(Math.floor(at * 1e6))) / 1_000_001n)
          .toSorted((x, y) => (x < y ? -1 : 1)) as [bigint, bigint];
        const file = retirementFile(sampleRetirement([{ batch: made, start: from, end: to + 1n }]), [partUnder(made, from, to + 1n)]);
        const { facts } = await verify(file, { mode: "root", batches: [{ batchId: made.batchId }] });
        expect(facts.retirement?.milligrams).toBe((to + 1n - from).toString());
        expect(facts.batches[0]?.root).toBe(merkletreejsRoot(made));
      }),
      { numRuns: 60 },
    );
  });

  it("don't verify where a leaf of the range is changed, whatever is changed in it", async () => {
    await fc.assert(
      fc.asyncProperty(
        someBatch,
        fc.nat(),
        fc.constantFrom("milligrams", "day", "providerIndex", "recordHash", "activityKey"),
        async ({ seed, count }, at, field) => {
          const made = sampleBatch(seed, count);
          const index = at % count;
          const leaf = decodeLeaf(made.leaves[index] as Uint8Array);
          const value = {
            milligrams: leaf.milligrams + 1n,
            day: leaf.day + 1,
            providerIndex: leaf.providerIndex + 1,
            recordHash: sampleWord("r"),
            activityKey: sampleWord("k"),
          };
          const bytes = encodeLeaf({ ...leaf, [field]: value[field as keyof typeof value] });
          const part = rangePart(made, 0, count - 1);
          const [range] = part.ranges ?? [];
          const leaves = made.leaves.map((one, i) => (i === index ? bytes : one));
          const file = retirementFile(sampleRetirement([{ batch: made, start: 0n, end: made.tree.total }]), [
            { ...part, ranges: [{ first: 0, steps: range?.steps ?? [], leaves }] },
          ]);
          await expect(verify(file)).rejects.toMatchObject({ code: expect.stringMatching(/^proof\./) });
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** The root by an independent tree. merkletreejs does not export its leaf class: this has what its tree asks for. */
function merkletreejsRoot({ leaves }: SampleBatch): Hex {
  const hash = (data: Uint8Array) => Buffer.from(keccak_256(data));
  let at = 0n;
  const placed = leaves.map((bytes) => {
    const size = Buffer.from(bytes).readBigUInt64BE(161);
    const rng = [at, (at += size)];
    return { rng, getBucket: () => ({ size, hashed: hash(bytes), parent: null, left: null, right: null }) };
  });
  return toHex(new Uint8Array(new MerkleSumTree(placed as never, hash as never).root.hashed as Buffer));
}
