import { describe, expect, it } from "vitest";
import {
  answer,
  CASH,
  claimTwice,
  commitLeaves,
  disputed,
  evidenceFor,
  freshDisputes,
  keyOf,
  openDispute,
  rule,
  struck,
  TERMS,
} from "../support/disputes.ts";
import { refusal } from "../support/refusal.ts";

describe("bonds", () => {
  it("never hold a ruling up: one who can't receive cash is paid when that has passed", async () => {
    const system = await freshDisputes();
    const { disputesContract, participants, corporate, regulator, cash, admin } = system;
    const { one, other, dispute } = await disputed(system);
    await answer(system, dispute, [0, 1]);
    await participants.connect(regulator).setStatus(corporate.address, 2);
    await cash.connect(admin).setPaused(true);
    await rule(system, dispute, 0b01, [one, other]);
    await expect(refusal(disputesContract.withdraw(corporate.address))).resolves.toBe(
      `ERC7943CannotReceive(${corporate.address})`,
    );
    await participants.connect(regulator).setStatus(corporate.address, 1);
    await disputesContract.withdraw(corporate.address);
    await expect(cash.balanceOf(corporate.address)).resolves.toBe(CASH);
  });

  it("may be opened by an operator against its own leaf", async () => {
    const system = await freshDisputes();
    const [one, other] = await claimTwice(system);
    const dispute = await openDispute(system, [one.proofAt(1), other.proofAt(0)], system.otherOperator);
    await answer(system, dispute, [0, 1]);
    await rule(system, dispute, 0b01, [one, other]);
    await expect(struck(system, other, 0)).resolves.toBe(true);
    await expect(system.disputesContract.owedTo(system.otherOperator.address)).resolves.toBe(
      TERMS.doubleClaimBond,
    );
  });

  it("follow new terms only for what is opened later", async () => {
    const system = await freshDisputes();
    const { disputesContract, admin, outsider } = system;
    const { dispute } = await disputed(system);
    const terms = { responseSeconds: 10, rulingSeconds: 20, doubleClaimBond: 5n, openGramBond: 0n };
    await expect(refusal(disputesContract.connect(outsider).setTerms(terms))).resolves.toBe(
      `AccessManagedUnauthorized(${outsider.address})`,
    );
    await expect(
      refusal(disputesContract.connect(admin).setTerms({ ...terms, responseSeconds: 0 })),
    ).resolves.toBe("TermsIncomplete()");
    await expect(
      refusal(disputesContract.connect(admin).setTerms({ ...terms, rulingSeconds: 0 })),
    ).resolves.toBe("TermsIncomplete()");
    await disputesContract.connect(admin).setTerms(terms);
    expect((await disputesContract.terms()).doubleClaimBond).toBe(5n);
    await evidenceFor(system, dispute, 0, system.operator);
    await expect(refusal(disputesContract.expire(dispute))).resolves.toBe(
      `ResponseTimeOpen(${String(dispute.responseEndsAt)})`,
    );
    const batch = await commitLeaves(system, {
      batchId: 31n,
      leaves: [{ key: 7, nextKey: keyOf(8) }, { key: 7 }],
    });
    const later = await openDispute(system, [batch.proofAt(0), batch.proofAt(1)]);
    expect([later.bond, later.rulingEndsAt - later.responseEndsAt]).toEqual([5n, 20n]);
  });
});
