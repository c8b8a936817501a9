import { keccak256, parseTransaction, recoverAddress, toHex, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localSigner } from "../../../src/adapters/chain/signers.ts";
import { remoteSigner } from "../../../src/adapters/chain/signing/remoteSigner.ts";
import type { Signer } from "../../../src/stages/outbox/ports.ts";
import { startWeb3signer, type Web3signerMood, type Web3signerStub } from "../../support/startWeb3signer.ts";

const KEY: Hex = `0x${"4d".repeat(32)}`;
const FIELDS = {
  chainId: 4242,
  nonce: 7,
  to: `0x${"ab".repeat(20)}`,
  data: "0x1234",
  gas: 90_000n,
  maxFeePerGas: 2_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
} as const;
let service: Web3signerStub;
const open = (callMilliseconds?: number): Promise<Signer> =>
  remoteSigner({
    url: service.url,
    address: service.address,
    ...(callMilliseconds !== undefined && { callMilliseconds }),
  });

beforeAll(async () => {
  service = await startWeb3signer(KEY);
});
afterAll(() => service.stop());

describe("a signing service", () => {
  it("signs transactions as a key in this process does, to the byte", async () => {
    const [remote, local] = [await open(), localSigner(KEY)];
    expect(remote.address).toBe(local.address);
    for (const to of [FIELDS.to, null]) {
      const raw = await remote.signTransaction({ ...FIELDS, to });
      expect(raw).toBe(await local.signTransaction({ ...FIELDS, to }));
      expect(parseTransaction(raw)).toMatchObject({ chainId: 4242, nonce: 7, type: "eip1559" });
    }
  });

  it("signs EIP-712 and personal messages, and sees what it signs", async () => {
    const remote = await open();
    const account = privateKeyToAccount(KEY);
    const personal = toHex("\u0019Ethereum Signed Message:\n5hello");
    expect(await remote.signKeccakOf(personal)).toBe(await account.signMessage({ message: "hello" }));
    // Two hashes behind 0x1901, as EIP-712 has them.
    const domain = keccak256(toHex("anything of 32 bytes"));
    const message = `0x1901${domain.slice(2)}${domain.slice(2)}` as const;
    const signature = await remote.signKeccakOf(message);
    expect(await recoverAddress({ hash: keccak256(message), signature })).toBe(account.address);
    expect(service.asked.slice(-2)).toEqual([personal, message]);
  });

  it.each<[Web3signerMood, string]>([
    [400, "signer.refused"],
    [404, "signer.refused"],
    [500, "signer.unavailable"],
    ["silent", "signer.unavailable"],
    ["endless", "signer.unavailable"],
    ["redirect", "signer.unavailable"],
    ["other-key", "signer.wrong-signature"],
    ["high-s", "signer.wrong-signature"],
    ["zeros", "signer.wrong-signature"],
    ["babble", "signer.wrong-signature"],
  ])("that answers with %s is refused by name, and nothing of its answer is repeated", async (mood, code) => {
    const remote = await open(500);
    service.mood = mood;
    try {
      const signing = remote.signTransaction(FIELDS);
      await expect(signing).rejects.toMatchObject({ code });
      await expect(signing).rejects.not.toThrow(/canary/);
      await expect(remote.signKeccakOf("0x1234")).rejects.toMatchObject({ code });
    } finally {
      service.mood = "fine";
    }
    expect(await remote.signTransaction(FIELDS)).toMatch(/^0x02/);
  });

  it("that keeps another key, is away, or is none, is told at the start", async () => {
    const { url } = service;
    await expect(remoteSigner({ url, address: `0x${"12".repeat(20)}` })).rejects.toMatchObject({
      code: "signer.unknown-key",
    });
    const address = service.address;
    await expect(remoteSigner({ url: "http://127.0.0.1:1", address })).rejects.toMatchObject({
      code: "signer.unavailable",
    });
    await expect(remoteSigner({ url: `${url}/nowhere`, address })).rejects.toMatchObject({
      code: "signer.refused",
    });
  });

  it.each(["http://signer.example:9000", "ftp://127.0.0.1", "https://user:canary@signer.example", "nothing"])(
    "is reached over TLS or at this machine only, without a password in its address: not %s",
    async (url) => {
      const opening = remoteSigner({ url, address: service.address });
      await expect(opening).rejects.toMatchObject({ code: "signer.url" });
      await expect(opening).rejects.not.toThrow(/canary/);
    },
  );
});
