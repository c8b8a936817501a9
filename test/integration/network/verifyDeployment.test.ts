/** Deployments that are rigged in one place each, and what the verification says of them, on a real node. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeAbiParameters, encodeFunctionData, keccak256 } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CONTRACT_ABIS } from "../../../src/adapters/chain/abis.generated.ts";
import { functionsOf, ROLES } from "../../../src/adapters/chain/accessRoles.ts";
import { selectorOf } from "../../../src/adapters/chain/intents/giveOutRoles.ts";
import type { ChainClient } from "../../../src/adapters/chain/readOnly.ts";
import { startAnvil, type EmbeddedChain } from "../../../src/adapters/chain/startAnvil.ts";
import type { NetworkTerms } from "../../../src/app/network/parseTerms.ts";
import { addressGetters, expectedLinks } from "../../../src/app/network/verification/checkLinks.ts";
import { SETTINGS } from "../../../src/app/network/verification/settings.ts";
import { verifyDeployment } from "../../../src/app/network/verification/verifyDeployment.ts";
import { CONTRACT_NAMES, type ContractName, type Deployment } from "../../../src/base/types/deployment.ts";
import type { Address, Hex } from "../../../src/base/types/ids.ts";
import {
  asDeployer,
  ATTACKER,
  call,
  connect,
  contracts,
  deploy,
  firm,
  fund,
  ISSUER,
  OPERATOR,
  storedWords,
  TERMS,
  type Rig,
} from "./support/riggedDeployment.ts";

const folder = mkdtempSync(join(tmpdir(), "microtonne-verify-deployment-"));
const ADMIN = TERMS.admin;
let node: EmbeddedChain;
let client: ChainClient;
/** Before anything was deployed. */
let empty: unknown;
/** With the deployment as it should be. */
let whole: unknown;
let honest: Deployment;
let creditCode: Hex;
/** What its constructor wrote: slot and word. */
let creditWords: [Hex, Hex][];

async function faultsOf(deployment: Deployment, terms: NetworkTerms | null = TERMS): Promise<string[]> {
  const findings = await verifyDeployment(client, deployment, terms);
  return findings.filter(({ state }) => state === "fault").map(({ says }) => says);
}

