import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePrivateKey } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil, type EmbeddedChain } from "../../src/adapters/chain/startAnvil.ts";
import type { NetworkStatus } from "../../src/app/network/networkStatus.ts";
import type { NetworkReport } from "../../src/app/network/takeNetworkSteps.ts";
import { CONTRACT_NAMES, type Deployment } from "../../src/base/types/deployment.ts";
import { decodeDeployment } from "../../src/format/onchain/deployment.ts";
import type { Verdict } from "../../src/verify/verdict.ts";
import { startWeb3signer, type Web3signerStub } from "../support/startWeb3signer.ts";
import { startMicrotonne, type Ending } from "./support/commandLine.ts";

/**
 * A network of one's own, from its deployment to a verified retirement: another chain id, the real deployment
 * command, each role a process with its own data folder and its own key; one verifier's at a signing service.
 */
const CHAIN_ID = 4242;
/** Firms' codes, right to their check digits. */
const CODES = {
  operator: "USCC:91350100M000100Y43",
  alice: "LEI:HARBOUR00000000ALC83",
  bob: "LEI:HARBOUR00000000BOB32",
  carol: "LEI:HARBOUR00000000CAR83",
} as const;
const folder = mkdtempSync(join(tmpdir(), "microtonne-network-"));
const passwordFile = join(folder, "password");
const deploymentFile = join(folder, "harbour.json");
let node: EmbeddedChain;
let remote: Web3signerStub;

const run = (words: readonly string[], settings: Record<string, string> = {}): Promise<Ending> =>
  startMicrotonne(words, settings).ending;
const as = (role: string, ...words: string[]): Promise<Ending> =>
  run(["--data", join(folder, role), ...words], role === "operator" ? { MICROTONNE_HOST_COUNTRY: "CN" } : {});
async function fine<T>(ending: Promise<Ending>): Promise<T> {
  const { code, json, stderr } = await ending;
  expect({ code, error: (json as { error?: unknown } | null)?.error, stderr }).toMatchObject({
    code: 0,
    error: undefined,
  });
  return json as T;
}
const statesOf = async (ending: Promise<Ending>): Promise<string[]> =>
  (await fine<NetworkReport>(ending)).steps.map(({ state }) => state);
const codeOf = async (ending: Promise<Ending>): Promise<string | undefined> =>
  ((await ending).json as { error?: { code: string } } | null)?.error?.code;
const byText = (one: string, other: string): number => (one < other ? -1 : 1);
const missing = ({ needs }: NetworkStatus): string[] =>
  needs.filter(({ isMet }) => !isMet).map(({ role, command }) => `${role}: ${command}`);

