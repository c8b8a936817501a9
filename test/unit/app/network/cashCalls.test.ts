import { expect, it } from "vitest";
import { cashCalls } from "../../../../src/app/network/cashCalls.ts";
import type { ChainView } from "../../../../src/app/chain/readChain.ts";
import type { Address, Hex } from "../../../../src/base/types/ids.ts";

const SettlementCash: Address = `0x${"ca".repeat(20)}`;
const view = { deployment: { contracts: { SettlementCash } } } as unknown as Pick<ChainView, "deployment">;
const FIRM: Hex = `0x${"b0".repeat(16)}`;

it("the bank and the limit of the cash are calls of their own, each only where it is asked", () => {
  const asked = (firmId: Hex | null, limit: bigint | null) =>
    cashCalls(view, { firmId, limit }).map(({ what }) => what);
  const bank = `the firm ${FIRM} issues the settlement cash`;
  expect(asked(FIRM, null)).toEqual([bank]);
  expect(asked(null, 5n)).toEqual(["5 base units of settlement cash may be in circulation"]);
  expect(asked(FIRM, 7n)).toEqual([bank, "7 base units of settlement cash may be in circulation"]);
  expect(() => asked(null, null)).toThrow(/^Say the bank that issues the cash, its limit, or both\.$/);
});

it("nothing asked is refused as network.cash", () => {
  expect(() => cashCalls(view, { firmId: null, limit: null })).toThrow(
    expect.objectContaining({ code: "network.cash" }),
  );
});
