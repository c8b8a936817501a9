import { describe, expect, it } from "vitest";
import { RLP } from "@ethereumjs/rlp";
import { NodeRefusal } from "../../../../src/adapters/chain/client.ts";
import { proveAtBlock } from "../../../../src/adapters/chain/proveAtBlock.ts";
import { toHex, fromHex } from "../../../../src/base/lib/bytes.ts";
import { CONTRACT_NAMES, type ContractAddresses } from "../../../../src/base/types/deployment.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { liveState } from "../../../../src/verify/chain/liveState.ts";

const WORD = `0x${"11".repeat(32)}`;
const ACCOUNT = { address: `0x${"0a".repeat(20)}` as const, slots: [] };
/** A header of two fields; who hashes it again comes to the same. */
const BLOCK = {
  number: "0x7",
  timestamp: "0x1",
  parentHash: WORD,
  hash: toHex(keccak(RLP.encode([fromHex(WORD), 7n, 1n]))),
};
const ANSWERS = {
  eth_chainId: () => "0x7a69",
  eth_blockNumber: () => "0x7",
  eth_getBlockByNumber: (): unknown => BLOCK,
  eth_getProof: (): unknown => ({ accountProof: [], storageProof: [] }),
};
/** A node that answers so. */
const nodeOf = (answers: Partial<typeof ANSWERS>) => ({
  chainId: 31_337,
  finalityDepth: 0,
  ask: () => Promise.reject(new Error("Nobody asks.")),
  request: (method: string): Promise<unknown> =>
    Promise.resolve().then(() => ({ ...ANSWERS, ...answers })[method as keyof typeof ANSWERS]()),
});
const proved = (answers: Partial<typeof ANSWERS>) => proveAtBlock(nodeOf(answers), [ACCOUNT]);
/** Answers of one method, one after the other. */
const inTurn = (...blocks: readonly unknown[]) => {
  let asked = 0;
  return () => blocks[Math.min(asked++, blocks.length - 1)];
};
const MOVED = { ...BLOCK, hash: WORD };

describe("a proof at a block", () => {
  it("is of the node's header, where the node keeps to it", async () => {
    expect(await proved({})).toMatchObject({ blockNumber: 7n, blockHash: BLOCK.hash });
  });

  it("is refused where the node has no such block", async () => {
    await expect(proved({ eth_getBlockByNumber: () => null })).rejects.toMatchObject({
      code: "block.missing",
      message: expect.stringContaining("has no block") as unknown,
    });
  });

  it("is refused of headers that hash to something else", async () => {
    await expect(proved({ eth_getBlockByNumber: () => MOVED })).rejects.toMatchObject({
      code: "block.header",
      message: expect.stringContaining("of a kind that proofs do not support") as unknown,
    });
  });

  it("is asked for at a newer block where the node has forgotten the state", async () => {
    const eth_getProof = () => {
      throw new NodeRefusal("eth_getProof", -32_000, "missing trie node", null);
    };
    await expect(proved({ eth_getProof })).rejects.toMatchObject({
      code: "block.forgotten",
      message: expect.stringContaining("Prove at a newer block.") as unknown,
    });
  });

  it("is tried again where the block was replaced meanwhile", async () => {
    await expect(proved({ eth_getBlockByNumber: inTurn(BLOCK, BLOCK, MOVED) })).rejects.toMatchObject({
      code: "block.moved",
      message: expect.stringContaining("Try again.") as unknown,
    });
  });
});

describe("a live state", () => {
  const contracts = Object.fromEntries(
    CONTRACT_NAMES.map((name) => [name, ACCOUNT.address]),
  ) as unknown as ContractAddresses;
  const live = (answers: Partial<typeof ANSWERS>) =>
    liveState({ mode: "rpc", chainId: 31_337, client: nodeOf(answers), contracts });

  it("is refused where the node has no final block yet", async () => {
    await expect(live({ eth_getBlockByNumber: () => null })).rejects.toMatchObject({
      code: "verify.no-block",
      message: expect.stringContaining("Try again later.") as unknown,
    });
  });

  it("is refused at its end where the block was replaced while it was read", async () => {
    await (await live({})).finish();
    for (const after of [MOVED, null])
      await expect(
        (await live({ eth_getBlockByNumber: inTurn(BLOCK, after) })).finish(),
      ).rejects.toMatchObject({
        code: "verify.block-moved",
        message: expect.stringContaining("Try again.") as unknown,
      });
  });
});
