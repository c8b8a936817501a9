import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAnvil, type EmbeddedChain } from "../../../../src/adapters/chain/startAnvil.ts";
import {
  connectChain,
  type ChainClient,
  type ConnectOptions,
} from "../../../../src/adapters/chain/client.ts";
import { planDeployment, type PlannedDeployment } from "../../../../src/adapters/chain/deploy.ts";
import { commitBatch } from "../../../../src/adapters/chain/intents/commitBatch.ts";
import { allowKeyScheme } from "../../../../src/adapters/chain/intents/allowKeyScheme.ts";
import { mintIntent } from "../../../../src/adapters/chain/intents/mintIntent.ts";
import { appointParticipant } from "../../../../src/adapters/chain/intents/appointParticipant.ts";
import type { ParticipantKind } from "../../../../src/base/types/participantKinds.ts";
import { publishMethodology } from "../../../../src/adapters/chain/intents/publishMethodology.ts";
import { retireIntent } from "../../../../src/adapters/chain/intents/retireIntent.ts";
import { settleOutbox, type OutboxContext } from "../../../../src/adapters/chain/settleOutbox.ts";
import { devSigners } from "../../../../src/adapters/chain/signers.ts";
import type { DeploymentTerms } from "../../../../src/adapters/chain/constructorArguments.ts";
import { fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import { batchId, regionCode } from "../../../../src/base/lib/ids.ts";
import { milligrams } from "../../../../src/base/lib/mass.ts";
import type { Address, BatchId, Hex } from "../../../../src/base/types/ids.ts";
import type { Methodology } from "../../../../src/base/types/methodology.ts";
import type { Day, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { statementMessage, type BatchStatement } from "../../../../src/format/onchain/batchStatement.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { shippedMethodologies } from "../../../../src/stages/quantify/shippedMethodologies.ts";
import { hasLanded } from "../../../../src/stages/outbox/hasLanded.ts";
import type { Intent, Signer } from "../../../../src/stages/outbox/ports.ts";
import { fileOutbox } from "./fileOutbox.ts";

export const systemClock = { now: () => Math.floor(Date.now() / 1000) as UnixSeconds };
export const signers = devSigners(31337);
const [admin, operator, ...verifiers] = signers as [Signer, Signer, ...Signer[]];
export { admin, operator };
export const POLL = 20;

export const hashOf = (text: string): Hex => toHex(keccak(new TextEncoder().encode(text)));
/** A made-up firm: 16 bytes. */
export const firmIdOf = (text: string): Hex => hashOf(text).slice(0, 34) as Hex;
const KEY_SCHEME = hashOf("a key scheme");
const METHODOLOGY = shippedMethodologies().find(({ region }) => region === "WUHAN") as Methodology;
/** Terms of a deployment on a test chain. */
export const TERMS: DeploymentTerms = {
  admin: admin.address,
  verifierThreshold: 2,
  challengeWindowSeconds: 0,
  guardianThreshold: 2,
  objectionSeconds: 0,
  creditUri: "",
  disputes: { responseSeconds: 3_600, rulingSeconds: 3_600, doubleClaimBond: 0n, openGramBond: 0n },
  cash: { name: "Test cash", symbol: "CASH" },
};

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "microtonne-chain-"));
  return {
    path,
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}

/**
 * An embedded chain in a folder of its own, an outbox beside it. `reopen` starts the node again where a test
 * has killed it.
 */
export interface TestChain {
  readonly folder: string;
  readonly store: ReturnType<typeof fileOutbox>;
  node: EmbeddedChain;
  client: ChainClient;
  connect(options?: Partial<ConnectOptions>): Promise<ChainClient>;
  reopen(): Promise<void>;
  settle(options?: Partial<OutboxContext>): Promise<number>;
  close(): Promise<void>;
}

export async function openTestChain(): Promise<TestChain> {
  const folder = temporaryFolder();
  const start = async (): Promise<EmbeddedChain> => startAnvil({ folder: join(folder.path, "chain") });
  const connect = async (options: Partial<ConnectOptions> = {}): Promise<ChainClient> =>
    connectChain({ rpcUrl: chain.node.rpcUrl, chainId: 31337, pollMilliseconds: POLL, ...options });
  const store = fileOutbox(join(folder.path, "outbox.json"));
  const chain = {
    folder: folder.path,
    store,
    node: await start(),
    connect,
    async reopen() {
      await chain.node.stop();
      chain.node = await start();
      chain.client = await connect();
    },
    settle: async (options = {}) =>
      settleOutbox({ client: chain.client, store, signers, clock: systemClock, hasLanded, ...options }),
    async close() {
      await chain.node.stop();
      folder.remove();
    },
  } as TestChain;
  chain.client = await connect();
  return chain;
}

async function enqueueAll(chain: TestChain, intents: readonly Intent[]): Promise<void> {
  for (const intent of intents) await chain.store.enqueue(intent);
}

