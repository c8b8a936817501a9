import { decodeFunctionData } from "viem";
import { expect, it, vi } from "vitest";
import { participantRegistryAbi } from "../../../../src/adapters/chain/abis.generated.ts";
import { devSigners } from "../../../../src/adapters/chain/signers.ts";
import { localParticipant } from "../../../../src/app/chain/localParticipant.ts";
import { onIntentFinal } from "../../../../src/app/chain/onIntentFinal.ts";
import { PARTICIPANT_KINDS } from "../../../../src/base/types/participantKinds.ts";
import type { Signer } from "../../../../src/stages/outbox/ports.ts";
import { CONTRACTS } from "../../verify/support/sampleBatch.ts";

const [admin, first, second] = devSigners(31_337) as [Signer, Signer, Signer];
const termsOf = (signer: Signer) => {
  const intent = localParticipant(CONTRACTS.ParticipantRegistry, admin, signer, "verifier", "guardian");
  expect(intent).toMatchObject({ from: admin.address, to: CONTRACTS.ParticipantRegistry });
  const { args } = decodeFunctionData({ abi: participantRegistryAbi, data: intent.data });
  return args?.[0] as Record<string, unknown>;
};

it("a participant of the embedded chain has its kinds for good, in a firm of its own", () => {
  const { account, kinds, country, expiry, firmId } = termsOf(first);
  expect(String(account).toLowerCase()).toBe(first.address.toLowerCase());
  expect(Number(kinds)).toBe(PARTICIPANT_KINDS.verifier + PARTICIPANT_KINDS.guardian);
  // "CN" in ASCII.
  expect([country, expiry]).toEqual(["0x434e", 0]);
  expect(firmId).toMatch(/^0x[0-9a-f]{32}$/);
  expect(termsOf(second)["firmId"]).not.toBe(firmId);
  expect(termsOf(first)["firmId"]).toBe(firmId);
});

it("a final intent that changes nothing of ours is passed over in silence", async () => {
  const info = vi.fn<() => void>();
  const untouched = {} as never;
  const entry = { key: "appoint:0x01", kind: "appoint" } as never;
  await onIntentFinal(
    { db: untouched, tenant: untouched, log: { info } as never },
    untouched,
    { contracts: CONTRACTS } as never,
    entry,
  );
  expect(info).not.toHaveBeenCalled();
});
