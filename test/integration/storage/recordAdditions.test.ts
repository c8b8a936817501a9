import { describe, expect, it } from "vitest";
import { startClosing } from "./support/startClosing.ts";
import {
  findPooledUnderActivityKey,
  streamPooled,
} from "../../../src/adapters/storage/batches/streamPooled.ts";
import type { ActivityRecord } from "../../../src/base/types/activityRecord.ts";
import type { Hex } from "../../../src/base/types/ids.ts";
import type { Reduction } from "../../../src/base/types/reduction.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { admit, hash, MORNING, reduction, REGION } from "./support/samples.ts";

const DAY = Math.floor(MORNING / 86_400);
const key: Hex = `0x${"ab".repeat(32)}`;
const withAdditions = (id: string, additions: Partial<ActivityRecord>): Reduction => {
  const one = reduction({ id });
  return { ...one, record: { ...one.record, ...additions } };
};

describe("what records of the second form add", () => {
  onEachEngine((bench) => {
    it("comes out of a closing as it went in, and ordinary acts say nothing of it", async () => {
      const { db, tenant } = { db: bench.db(), tenant: await bench.tenant() };
      const additions: Partial<ActivityRecord>[] = [
        {},
        { evidence: "metered" },
        { evidence: "metered", consentText: "2026-01" },
        { asset: { kind: "meter", key } },
        { evidence: "photo", attributes: { "supply-mix": "風電", size: "1.5" } },
        { asset: { kind: "vehicle", key }, revision: 3, previousRevision: key },
      ];
      const reductions = additions.map((some, i) => withAdditions(`a-${String(i)}`, some));
      await admit(db, tenant, reductions);
      await startClosing(db, tenant, {
        closingId: hash("one"),
        region: REGION,
        startDay: DAY as Day,
        endDay: (DAY + 1) as Day,
        timeZone: "Asia/Shanghai",
        createdAt: MORNING as UnixSeconds,
        previousBatchId: null,
      });
      const found = new Map<string, ActivityRecord>();
      for await (const rows of streamPooled(db, tenant, hash("one"), 100))
        for (const { record } of rows) found.set(record.recordId, record);
      expect(found.size).toBe(additions.length);
      for (const { record, activityKey } of reductions) {
        expect(found.get(record.recordId)).toStrictEqual(record);
        const [alone] = await findPooledUnderActivityKey(db, tenant, hash("one"), activityKey);
        expect(alone?.record).toStrictEqual(record);
      }
      // A source for each grade and text; an ordinary fact has one empty column more.
      expect(
        await db.query("SELECT grade, consent_text FROM sources WHERE tenant = $1 ORDER BY 1, 2", [tenant]),
      ).toEqual([
        { grade: "declared", consent_text: "" },
        { grade: "metered", consent_text: "" },
        { grade: "metered", consent_text: "2026-01" },
        { grade: "photo", consent_text: "" },
      ]);
      expect(
        await db.query(
          `SELECT count(*)::int4 AS facts, max(pg_column_size(f.extra)) AS most FROM facts f
           JOIN sources s USING (source) WHERE s.tenant = $1 AND octet_length(f.extra) = 0`,
          [tenant],
        ),
      ).toEqual([{ facts: 3, most: 1 }]);
    });
  });
});
