import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../../../src/adapters/storage/engine/database.ts";
import { admissionMemory } from "../../../../../src/adapters/storage/reductions/admissionMemory.ts";
import { MIB } from "../../../../../src/base/lib/sizes.ts";
import type { SubjectKey, TenantId } from "../../../../../src/base/types/ids.ts";
import type { DayAct } from "../../../../../src/stages/plausibility/ports.ts";

const subjectKey = new Uint8Array(createHash("sha256").update("s").digest()) as SubjectKey;
const act: DayAct = { scenarioClass: 1, day: 1, startedAt: 0, endedAt: null, quantity: 1n };
const city = (i: number) => `city-${String(i)}` as TenantId;

/** Has a tenant's memory take some 20 MB. */
function fill(db: Database, tenant: TenantId): void {
  const { days } = admissionMemory(db, tenant);
  const acts = Array.from({ length: 70_000 }, () => act);
  days.catchUp(null);
  days.add("turn", [{ subjectKey, day: 1, acts, added: acts }]);
  days.catchUp("turn");
}

describe("what a process remembers of admissions", () => {
  it("takes one room for all tenants, and the latest come first", () => {
    const db = {} as Database;
    for (let i = 0; i < 16; i++) fill(db, city(i));
    // Asking is coming, which keeps: so the last that fits is asked for first.
    const bytes = [15, 14, 13, 12, 11, 10].map((i) => admissionMemory(db, city(i)).bytes);
    expect(bytes.reduce((a, b) => a + b)).toBeLessThanOrEqual(64 * MIB);
    expect(bytes.slice(0, 2).every((one) => one > 15 * MIB)).toBe(true);
    expect(bytes.slice(4).every((one) => one < 1_000)).toBe(true);
  });

  it("leaves a tenant its own, whatever it takes, and others what there is room for", () => {
    const db = {} as Database;
    fill(db, city(1));
    const first = admissionMemory(db, city(1));
    expect(first.bytes).toBeGreaterThan(15 * MIB);
    admissionMemory(db, city(2));
    expect(admissionMemory(db, city(1))).toBe(first);
  });
});