beforeAll(async () => {
  node = await startAnvil({ folder: join(folder, "chain") });
  client = await connect(node.rpcUrl);
  empty = await client.request("evm_snapshot", []);
  honest = await deploy();
  creditCode = (await client.request("eth_getCode", [contracts.CarbonCredit, "latest"])) as Hex;
  creditWords = await storedWords(contracts.CarbonCredit);
});
afterAll(async () => {
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a deployment as its terms say", () => {
  beforeAll(async () => {
    whole = await client.request("evm_snapshot", []);
  });
  beforeEach(async () => {
    await client.request("evm_revert", [whole]);
    whole = await client.request("evm_snapshot", []);
  });

  it("has no fault, whoever asks with terms or without", async () => {
    expect(await faultsOf(honest)).toEqual([]);
    expect(await faultsOf(honest, null)).toEqual([]);
  });

  it("leaves nothing undone: pools are made, and cash for bonds is taken", async () => {
    const pool = { firstYear: 2024, lastYear: 2026, maxAgeDays: 0, minAttesters: 1 };
    const bounds = { capBps: 10_000, capFloorMg: 0n, choiceFeeBps: 0, feeCollector: OPERATOR };
    const terms = { ...pool, ...bounds, methodologyIds: [`0x${"11".repeat(32)}`], regions: [] };
    await call(OPERATOR, "CarbonPoolFactory", "createPool", "Pool", "POOL", terms);
    const latest = (await client.request("eth_getBlockByNumber", ["latest", false])) as { timestamp: Hex };
    const reserve = { amount: 5n, asOf: Number(latest.timestamp), documentHash: `0x${"22".repeat(32)}` };
    await call(ISSUER, "SettlementCash", "stateReserve", reserve);
    await call(ISSUER, "SettlementCash", "issue", ISSUER, 5n);
    await call(ISSUER, "SettlementCash", "transfer", contracts.BatchDisputes, 5n);
    expect(await faultsOf(honest)).toEqual([]);
  });

  it("tells a call that waits, of which nobody can say yet whether it is right", async () => {
    const setPaused = encodeFunctionData({
      abi: CONTRACT_ABIS.BatchRegistry,
      functionName: "setQuorum",
      args: ["0x0000000000000000", 1, 0],
    });
    const [governor] = TERMS.roles.governor.members as [Address];
    await fund(governor);
    await call(governor, "AccessManager", "schedule", contracts.BatchRegistry, setPaused, 0);
    const findings = await verifyDeployment(client, honest, TERMS);
    expect(findings.filter(({ state }) => state === "fault")).toEqual([]);
    expect(findings.map(({ says }) => says)).toContainEqual(
      expect.stringContaining(`a call that waits: BatchRegistry.setQuorum by ${governor}, from `) as string,
    );
  });

  it("is told by code that was put there, and by a contract that no transaction created", async () => {
    const place: Address = `0x${"77".repeat(20)}`;
    await client.request("anvil_setCode", [place, creditCode]);
    const moved = { ...honest, contracts: { ...contracts, CarbonCredit: place } };
    const faults = await faultsOf(moved, null);
    expect(faults).toContain(
      "CarbonCredit: transaction that creates it: it should be succeeded, and it is none.",
    );
    await client.request("anvil_setCode", [contracts.MethodologyRegistry, creditCode]);
    const hash = honest.codeHashes?.MethodologyRegistry ?? "";
    expect(await faultsOf(honest, null)).toEqual([
      "MethodologyRegistry: its code: it should be as compiled, and it is other code.",
      `MethodologyRegistry: hash of its code: it should be ${hash}, and it is ${keccak256(creditCode)}.`,
      // Which lies elsewhere in the storage of credits.
      expect.stringMatching(/^MethodologyRegistry\.authority: /) as string,
    ]);
  });

  it("of another history, or of other terms, is told by each", async () => {
    const other: Deployment = { ...honest, blockHash: `0x${"11".repeat(32)}` };
    expect(await faultsOf(other, null)).toEqual([
      `block ${String(honest.block)}: it should be 0x${"11".repeat(32)}, and it is ${honest.blockHash}.`,
    ]);
    const { disputes, roles } = TERMS;
    const faults = await faultsOf(honest, {
      ...TERMS,
      adminDelaySeconds: 1,
      disputes: { ...disputes, openGramBond: 7n },
      roles: { ...roles, pauser: { ...roles.pauser, members: [TERMS.admin] } },
    });
    expect(faults).toEqual([
      "BatchDisputes: constructor argument terms.openGramBond: it should be 7, and it is 200000000.",
      "BatchDisputes: bond of a gram challenge: it should be 7, and it is 200000000.",
      `members of the role admin: it should be ${ADMIN} after 1 s, and it is ${ADMIN} after 432000 s.`,
      expect.stringMatching(/^members of the role pauser: it should be 0xa1/) as string,
    ]);
  });
});

