import { describe, expect, test } from "vitest";
import { NodeRefusal } from "../../../src/adapters/chain/client.ts";
import { mintIntent } from "../../../src/adapters/chain/intents/mintIntent.ts";
import { encodeFunctionData, stringToHex } from "viem";
import { methodologyRegistryAbi } from "../../../src/adapters/chain/abis.generated.ts";
import { publishMethodology } from "../../../src/adapters/chain/intents/publishMethodology.ts";
import type { Methodology } from "../../../src/base/types/methodology.ts";
import { methodologyIdOf } from "../../../src/format/batch/methodology.ts";
import { shippedMethodologies } from "../../../src/stages/quantify/shippedMethodologies.ts";
import { appointParticipant } from "../../../src/adapters/chain/intents/appointParticipant.ts";
import { localSigner } from "../../../src/adapters/chain/signers.ts";
import { CheckFailedError, StateError } from "../../../src/base/errors/errors.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import { admin, announcements, firmIdOf, hashOf, operator } from "./support/testChain.ts";
import { onFreshChain } from "./support/onFreshChain.ts";

const here = onFreshChain();

describe("an intent that cannot be", () => {
  test("is marked failed with the contract's reason, and what comes after can still go", async () => {
    const unknown = mintIntent(
      here.planned.contracts.BatchRegistry,
      operator.address,
      hashOf("no such batch") as BatchId,
    );
    await here.chain.store.enqueue(unknown);
    const life = await here.enqueue("after a failure");
    const failure = await here.chain.settle().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CheckFailedError);
    expect(failure).toMatchObject({ code: "outbox.failed" });
    expect(String(failure)).toContain("BatchUnknown(batchId: ");
    expect(await here.chain.store.find(unknown.key)).toMatchObject({ state: "failed", nonce: null });
    await here.chain.settle();
    expect(await announcements(here.chain.client, here.planned, life)).toEqual([1, 1, 1]);
  });

  test("and whose transaction reverts in its block, though it was fine, fails with the reason", async () => {
    const methodology = shippedMethodologies().find(({ region }) => region !== "WUHAN") as Methodology;
    const { MethodologyRegistry } = here.planned.contracts;
    await here.rpc("evm_setAutomine", false);
    await here.chain.store.enqueue(publishMethodology(MethodologyRegistry, admin.address, methodology));
    await expect(here.chain.settle({ minedWithinSeconds: 0 })).rejects.toMatchObject({
      code: "outbox.not-mined",
    });
    // The same methodology published on other terms, by a transaction that is served first.
    const other = {
      to: MethodologyRegistry,
      data: encodeFunctionData({
        abi: methodologyRegistryAbi,
        functionName: "publish",
        args: [methodologyIdOf(methodology), stringToHex(methodology.region, { size: 8 }), 0, 1],
      }),
    };
    await here.rpc("anvil_dropAllTransactions");
    const raw = (await here.chain.store.find(here.chain.store.all().at(-1)?.key ?? ""))?.raw;
    const nonce = Number(await here.rpc("eth_getTransactionCount", admin.address, "latest"));
    await here.rpc("anvil_impersonateAccount", admin.address);
    await here.rpc("evm_setAutomine", true);
    await here.rpc("eth_sendTransaction", {
      from: admin.address,
      to: other.to,
      data: other.data,
      nonce: `0x${nonce.toString(16)}`,
    });
    expect(raw).not.toBeNull();
    await expect(here.chain.settle()).rejects.toThrow("MethodologyKnown(methodologyId: ");
    expect(here.chain.store.all().at(-1)?.state).toBe("failed");
  });

  test("for want of a signing key stays queued", async () => {
    const life = await here.enqueue("no key");
    await expect(here.chain.settle({ signers: [] })).rejects.toMatchObject({
      code: "outbox.no-signer",
      message: `No signing key for ${operator.address}, which must send ${life.intents[0]?.key ?? ""}.`,
    });
    expect((await here.chain.store.find(life.intents[0]?.key ?? ""))?.state).toBe("queued");
  });

  test("for want of funds stays signed and says whose account is empty", async () => {
    const rich = appointParticipant(here.planned.contracts.ParticipantRegistry, admin.address, {
      account: localSigner(`0x${"33".repeat(32)}`).address,
      kinds: ["corporate"],
      country: "CN",
      expiry: null,
      firmId: firmIdOf("rich"),
    });
    await here.chain.store.enqueue(rich);
    await here.rpc("anvil_setBalance", admin.address, "0x1");
    const error = await here.chain.settle().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StateError);
    expect(error).toMatchObject({
      code: "chain.no-funds",
      message: expect.stringContaining("Fund it, then try again.") as unknown,
    });
    expect(String(error)).toContain(admin.address);
    expect((await here.chain.store.find(rich.key))?.state).toBe("signed");
    await here.rpc("anvil_setBalance", admin.address, `0x${(10n ** 20n).toString(16)}`);
    expect(await here.chain.settle()).toBe(1);
  });

  test("because nobody knows its kind is refused", async () => {
    await here.chain.store.enqueue({
      key: "odd:1",
      kind: "odd",
      from: operator.address,
      to: here.planned.contracts.BatchRegistry,
      data: "0x",
    });
    await expect(here.chain.settle()).rejects.toMatchObject({
      code: "outbox.unknown-kind",
      message: 'Nothing recognises intents of kind "odd" on chain.',
    });
  });

  test("because the node is behind a deployment's nonce is tried again later", async () => {
    const key = "deploy:BatchRegistry:9999";
    await here.chain.store.enqueue({ key, kind: "deploy", from: admin.address, to: null, data: "0x00" });
    await expect(here.chain.settle()).rejects.toMatchObject({
      code: "outbox.nonce-ahead",
      message: expect.stringMatching(
        /^deploy:BatchRegistry:9999 needs nonce 9999, .* Try again when/,
      ) as unknown,
    });
    expect((await here.chain.store.find(key))?.state).toBe("queued");
  });

  test("because no fee is enough for the node stays signed under one nonce", async () => {
    const life = await here.enqueue("too cheap");
    let offered = 0;
    const client: typeof here.chain.client = {
      ...here.chain.client,
      request: async (method, params) => {
        if (method !== "eth_sendRawTransaction") return here.chain.client.request(method, params);
        offered++;
        throw new NodeRefusal(method, -32_000, "transaction underpriced", null);
      },
    };
    await expect(here.chain.settle({ client })).rejects.toMatchObject({
      code: "outbox.underpriced",
      message: expect.stringContaining("takes no fee that was offered") as unknown,
    });
    expect(offered).toBeGreaterThan(1);
    const nonce = Number(await here.rpc("eth_getTransactionCount", operator.address, "latest"));
    expect(await here.chain.store.find(life.intents[0]?.key ?? "")).toMatchObject({ state: "signed", nonce });
    await here.chain.settle();
    expect(await announcements(here.chain.client, here.planned, life)).toEqual([1, 1, 1]);
  });

  test("because no node takes its stored transaction is signed anew under its nonce", async () => {
    const life = await here.enqueue("a bad signature");
    const nonce = Number(await here.rpc("eth_getTransactionCount", operator.address, "latest"));
    const key = life.intents[0]?.key ?? "";
    // As geth does with a signature in the upper half; anvil takes it.
    const first: unknown[] = [];
    const client: typeof here.chain.client = {
      ...here.chain.client,
      request: async (method, params) => {
        if (method !== "eth_sendRawTransaction") return here.chain.client.request(method, params);
        if (first.length === 0) first.push(params[0]);
        if (params[0] !== first[0]) return here.chain.client.request(method, params);
        throw new NodeRefusal(method, -32_000, "invalid transaction v, r, s values", null);
      },
    };
    await expect(here.chain.settle({ client })).rejects.toMatchObject({ code: "chain.refused" });
    expect(await here.chain.store.find(key)).toMatchObject({ state: "signed", nonce, raw: first[0] });
    // Fees of its own, so that the bytes are others.
    await here.rpc("anvil_setNextBlockBaseFeePerGas", "0x4a817c800");
    await here.rpc("anvil_mine", "0x1");
    await here.chain.settle({ client });
    expect(await here.chain.store.find(key)).toMatchObject({ nonce });
    expect(await announcements(here.chain.client, here.planned, life)).toEqual([1, 1, 1]);
  });
});
