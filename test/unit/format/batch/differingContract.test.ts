import { describe, expect, it } from "vitest";
import { differingContract } from "../../../../src/format/batch/differingContract.ts";
import { CORE_CONTRACT_NAMES } from "../../../../src/format/v1/contractNames.ts";
import type { Address } from "../../../../src/base/types/ids.ts";

const at = (byte: string): Address => `0x${byte.repeat(20)}`;
const CORE = Object.fromEntries(CORE_CONTRACT_NAMES.map((name, i) => [name, at(`a${String(i)}`)]));
const FIRST = CORE_CONTRACT_NAMES[0];
const LAST = CORE_CONTRACT_NAMES.at(-1) as string;

describe("contracts of one deployment", () => {
  it("are the same addresses, whatever their case", () => {
    const upper = Object.fromEntries(
      Object.entries(CORE).map(([name, address]) => [name, `0x${address.slice(2).toUpperCase()}`] as const),
    );
    expect(differingContract(CORE, CORE)).toBeNull();
    expect(differingContract(CORE, upper)).toBeNull();
    expect(differingContract(upper, CORE)).toBeNull();
  });

  it("may have more names on one side, and differ in a name of both", () => {
    const more = { ...CORE, Extra: at("b1") };
    expect(differingContract(more, CORE)).toBeNull();
    expect(differingContract(CORE, more)).toBeNull();
    expect(differingContract(more, { ...more, Extra: at("b2") })).toEqual({
      name: "Extra",
      ours: at("b1"),
      theirs: at("b2"),
    });
    expect(differingContract({ ...CORE, constructor: at("b1") }, CORE)).toBeNull();
  });

  it("differ in the first core name that is another or missing, on either side", () => {
    const { [FIRST]: one, ...without } = CORE as Record<string, Address>;
    expect(differingContract({ ...CORE, [FIRST]: at("b1") }, CORE)).toEqual({
      name: FIRST,
      ours: at("b1"),
      theirs: one,
    });
    expect(differingContract(without, CORE)).toEqual({ name: FIRST, ours: null, theirs: one });
    expect(differingContract(CORE, without)).toEqual({ name: FIRST, ours: one, theirs: null });
    expect(differingContract(without, without)).toEqual({ name: FIRST, ours: null, theirs: null });
    expect(differingContract({ ...CORE, [FIRST]: undefined }, CORE)?.name).toBe(FIRST);
    expect(differingContract(CORE, { ...CORE, [LAST]: at("b1") })?.name).toBe(LAST);
  });
});
