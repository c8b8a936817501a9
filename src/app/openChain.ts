import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startAnvil, type EmbeddedChain } from "../adapters/chain/anvil.ts";
import { connectChain, type ChainClient } from "../adapters/chain/client.ts";
import { deploymentFrom, planDeployment } from "../adapters/chain/deploy.ts";
import { appointParticipant, type ParticipantKind } from "../adapters/chain/intents/appointParticipant.ts";
import { settleOutbox } from "../adapters/chain/outbox.ts";
import { devSigners, localSigner } from "../adapters/chain/signers.ts";
import { outboxStore } from "../adapters/storage/outbox.ts";
import { UsageError } from "../base/errors/errors.ts";
import { concatBytes, toHex, utf8 } from "../base/lib/bytes.ts";
import type { Deployment } from "../base/types/deployment.ts";
import { decodeDeployment, encodeDeployment } from "../format/deployment.ts";
import { keccak } from "../format/keccak.ts";
import type { OutboxStore, Signer } from "../stages/mint/ports.ts";
import { advanceState } from "./advanceState.ts";
import type { Context } from "./context.ts";
import { failState } from "./failState.ts";

/** Verifiers that a commit on the embedded chain needs, of the three that it has. */
const EMBEDDED_THRESHOLD = 2;
/** Guardians of the embedded chain: as many as verifiers, by the same accounts. */
const EMBEDDED_GUARDIANS = 2;

/** The chain, connected or started, with who signs and what stands on it. */
export interface ChainSide {
  readonly client: ChainClient;
  readonly deployment: Deployment;
  readonly operator: Signer;
  /** The local network's own verifiers; empty on any other. */
  readonly verifiers: readonly Signer[];
  /** Registers participants and key schemes on the local network; null on any other. */
  readonly admin: Signer | null;
  readonly outbox: OutboxStore;
  /** Sends what the outbox holds and advances our state as it becomes final. @throws as `settleOutbox` */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects to the configured network, or starts the embedded chain and deploys to it at first use; then settles what an earlier run left.
 * @throws UnavailableError of the node; UsageError `chain.deployment`, `chain.operator-key`
 */
export async function openChain(context: Context): Promise<ChainSide> {
  const { config } = context;
  const { rpcUrl, chainId, finalityDepth, pollMilliseconds } = config.chain;
  // Nonces, closings and verifications of one operator are one process's at a time.
  const lock = await context.db.lock(`microtonne/operator/${context.tenant}`);
  let embedded: EmbeddedChain | null = null;
  const close = async (): Promise<void> => {
    try {
      await embedded?.stop();
    } finally {
      await lock.release();
    }
  };
  try {
    if (rpcUrl === null) embedded = await startAnvil({ folder: join(config.folder, "chain"), chainId });
    const client = await connectChain({
      rpcUrl: embedded?.rpcUrl ?? (rpcUrl as string),
      chainId,
      finalityDepth,
      pollMilliseconds,
      mineWhileWaiting: embedded !== null,
    });
    const [admin, developmentOperator, ...verifiers] = context.local ? devSigners(chainId).slice(0, 5) : [];
    const operator = config.operatorKey === null ? developmentOperator : localSigner(config.operatorKey);
    if (!operator) throw new UsageError("chain.operator-key", "Set MICROTONNE_OPERATOR_PRIVATE_KEY: this network has no development keys.");
    const outbox = outboxStore(context.db, context.tenant);
    const signers = [operator, ...verifiers, ...(admin ? [admin] : [])];
    let deployment: Deployment | null = null;
    const settle = async (): Promise<void> => {
      await settleOutbox({
        client,
        store: { ...outbox, markFailed: (key, failure) => failState(context, key, failure) },
        signers,
        clock: context.clock,
        onFinal: async (entry) => {
          if (deployment) await advanceState(context, client, deployment, entry);
        },
      });
    };
    deployment = await readDeployment(config.chain.deploymentFile);
    if (embedded && admin)
      deployment = await deployEmbedded({ context, client, outbox, settle, admin, operator, verifiers, known: deployment });
    if (!deployment) throw new UsageError("chain.deployment", `The deployment file ${config.chain.deploymentFile} is not there.`);
    if (deployment.chainId !== chainId) {
      throw new UsageError(
        "chain.deployment",
        `The deployment file is for chain ${String(deployment.chainId)}, the settings say ${String(chainId)}.`,
      );
    }
    await settle();
    return {
      client,
      deployment,
      operator,
      verifiers,
      admin: admin ?? null,
      outbox,
      settle,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readDeployment(path: string): Promise<Deployment | null> {
  try {
    return decodeDeployment(new Uint8Array(await readFile(path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** First use of a data folder: contracts, operator and verifiers go on the embedded chain, through the outbox like every write. */
async function deployEmbedded(parts: {
  context: Context;
  client: ChainClient;
  outbox: OutboxStore;
  settle: () => Promise<void>;
  admin: Signer;
  operator: Signer;
  verifiers: readonly Signer[];
  known: Deployment | null;
}): Promise<Deployment> {
  const { client, outbox, settle, admin, operator, verifiers } = parts;
  if (parts.known) return parts.known;
  const planned = await planDeployment(client, outbox, admin.address, {
    admin: admin.address,
    verifierThreshold: EMBEDDED_THRESHOLD,
    challengeWindowSeconds: 0,
    guardianThreshold: EMBEDDED_GUARDIANS,
    objectionSeconds: 0,
    creditUri: "",
    disputes: { responseSeconds: 7 * 86_400, rulingSeconds: 30 * 86_400, doubleClaimBond: 0n, openGramBond: 0n },
    cash: { name: "Settlement cash of a local network", symbol: "CASH" },
  });
  const registry = planned.contracts.ParticipantRegistry;
  const participant = ({ address }: Pick<Signer, "address">, ...kinds: readonly ParticipantKind[]) =>
    appointParticipant(registry, admin.address, {
      account: address,
      kinds,
      country: "CN",
      expiry: null,
      identityHash: toHex(keccak(concatBytes(utf8("microtonne/embedded participant"), utf8(address)))),
    });
  const intents = [
    ...planned.intents,
    participant(operator, "operator"),
    ...verifiers.map((verifier) => participant(verifier, "verifier", "guardian")),
    participant(admin, "registrar", "regulator"),
    participant({ address: planned.contracts.CarbonPoolFactory }, "pool-factory"),
    // It holds the bonds.
    participant({ address: planned.contracts.BatchDisputes }, "custodian"),
  ];
  for (const intent of intents) await outbox.enqueue(intent);
  await settle();
  const deployment = await deploymentFrom(client, outbox, planned, { network: "embedded", commit: "local" });
  const path = parts.context.config.chain.deploymentFile;
  await writeFile(`${path}.new`, encodeDeployment(deployment));
  await rename(`${path}.new`, path);
  return deployment;
}
