import { describe, expect, it } from "vitest";
import { batchId } from "../../../../src/base/lib/ids.ts";
import { milligrams } from "../../../../src/base/lib/mass.ts";
import { checkSeal } from "../../../../src/stages/pool/checkSeal.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const HEAD = batchId(`0x${"a".repeat(64)}`);
const OTHER = batchId(`0x${"b".repeat(64)}`);
const CLOSING = { milligrams: milligrams(78_400n), previousBatchId: HEAD };
const code = (name: string) => refusedFor(name);

describe("sealing a closing", () => {
  it("takes the milligrams that were frozen, behind the batch that was sealed last", () => {
    expect(() => checkSeal(CLOSING, milligrams(78_400n), HEAD)).not.toThrow();
    expect(() => checkSeal({ ...CLOSING, previousBatchId: null }, milligrams(78_400n), null)).not.toThrow();
  });

  it.each([78_399n, 78_401n])("refuses %s milligrams", (total) => {
    expect(() => checkSeal(CLOSING, milligrams(total), HEAD)).toThrowError(code("batch.total-differs"));
  });

  it.each([OTHER, null])("refuses another head: %s", (head) => {
    expect(() => checkSeal(CLOSING, milligrams(78_400n), head)).toThrowError(code("batch.head-differs"));
  });
});