/** Deploys everything and admits an operator and three verifiers; two must sign. */
export async function deployAll(chain: TestChain): Promise<PlannedDeployment> {
  const planned = await planDeployment(chain.client, chain.store, admin.address, TERMS);
  const { ParticipantRegistry, MethodologyRegistry, BatchRegistry } = planned.contracts;
  const register = (account: Address, kinds: ParticipantKind[]): Intent =>
    appointParticipant(ParticipantRegistry, admin.address, {
      account,
      kinds,
      country: "CN",
      expiry: null,
      firmId: firmIdOf(account),
    });
  await enqueueAll(chain, [
    ...planned.intents,
    register(operator.address, ["operator", "corporate"]),
    ...verifiers.slice(0, 3).map(({ address }) => register(address, ["verifier"])),
    allowKeyScheme(BatchRegistry, admin.address, KEY_SCHEME),
    publishMethodology(MethodologyRegistry, admin.address, METHODOLOGY),
  ]);
  await chain.settle();
  return planned;
}

/** A statement that the registry takes: contents are made up, since the chain sees only hashes and sums. */
export function statementOf(name: string, previousBatchId: BatchId | null): BatchStatement {
  return {
    batchId: batchId(hashOf(`manifest of ${name}`)),
    operator: operator.address,
    root: hashOf(`root of ${name}`),
    totalMilligrams: milligrams(3_000_000_000n),
    leafCount: 1_000,
    bufferMilligrams: milligrams(150_000_000n),
    claimPeriodDays: 90,
    vintageStartDay: 20_454 as Day,
    vintageEndDay: 20_484 as Day,
    region: regionCode("WUHAN"),
    methodologiesHash: toHex(keccak(fromHex(methodologyIdOf(METHODOLOGY)))),
    keySchemeHash: KEY_SCHEME,
    leavesHash: hashOf(`leaves of ${name}`),
    subjectlessMilligrams: milligrams(0n),
    previousBatchId,
    category: "act",
    hostCountry: "CN",
    adjustment: "none",
    useByDay: null,
    termsHash: hashOf(`terms of ${name}`),
    deadline: (systemClock.now() + 86_400) as UnixSeconds,
  };
}

/** Signatures of two verifiers, ascending by address. */
export async function attest(statement: BatchStatement, registry: Address): Promise<Hex[]> {
  const message = statementMessage(statement, 31337, registry);
  const ascending = verifiers.slice(0, 2).toSorted((a, b) => (a.address < b.address ? -1 : 1));
  return Promise.all(ascending.map(async (signer) => signer.signKeccakOf(message)));
}

export interface Life {
  readonly batchId: BatchId;
  readonly retirementId: Hex;
  readonly intents: readonly Intent[];
}

/** Commit, mint and a retirement of one batch, as intents. */
export async function lifeOf(
  planned: PlannedDeployment,
  name: string,
  previousBatchId: BatchId | null,
): Promise<Life> {
  const { BatchRegistry, RetirementRegistry } = planned.contracts;
  const statement = statementOf(name, previousBatchId);
  const retire = retireIntent(RetirementRegistry, operator.address, {
    nonce: hashOf(`nonce of ${name}`),
    beneficiaryHash: hashOf("beneficiary"),
    documentHash: null,
    purpose: "event-neutrality",
    reportingYear: 2026,
    country: "CN",
    amounts: [{ batchId: statement.batchId, milligrams: milligrams(2_620_000n) }],
  });
  const commit = commitBatch(
    BatchRegistry,
    statement,
    [methodologyIdOf(METHODOLOGY)],
    await attest(statement, BatchRegistry),
  );
  return {
    batchId: statement.batchId,
    retirementId: retire.retirementId,
    intents: [commit, mintIntent(BatchRegistry, operator.address, statement.batchId), retire],
  };
}

/** How often the chain announced commit, mint and retirement of a life. */
export async function announcements(
  client: ChainClient,
  planned: PlannedDeployment,
  life: Life,
): Promise<number[]> {
  const { BatchRegistry, RetirementRegistry } = planned.contracts;
  const count = async (address: Address, event: string, topic: Hex): Promise<number> => {
    const filter = { address, fromBlock: "0x0", toBlock: "latest", topics: [hashOf(event), topic] };
    return ((await client.request("eth_getLogs", [filter])) as unknown[]).length;
  };
  return [
    await count(
      BatchRegistry,
      "BatchCommitted(uint256,address,bytes32,uint64,uint32,address[],bytes32)",
      life.batchId,
    ),
    await count(BatchRegistry, "BatchMinted(uint256,address,uint64)", life.batchId),
    await count(
      RetirementRegistry,
      "Retired(bytes32,address,address,(bytes32,address,bytes32,bytes32,uint8,uint16,bytes2,uint64," +
        "(uint256,uint64,uint64)[]))",
      life.retirementId,
    ),
  ];
}
