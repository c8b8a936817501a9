import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  parseNetworkFile,
  readNetworkSettings,
  settingsOfNetwork,
} from "../../../../src/app/process/networkFile.ts";
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

  it.each([
    ["chainId", 1, Number.MAX_SAFE_INTEGER],
    ["confirmations", 0, 10_000],
    ["pollMilliseconds", 10, 60_000],
    ["developmentKeysChain", 1, Number.MAX_SAFE_INTEGER],
  ])("has bounds: %s", (name, least, most) => {
    const read = (value: number) => parseNetworkFile(JSON.stringify({ ...WHOLE, [name]: value }), "n");
    for (const value of [least, most]) expect(read(value)).toMatchObject({ [name]: value });
    for (const value of [least - 1, most + 1, least + 0.5])
      expect(() => read(value)).toThrow(`The network file n is refused at ${name}: `);
  });

  it.each([
    [{ schema: "microtonne-network/2" }, "schema"],
    [{ deployment: "" }, "deployment"],
    [{ rpcUrl: "ftp://node" }, "rpcUrl"],
    [{ registrarRegions: [] }, "registrarRegions"],
    [{ registrarRegions: ["WUHAN", "wuhan"] }, "registrarRegions.1: must match [A-Z0-9]{2,8}."],
    [{ signers: { banker: { keyFile: "a", passwordFile: "b" } } }, "signers"],
    [{ signers: { holder: { keyFile: "", passwordFile: "b" } } }, "signers.holder"],
    [{ signers: { holder: { keyFile: "a", passwordFile: "" } } }, "signers.holder"],
    [{ signers: { holder: { keyFile: "a", passwordFile: "b", url: "c" } } }, "signers.holder"],
    [{ signers: { holder: { url: "https://s", address: "0x12" } } }, "signers.holder"],
    [{ signers: { holder: { url: "ftp://s", address: WHOLE.signers.verifier.address } } }, "signers.holder"],
    [{ signers: { holder: { ...WHOLE.signers.verifier, more: 1 } } }, "signers.holder"],
  ])("is refused with %j", (change, at) => {
    expect(() => parseNetworkFile(JSON.stringify({ ...WHOLE, ...change }), "n")).toThrow(
      `The network file n is refused at ${at}`,
    );
  });

  it("says which file is no JSON", () => {
    const refusal = () => parseNetworkFile("{", "n.json");
    expect(refusal).toThrow("The network file n.json is no JSON");
    expect(refusal).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: "file.json" }) as Error }) as Error,
    );
  });

  it("leaves open what it does not say", () => {
    const { schema, chainId, rpcUrl, deployment } = WHOLE;
    const least = parseNetworkFile(JSON.stringify({ schema, chainId, rpcUrl, deployment }), "n");
    expect(settingsOfNetwork(least, "/there/network.json")).toEqual({
      MICROTONNE_RPC_URL: rpcUrl,
      MICROTONNE_CHAIN_ID: "4242",
      MICROTONNE_DEPLOYMENT: "/harbour.json",
      MICROTONNE_FINALITY_DEPTH: "0",
      MICROTONNE_POLL_MILLISECONDS: "100",
    });
  });

  it("becomes these settings", () => {
    const whole = parseNetworkFile(
      JSON.stringify({ ...WHOLE, pollMilliseconds: 250, registrarRegions: ["WUHAN", "X1"] }),
      "n",
    );
    expect(settingsOfNetwork(whole, "/there/network.json")).toEqual({
      MICROTONNE_RPC_URL: WHOLE.rpcUrl,
      MICROTONNE_CHAIN_ID: "4242",
      MICROTONNE_DEPLOYMENT: "/harbour.json",
      MICROTONNE_FINALITY_DEPTH: "3",
      MICROTONNE_POLL_MILLISECONDS: "250",
      MICROTONNE_DEVELOPMENT_KEYS_CHAIN: "4242",
      MICROTONNE_REGISTRAR_REGIONS: "WUHAN,X1",
      MICROTONNE_REGISTRAR_SIGNER: "/there/registrar.json",
      MICROTONNE_REGISTRAR_PASSWORD_FILE: "/there/password",
      MICROTONNE_VERIFIER_SIGNER: `https://signer.example#${WHOLE.signers.verifier.address}`,
    });
  });

  it("that was named and is not there is said to be missing", () => {
    const named = join(folder, "nowhere.json");
    const refusal = () => readNetworkSettings(named, folder);
    expect(refusal).toThrow(expect.objectContaining({ code: "file.unreadable" }) as Error);
    expect(refusal).toThrow(`The network file ${named} can't be read: there is none of that name.`);
  });

  it("is read under any name that was given, before the folder's own", () => {
    const named = join(folder, "other.json");
    writeFileSync(named, JSON.stringify({ ...WHOLE, chainId: 77, developmentKeysChain: null }));
    expect(readNetworkSettings(named, join(folder, "none"))).toMatchObject({ MICROTONNE_CHAIN_ID: "77" });
  });
});