const address: Record<string, string> = {};
async function newKey(role: string): Promise<void> {
  const words = ["network", "key", "--out", join(folder, `${role}.json`), "--password-file", passwordFile];
  const made = await fine<{ address: string }>(run(words));
  address[role] = made.address;
}
/** Words of a command; none of them has a blank in it. */
const wordsOf = (text: string): string[] => text.split(" ");
const init = (role: string, kind: string, ...more: string[]): Promise<Ending> => {
  const key = role === "bob" ? `${remote.url}#${remote.address}` : join(folder, `${role}.json`);
  const where = `--rpc ${node.rpcUrl} --deployment ${deploymentFile} --password-file ${passwordFile}`;
  return as(role, ...wordsOf(`network init ${where} --signer ${kind}=${key}`), ...more);
};
const rpc = async (method: string, ...params: unknown[]): Promise<void> => {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  await fetch(node.rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
};

beforeAll(async () => {
  node = await startAnvil({ folder: join(folder, "chain"), chainId: CHAIN_ID });
  remote = await startWeb3signer(generatePrivateKey());
  writeFileSync(passwordFile, "correct horse battery\n", { mode: 0o600 });
  for (const role of ["authority", "registrar", "operator", "alice", "carol"]) await newKey(role);
  address["bob"] = remote.address;
});

afterAll(async () => {
  await remote.stop();
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a network of one's own", () => {
  it("is deployed by its terms", async () => {
    const example = JSON.parse(readFileSync("deployments/example.terms.json", "utf8")) as {
      roles: object;
      disputes: object;
    };
    const held = (role: string, delaySeconds: number) => ({ members: [address[role]], delaySeconds });
    const terms = {
      ...example,
      network: "harbour",
      chainId: CHAIN_ID,
      admin: address["authority"],
      roles: {
        governor: held("authority", 0),
        appointer: held("authority", 0),
        // What it publishes is public for a moment before it takes effect.
        methodologist: held("registrar", 1),
        pauser: held("authority", 0),
      },
      verifierThreshold: 2,
      challengeWindowSeconds: 0,
    };
    writeFileSync(join(folder, "terms.json"), JSON.stringify(terms));
    await newKey("deployer");
    for (const account of Object.values(address)) await rpc("anvil_setBalance", account, "0xde0b6b3a7640000");
    const key = `--key ${join(folder, "deployer.json")} --password-file ${passwordFile}`;
    const what = `--terms ${join(folder, "terms.json")} --rpc ${node.rpcUrl} --out ${folder}`;
    await fine(as("deployer", ...wordsOf(`network deploy ${what} ${key}`)));
    const { chainId, codeHashes } = decodeDeployment(readFileSync(deploymentFile));
    expect(chainId).toBe(CHAIN_ID);
    expect(Object.keys(codeHashes ?? {})).toEqual([...CONTRACT_NAMES]);
  });

  it("is known to a folder once node and key were looked at; the same again changes nothing", async () => {
    await fine(init("operator", "operator", "--development-keys"));
    const before = readFileSync(join(folder, "operator/network.json"), "utf8");
    await fine(init("operator", "operator", "--development-keys"));
    expect(readFileSync(join(folder, "operator/network.json"), "utf8")).toBe(before);
    const other = await init("operator", "operator", "--confirmations", "3", "--development-keys");
    expect(other.json).toMatchObject({
      error: {
        code: "network.exists",
        message: expect.stringContaining("says something else (confirmations: 0, asked for: 3)") as string,
      },
    });
    await fine(init("authority", "authority", "--development-keys"));
    await fine(init("registrar", "registrar", "--regions", "WUHAN"));
    await fine(init("alice", "verifier", "--development-keys"));
    await fine(init("bob", "verifier", "--development-keys"));
    // No file of a folder and nothing that was printed holds a key.
    expect(before).not.toMatch(/0x[0-9a-f]{64}/i);
  });

  it("says what it lacks, who does it, and by which command", async () => {
    const { code, json } = await as("operator", "network", "status");
    expect(code).toBe(4);
    const status = json as NetworkStatus;
    expect(missing(status)).toEqual([
      "appointer: microtonne network participants appoint 0x… --kind registrar --country CN",
      "appointer: microtonne network participants appoint 0x… --kind operator --country CN --firm USCC:…",
      "appointer: microtonne network participants appoint 0x… --kind verifier --country CN --firm USCC:…",
      "methodologist: microtonne network publish methodologies",
      "governor: microtonne network publish key-scheme --vintage 2025",
    ]);
    expect(status.needs.map(({ members }) => members).slice(-2)).toEqual([
      [address["registrar"]],
      [address["authority"]],
    ]);
    expect(status.own).toEqual([
      { as: "operator", address: address["operator"], roles: [], kinds: [], canPay: true },
    ]);
  });

  it("hands back what no key of a folder may do", async () => {
    const words = ["network", "participants", "appoint", address["operator"] as string];
    const { code, json } = await as("operator", ...words, "--kind", "corporate", "--country", "CN");
    expect(code).toBe(4);
    const { steps, task } = json as NetworkReport;
    expect(steps.map(({ state, role, members }) => [state, role, members])).toEqual([
      ["others", "appointer", [address["authority"]]],
    ]);
    expect(task).toMatchObject({ chainId: CHAIN_ID, calls: steps.map(({ call }) => call) });
  });

  it("has its participants appointed; a dry run sends nothing, and nothing is done twice", async () => {
    const appoint = (role: string, kind: string, ...more: string[]): Promise<Ending> => {
      const words = ["participants", "appoint", address[role] as string, "--kind", kind, "--country", "CN"];
      return as("authority", "network", ...words, ...more);
    };
    const nobody = wordsOf("network participants appoint 0x1234 --kind operator --country CN");
    expect(await codeOf(as("authority", ...nobody))).toBe("participant.account");
    const firm = (role: keyof typeof CODES): string[] => ["--firm", CODES[role]];
    expect(await codeOf(appoint("operator", "operator"))).toBe("participant.firm-missing");
    expect(await codeOf(appoint("operator", "operator", "--firm", "USCC:91350100M000100Y44"))).toBe("usage");
    expect(await statesOf(appoint("operator", "operator", "--dry-run", ...firm("operator")))).toEqual([
      "would-send",
    ]);
    expect(await statesOf(appoint("operator", "operator", ...firm("operator")))).toEqual(["sent"]);
    expect(await statesOf(appoint("operator", "operator"))).toEqual(["done"]);
    expect(await codeOf(appoint("operator", "operator", ...firm("carol")))).toBe("participant.firm-fixed");
    for (const role of ["alice", "bob", "carol"] as const)
      expect(await statesOf(appoint(role, "verifier", ...firm(role)))).toEqual(["sent"]);
    expect(await statesOf(appoint("registrar", "registrar"))).toEqual(["sent"]);
    const list = await fine<{ account: string; kinds: string[] }[]>(
      as("bob", "network", "participants", "list"),
    );
    expect(list.find(({ account }) => account === address["bob"])?.kinds).toEqual(["verifier"]);
    // Made something else and back again: what the outbox did once is done anew.
    expect(await statesOf(appoint("alice", "guardian"))).toEqual(["sent"]);
    expect(await statesOf(appoint("alice", "verifier"))).toEqual(["sent"]);
  });

  it("has methodologies and a key scheme published, after the role's delay", async () => {
    const publish = ["network", "publish", "methodologies", "WUHAN-BUS"];
    const first = await as("registrar", ...publish);
    expect([first.code, (first.json as NetworkReport).steps.map(({ state }) => state)]).toEqual([
      4,
      ["scheduled"],
    ]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await statesOf(as("registrar", ...publish))).toEqual(["sent"]);
    expect(await statesOf(as("registrar", ...publish))).toEqual(["done"]);
    expect(await codeOf(as("registrar", "network", "publish", "methodologies", "--region", "SHENZHEN"))).toBe(
      "network.methodology",
    );
    expect(await codeOf(as("registrar", "network", "publish", "key-scheme", "--vintage", "2025"))).toBe(
      "keys.service",
    );
    const scheme = ["network", "publish", "key-scheme", "--vintage", "2025"];
    expect(await codeOf(as("authority", "network", "publish", "key-scheme"))).toBe("network.key-scheme");
    const hash = `0x${"12".repeat(32)}`;
    expect(await codeOf(as("authority", ...scheme, "--hash", hash))).toBe("network.key-scheme");
    expect(await statesOf(as("authority", ...scheme))).toEqual(["sent", "sent", "sent"]);
    expect(missing(await fine<NetworkStatus>(as("operator", "network", "status")))).toEqual([]);
  });

  it("takes a gram from a file to a verified retirement, each role a process with its own key", async () => {
    const rides = Array.from(
      { length: 30 },
      (_, i) =>
        `r${String(i)},person-${String(i % 9)},bus,` +
        `2025-06-18T08:${String(i).padStart(2, "0")}:00+08:00,,1,trip`,
    );
    const [file, report] = [join(folder, "rides.csv"), join(folder, "report.txt")];
    writeFileSync(file, `recordId,subject,scenario,startedAt,endedAt,quantity,unit\n${rides.join("\n")}\n`);
    writeFileSync(report, "Thirty rides were looked at.\n");
    const [statement, confidential] = [join(folder, "statement.json"), join(folder, "package.ndjson")];
    const of = "--region WUHAN --vintage 2025";
    const says = `--level reasonable --opinion unmodified --document ${report} --out ${statement}`;
    await fine(
      run(
        wordsOf(
          `verification write --body Assurance --date 2026-03-01 --operator ${address["operator"] ?? ""} ` +
            `${of} ${says}`,
        ),
      ),
    );
    await fine(as("operator", ...wordsOf(`ingest ${file} --profile canonical-csv`)));
    const title = `--title programme --title-document ${report}`;
    const { batchId } = await fine<{ batchId: string }>(
      as("operator", ...wordsOf(`batch close ${of} --verification ${statement} ${title}`)),
    );
    await fine(as("operator", ...wordsOf(`batch package ${batchId} --out ${confidential}`)));
    const attestations = ["alice", "bob"].map((role) => join(folder, `${role}.attestation.json`));
    for (const [i, role] of ["alice", "bob"].entries()) {
      const attest = `attest ${confidential} --verification ${statement} --out ${attestations[i] ?? ""}`;
      expect(await fine(as(role, ...wordsOf(attest)))).toMatchObject({ verifier: address[role] });
    }
    // The service that keeps bob's key saw what it signed: an EIP-712 message, not a bare hash.
    expect(remote.asked.map((message) => message.slice(0, 6))).toEqual(["0x1901"]);
    const minted = await fine(as("operator", "mint", batchId, "--attestation", ...attestations));
    expect(minted).toMatchObject({
      state: "minted",
      attesters: ["alice", "bob"].map((role) => address[role] ?? "").toSorted(byText),
    });
    const retire = "retire --amount 0.001 --purpose event-neutrality --year 2025 --beneficiary Festival";
    const retired = await fine<{ retirementId: string }>(
      as("operator", ...wordsOf(`${retire} --reference festival`)),
    );
    const proof = join(folder, "retirement.proof.json");
    await fine(as("operator", ...wordsOf(`prove --retirement ${retired.retirementId} --out ${proof}`)));
    const trust = `--rpc ${node.rpcUrl} --deployment ${deploymentFile} --data ${join(folder, "nobody")}`;
    const verdict = await fine<Verdict>(run(wordsOf(`verify ${proof} ${trust}`)));
    expect(verdict.checked.join("\n")).toContain("the retirement registry keeps this whole retirement");
    expect(verdict.checked.filter((one) => one.startsWith("WARNING"))).toEqual([
      expect.stringContaining("development key scheme") as string,
    ]);
  });
});

describe("a key", () => {
  const place = (name: string, text: string, mode = 0o600): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode });
    return file;
  };
  const open = (signer: string, password?: string): Promise<string | undefined> => {
    const words = ["--data", join(folder, "trial"), "network", "init", "--signer", signer];
    const where = ["--rpc", node.rpcUrl, "--deployment", deploymentFile];
    return codeOf(
      run([...words, ...where, ...(password === undefined ? [] : ["--password-file", password])]),
    );
  };

  it("that does not open is told by name, and neither key nor password is repeated", async () => {
    const key = `operator=${join(folder, "operator.json")}`;
    expect(await open(key)).toBe("signer.no-password");
    expect(await open(key, place("wrong", "another password\n"))).toBe("signer.password");
    expect(await open(key, place("empty", "\n"))).toBe("signer.password-file");
    expect(await open(key, place("wide", "another password\n", 0o644))).toBe("signer.open-file");
    expect(await open(`operator=${place("no.json", "{}")}`, passwordFile)).toBe("signer.key-file");
    expect(await open(`operator=${join(folder, "nowhere.json")}`, passwordFile)).toBe("file.unreadable");
    expect(await open(`operator=${remote.url}#0x${"12".repeat(20)}`)).toBe("signer.unknown-key");
    expect(await open(`operator=${remote.url}`)).toBe("config.signer");
    expect(await open("captain=a.json")).toBe("usage");
    const again = ["network", "key", "--out", join(folder, "operator.json"), "--password-file", passwordFile];
    expect(await codeOf(run(again))).toBe("file.unwritable");
  });
});

