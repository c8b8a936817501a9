import { describe, expect, it } from "vitest";
import { sampleMethodology } from "../../../../scripts/generate/vectors/methodologyVectors.ts";
import { sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { providerId } from "../../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { ConfidentialLeaf } from "../../../../src/base/types/confidentialLeaf.ts";
import type { ActivityKey, Hex, SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Methodology } from "../../../../src/base/types/methodology.ts";
import type { Day, MicroUnits, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { activityMessage, subjectlessMessage } from "../../../../src/format/batch/keys.ts";
import { holderCommitment, LAST_ACTIVITY_KEY, recordHash } from "../../../../src/format/batch/leaf.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import { CapCheck } from "../../../../src/stages/attest/capCheck.ts";
import {
  compareCommitment,
  recomputeLeaves,
  type VerifierMeans,
} from "../../../../src/stages/attest/recomputeBatch.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const { manifest } = await sampleBatch();
const [provider] = manifest.providers;
const PROVIDER = provider?.id ?? providerId("none");
const METHODOLOGY = sampleMethodology();
const SUBJECT = new Uint8Array(32).fill(7) as SubjectKey;
const SCHEMA = manifest.schemas.record;
const DAY = manifest.vintage.startDay;
const START = manifest.createdAt - 86_400;

const record = (recordId: string, change: Partial<ActivityRecord> = {}): ActivityRecord => ({
  provider: PROVIDER,
  recordId,
  scenario: "metro",
  startedAt: START as UnixSeconds,
  endedAt: null,
  quantity: 1_000_000n as MicroUnits,
  unit: "passenger-km",
  ...change,
});
const leaf = (
  records: readonly ActivityRecord[],
  change: Partial<ConfidentialLeaf> = {},
): ConfidentialLeaf => ({
  subjectKey: SUBJECT,
  salt: new Uint8Array(32).fill(records.length),
  records,
  ...change,
});
const at = (minute: number): Partial<ActivityRecord> => ({ startedAt: (START + 60 * minute) as UnixSeconds });
const key = (byte: number) => new Uint8Array(32).fill(byte) as ActivityKey;

interface Bench {
  readonly means?: Partial<VerifierMeans>;
  /** The first byte of each leaf's key. */
  readonly keys?: readonly number[];
  /** Leaves that come at once. */
  readonly chunk?: number;
}
/** What comes of leaves, in order, and what was asked on the way. */
async function recomputed(leaves: readonly ConfidentialLeaf[], bench: Bench = {}) {
  const asked: { year: number; message: Uint8Array }[] = [];
  const signed: [unknown, number][] = [];
  const caps = new CapCheck([METHODOLOGY]);
  let used = 0;
  const means: VerifierMeans = {
    quantify: ({ quantity }) => ({
      methodology: METHODOLOGY,
      milligrams: (quantity / 1000n) as Milligrams,
      day: DAY,
    }),
    classCode: () => 5,
    activityKeys: (messages) => {
      asked.push(...messages);
      used += messages.length;
      const before = used - messages.length;
      return Promise.resolve(messages.map((_, i) => key(bench.keys?.[before + i] ?? before + i + 1)));
    },
    checkSignatures: (_one, of, index) => void signed.push([of, index]),
    caps,
    ...bench.means,
  };
  async function* chunks() {
    const size = bench.chunk ?? leaves.length;
    for (let from = 0; from < leaves.length; from += size) yield leaves.slice(from, from + size);
  }
  const found = [];
  for await (const some of recomputeLeaves(manifest, chunks(), means)) {
    // Nobody is woken for nothing.
    expect(some).not.toEqual([]);
    found.push(...some);
  }
  return { found, asked, signed, counts: caps.counts() };
}
const refusal = (leaves: readonly ConfidentialLeaf[], bench?: Bench) =>
  recomputed(leaves, bench).then(
    () => "accepted",
    (error: unknown) => {
      const { code, message } = error as { code: string; message: string };
      expect(error).toEqual(refusedFor(code));
      const told = message.replace(/^Leaf (\d+) is refused: (.*)\.$/s, "$1 $2");
      return `${code.replace("attest.", "")}: ${told}`;
    },
  );

describe("the leaves of a batch, made anew", () => {
  it("have keys, commitments and hashes of their own, and link to the next one, chunk by chunk", async () => {
    const leaves = [
      leaf([record("a"), record("b")]),
      leaf([record("c", at(1))], { subjectKey: null }),
      leaf([record("d", at(2))]),
    ];
    for (const chunk of [1, 2, 3]) {
      const { found, asked, signed } = await recomputed(leaves, { chunk });
      expect(found).toHaveLength(3);
      expect(found.map(({ hasSubject }) => hasSubject)).toEqual([true, false, true]);
      for (const [i, one] of found.entries()) {
        const given = leaves[i] as ConfidentialLeaf;
        expect(one.leaf).toEqual({
          activityKey: key(i + 1),
          nextActivityKey: i < 2 ? key(i + 2) : LAST_ACTIVITY_KEY,
          methodologyId: methodologyIdOf(METHODOLOGY),
          holderCommitment: holderCommitment(given.subjectKey, given.salt),
          recordHash: recordHash(given.salt, given.records, SCHEMA),
          milligrams: BigInt(1000 * given.records.length),
          day: DAY,
          scenarioClass: 5,
          providerIndex: 0,
        });
      }
      expect(asked).toEqual([
        activityMessage(SUBJECT, 5, START as UnixSeconds),
        subjectlessMessage(record("c", at(1))),
        activityMessage(SUBJECT, 5, (START + 120) as UnixSeconds),
      ]);
      expect(signed).toEqual([0, 1, 2].map((index) => [provider, index]));
    }
    expect((await recomputed([])).found).toEqual([]);
  });

  it("are refused by their place where they are no leaves of this batch", async () => {
    const good = leaf([record("z")]);
    const other = sampleMethodology({ version: "2" });
    const cases: [readonly ConfidentialLeaf[], string, Bench?][] = [
      [[good, leaf([])], "empty: 1 it has no record"],
      ...[at(1), { scenario: "bus" }, { provider: providerId("other") }].map(
        (change): [ConfidentialLeaf[], string] => [
          [leaf([record("a"), record("b", change)])],
          "mixed: 0 its records differ in provider, scenario or minute",
        ],
      ),
      [
        [good, leaf([record("z", at(1))])],
        `record-twice: 1 the record "z" of ${PROVIDER} stands in the batch twice`,
        { chunk: 1 },
      ],
      [
        [leaf([record("a"), record("b")])],
        "mixed: 0 its records fall under two methodologies",
        {
          means: {
            quantify: ({ recordId }) => ({
              methodology: recordId === "a" ? METHODOLOGY : other,
              milligrams: 1n as Milligrams,
              day: DAY,
            }),
          },
        },
      ],
      [
        [leaf([record("a"), record("b")], { subjectKey: null })],
        "mixed: 0 it joins several records although it names no subject",
      ],
      [
        [good, leaf([record("a", { provider: providerId("strange") })])],
        "provider: 1 its provider strange is not in the manifest",
      ],
      ...([manifest.vintage.startDay - 1, manifest.vintage.endDay + 1] as Day[]).map(
        (day): [ConfidentialLeaf[], string, Bench] => [
          [leaf([record("a")])],
          "vintage: 0 its day lies outside the manifest's vintage",
          { means: { quantify: () => ({ methodology: METHODOLOGY, milligrams: 1n as Milligrams, day }) } },
        ],
      ),
      ...[
        [2, 1],
        [1, 1],
      ].flatMap((keys) =>
        [1, 2].map((chunk): [ConfidentialLeaf[], string, Bench] => [
          [good, leaf([record("a", at(1))])],
          "order: 1 its activity key is not above the one before it",
          { keys, chunk },
        ]),
      ),
    ];
    for (const [leaves, told, bench] of cases) expect(await refusal(leaves, bench)).toBe(told);
  });

  it("are of acts that began when the batch was closed at the latest, as clocks differ", async () => {
    const closed = manifest.createdAt;
    const began = (seconds: number) => [
      leaf([record("a", { startedAt: (closed + seconds) as UnixSeconds })]),
    ];
    expect(await refusal(began(0))).toBe("accepted");
    const late = await refusal(began(86_400 * 30));
    expect(late).toMatch(
      new RegExp(`^created-earlier: 0 a record of ${PROVIDER} starts at .*, after the batch was closed$`),
    );
  });

  it("of the vintage's first and last day are taken", async () => {
    for (const day of [manifest.vintage.startDay, manifest.vintage.endDay])
      expect(
        await refusal([leaf([record("a")])], {
          means: { quantify: () => ({ methodology: METHODOLOGY, milligrams: 1n as Milligrams, day }) },
        }),
      ).toBe("accepted");
  });

  it("of a project are keyed by its asset, one record each", async () => {
    const assetKey: Hex = `0x${"ab".repeat(32)}`;
    const asset = { kind: "meter", key: assetKey };
    const project: Methodology = sampleMethodology({ category: "project" });
    const means: Partial<VerifierMeans> = {
      quantify: () => ({ methodology: project, milligrams: 1n as Milligrams, day: DAY }),
    };
    const { asked } = await recomputed([leaf([record("a", { asset })])], { means });
    expect(toHex(asked[0]?.message.subarray(1, 33) as Uint8Array)).toBe(asset.key);
    expect(await refusal([leaf([record("a", { asset }), record("b", { asset })])], { means })).toBe(
      "mixed: 0 it joins several records although it is keyed by an asset, which is counted once",
    );
  });
});

describe("what was recomputed, beside the manifest", () => {
  const found = {
    root: new Uint8Array(32).fill(1),
    total: 500n as Milligrams,
    count: 3,
    leavesHash: new Uint8Array(32).fill(2),
    subjectlessMilligrams: 20n as Milligrams,
  };
  const stated = {
    ...manifest,
    root: toHex(found.root),
    totalMilligrams: found.total,
    leafCount: 3,
    leavesHash: toHex(found.leavesHash),
    subjectlessMilligrams: found.subjectlessMilligrams,
  };

  it("is the same, or each field that differs is named", () => {
    expect(() => compareCommitment(stated, found)).not.toThrow();
    const differing: [object, string][] = [
      [
        { root: new Uint8Array(32) },
        `root is stated as 0x${"01".repeat(32)} and comes to 0x${"00".repeat(32)}`,
      ],
      [{ leavesHash: new Uint8Array(32) }, `leavesHash is stated as 0x${"02".repeat(32)} and comes to 0x00`],
      [{ total: 501n }, "totalMilligrams is stated as 500 and comes to 501"],
      [{ count: 2 }, "leafCount is stated as 3 and comes to 2"],
      [{ subjectlessMilligrams: 0n }, "subjectlessMilligrams is stated as 20 and comes to 0"],
      [{ count: 2, total: 1n }, "totalMilligrams is stated as 500 and comes to 1; leafCount is stated as 3"],
    ];
    for (const [change, told] of differing) {
      const compare = () => compareCommitment(stated, { ...found, ...change });
      expect(compare).toThrow(refusedFor("attest.commitment"));
      expect(compare).toThrow(`The manifest does not match its records: ${told}`);
    }
  });
});
