import { describe, expect, it } from "vitest";
import { z } from "zod";
import { canonicalJson } from "../../../src/format/canonicalJson.ts";
import { checkEvent, EVENT_DATA, EVENT_TYPES } from "../../../src/events/events.ts";

const ID = `0x${"ab".repeat(32)}`;
const SEALED = {
  batchId: ID,
  region: "WUHAN",
  vintage: 2025,
  leafCount: 2,
  root: ID,
  totalMilligrams: "7840",
  bufferMilligrams: "392",
};

describe("an event", () => {
  it("is of a type on the list, with the data that belongs to it", () => {
    expect(checkEvent("batch.sealed", SEALED)).toEqual({ type: "batch.sealed", data: SEALED });
    for (const type of ["batch.burned", "", "constructor", "__proto__"]) {
      expect(() => checkEvent(type, SEALED)).toThrowError(expect.objectContaining({ code: "event.unknown" }));
    }
  });

  it("has no room for a person, under any type and at any depth, and its refusal repeats no value", () => {
    const canary = "Wang Xiaoming 4201061990";
    const fields = ["beneficiary", "name", "subject", "recordId", "failure", "note"];
    for (const field of fields) {
      const refused = expect.objectContaining({
        code: "event.data",
        message: expect.not.stringContaining("Wang") as string,
      }) as Error;
      expect(() => checkEvent("batch.sealed", { ...SEALED, [field]: canary })).toThrowError(refused);
      expect(() => checkEvent("batch.committed", { batchId: canary })).toThrowError(refused);
      const lines = [{ batchId: ID, start: "0", end: "1", [field]: canary }];
      expect(() =>
        checkEvent("retirement.final", { retirementId: ID, milligrams: "1", retiredAt: 1, lines }),
      ).toThrowError(refused);
    }
    // A text of any content would be such room: every string has a pattern, or is one of a few.
    const strings = (schema: unknown): Record<string, unknown>[] => {
      if (schema === null || typeof schema !== "object") return [];
      const own = "type" in schema && schema.type === "string" ? [schema as Record<string, unknown>] : [];
      return [...own, ...Object.values(schema).flatMap((each) => strings(each))];
    };
    for (const type of EVENT_TYPES) {
      const found = strings(z.toJSONSchema(EVENT_DATA[type]));
      expect(found.length).toBeGreaterThan(0);
      for (const text of found) expect("pattern" in text || "enum" in text, type).toBe(true);
    }
  });

  it("is canonical JSON, the same bytes each time", () => {
    const { data } = checkEvent("batch.sealed", Object.fromEntries(Object.entries(SEALED).toReversed()));
    expect(canonicalJson(data)).toBe(canonicalJson(SEALED));
  });
});
