import { describe, expect, it } from "vitest";
import type { Deployment } from "../../../../src/base/types/deployment.ts";
import {
  decodeDeployment,
  encodeDeployment,
  parseDeployment,
} from "../../../../src/format/onchain/deployment.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

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
    ["network: must match [a-z0-9-]{2,64}", { network: "A" }],
    [
      "contracts.CarbonCredit: must be 0x and 40 hex digits",
      {
        contracts: { ...deployment.contracts, CarbonCredit: "0x" },
      },
    ],
    ["commit: must be a commit or local", { commit: "main" }],
    ["commit: must be a commit or local", { commit: "abcdef" }],
    ["commit: must be a commit or local", { commit: "a".repeat(41) }],
    ["commit: must be a commit or local", { commit: "locally" }],
    ["commit: must be a commit or local", { commit: "xlocal" }],
    ["blockHash: must be 0x and 64 lower-case hex digits", { blockHash: "0x00" }],
  ])("is refused at %s", (fault, change) => {
    expect(() => parseDeployment({ ...deployment, ...change })).toThrow(
      `The deployment file breaks its schema at ${fault}.`,
    );
  });

  it("is taken at the bounds of its members", () => {
    for (const change of [
      { chainId: 1 },
      { block: 0 },
      { commit: "abcdef0" },
      { commit: "a".repeat(40) },
      { network: "ab" },
    ])
      expect(parseDeployment({ ...deployment, ...change })).toMatchObject(change);
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
    expect(() => parseDeployment({ ...deployment, ...change })).toThrow(refusedFor("deployment.malformed"));
  });

  it("with one address for two contracts is refused", () => {
    const contracts = { ...deployment.contracts, CarbonCredit: address("A") };
    expect(() => parseDeployment({ ...deployment, contracts })).toThrow(refusedFor("deployment.contracts"));
  });

  it("that is no JSON, or too large to be one, is refused", () => {
    const whole = JSON.stringify(deployment);
    expect(decodeDeployment(bytes(whole.padEnd(65_536)))).toEqual(deployment);
    expect(() => decodeDeployment(bytes(whole.padEnd(65_537)))).toThrow(/more than 64 KB/);
    expect(() => decodeDeployment(bytes("{"))).toThrow(/^The deployment file is no JSON\.$/);
    for (const text of ["", "{", `"${"x".repeat(70_000)}"`, "null", "[]"]) {
      expect(() => decodeDeployment(bytes(text))).toThrow(refusedFor("deployment.malformed"));
    }
  });
});
