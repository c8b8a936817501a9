import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { freshDisputes, type DisputeSystem, type LeafProof } from "../support/disputes.ts";
import { refusal } from "../support/refusal.ts";
import { attest, METHODOLOGY, statementOf, TERMS_HASH, WUHAN } from "../support/system.ts";

const provenLeaf = z.object({
  batchId: z.string().optional(),
  root: z.string(),
  total: z.string(),
  count: z.number(),
  index: z.number(),
  leaf: z.string(),
  steps: z.array(z.object({ size: z.string(), hash: z.string() })),
});
type ProvenLeaf = z.infer<typeof provenLeaf>;
const shows = { name: z.string(), fault: z.string().optional(), error: z.string().optional() };
const day = z.number();
const vectors = z
  .object({
    key: z.string(),
    doubleClaim: z.array(z.object({ ...shows, one: provenLeaf, other: provenLeaf })),
    brokenLink: z.array(z.object({ ...shows, leaf: provenLeaf, next: provenLeaf.nullable() })),
    outsideMethodology: z.array(
      z.object({
        ...shows,
        leaf: provenLeaf,
        terms: z.object({
          vintage: z.object({ startDay: day, endDay: day }),
          validity: z.array(z.object({ methodologyId: z.string(), first: day, last: day })),
        }),
      }),
    ),
    openGram: z.array(z.object({ ...shows, leaf: provenLeaf, position: z.string() })),
  })
  .parse(JSON.parse(readFileSync("test/vectors/disputes.json", "utf8")));

/**
 * The last day of 2026: the vectors' vintages start in that year, and the registry takes none that reaches
 * into another.
 */
const LAST_DAY = 20_818;

interface CommitTerms {
  readonly startDay: number;
  readonly endDay: number;
  readonly methodologyIds: readonly string[];
}
const ANY_TERMS: CommitTerms = { startDay: 20_454, endDay: LAST_DAY, methodologyIds: [METHODOLOGY] };

/** Commits to the root that a vector's proofs lead to, once a root. */
async function commitRoot(
  system: DisputeSystem,
  { root, total, count, batchId }: ProvenLeaf,
  terms: CommitTerms = ANY_TERMS,
): Promise<bigint> {
  const { ethers, batches, operator } = system;
  const known = await batches.batchOfRoot(root);
  if (known !== 0n) return known;
  const id = BigInt(batchId ?? root);
  const statement = statementOf(system, {
    batchId: id,
    root,
    totalMilligrams: BigInt(total),
    leafCount: count,
    bufferMilligrams: 0n,
    previousBatchId: await batches.headOf(operator.address),
    vintageStartDay: terms.startDay,
    vintageEndDay: Math.min(terms.endDay, LAST_DAY),
    methodologiesHash: ethers.keccak256(ethers.concat(terms.methodologyIds)),
  });
  await batches
    .connect(operator)
    .commit(statement, [...terms.methodologyIds], await attest(system, statement));
  return id;
}

const proofOf = (batchId: bigint, { index, leaf, steps }: ProvenLeaf): LeafProof => ({
  batchId,
  index,
  leaf,
  siblings: steps.map(({ size, hash }) => ({ size: BigInt(size), hash })),
});

/** The contract's word for each of the format's refusals. */
const REFUSALS: Record<string, RegExp> = {
  "dispute.same-leaf": /^ClaimsNotAscending\(1\)$/,
  "dispute.other-key": /^ActivityKeyDiffers\(1,0x[0-9a-f]{64}\)$/,
  "dispute.not-adjacent": /^LeavesNotAdjacent\(/,
  "dispute.link-whole": /^LinkWhole\(/,
  "dispute.inside": /^LeafInside\(/,
  "dispute.other-gram": /^OtherGram\(/,
};
const refusalOf = (error: string): RegExp => REFUSALS[error] ?? /unknown/;
const LINK_FAULTS = ["", "key-not-below-next", "next-is-not-the-next-leaf", "last-does-not-end"];
const TERMS_FAULTS = ["", "vintage", "methodology", "validity"];

describe("the published vectors of disputes, on chain", () => {
  it.each(vectors.doubleClaim)("double claim: $name", async ({ one, other, error }) => {
    const system = await freshDisputes();
    const proofs = [];
    for (const leaf of [one, other]) proofs.push(proofOf(await commitRoot(system, leaf), leaf));
    const call = system.disputesContract.connect(system.corporate).openDoubleClaim(proofs);
    if (error !== undefined) {
      await expect(refusal(call)).resolves.toMatch(refusalOf(error));
      return;
    }
    await call;
    expect((await system.disputesContract.disputeOf(vectors.key)).disputeHash).not.toBe(
      system.ethers.ZeroHash,
    );
  });

  it.each(vectors.brokenLink)("broken link: $name", async ({ leaf, next, fault, error }) => {
    const { disputesContract, ...system } = await freshDisputes();
    const batchId = await commitRoot({ disputesContract, ...system }, leaf);
    const call = disputesContract.reportBrokenLink(
      proofOf(batchId, leaf),
      next === null ? [] : [proofOf(batchId, next)],
    );
    if (error !== undefined) {
      await expect(refusal(call)).resolves.toMatch(refusalOf(error));
      return;
    }
    await call;
    const [event] = await disputesContract.queryFilter(disputesContract.filters.BrokenLinkReported(batchId));
    expect(LINK_FAULTS[Number(event?.args.fault)]).toBe(fault);
    expect((await system.batches.batchOf(batchId)).suspension).toBe(2n);
  });

  it.each(vectors.outsideMethodology)("outside methodology: $name", async ({ leaf, terms, fault, error }) => {
    const { disputesContract, ...system } = await freshDisputes();
    for (const { methodologyId, first, last } of terms.validity)
      await system.methodologies.publish(methodologyId, WUHAN, first, last);
    const methodologyIds = terms.validity.map(({ methodologyId }) => methodologyId);
    const batchId = await commitRoot({ disputesContract, ...system }, leaf, {
      ...terms.vintage,
      methodologyIds,
    });
    const attesters = system.verifiers.slice(0, 2).map(({ address }) => address);
    const call = disputesContract.strikeOutside(proofOf(batchId, leaf), {
      attesters,
      methodologyIds,
      termsHash: TERMS_HASH,
    });
    if (error !== undefined) {
      await expect(refusal(call)).resolves.toMatch(refusalOf(error));
      return;
    }
    await call;
    const [event] = await disputesContract.queryFilter(
      disputesContract.filters.OutsideMethodologyReported(batchId),
    );
    expect(TERMS_FAULTS[Number(event?.args.fault)]).toBe(fault);
    await expect(system.batches.isStruck(batchId, leaf.index)).resolves.toBe(true);
  });

  it.each(vectors.openGram)("open gram: $name", async ({ leaf, position, error }) => {
    const { disputesContract, ...system } = await freshDisputes();
    const batchId = await commitRoot({ disputesContract, ...system }, leaf);
    await disputesContract.connect(system.corporate).challengeGram(batchId, BigInt(position));
    const call = disputesContract.openGram(proofOf(batchId, leaf), BigInt(position));
    if (error !== undefined) {
      await expect(refusal(call)).resolves.toMatch(refusalOf(error));
      return;
    }
    await call;
    const [event] = await disputesContract.queryFilter(
      disputesContract.filters.GramOpened(batchId, BigInt(position)),
    );
    expect(event?.args.index).toBe(BigInt(leaf.index));
  });
});