describe("a rigged deployment", () => {
  beforeEach(async () => {
    await client.request("evm_revert", [empty]);
    empty = await client.request("evm_snapshot", []);
  });
  const setter = (contract: ContractName, name: string, ...args: unknown[]) => ({
    before: () => asDeployer(contract, name, ...args),
  });
  const admission = (kinds: number) => ({
    account: ATTACKER,
    kinds,
    country: "0x434e",
    expiry: 0,
    firmId: firm("ba"),
  });
  const everyKind =
    "operator and verifier and escrow and liquidator and registry and pool and pool-factory and " +
    "lien-agent and registrar and regulator and guardian and cash-issuer and settlement and signer";

  const forged = (name: ContractName, data: Hex): Hex => {
    if (name !== "CarbonCredit") return data;
    const word = (value: bigint): string => value.toString(16).padStart(64, "0");
    // The attacker's balance of the batch 1, written while the same code is created by other init code.
    const inner = keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }], [1n, 0n]));
    const slot = keccak256(
      encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [ATTACKER, inner]),
    );
    const size = ((creditCode.length - 2) / 2).toString(16).padStart(4, "0");
    const write = (at: Hex, value: bigint): string => `7f${word(value)}7f${at.slice(2)}55`;
    const words = creditWords.filter(([, value]) => BigInt(value) !== 0n);
    const start = words.map(([at, value]) => write(at, BigInt(value))).join("") + write(slot, 10n ** 15n);
    const copy = (offset: number): string =>
      `61${size}8061${offset.toString(16).padStart(4, "0")}6000396000f3`;
    const offset = (start.length + copy(0).length) / 2;
    return `0x${start}${copy(offset)}${creditCode.slice(2)}`;
  };

  // The forger left out the ledger's own words (ERC-7201).
  const forgedFaults = [/^CarbonCredit: hash of its init code: /, /^CarbonCredit: seconds that a lock /];
  const rigs: [what: string, rig: Rig, faults: readonly (string | RegExp)[]][] = [
    ["credits forged by other init code", { input: forged }, forgedFaults],
    [
      "an attacker of every kind",
      setter("ParticipantRegistry", "appoint", admission(262_143), 0),
      [`kinds of ${ATTACKER}: it should be none, and it is ${everyKind}.`],
    ],
    [
      "an attacker who was a verifier and gave it back",
      {
        before: async () => {
          await asDeployer("ParticipantRegistry", "appoint", admission(2), 0);
          await asDeployer("ParticipantRegistry", "appoint", admission(4), 0);
        },
      },
      [`kinds of ${ATTACKER} once, and no more: it should be none, and it is verifier.`],
    ],
    [
      "a quorum of 1 instead of 3, from the start",
      { terms: { verifierThreshold: 1 } },
      [
        "BatchRegistry: constructor argument threshold: it should be 3, and it is 1.",
        "BatchRegistry: quorum of regions without one of their own: it should be 3 of any, and it is 1 of " +
          "any.",
      ],
    ],
    [
      "a quorum of 1 in one region",
      setter("BatchRegistry", "setQuorum", "0x4a4941584e470000", 1, 0),
      ["BatchRegistry: quorum of JIAXNG: it should be 3 of any, and it is 1 of any."],
    ],
    [
      "another set of verifiers in a region",
      setter("BatchRegistry", "setQuorum", "0x575548414e000000", 2, 2),
      ["BatchRegistry: quorum of WUHAN: it should be 2 of set 1, and it is 2 of set 2."],
    ],
    [
      "a window of 0",
      setter("BatchRegistry", "setChallengeWindow", 0),
      ["BatchRegistry: challenge window in seconds: it should be 259200, and it is 0."],
    ],
    [
      "recovery terms (1, 0)",
      { terms: { guardianThreshold: 1, objectionSeconds: 0 } },
      [
        "ParticipantRegistry: constructor argument guardianThreshold: it should be 3, and it is 1.",
        "ParticipantRegistry: constructor argument objectionPeriod: it should be 604800, and it is 0.",
        "ParticipantRegistry: guardians that a recovery needs: it should be 3, and it is 1.",
        "ParticipantRegistry: seconds for objections to a recovery: it should be 604800, and it is 0.",
      ],
    ],
    [
      "a recovery that may be completed for ever, claims of a day, locks for ever",
      {
        before: async () => {
          await asDeployer("ParticipantRegistry", "setCompletionPeriod", 4_000_000_000);
          await asDeployer("BatchRegistry", "setLeastClaimPeriod", 1);
          await asDeployer("CarbonCredit", "setMaxLockSeconds", 4_000_000_000);
        },
      },
      [
        "ParticipantRegistry: seconds to complete a recovery: it should be 864000, and it is 4000000000.",
        "BatchRegistry: least claim period in days: it should be 30, and it is 1.",
        "CarbonCredit: seconds that a lock may stand: it should be 15552000, and it is 4000000000.",
      ],
    ],
    [
      "a pool factory wired to a false token",
      {
        arguments: ({ CarbonPoolFactory: [manager, links] }) => ({
          CarbonPoolFactory: [manager, { ...(links as object), credit: ATTACKER }],
        }),
      },
      [/^CarbonPoolFactory: constructor argument links\.credit: .* \(CarbonCredit\), and it is 0xba/],
    ],
    [
      "disputes wired to other cash",
      {
        arguments: ({ BatchDisputes: [manager, links, terms] }) => ({
          BatchDisputes: [manager, { ...(links as object), cash: ATTACKER }, terms],
        }),
      },
      [/^BatchDisputes: constructor argument links\.cash: /, /^BatchDisputes\.cash: /],
    ],
    [
      "a second admin",
      setter("AccessManager", "grantRole", 0n, ATTACKER, 0),
      [
        `members of the role admin: it should be ${ADMIN} after 432000 s, and it is ${ADMIN} after ` +
          `432000 s, ${ATTACKER} after 0 s.`,
      ],
    ],
    [
      "a governor who gave it back",
      {
        before: async () => {
          await asDeployer("AccessManager", "grantRole", 1n, ATTACKER, 0);
          await asDeployer("AccessManager", "revokeRole", 1n, ATTACKER);
        },
      },
      [`members of the role governor once, and no more: it should be none, and it is ${ATTACKER}.`],
    ],
    [
      "a governor who is only to come",
      {
        before: async () => {
          await asDeployer("AccessManager", "setGrantDelay", 1n, 86_400);
          await client.request("evm_increaseTime", [6 * 86_400]);
          await client.request("evm_mine", []);
          await asDeployer("AccessManager", "grantRole", 1n, ATTACKER, 0);
          await asDeployer("AccessManager", "setGrantDelay", 1n, 0);
        },
      },
      [/^members of the role governor: .*0xba.* after 0 s, from [0-9]+ on/],
    ],
    [
      "a role that no terms know, with a function",
      {
        before: async () => {
          await asDeployer("AccessManager", "grantRole", 77n, ATTACKER, 0);
          const selectors = [selectorOf("ParticipantRegistry", "setStatus")];
          await asDeployer(
            "AccessManager",
            "setTargetFunctionRole",
            contracts.ParticipantRegistry,
            selectors,
            77n,
          );
        },
      },
      [
        `members of the role 77: it should be none, and it is ${ATTACKER}.`,
        /^role of the function 0x[0-9a-f]{8} of .* \(ParticipantRegistry\): .* admin, and it is 77\./,
      ],
    ],
    [
      "roles with another admin, a guardian, a grant delay",
      {
        late: async () => {
          await asDeployer("AccessManager", "setRoleAdmin", 2n, 4n);
          await asDeployer("AccessManager", "setRoleGuardian", 3n, 4n);
          await asDeployer("AccessManager", "setGrantDelay", 4n, 5);
        },
      },
      [
        "admin of the role appointer: it should be 0, and it is 4.",
        "guardian of the role methodologist: it should be 0, and it is 4.",
        "seconds until a grant of the role pauser counts: it should be 0, and it is 5.",
      ],
    ],
    [
      "a contract that stands still, and one that is closed",
      {
        before: async () => {
          await asDeployer("CarbonCredit", "setPaused", true);
          await asDeployer("AccessManager", "setTargetClosed", contracts.BatchRegistry, true);
        },
      },
      [
        "CarbonCredit: paused: it should be false, and it is true.",
        "BatchRegistry: closed to every role: it should be false, and it is true.",
      ],
    ],
    [
      "calls of the admin that wait longer than it says",
      {
        before: () =>
          asDeployer("AccessManager", "setTargetAdminDelay", contracts.BatchRegistry, 4_000_000_000),
      },
      [/^seconds until the admin's calls about .* \(BatchRegistry\) count: .* 0, and it is 4000000000/],
    ],
    [
      "more cash that may circulate",
      setter("SettlementCash", "raiseLimit", 10n ** 18n),
      [/^SettlementCash: most that may circulate: it should be 100, and it is 10{18}\.$/],
    ],
    [
      "metadata elsewhere, other terms of disputes",
      {
        before: async () => {
          await asDeployer("CarbonCredit", "setBaseUri", "https://elsewhere.example/");
          const { responseSeconds, rulingSeconds, doubleClaimBond } = TERMS.disputes;
          const terms = { responseSeconds, rulingSeconds, doubleClaimBond, openGramBond: 0n };
          await asDeployer("BatchDisputes", "setTerms", terms);
        },
      },
      [
        /^CarbonCredit: uri of the batch 0: .*elsewhere/,
        "BatchDisputes: bond of a gram challenge: it should be 200000000, and it is 0.",
      ],
    ],
  ];

  it.each(rigs)("with %s is told", async (_what, rig, expected) => {
    const faults = await faultsOf(await deploy(rig));
    expect(faults).toEqual(
      expected.map((one) => (typeof one === "string" ? one : (expect.stringMatching(one) as string))),
    );
  });
});

describe("what is compared", () => {
  it("has every restricted function of the deployment, and no other", () => {
    const setters = ROLES.flatMap(functionsOf).map(({ contract, name }) => `${contract}.${name}`);
    expect(Object.keys(SETTINGS).toSorted()).toEqual(setters.toSorted());
  });

  it("has every getter that answers an address", () => {
    const links = expectedLinks(contracts).map(({ contract, getter }) => `${contract}.${getter}`);
    const getters = CONTRACT_NAMES.flatMap((contract) =>
      addressGetters(CONTRACT_ABIS[contract]).map((getter) => `${contract}.${getter}`),
    );
    expect(links.toSorted()).toEqual(getters.toSorted());
  });
});
