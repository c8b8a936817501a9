import { decryptKeystoreJson, encryptKeystoreJson } from "ethers";
import { describe, expect, it } from "vitest";
import { decryptKeyFile, encryptKeyFile } from "../../../../../src/adapters/chain/signing/keyFile.ts";
import { systemRandomness } from "../../../../../src/app/process/system.ts";
import type { Hex } from "../../../../../src/base/types/ids.ts";

const KEY: Hex = `0x${"4c".repeat(32)}`;
const PASSWORD = "pässword of a test";
/** The example of the format's own description (Web3 Secret Storage Definition, scrypt). */
const PUBLISHED = {
  crypto: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "83dbcc02d8ccb40e466191a123791e0e" },
    ciphertext: "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
    kdf: "scrypt",
    kdfparams: {
      dklen: 32,
      n: 262144,
      r: 1,
      p: 8,
      salt: "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
    },
    mac: "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
  },
  id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
  version: 3,
};
const codeOf = async (opening: Promise<unknown>): Promise<string> =>
  opening.then(
    () => "none",
    (error: unknown) => (error as { code: string }).code,
  );

describe("key files", () => {
  it("open what the format's description gives as its example", async () => {
    expect(await decryptKeyFile(JSON.stringify(PUBLISHED), "testpassword", "example")).toBe(
      "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d",
    );
  });

  it("are read by ethers, and ours reads those of ethers, whatever cost they name", async () => {
    const ours = await encryptKeyFile(KEY, PASSWORD, systemRandomness);
    expect((await decryptKeystoreJson(ours, PASSWORD)).privateKey).toBe(KEY);
    const { address } = await decryptKeystoreJson(ours, PASSWORD);
    for (const scrypt of [
      { N: 4096, r: 8, p: 1 },
      { N: 2048, r: 1, p: 8 },
    ]) {
      const theirs = await encryptKeystoreJson({ address, privateKey: KEY }, PASSWORD, { scrypt });
      expect(await decryptKeyFile(theirs, PASSWORD, "theirs")).toBe(KEY);
    }
  });

  it("never show the key, and are another file each time", async () => {
    const [one, other] = await Promise.all([0, 1].map(() => encryptKeyFile(KEY, PASSWORD, systemRandomness)));
    expect(one).not.toBe(other);
    expect(one).not.toContain(KEY.slice(2));
  });

  it("that name another address than the key's are refused; some programs write none", async () => {
    const ours = await encryptKeyFile(KEY, PASSWORD, systemRandomness);
    const { address, ...rest } = JSON.parse(ours) as { address: string };
    const written = async (said: object): Promise<string> =>
      codeOf(decryptKeyFile(JSON.stringify({ ...rest, ...said }), PASSWORD, "k"));
    expect(await written({ address: "ab".repeat(20) })).toBe("signer.key-file");
    expect(await written({ address: "" })).toBe("signer.key-file");
    for (const fine of [{}, { address: null }, { address: `0x${address.toUpperCase()}` }])
      expect(await written(fine)).toBe("none");
  });

  it("do not open with another password, or where a byte differs", async () => {
    const text = JSON.stringify(PUBLISHED);
    expect(await codeOf(decryptKeyFile(text, "testpassworD", "a"))).toBe("signer.password");
    const changed = text.replace("d172bf74", "d172bf75");
    expect(await codeOf(decryptKeyFile(changed, "testpassword", "a"))).toBe("signer.password");
  });

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["another version", JSON.stringify({ ...PUBLISHED, version: 1 })],
    ["another derivation", JSON.stringify(withCrypto({ kdf: "pbkdf2" }))],
    ["another cipher", JSON.stringify(withCrypto({ cipher: "aes-256-gcm" }))],
    ["a short key", JSON.stringify(withCrypto({ ciphertext: "d172" }))],
    ["a cost that takes all memory", JSON.stringify(withCost({ n: 2 ** 30, r: 8 }))],
    ["a cost that is no power of two", JSON.stringify(withCost({ n: 1000 }))],
    ["a cost without end", JSON.stringify(withCost({ p: 1_000_000 }))],
    ["a cost of nothing", JSON.stringify(withCost({ n: 0 }))],
  ])("are refused as %s, without a byte of them", async (_what, text) => {
    const opening = decryptKeyFile(text, "testpassword", "operator.key.json");
    await expect(opening).rejects.toMatchObject({
      code: "signer.key-file",
      message: expect.stringContaining("operator.key.json") as string,
    });
    await expect(opening).rejects.not.toThrow(/d172|ab0c78|testpassword/);
  });
});

function withCrypto(change: object): object {
  return { ...PUBLISHED, crypto: { ...PUBLISHED.crypto, ...change } };
}

function withCost(change: object): object {
  return withCrypto({ kdfparams: { ...PUBLISHED.crypto.kdfparams, ...change } });
}
