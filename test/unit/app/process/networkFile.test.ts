import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseNetworkFile, readNetworkSettings } from "../../../../src/app/process/networkFile.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";

const folder = mkdtempSync(join(tmpdir(), "microtonne-network-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WHOLE = {
  schema: "microtonne-network/1",
  chainId: 4242,
  rpcUrl: "http://127.0.0.1:9545",
  deployment: "../harbour.json",
  confirmations: 3,
  developmentKeysChain: 4242,
  registrarRegions: ["WUHAN"],
  signers: {
    registrar: { keyFile: "registrar.json", passwordFile: "password" },
    verifier: { url: "https://signer.example", address: `0x${"ab".repeat(20)}` },
  },
};

describe("a network's file", () => {
  it("says what the settings say, with its paths from where it lies", () => {
    expect(readNetworkSettings(undefined, folder)).toEqual({});
    writeFileSync(join(folder, "network.json"), JSON.stringify(WHOLE));
    const config = parseConfig(readNetworkSettings(undefined, folder), { folder });
    expect(config).toMatchObject({
      chain: { chainId: 4242, rpcUrl: WHOLE.rpcUrl, finalityDepth: 3, pollMilliseconds: 100 },
      keyService: "development",
      developmentKeysChain: 4242,
      signers: {
        operator: null,
        registrar: {
          kind: "file",
          path: join(folder, "registrar.json"),
          passwordFile: join(folder, "password"),
        },
        verifier: { kind: "remote", url: "https://signer.example" },
      },
      registrar: { regions: ["WUHAN"] },
    });
    expect(config.chain.deploymentFile).toBe(join(folder, "../harbour.json"));
  });

  it.each([
    ["{", "no JSON"],
    [JSON.stringify(WHOLE).replace("{", '{"chainId":1,'), '"chainId" twice'],
    [`${"[".repeat(40)}${"]".repeat(40)}`, "levels deep"],
    [JSON.stringify({ ...WHOLE, chainId: "4242" }), "chainId"],
    [JSON.stringify({ ...WHOLE, privateKey: "canary-1" }), "network"],
    [JSON.stringify({ ...WHOLE, signers: { operator: { keyFile: "a.json" } } }), "signers.operator"],
    [JSON.stringify({ ...WHOLE, rpcUrl: "canary-2" }), "rpcUrl"],
  ])("is refused by field, without its values: %s", (text, said) => {
    const refusal = (): unknown => parseNetworkFile(text, "network.json");
    expect(refusal).toThrow(expect.objectContaining({ code: "network.malformed" }) as Error);
    expect(refusal).toThrow(said);
    expect(refusal).not.toThrow(/canary-[12]/);
  });

  it("that was named and is not there is said to be missing", () => {
    expect(() => readNetworkSettings(join(folder, "nowhere.json"), folder)).toThrow(
      expect.objectContaining({ code: "file.unreadable" }) as Error,
    );
  });
});