describe("another network's node or deployment is found at the start, by name", () => {
  const deployment = (): Deployment => decodeDeployment(readFileSync(deploymentFile));
  const withFile = (changed: Deployment, ...words: string[]): Promise<string | undefined> => {
    const file = join(folder, "changed.json");
    writeFileSync(file, JSON.stringify(changed));
    return codeOf(run(["--data", join(folder, "operator"), ...words], { MICROTONNE_DEPLOYMENT: file }));
  };

  it("by each command that uses a chain", async () => {
    const { contracts, codeHashes, ...rest } = deployment();
    const empty = { ...contracts, CarbonCredit: `0x${"ab".repeat(20)}` } as const;
    const noCode = { ...rest, contracts: empty, ...(codeHashes && { codeHashes }) };
    expect(await withFile(noCode, "network", "status")).toBe("chain.no-code");
    const close = ["batch", "close", "--region", "WUHAN", "--vintage", "2025"];
    expect(await withFile(noCode, ...close)).toBe("chain.no-code");
    const hashes = { ...codeHashes, BatchRegistry: `0x${"cd".repeat(32)}` } as NonNullable<typeof codeHashes>;
    const otherCode = { ...rest, contracts, codeHashes: hashes };
    expect(await withFile(otherCode, "network", "participants", "list")).toBe("chain.other-code");
    expect(await withFile(otherCode, "mint", "0x12")).toBe("chain.other-code");
    const history = { ...deployment(), blockHash: `0x${"ef".repeat(32)}` } as const;
    expect(await withFile(history, "network", "status")).toBe("chain.other-history");
    expect(await withFile({ ...deployment(), chainId: 7 }, "network", "status")).toBe("chain.deployment");
    const settings = { MICROTONNE_CHAIN_ID: "7", MICROTONNE_DEVELOPMENT_KEYS_CHAIN: "7" };
    expect(await codeOf(run(["--data", join(folder, "operator"), "network", "status"], settings))).toBe(
      "chain.deployment",
    );
    expect(await withFile(otherCode, "serve", "--port", "0")).toBe("chain.other-code");
    const proof = join(folder, "retirement.proof.json");
    const file = join(folder, "changed.json");
    writeFileSync(file, JSON.stringify(noCode));
    expect(await codeOf(run(["verify", proof, "--rpc", node.rpcUrl, "--deployment", file]))).toBe(
      "chain.no-code",
    );
  });
});
