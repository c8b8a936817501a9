import { describe, expect, it } from "vitest";
import { signerPowers } from "../../../../src/stages/network/signerPowers.ts";
import { account, participant } from "./support/participants.ts";

const PURSE = { gasPrice: 7n, balance: 1n };
const ROLES = [
  { name: "governor", members: [account("1"), account("2")] },
  { name: "appointer", members: [] },
  { name: "pauser", members: [account("2")] },
];

describe("what a key may do on a network", () => {
  it("are its roles, in their order, and its kinds", () => {
    const known = [participant("1", ["bank"]), participant("2", ["operator", "platform"])];
    expect(signerPowers(account("2"), known, ROLES, PURSE)).toEqual({
      roles: ["governor", "pauser"],
      kinds: ["operator", "platform"],
      canPay: true,
    });
    expect(signerPowers(account("3"), known, ROLES, PURSE)).toEqual({ roles: [], kinds: [], canPay: true });
  });

  it.each(["none", "suspended", "recovered", "barred", "recovering", "unknown"] as const)(
    "is nothing in the registry while it is %s there",
    (status) => {
      const known = [participant("2", ["operator"], { status })];
      expect(signerPowers(account("2"), known, ROLES, PURSE).kinds).toEqual([]);
    },
  );

  it.each([
    [0n, 0n, true],
    [0n, 1n, true],
    [1n, 0n, false],
    [1n, 1n, true],
  ])("at a price of %d and with %d wei it can pay: %s", (gasPrice, balance, canPay) => {
    expect(signerPowers(account("1"), [], [], { gasPrice, balance }).canPay).toBe(canPay);
  });
});
