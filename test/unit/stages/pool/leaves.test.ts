import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hmacDevKeys } from "../../../../src/adapters/keys/hmacDevKeys.ts";
import { saltKeyService } from "../../../../src/adapters/keys/saltKeyService.ts";
import { LOCAL_CHAIN_ID } from "../../../../src/base/lib/localChain.ts";
import { compareBytes, concatBytes, toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { milligrams } from "../../../../src/base/lib/mass.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { LeafDraft } from "../../../../src/base/types/confidentialLeaf.ts";
import type { MethodologyId, ProviderId, SubjectKey, TenantId } from "../../../../src/base/types/ids.ts";
import type { Day, MicroUnits, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { activityMessage, subjectlessMessage } from "../../../../src/format/batch/keys.ts";
import { LAST_ACTIVITY_KEY, type Leaf } from "../../../../src/format/batch/leaf.ts";
import { scenarioClass } from "../../../../src/format/batch/classes/scenarioClasses.ts";
import { groupLeaves, type LeafGroup } from "../../../../src/stages/pool/groupLeaves.ts";
import { linkLeaves } from "../../../../src/stages/pool/linkLeaves.ts";
import type { PooledReduction } from "../../../../src/stages/pool/ports.ts";

const keys = hmacDevKeys({ chainId: LOCAL_CHAIN_ID });
const saltKeys = saltKeyService({
  sealingSecret: new Uint8Array(32),
  randomness: { bytes: (n) => new Uint8Array(n).fill(3) },
});
const methodologyId = `0x${"0a".repeat(32)}` as MethodologyId;
const BUS = scenarioClass("bus").code;

interface Act {
  id: number;
  subject: number;
  minute: number;
  mass: number;
}
async function pooledFrom(acts: readonly Act[]): Promise<PooledReduction[]> {
  const [storedSaltKey = null] = await saltKeys.newSaltKeys("local" as TenantId, [
    { subjectKey: null, provider: "city-bus" as ProviderId },
  ]);
  const rows = await Promise.all(
    acts.map(async ({ id, subject, minute, mass }): Promise<PooledReduction> => {
      const record: ActivityRecord = {
        provider: "city-bus" as ProviderId,
        recordId: `r${String(id)}`,
        scenario: "bus",
        startedAt: (1_750_000_000 + 60 * minute) as UnixSeconds,
        endedAt: null,
        quantity: 1_000_000n as MicroUnits,
        unit: "trip",
      };
      const subjectKey = subject === 0 ? null : (keccak(Uint8Array.of(subject)) as SubjectKey);
      const message = subjectKey
        ? activityMessage(subjectKey, BUS, record.startedAt)
        : subjectlessMessage(record);
      const [activityKey] = await keys.activityKeys([message]);
      if (!activityKey) throw new Error("no key");
      return {
        record,
        methodologyId,
        milligrams: milligrams(BigInt(mass)),
        day: 20_254 as Day,
        subjectKey,
        activityKey,
        storedSaltKey,
        evidence: null,
      };
    }),
  );
  return rows.toSorted((a, b) =>
    compareBytes(
      concatBytes(a.activityKey, utf8(a.record.recordId)),
      concatBytes(b.activityKey, utf8(b.record.recordId)),
    ),
  );
}
async function* chunks<T>(items: readonly T[], size: number): AsyncIterable<T[]> {
  for (let i = 0; i < items.length; i += size)
    yield Promise.resolve(items.slice(i, i + size)) as never as T[];
}
async function all<T>(source: AsyncIterable<readonly T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const chunk of source) items.push(...chunk);
  return items;
}
async function* salted(groups: AsyncIterable<readonly LeafGroup[]>): AsyncIterable<LeafDraft[]> {
  for await (const chunk of groups)
    yield chunk.map((group) => ({ ...group, salt: keccak(group.activityKey) }));
}
const linked = (rows: readonly PooledReduction[], size: number): Promise<Leaf[]> =>
  all(linkLeaves(salted(groupLeaves(chunks(rows, size))), new Map([["city-bus" as ProviderId, 0]])));

const acts = fc.uniqueArray(
  fc.record({
    id: fc.nat(1000),
    subject: fc.nat(3),
    minute: fc.nat(4),
    mass: fc.integer({ min: 1, max: 10 ** 6 }),
  }),
  {
    selector: (act) => act.id,
    minLength: 1,
    maxLength: 30,
  },
);

describe("leaves of a batch", () => {
  it("are of providers that the manifest lists and of classes that the batch's list has", async () => {
    const rows = await pooledFrom([{ id: 1, subject: 1, minute: 1, mass: 1 }]);
    const drafts = () => salted(groupLeaves(chunks(rows, 1)));
    await expect(all(linkLeaves(drafts(), new Map()))).rejects.toMatchObject({
      code: "pool.provider",
      message: expect.stringContaining("has no provider of the manifest's list") as unknown,
    });
    const odd = rows.map((row) => ({ ...row, record: { ...row.record, scenario: "airship" } }));
    const oddDrafts = salted(groupLeaves(chunks(odd, 1)));
    await expect(all(linkLeaves(oddDrafts, new Map([["city-bus" as ProviderId, 0]])))).rejects.toMatchObject({
      code: "pool.scenario",
      message: expect.stringContaining("does not have airship") as unknown,
    });
  });

  it("carry every milligram, in strictly ascending keys, each linked to the next", async () => {
    await fc.assert(
      fc.asyncProperty(acts, fc.integer({ min: 1, max: 7 }), async (list, size) => {
        const leaves = await linked(await pooledFrom(list), size);
        expect(leaves.reduce((sum, leaf) => sum + leaf.milligrams, 0n)).toBe(
          list.reduce((sum, act) => sum + BigInt(act.mass), 0n),
        );
        for (const [index, leaf] of leaves.entries()) {
          expect(leaf.nextActivityKey).toEqual(leaves[index + 1]?.activityKey ?? LAST_ACTIVITY_KEY);
          expect(compareBytes(leaf.activityKey, leaf.nextActivityKey)).toBeLessThan(0);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("come out the same whatever the size of the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(acts, fc.integer({ min: 1, max: 7 }), async (list, size) => {
        const rows = await pooledFrom(list);
        expect(await linked(rows, size)).toEqual(await linked(rows, 1000));
      }),
      { numRuns: 30 },
    );
  });

  it("join one person's acts of one minute, and never acts without a subject", async () => {
    const same = { minute: 1, mass: 5 };
    expect(
      await linked(
        await pooledFrom([
          { id: 1, subject: 1, ...same },
          { id: 2, subject: 1, ...same },
          { id: 3, subject: 0, ...same },
          { id: 4, subject: 0, ...same },
        ]),
        9,
      ),
    ).toHaveLength(3);
  });

  it("refuse a key that two methodologies share", async () => {
    const [first, second] = await pooledFrom([
      { id: 1, subject: 1, minute: 1, mass: 5 },
      { id: 2, subject: 1, minute: 1, mass: 5 },
    ]);
    const other = {
      ...(second as PooledReduction),
      methodologyId: toHex(new Uint8Array(32)) as MethodologyId,
    };
    await expect(linked([first as PooledReduction, other], 9)).rejects.toMatchObject({
      code: "pool.key-shared",
    });
  });

  it("refuse a subject whose salt key was erased, and rows out of order", async () => {
    const rows = await pooledFrom([
      { id: 1, subject: 1, minute: 1, mass: 5 },
      { id: 2, subject: 2, minute: 1, mass: 5 },
    ]);
    await expect(
      linked([{ ...(rows[0] as PooledReduction), evidence: null, storedSaltKey: null }], 9),
    ).rejects.toMatchObject({
      code: "pool.salt-erased",
    });
    await expect(linked(rows.toReversed(), 9)).rejects.toMatchObject({ code: "pool.order" });
  });
});
