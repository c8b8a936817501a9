import { describe, expect, it } from "vitest";
import type { Deployment } from "../../../../src/base/types/deployment.ts";
import {
  decodeDeployment,
  encodeDeployment,
  parseDeployment,
} from "../../../../src/format/onchain/deployment.ts";

const address = (digit: string) => `0x${digit.repeat(40)}` as const;
const deployment: Deployment = {
  schema: "microtonne-deployment/1",
  network: "embedded",
  chainId: 31337,
  contracts: {
    AccessManager: address("1"),
    ParticipantRegistry: address("2"),
    MethodologyRegistry: address("3"),
    BatchRegistry: address("a"),
    CarbonCredit: address("4"),
    RetirementRegistry: address("5"),
    BatchDisputes: address("6"),
    ExternalUnits: address("7"),
    SettlementCash: address("8"),
    CarbonPoolFactory: address("9"),
  },
  block: 7,
  blockHash: `0x${"ab".repeat(32)}`,
  commit: "local",
};
const bytes = (text: string) => new TextEncoder().encode(text);

describe("a deployment file", () => {
  it("comes back as it was written", () => {
    expect(decodeDeployment(bytes(encodeDeployment(deployment)))).toEqual(deployment);
    expect(encodeDeployment(deployment)).toMatch(/^\{\n {2}"schema"/);
  });

  it("may spell addresses with capitals; inside they are lower case", () => {
    const spelt = { ...deployment, contracts: { ...deployment.contracts, BatchRegistry: address("A") } };
    expect(parseDeployment(spelt)).toEqual(deployment);
  });

  it.each<[string, Record<string, unknown>]>([
    ["another schema", { schema: "microtonne-deployment/2" }],
    ["a field more", { admin: address("1") }],
    ["no chain", { chainId: 0 }],
    ["a chain as text", { chainId: "31337" }],
    ["a short address", { contracts: { ...deployment.contracts, BatchRegistry: "0xaa" } }],
    ["a contract less", { contracts: { ...deployment.contracts, BatchRegistry: undefined } }],
    ["a contract more", { contracts: { ...deployment.contracts, Proxy: address("6") } }],
    ["a block hash in capitals", { blockHash: `0x${"AB".repeat(32)}` }],
    ["a block before the first", { block: -1 }],
    ["a strange commit", { commit: "main" }],
    ["a strange network name", { network: "../x" }],
  ])("with %s is refused", (_, change) => {
    expect(() => parseDeployment({ ...deployment, ...change })).toThrow(
      expect.objectContaining({ code: "deployment.malformed" }),
    );
  });

  it("with one address for two contracts is refused", () => {
    const contracts = { ...deployment.contracts, CarbonCredit: address("A") };
    expect(() => parseDeployment({ ...deployment, contracts })).toThrow(
      expect.objectContaining({ code: "deployment.contracts" }),
    );
  });

  it("that is no JSON, or too large to be one, is refused", () => {
    for (const text of ["", "{", `"${"x".repeat(70_000)}"`, "null", "[]"]) {
      expect(() => decodeDeployment(bytes(text))).toThrow(
        expect.objectContaining({ code: "deployment.malformed" }),
      );
    }
  });
});
