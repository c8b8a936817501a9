import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startClosing } from "./support/startClosing.ts";
import { streamPooled } from "../../../src/adapters/storage/batches/streamPooled.ts";
import { moveDispositions } from "../../../src/adapters/storage/reductions/moveDispositions.ts";
import { StateError } from "../../../src/base/errors/errors.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { Reduction } from "../../../src/base/types/reduction.ts";
import { checkDispositionOrder } from "../../../src/stages/dedupe/checkDispositionOrder.ts";
import { bothSums } from "./support/dispositionSums.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { admit, hash, MORNING, reduction } from "./support/samples.ts";

const DAY = Math.floor(MORNING / 86_400);
const KEY = hash("a provider's key");

type Step =
  | { do: "admit"; acts: { day: number; region: string; arrivedAt: number | null }[] }
  | { do: "close"; region: string; from: number; days: number }
  | { do: "donate" }
  | { do: "compromise"; from: number };

const region = fc.constantFrom("WUHAN", "SGP");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("admit" as const),
      acts: fc.array(fc.record({ day: fc.nat(4), region, arrivedAt: fc.option(fc.nat(9)) }), {
        minLength: 1,
        maxLength: 8,
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("close" as const), region, from: fc.nat(4), days: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "donate" as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("compromise" as const), from: fc.nat(9) }) },
);

interface Fact {
  readonly id: string;
  readonly day: number;
  readonly region: string;
  readonly arrivedAt: number | null;
  /** Number of the closing that it is in, `donated`, or null. */
  fate: number | "donated" | null;
}

describe("what a closing holds", () => {
  onEachEngine((bench) => {
    it("is what was open when it began, as if each fact had been marked", async () => {
      const db = bench.db();
      const run = async (steps: readonly Step[]): Promise<void> => {
        const tenant = await bench.tenant();
        const facts: Fact[] = [];
        const closings: Uint8Array[] = [];
        let compromisedFrom = Number.POSITIVE_INFINITY;
        const isSound = ({ arrivedAt }: Fact): boolean => arrivedAt === null || arrivedAt < compromisedFrom;
        await db.query(
          `INSERT INTO provider_keys (tenant, provider, public_key, valid_from, required, added_at)
           VALUES ($1, 'metro', $2, 0, false, 0)`,
          [tenant, KEY],
        );
        for (const one of steps) {
          switch (one.do) {
            case "admit": {
              const fresh = one.acts.map((act, i) => ({
                ...act,
                id: `${String(facts.length)} ${String(i)}`,
                fate: null,
              }));
              const { result } = await admit(db, tenant, fresh.map(reductionOf));
              expect(result.accepted).toBe(fresh.length);
              facts.push(...fresh);
              break;
            }
            case "donate": {
              const fact = facts.find((some) => some.fate === null && isSound(some));
              if (!fact) break;
              const records = [{ provider: reductionOf(fact).record.provider, recordId: fact.id }];
              const order = { from: "open", to: "donated", records, reference: "test" } as const;
              await moveDispositions(db, tenant, order, checkDispositionOrder);
              fact.fate = "donated";
              break;
            }
            case "compromise": {
              compromisedFrom = Math.min(compromisedFrom, one.from);
              await db.query(
                `UPDATE provider_keys SET revoked_at = $2, revocation = 'compromised' WHERE tenant = $1`,
                [tenant, compromisedFrom],
              );
              break;
            }
            case "close": {
              const taken = facts.filter(
                (fact) =>
                  fact.fate === null &&
                  isSound(fact) &&
                  fact.region === one.region &&
                  fact.day >= one.from &&
                  fact.day <= one.from + one.days,
              );
              const closingId = hash(`${tenant} ${String(closings.length)}`);
              const started = startClosing(db, tenant, {
                closingId,
                region: regionCode(one.region),
                startDay: (DAY + one.from) as Day,
                endDay: (DAY + one.from + one.days) as Day,
                timeZone: "Asia/Shanghai",
                createdAt: MORNING as UnixSeconds,
                previousBatchId: null,
              });
              if (taken.length === 0) {
                await expect(started).rejects.toBeInstanceOf(StateError);
                break;
              }
              expect((await started).closing.reductions).toBe(taken.length);
              for (const fact of taken) fact.fate = closings.length;
              closings.push(closingId);
              await db.query("UPDATE closings SET sealed = true WHERE tenant = $1", [tenant]);
              break;
            }
          }
        }
        for (const [number, closingId] of closings.entries()) {
          const ids: string[] = [];
          for await (const rows of streamPooled(db, tenant, closingId, 5_000))
            ids.push(...rows.map(({ record }) => record.recordId));
          const own = facts.filter(({ fate }) => fate === number).map(({ id }) => id);
          expect(ids.toSorted()).toEqual(own.toSorted());
        }
        const { rows, ledger } = await bothSums(db, tenant);
        expect(rows).toEqual(ledger);
      };
      await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), run), {
        numRuns: 25,
      });
    });
  });
});

function reductionOf({ id, day, region: code, arrivedAt }: Fact): Reduction {
  const act = reduction({ id, region: code, startedAt: MORNING + day * 86_400, milligrams: BigInt(1 + day) });
  if (arrivedAt === null) return act;
  const [subjectDigest, signature] = [hash("digest"), new Uint8Array(64)];
  const at = arrivedAt as UnixSeconds;
  return { ...act, evidence: { kind: "record", publicKey: KEY, subjectDigest, signature, arrivedAt: at } };
}
