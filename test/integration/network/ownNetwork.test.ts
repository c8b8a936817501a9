/** A network as its terms say, whose appointer's calls wait an hour: each step as this process sees it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil, type EmbeddedChain } from "../../../src/adapters/chain/startAnvil.ts";
import { readChain } from "../../../src/app/chain/readChain.ts";
import type { Context } from "../../../src/app/context.ts";
import { appointCalls } from "../../../src/app/network/appointCalls.ts";
import { deployNetwork, type DeployedNetwork } from "../../../src/app/network/deployNetwork.ts";
import { initNetwork, type NetworkRequest } from "../../../src/app/network/initNetwork.ts";
import { networkParticipants } from "../../../src/app/network/networkParticipants.ts";
import { networkStatus } from "../../../src/app/network/networkStatus.ts";
import { newSignerFile } from "../../../src/app/network/newSignerFile.ts";
import { parseTerms } from "../../../src/app/network/parseTerms.ts";
import {
  classListCalls,
  keySchemeCall,
  keySchemeCalls,
  methodologyCalls,
} from "../../../src/app/network/publishCalls.ts";
import { takeNetworkSteps, type WantedCall } from "../../../src/app/network/takeNetworkSteps.ts";
import { openContext } from "../../../src/app/openContext.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { readNetworkSettings } from "../../../src/app/process/networkFile.ts";
import type { SignerRole } from "../../../src/app/process/signerSettings.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import { utcText } from "../../../src/base/lib/time/calendar.ts";
import { CONTRACT_NAMES, type Deployment } from "../../../src/base/types/deployment.ts";
import type { Address, Hex } from "../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { SHIPPED_CLASS_VERSIONS } from "../../../src/format/batch/classes/classLists.ts";
import type { AskedParticipant } from "../../../src/stages/network/participantTerms.ts";
import { refusedFor } from "../../support/refusedFor.ts";

const CHAIN_ID = 4242;
const DELAY = 3_600;
const WUHAN = regionCode("WUHAN");
const FIRM: Hex = `0x${"f1".repeat(16)}`;
const SOMEBODY: Address = `0x${"5b".repeat(20)}`;
const FOREIGNER: Address = `0x${"5c".repeat(20)}`;
const folder = mkdtempSync(join(tmpdir(), "microtonne-own-network-"));
const path = (name: string): string => join(folder, name);
const passwordFile = path("password");
const deploymentFile = path("harbour.json");
const address: Record<string, Address> = {};
/** Seconds by which the clock of the folders is ahead. */
let ahead = 0;
const clock = { now: () => (systemClock.now() + ahead) as UnixSeconds };
let node: EmbeddedChain;
let deployed: DeployedNetwork;
let deployment: Deployment;
/** Who appoints, an hour later; who publishes and governs, at once; who may do neither. */
let appointer: Context;
let publisher: Context;
let operator: Context;

const keyFile = (name: string) => ({ kind: "file", path: path(`${name}.key.json`), passwordFile }) as const;
const request = (name: string, as: SignerRole, more: Partial<NetworkRequest> = {}): NetworkRequest => ({
  folder: path(name),
  rpcUrl: node.rpcUrl,
  deploymentFile,
  confirmations: 0,
  developmentKeys: true,
  registrarRegions: as === "registrar" ? [WUHAN] : null,
  signers: { [as]: keyFile(name) },
  force: false,
  ...more,
});
const open = (settings: Record<string, string>, name: string): Promise<Context> =>
  openContext({
    config: parseConfig(settings, { folder: path(name) }),
    log: createLog("warn"),
    clock,
    randomness: systemRandomness,
  });
async function tied(name: string, as: SignerRole): Promise<Context> {
  await initNetwork(request(name, as));
  return open(readNetworkSettings(undefined, path(name)), name);
}
const asked = (account: Address, more: Partial<AskedParticipant> = {}): AskedParticipant => ({
  account,
  kinds: ["corporate"],
  country: "CN",
  expiry: null,
  firmId: null,
  ...more,
});
const wanted = async (...people: AskedParticipant[]): Promise<WantedCall[]> =>
  appointCalls(await readChain(appointer), people);
/** Participants but for the contracts, which were appointed while they were deployed. */
const people = async () => {
  const contracts = Object.values<string>(deployment.contracts);
  return (await networkParticipants(operator)).filter(({ account }) => !contracts.includes(account));
};
const steps = async (context: Context, calls: readonly WantedCall[], dryRun = false) =>
  takeNetworkSteps(context, calls, { dryRun });
const lacking = async () =>
  (await networkStatus(operator)).needs.filter(({ isMet }) => !isMet).map(({ what }) => what);
const rpc = async (method: string, ...params: unknown[]) =>
  (await operator.node()).client.request(method, params);

