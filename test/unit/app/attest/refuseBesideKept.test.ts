import { describe, expect, it } from "vitest";
import type { ArchiveFolder } from "../../../../src/adapters/archive/archiveFolder.ts";
import { refuseBesideKept } from "../../../../src/app/attest/refuseBesideKept.ts";
import type { BatchId } from "../../../../src/base/types/ids.ts";
import type { Methodology1, Methodology2 } from "../../../../src/base/types/methodology.ts";
import { decodeLeaf } from "../../../../src/format/batch/leaf.ts";
import { methodologyIdOf, parseMethodology } from "../../../../src/format/batch/methodology.ts";
import { PLAIN_TERMS } from "../../../support/plainTerms.ts";
import { sampleArchive } from "../../verify/support/sampleArchive.ts";
import {
  METHODOLOGIES,
  sampleAddress,
  sampleBatch,
  type SampleBatch,
} from "../../verify/support/sampleBatch.ts";

const bike = METHODOLOGIES.find(({ code }) => code === "TEST-BIKE") as Methodology1;
const others = METHODOLOGIES.filter((one) => one !== bike);

function versionOf(gramsPerProgrammeYear: string | null): Methodology2 {
  const { gramsPerUnit, ...named } = bike;
  return parseMethodology({
    ...named,
    ...PLAIN_TERMS,
    schema: "microtonne-methodology/2",
    category: "act",
    validFrom: "2016-12-31T16:00Z",
    validTo: "2017-12-31T16:00Z",
    days: { first: "2017-01-01", last: "2017-12-31" },
    rule: { kind: "linear", gramsPerUnit },
    caps: { ...PLAIN_TERMS.caps, gramsPerProgrammeYear },
  }) as Methodology2;
}

const lengthOf = (seed: string): number => (seed === "short" ? 1 : 40);

/** A batch whose rides one version counts. */
function batchOf(
  seed: string,
  version: Methodology2,
  manifest: Partial<SampleBatch["manifest"]> = {},
): SampleBatch {
  const [from, to] = [methodologyIdOf(bike), methodologyIdOf(version)];
  return sampleBatch(seed, lengthOf(seed), {
    leaf: (leaf) => ({ ...leaf, ...(leaf.methodologyId === from && { methodologyId: to }) }),
    manifest: {
      methodologies: [...others, version].toSorted((a, b) =>
        methodologyIdOf(a) < methodologyIdOf(b) ? -1 : 1,
      ),
      ...manifest,
    },
  });
}

/** What the rides of batches come to. */
function rideSum(...seeds: readonly string[]): bigint {
  const leaves = seeds.flatMap((seed) =>
    sampleBatch(seed, lengthOf(seed)).leaves.map((bytes) => decodeLeaf(bytes)),
  );
  return leaves.reduce(
    (sum, { methodologyId, milligrams }) =>
      methodologyId === methodologyIdOf(bike) ? sum + milligrams : sum,
    0n,
  );
}

const gramsOf = (milligrams: bigint): string =>
  `${String(milligrams / 1000n)}.${String(milligrams % 1000n).padStart(3, "0")}`.replace(/\.?0+$/, "");

/** Holds the first beside the rest. */
async function beside(own: SampleBatch, ...kept: readonly SampleBatch[]): Promise<void> {
  const sources = new Map<BatchId, Awaited<ReturnType<typeof sampleArchive>>["source"]>();
  for (const one of [own, ...kept]) sources.set(one.batchId, (await sampleArchive(one)).source);
  const archives = { reader: (id: BatchId) => sources.get(id) } as unknown as ArchiveFolder;
  await refuseBesideKept(
    archives,
    own.batchId,
    [...kept, own].map(({ batchId }) => batchId),
  );
}

describe("a batch beside the ones that are kept and live", () => {
  const sum = rideSum("a", "b", "c");
  const whole = versionOf(gramsOf(sum));
  const less = versionOf(gramsOf(sum - 1n));
  const all = (version: Methodology2) => ["a", "b", "c"].map((seed) => batchOf(seed, version));
  const refused = { code: "attest.cap" };

  it("keeps with all of them to a cap on everybody's year, whichever of them is the new one", async () => {
    for (const turn of [0, 1, 2]) {
      const turned = (version: Methodology2) => {
        const batches = all(version);
        return [...batches.slice(turn), ...batches.slice(0, turn)] as [SampleBatch, ...SampleBatch[]];
      };
      await expect(beside(...turned(whole))).resolves.toBeUndefined();
      await expect(beside(...turned(less))).rejects.toMatchObject(refused);
    }
  });

  it("is counted to its end, and so are they, whichever ends first", async () => {
    const both = rideSum("long", "short") - 1n;
    for (const [most, answer] of [
      [both, expect.objectContaining(refused)],
      [both + 1n, undefined],
    ] as const) {
      const version = versionOf(gramsOf(most));
      const [long, short] = [batchOf("long", version), batchOf("short", version)];
      for (const [own, kept] of [
        [long, short],
        [short, long],
      ] as const)
        expect(await beside(own, kept).catch((error: unknown) => error)).toEqual(answer);
    }
  });

  it("has a year of its own beside another operator's batches", async () => {
    const [own, first] = all(less) as [SampleBatch, SampleBatch];
    const strange = batchOf("c", less, { operator: sampleAddress("another operator") });
    await expect(beside(own, first, strange)).resolves.toBeUndefined();
    await expect(beside(batchOf("c", less), own, first)).rejects.toMatchObject(refused);
  });

  it("counts with other versions that have the cap, and not with those that have none", async () => {
    const [own, first] = all(less) as [SampleBatch, SampleBatch];
    await expect(beside(batchOf("c", whole), own, first)).resolves.toBeUndefined();
    await expect(beside(own, first, batchOf("c", versionOf(gramsOf(sum - 2n))))).rejects.toMatchObject(
      refused,
    );
    await expect(beside(own, first, batchOf("c", versionOf(null)))).resolves.toBeUndefined();
  });

  it("shares no activity key with any of them", async () => {
    const again = batchOf("a", whole, { operator: sampleAddress("another operator") });
    const [own, first] = all(whole) as [SampleBatch, SampleBatch];
    await expect(beside(own, first, again)).rejects.toMatchObject({ code: "attest.known-key" });
  });
});
