import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, fromHex, toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { methodologyId, providerId } from "../../../../src/base/lib/ids.ts";
import type { ActivityKey, SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Day, MicroUnits, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import {
  decodeLeaf,
  encodeLeaf,
  encodeLeaves,
  holderCommitment,
  holderCommitments,
  LEAF_BYTES,
  leafHash,
  recordHash,
  recordHashes,
  type Leaf,
} from "../../../../src/format/batch/leaf.ts";
import { canonicalRecords } from "../../../../src/format/batch/record.ts";
import { codeOf, codesOf, expectedCodes, vectors } from "../support/vectors.ts";

interface LeafVector {
  activityKey: string;
  nextActivityKey: string;
  methodologyId: string;
  holderCommitment: string;
  recordHash: string;
  milligrams: string;
  day: number;
  scenarioClass: number;
  providerIndex: number;
  bytes: string;
  hash: string;
}
const { leaves, refused } = vectors("leaves") as {
  leaves: LeafVector[];
  refused: { name: string; bytes: string; error: string }[];
};

const word = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyLeaf: fc.Arbitrary<Leaf> = fc.record({
  activityKey: word.map((bytes) => bytes as ActivityKey),
  nextActivityKey: word,
  methodologyId: word.map((bytes) => methodologyId(toHex(bytes))),
  holderCommitment: word,
  recordHash: word,
  milligrams: fc.bigInt(1n, 2n ** 63n - 1n).map((mass) => mass as Milligrams),
  day: fc.nat(2 ** 32 - 1).map((day) => day as Day),
  scenarioClass: fc.nat(65_535),
  providerIndex: fc.nat(2 ** 32 - 1),
});

const record = {
  provider: providerId("wuhan-metro"),
  recordId: "r-1",
  scenario: "metro",
  startedAt: 60 as UnixSeconds,
  endedAt: null,
  quantity: 1_500_000n as MicroUnits,
  unit: "passenger-km",
} as const;

describe("leaves in bulk", () => {
  it("are the bytes of each, one after the other", () => {
    fc.assert(
      fc.property(fc.array(anyLeaf, { maxLength: 6 }), (list) => {
        expect(encodeLeaves(list)).toEqual(concatBytes(...list.map(encodeLeaf)));
        for (const [i, leaf] of list.entries())
          expect(decodeLeaf(encodeLeaves(list).subarray(179 * i, 179 * (i + 1)))).toEqual(leaf);
      }),
    );
  });

  it("have the commitments and record hashes of the definition", () => {
    const subjects = fc.option(word.map((bytes) => bytes as SubjectKey));
    const ids = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).map((id) => id.normalize("NFC"));
    const drafts = fc.array(fc.record({ subjectKey: subjects, salt: word, recordId: ids }), { maxLength: 9 });
    fc.assert(
      fc.property(drafts, (list) => {
        const drafted = list.map(({ subjectKey, salt, recordId }) => ({
          subjectKey,
          salt,
          records: [{ ...record, recordId }],
        }));
        expect(holderCommitments(drafted)).toEqual(
          drafted.map(({ subjectKey, salt }) =>
            keccak_256(concatBytes(subjectKey ?? new Uint8Array(32), salt)),
          ),
        );
        expect(recordHashes(drafted)).toEqual(
          drafted.map(({ salt, records }) => keccak_256(concatBytes(salt, utf8(canonicalRecords(records))))),
        );
      }),
    );
  });
});

describe("leaf", () => {
  it("is the bytes of the vectors, at their offsets", () => {
    for (const vector of leaves) {
      const leaf = fromVector(vector);
      expect(toHex(encodeLeaf(leaf))).toBe(vector.bytes);
      expect(decodeLeaf(fromHex(vector.bytes))).toEqual(leaf);
      expect(toHex(leafHash(fromHex(vector.bytes)))).toBe(vector.hash);
      expect(vector.bytes.length).toBe(2 + 2 * 179);
      expect(vector.bytes.slice(2, 4)).toBe("01");
      expect(`0x${vector.bytes.slice(2 + 2 * 129, 2 + 2 * 161)}`).toBe(vector.recordHash);
      expect(BigInt(`0x${vector.bytes.slice(2 + 2 * 161, 2 + 2 * 169)}`).toString()).toBe(vector.milligrams);
    }
  });

  it("refuses bytes that are no leaf", () => {
    expect(codesOf(refused, ({ bytes }) => decodeLeaf(fromHex(bytes)))).toEqual(expectedCodes(refused));
  });

  it("reads back what it wrote, from a view into larger bytes too", () => {
    fc.assert(
      fc.property(anyLeaf, fc.nat(9), (leaf, offset) => {
        const bytes = encodeLeaf(leaf);
        expect(bytes.length).toBe(LEAF_BYTES);
        const large = new Uint8Array(LEAF_BYTES + 20);
        large.set(bytes, offset);
        expect(decodeLeaf(large.subarray(offset, offset + LEAF_BYTES))).toEqual(leaf);
      }),
    );
  });

  it("writes no field that does not fit", () => {
    const good = fromVector(leaves[0] as LeafVector);
    const bad: Partial<Leaf>[] = [
      { milligrams: 0n as Milligrams },
      { milligrams: -1n as Milligrams },
      { milligrams: (2n ** 63n) as Milligrams },
      { day: -1 as Day },
      { day: 1.5 as Day },
      { day: (2 ** 32) as Day },
      { scenarioClass: 65_536 },
      { providerIndex: 2 ** 32 },
      { activityKey: new Uint8Array(31) as ActivityKey },
      { nextActivityKey: new Uint8Array(33) },
    ];
    for (const change of bad) expect(codeOf(() => encodeLeaf({ ...good, ...change }))).toBe("leaf.malformed");
  });

  it("commits to no one with 32 zero bytes, and to the records under the salt", () => {
    const salt = keccak(Uint8Array.of(1));
    const subject = keccak(Uint8Array.of(2)) as SubjectKey;
    expect(holderCommitment(null, salt)).toEqual(keccak(new Uint8Array([...new Uint8Array(32), ...salt])));
    expect(holderCommitment(subject, salt)).toEqual(keccak(new Uint8Array([...subject, ...salt])));
    const text = new TextEncoder().encode(canonicalRecords([record]));
    expect(recordHash(salt, [record])).toEqual(keccak(new Uint8Array([...salt, ...text])));
    expect(codeOf(() => recordHash(salt.slice(1), [record]))).toBe("leaf.malformed");
  });
});

function fromVector(vector: LeafVector): Leaf {
  return {
    activityKey: fromHex(vector.activityKey) as ActivityKey,
    nextActivityKey: fromHex(vector.nextActivityKey),
    methodologyId: methodologyId(vector.methodologyId),
    holderCommitment: fromHex(vector.holderCommitment),
    recordHash: fromHex(vector.recordHash),
    milligrams: BigInt(vector.milligrams) as Milligrams,
    day: vector.day as Day,
    scenarioClass: vector.scenarioClass,
    providerIndex: vector.providerIndex,
  };
}