beforeAll(async () => {
  node = await startAnvil({ folder: path("chain"), chainId: CHAIN_ID });
  writeFileSync(passwordFile, "correct horse battery\n", { mode: 0o600 });
  for (const name of ["deployer", "appointer", "publisher", "operator"])
    address[name] = await newSignerFile(path(`${name}.key.json`), passwordFile, systemRandomness);
  const settings = {
    MICROTONNE_RPC_URL: node.rpcUrl,
    MICROTONNE_CHAIN_ID: String(CHAIN_ID),
    MICROTONNE_DEPLOYMENT: deploymentFile,
    MICROTONNE_DEVELOPMENT_KEYS_CHAIN: String(CHAIN_ID),
  };
  const deploying = await open(settings, "deployer");
  const { client } = await deploying.node();
  for (const account of Object.values(address))
    await client.request("anvil_setBalance", [account, "0xde0b6b3a7640000"]);
  const held = (name: string, delaySeconds: number) => ({ members: [address[name]], delaySeconds });
  const example = JSON.parse(readFileSync("deployments/example.terms.json", "utf8")) as object;
  const terms = {
    ...example,
    network: "harbour",
    chainId: CHAIN_ID,
    admin: address["appointer"],
    roles: {
      governor: held("publisher", 0),
      appointer: held("appointer", DELAY),
      methodologist: held("publisher", 0),
      pauser: held("publisher", 0),
    },
    verifierThreshold: 1,
  };
  const made = await deployNetwork(deploying, parseTerms(JSON.stringify(terms)), {
    key: keyFile("deployer"),
    out: folder,
    commit: "local",
  });
  deployed = made;
  deployment = made.deployment;
  await deploying.close();
  appointer = await tied("appointer", "authority");
  publisher = await tied("publisher", "registrar");
  operator = await tied("operator", "operator");
});
afterAll(async () => {
  for (const context of [appointer, publisher, operator]) await context.close();
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a network's folder", () => {
  it("knows the deployment whose contracts it looked at", () => {
    expect(deployed).toMatchObject({ file: deploymentFile, deployer: address["deployer"] });
    expect(deployment).toMatchObject({ network: "harbour", chainId: CHAIN_ID, commit: "local" });
    expect(Object.keys(deployment.codeHashes ?? {})).toEqual([...CONTRACT_NAMES]);
    expect(JSON.parse(readFileSync(path("publisher/network.json"), "utf8"))).toEqual({
      schema: "microtonne-network/1",
      chainId: CHAIN_ID,
      rpcUrl: node.rpcUrl,
      deployment: "../harbour.json",
      confirmations: 0,
      developmentKeysChain: CHAIN_ID,
      registrarRegions: ["WUHAN"],
      signers: { registrar: { keyFile: "../publisher.key.json", passwordFile: "../password" } },
    });
    expect(statSync(path("publisher/network.json")).mode & 0o777).toBe(0o600);
  });

  it("is tied once: the same again changes nothing, another network is refused or forced", async () => {
    const file = path("operator/network.json");
    const before = readFileSync(file, "utf8");
    const made = { file, network: "harbour", chainId: CHAIN_ID };
    expect(await initNetwork(request("operator", "operator"))).toEqual({
      ...made,
      signers: [{ as: "operator", address: address["operator"] }],
    });
    expect(readFileSync(file, "utf8")).toBe(before);
    const other = { confirmations: 3, developmentKeys: false, signers: {} };
    await expect(initNetwork(request("operator", "operator", other))).rejects.toMatchObject({
      code: "network.exists",
      message:
        `${file} is there already and says something else (confirmations: 0, asked for: 3; another ` +
        "developmentKeysChain; another signers).",
    });
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(await initNetwork(request("operator", "operator", { ...other, force: true }))).toEqual({
      ...made,
      signers: [],
    });
    expect(JSON.parse(readFileSync(file, "utf8"))).not.toHaveProperty("signers");
    writeFileSync(file, "{");
    await expect(initNetwork(request("operator", "operator"))).rejects.toMatchObject({
      code: "network.exists",
      message: expect.stringContaining("(it is no JSON)") as string,
    });
    await initNetwork(request("operator", "operator", { force: true }));
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("is not tied to what is not there, and keeps its key files", async () => {
    await expect(
      initNetwork(request("new", "operator", { deploymentFile: path("none.json") })),
    ).rejects.toEqual(refusedFor("chain.deployment"));
    await expect(initNetwork(request("new", "operator"))).rejects.toThrow("new.key.json");
    expect(existsSync(path("new"))).toBe(false);
    await expect(newSignerFile(path("operator.key.json"), passwordFile, systemRandomness)).rejects.toEqual(
      refusedFor("file.unwritable"),
    );
  });
});

describe("the steps of a network", () => {
  it("begin with what it lacks, and with what its keys may do there", async () => {
    const { needs, own, ...rest } = await networkStatus(appointer);
    expect(rest).toEqual({ network: "harbour", chainId: CHAIN_ID, deploymentFile });
    const lacks = Array.from({ length: 5 }, () => "none");
    expect(needs.slice(2).map(({ found }) => found)).toEqual(lacks);
    expect(needs.map(({ isMet }) => isMet)).toEqual([true, true, ...lacks.map(() => false)]);
    expect(needs.map(({ members }) => members.join())).toEqual([
      ...Array.from({ length: 5 }, () => address["appointer"]),
      address["publisher"],
      address["publisher"],
    ]);
    expect(needs[4]?.what).toContain("(1 + 1)");
    const role = { as: "authority", address: address["appointer"], roles: ["appointer"], kinds: [] };
    expect(own).toEqual([{ ...role, canPay: true }]);
    await rpc("anvil_setBalance", address["appointer"], "0x0");
    expect((await networkStatus(appointer)).own).toEqual([{ ...role, canPay: false }]);
    await rpc("anvil_setBalance", address["appointer"], "0xde0b6b3a7640000");
    expect((await networkStatus(publisher)).own).toMatchObject([
      { as: "registrar", roles: ["governor", "methodologist", "pauser"] },
    ]);
    expect(await people()).toEqual([]);
  });

  it("are others' where no key of the folder may, and are handed back in their order", async () => {
    const calls = await wanted(asked(SOMEBODY), asked(FOREIGNER, { country: "DE" }));
    const report = await steps(operator, calls);
    expect(calls.map(({ what }) => what.slice(42))).toEqual([" is corporate, CN", " is corporate, DE"]);
    const left = calls.map(({ intent: { to, data } }) => ({ to, data }));
    expect(report).toEqual({
      steps: calls.map(({ what }, index) => ({
        what,
        by: null,
        role: "appointer",
        members: [address["appointer"]],
        readyAt: null,
        call: left[index],
        state: "others",
      })),
      task: { format: "microtonne-registrar-calls/1", chainId: CHAIN_ID, calls: left },
    });
    expect(await steps(operator, calls, true)).toEqual(report);
  });

  it("wait where their role waits: scheduled, waited for, made, done", async () => {
    const several = [
      asked(SOMEBODY),
      asked(FOREIGNER, { country: "DE" }),
      asked(address["operator"] as Address, { kinds: ["operator", "platform"], firmId: FIRM }),
    ];
    const calls = await wanted(...several);
    const seen = async (dryRun: boolean) => {
      const report = await steps(appointer, calls, dryRun);
      expect(report.task).toBeNull();
      expect(new Set(report.steps.map(({ by }) => by)).size).toBe(1);
      const [{ state, by, readyAt, call } = { state: "none" }] = report.steps;
      expect(new Set(report.steps.map((step) => step.state))).toEqual(new Set([state]));
      return { state, by, readyAt, hasCall: call !== null };
    };
    const by = address["appointer"];
    const planned = await seen(true);
    expect(planned).toMatchObject({ state: "would-schedule", by, hasCall: true });
    const readyAt = Date.parse(planned.readyAt ?? "") / 1000;
    expect(Math.abs(readyAt - clock.now() - DELAY)).toBeLessThan(60);
    expect(await seen(false)).toMatchObject({ state: "scheduled", by, hasCall: true });
    const waiting = await seen(false);
    expect(waiting).toMatchObject({ state: "waits", by, hasCall: true });
    expect(Math.abs(Date.parse(waiting.readyAt ?? "") / 1000 - readyAt)).toBeLessThan(60);
    expect(await seen(true)).toEqual(waiting);
    expect(await people()).toEqual([]);

    await rpc("evm_increaseTime", DELAY + 60);
    await rpc("evm_mine");
    ahead = DELAY + 60;
    expect(await seen(true)).toEqual({ state: "would-send", by, readyAt: null, hasCall: true });
    expect(await seen(false)).toEqual({ state: "sent", by, readyAt: null, hasCall: false });
    expect(await seen(false)).toEqual({ state: "done", by: null, readyAt: null, hasCall: false });
    expect(await people()).toMatchObject([
      { account: SOMEBODY, status: "active", kinds: ["corporate"], expiry: null },
      { account: FOREIGNER, kinds: ["corporate"], country: "DE" },
      { account: address["operator"], kinds: ["operator", "platform"], country: "CN", firmId: FIRM },
    ]);
    expect(await lacking()).toEqual([
      "there is a registrar",
      "there are verifiers of one firm more than a commit needs (1 + 1)",
      "a methodology is published",
      "a key scheme is allowed",
    ]);
    expect((await networkStatus(operator)).own).toMatchObject([
      { as: "operator", roles: [], kinds: ["operator", "platform"], canPay: true },
    ]);
  });

  it("keep a firm and an end when somebody is appointed again, and go the same way back", async () => {
    const account = address["operator"] as Address;
    const end = 1_950_000_000 as UnixSeconds;
    const hour = async (calls: readonly WantedCall[]) => {
      expect(await steps(appointer, calls)).toMatchObject({ steps: [{ state: "scheduled" }] });
      await rpc("evm_increaseTime", DELAY + 5);
      await rpc("evm_mine");
      ahead += DELAY + 5;
      expect(await steps(appointer, calls)).toMatchObject({ steps: [{ state: "sent" }] });
    };
    const shown = async () => (await networkParticipants(operator)).find((one) => one.account === account);
    await hour(await wanted(asked(account, { kinds: ["corporate"], expiry: end })));
    expect(await shown()).toMatchObject({ kinds: ["corporate"], firmId: FIRM, expiry: utcText(end) });
    await hour(await wanted(asked(account, { kinds: ["bank"] })));
    expect(await shown()).toMatchObject({ kinds: ["bank"], firmId: FIRM, expiry: utcText(end) });
    // What was sent once already is sent again, since the chain does not show it any more.
    await hour(await wanted(asked(account, { kinds: ["corporate"] })));
    expect(await shown()).toMatchObject({ kinds: ["corporate"] });
    for (const [person, code] of [
      [asked(account, { firmId: `0x${"f2".repeat(16)}` }), "participant.firm-fixed"],
      [asked(SOMEBODY, { kinds: ["verifier"] }), "participant.firm-missing"],
    ] as const)
      await expect(wanted(person)).rejects.toEqual(refusedFor(code));
  });

  it("are made at once where their role does not wait", async () => {
    const chain = await readChain(publisher);
    const methodologies = methodologyCalls(chain, { regions: [WUHAN], codes: [] }, false);
    const lists = classListCalls(chain);
    const schemes = await keySchemeCalls(chain, publisher.keys.activities, 2025);
    expect(lists.map(({ what }) => what)).toEqual(
      SHIPPED_CLASS_VERSIONS.map(
        ({ version }) => `version ${String(version)} of the list of scenario classes is published`,
      ),
    );
    expect(schemes.map(({ what }) => what)).toEqual([
      "the key scheme of 2025 is allowed",
      "the key scheme of 2024 and 2025 is allowed",
      "the key scheme of 2025 and 2026 is allowed",
    ]);
    expect(keySchemeCall(chain, `0x${"ab".repeat(32)}`).what).toBe(
      `the key scheme 0x${"ab".repeat(32)} is allowed`,
    );
    const calls = [...methodologies.slice(0, 1), ...lists, ...schemes];
    const states = async (dryRun: boolean) => [
      ...new Set((await steps(publisher, calls, dryRun)).steps.map(({ state, role }) => `${state} ${role}`)),
    ];
    expect(await states(true)).toEqual(["would-send methodologist", "would-send governor"]);
    expect(await states(false)).toEqual(["sent methodologist", "sent governor"]);
    expect(await states(false)).toEqual(["done methodologist", "done governor"]);
    expect(await lacking()).toEqual([
      "there is a registrar",
      "there is an operator",
      "there are verifiers of one firm more than a commit needs (1 + 1)",
    ]);
  });

  it("publish what ships and counts there, by region and by name", async () => {
    const chain = await readChain(publisher);
    const named = (regions: readonly string[] | null, codes: readonly string[], local = false) =>
      methodologyCalls(
        chain,
        { regions: regions && regions.map((code) => regionCode(code)), codes },
        local,
      ).map(({ what }) => what);
    const all = named(null, []);
    const [one = ""] = named(["WUHAN"], []);
    const [name = ""] = one.split(" ");
    expect(named(["WUHAN"], []).every((what) => what.endsWith(" of WUHAN is published"))).toBe(true);
    expect(all.length).toBeGreaterThan(named(["WUHAN"], []).length);
    expect(named(null, [], true).length).toBeGreaterThan(all.length);
    expect(named(null, [name])).toEqual([one]);
    expect(named(null, [name.split("@")[0] ?? ""])).toEqual([one]);
    const refusal = (...args: Parameters<typeof named>) => {
      try {
        return named(...args).join();
      } catch (error) {
        return `${(error as { code: string }).code}: ${(error as Error).message}`;
      }
    };
    const [, regions = ""] = /There are some of ([A-Z, ]+)\./.exec(refusal(null, ["NO-SUCH"])) ?? [];
    expect(regions.split(", ")).toContain("WUHAN");
    expect(refusal(null, [name, "NO-SUCH"])).toBe(
      'network.methodology: "NO-SUCH" is no methodology that ships and counts here. There are some of ' +
        `${regions}.`,
    );
    expect(refusal(["ATLANTIS"], [])).toBe("network.methodology: No methodology that ships is of ATLANTIS.");
  });
});
