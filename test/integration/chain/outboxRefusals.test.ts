import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlannedDeployment } from "../../../src/adapters/chain/deploy.ts";
import { mintBatch } from "../../../src/adapters/chain/intents/mintBatch.ts";
import { registerParticipant } from "../../../src/adapters/chain/intents/registerParticipant.ts";
import { localSigner } from "../../../src/adapters/chain/signers.ts";
import { CheckFailedError, StateError, UnavailableError, UsageError } from "../../../src/base/errors/errors.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import {
  admin,
  announcements,
  deployAll,
  hashOf,
  lifeOf,
  openTestChain,
  operator,
  type Life,
  type TestChain,
} from "./support/testChain.ts";

let chain: TestChain;
let planned: PlannedDeployment;

beforeEach(async () => {
  chain = await openTestChain();
  planned = await deployAll(chain);
});
afterEach(async () => chain.close());

const rpc = async (method: string, ...params: unknown[]): Promise<unknown> => chain.client.request(method, params);

async function enqueue(name: string): Promise<Life> {
  const life = await lifeOf(planned, name, null);
  for (const intent of life.intents) await chain.store.enqueue(intent);
  return life;
}

describe("an intent that cannot be", () => {
  test("is marked failed with the contract's reason, and what comes after can still go", async () => {
    const unknown = mintBatch(planned.contracts.BatchRegistry, operator.address, hashOf("no such batch") as BatchId);
    await chain.store.enqueue(unknown);
    const life = await enqueue("after a failure");
    const failure = await chain.settle().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CheckFailedError);
    expect(String(failure)).toContain("BatchUnknown(batchId: ");
    expect(await chain.store.find(unknown.key)).toMatchObject({ state: "failed", nonce: null });
    await chain.settle();
    expect(await announcements(chain.client, planned, life)).toEqual([1, 1, 1]);
  });

  test("and whose transaction reverts in its block, though it was fine before, fails with the reason", async () => {
    const account = localSigner(`0x${"22".repeat(32)}`).address;
    const terms = { account, kinds: ["corporate"], country: "CN", expiry: null, identityHash: hashOf("one") } as const;
    const { ParticipantRegistry } = planned.contracts;
    await rpc("evm_setAutomine", false);
    await chain.store.enqueue(registerParticipant(ParticipantRegistry, admin.address, terms));
    await expect(chain.settle({ minedWithinSeconds: 0 })).rejects.toThrow(UnavailableError);
    // The same account registered on other terms, by a transaction that is served first.
    const other = registerParticipant(ParticipantRegistry, admin.address, { ...terms, country: "SG" });
    await rpc("anvil_dropAllTransactions");
    const raw = (await chain.store.find(chain.store.all().at(-1)?.key ?? ""))?.raw;
    const nonce = Number(await rpc("eth_getTransactionCount", admin.address, "latest"));
    await rpc("anvil_impersonateAccount", admin.address);
    await rpc("evm_setAutomine", true);
    await rpc("eth_sendTransaction", { from: admin.address, to: other.to, data: other.data, nonce: `0x${nonce.toString(16)}` });
    expect(raw).not.toBeNull();
    await expect(chain.settle()).rejects.toThrow("ParticipantKnown(account: ");
    expect(chain.store.all().at(-1)?.state).toBe("failed");
  });

  test("for want of a signing key stays queued", async () => {
    const life = await enqueue("no key");
    await expect(chain.settle({ signers: [] })).rejects.toThrow(UsageError);
    expect((await chain.store.find(life.intents[0]?.key ?? ""))?.state).toBe("queued");
  });

  test("for want of funds stays signed and says whose account is empty", async () => {
    const poor = localSigner(`0x${"33".repeat(32)}`);
    await chain.store.enqueue({
      ...mintBatch(planned.contracts.BatchRegistry, poor.address, hashOf("x") as BatchId),
      kind: "mint",
      key: "mint:poor",
      data: "0x",
    });
    await expect(chain.settle({ signers: [poor] })).rejects.toThrow(/./);
    expect(chain.store.all().at(-1)?.state).not.toBe("final");
    const rich = registerParticipant(planned.contracts.ParticipantRegistry, admin.address, {
      account: poor.address,
      kinds: ["corporate"],
      country: "CN",
      expiry: null,
      identityHash: hashOf("rich"),
    });
    await chain.store.markFailed("mint:poor", "left out");
    await chain.store.enqueue(rich);
    await rpc("anvil_setBalance", admin.address, "0x1");
    const error = await chain.settle().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StateError);
    expect(String(error)).toContain(admin.address);
    await rpc("anvil_setBalance", admin.address, `0x${(10n ** 20n).toString(16)}`);
    expect(await chain.settle()).toBe(1);
  });

  test("because nobody knows its kind is refused", async () => {
    await chain.store.enqueue({ key: "odd:1", kind: "odd", from: operator.address, to: planned.contracts.BatchRegistry, data: "0x" });
    await expect(chain.settle()).rejects.toThrow('kind "odd"');
  });
});
