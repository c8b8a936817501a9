import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { processConfig, processPlaces, SETTINGS } from "../../../../src/app/process/config.ts";

const ADDRESS = `0x${"ab".repeat(20)}`;
const KEY = `0x${"12".repeat(32)}`;
const NETWORK = {
  schema: "microtonne-network/1",
  chainId: 4242,
  rpcUrl: "http://127.0.0.1:9545",
  deployment: "harbour.json",
  signers: {
    operator: { url: "https://signer.example", address: ADDRESS },
    verifier: { keyFile: "verifier.json", passwordFile: "password" },
  },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-process-"));
  for (const name of Object.keys(SETTINGS.shape)) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("the settings of a process", () => {
  it("are those of its environment, and where it says nothing those of its folder's network", () => {
    writeFileSync(join(folder, "network.json"), JSON.stringify(NETWORK));
    vi.stubEnv("MICROTONNE_FOLDER", folder);
    vi.stubEnv("MICROTONNE_CHAIN_ID", "");
    vi.stubEnv("MICROTONNE_RPC_URL", "http://127.0.0.1:7");
    expect(processConfig({})).toMatchObject({
      folder,
      chain: { chainId: 4242, rpcUrl: "http://127.0.0.1:7", deploymentFile: join(folder, "harbour.json") },
      signers: {
        operator: { kind: "remote", url: "https://signer.example", address: ADDRESS },
        verifier: {
          kind: "file",
          path: join(folder, "verifier.json"),
          passwordFile: join(folder, "password"),
        },
        registrar: null,
      },
    });
  });

  it("are those of the network that is named, wherever its file lies", () => {
    const file = join(folder, "far.json");
    writeFileSync(file, JSON.stringify(NETWORK));
    vi.stubEnv("MICROTONNE_NETWORK", file);
    expect(processConfig({ folder: "elsewhere" })).toMatchObject({
      folder: resolve("elsewhere"),
      chain: { chainId: 4242, deploymentFile: join(folder, "harbour.json") },
    });
  });

  it("take a key of the environment for the one in the network's file, role by role", () => {
    writeFileSync(join(folder, "network.json"), JSON.stringify(NETWORK));
    vi.stubEnv("MICROTONNE_OPERATOR_PRIVATE_KEY", KEY);
    const { signers } = processConfig({ folder });
    expect(signers.operator).toEqual({ kind: "key", privateKey: KEY });
    expect(signers.verifier).toMatchObject({ kind: "file", path: join(folder, "verifier.json") });
  });

  it("are a tenant's whom the caller names, where the environment names none", () => {
    expect(processConfig({ folder, tenant: "mine" as never }).tenant).toBe("mine");
    vi.stubEnv("MICROTONNE_TENANT", "its");
    expect(processConfig({ folder, tenant: "mine" as never }).tenant).toBe("its");
  });
});

describe("the places of a process", () => {
  it("are the caller's, else the environment's, else the usual folder", () => {
    expect(processPlaces({})).toEqual({ folder: resolve(".microtonne"), network: undefined });
    vi.stubEnv("MICROTONNE_FOLDER", folder);
    vi.stubEnv("MICROTONNE_NETWORK", "far.json");
    expect(processPlaces({})).toEqual({ folder, network: "far.json" });
    expect(processPlaces({ folder: "mine" }).folder).toBe(resolve("mine"));
    vi.stubEnv("MICROTONNE_FOLDER", "");
    vi.stubEnv("MICROTONNE_NETWORK", "");
    expect(processPlaces({})).toEqual({ folder: resolve(".microtonne"), network: undefined });
  });
});
