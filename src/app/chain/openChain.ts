import { readFile, rename, writeFile } from "node:fs/promises";
import type { ChainClient } from "../../adapters/chain/client.ts";
import { deploymentFrom, planDeployment } from "../../adapters/chain/deploy.ts";
import { appointParticipant, type ParticipantKind } from "../../adapters/chain/intents/appointParticipant.ts";
import { settleOutbox } from "../../adapters/chain/outbox.ts";
import { devSigners } from "../../adapters/chain/signers.ts";
import { outboxStore } from "../../adapters/storage/outbox/outbox.ts";
import { UsageError } from "../../base/errors/errors.ts";
import { concatBytes, toHex, utf8 } from "../../base/lib/bytes.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import { decodeDeployment, encodeDeployment } from "../../format/onchain/deployment.ts";
import { keccak } from "../../format/keccak.ts";
import type { Address } from "../../base/types/ids.ts";
import type { Intent, OutboxStore, Signer } from "../../stages/outbox/ports.ts";
import { onIntentFinal } from "./onIntentFinal.ts";
import type { Context } from "../context.ts";
import { onIntentFailed } from "./onIntentFailed.ts";
import { operatorOf } from "./operatorOf.ts";

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
 * The chain as a tenant acts on it. On the embedded chain the first use deploys, and each tenant's operator
 * becomes a participant; then what an earlier run left in the outbox is settled.
 * @throws UnavailableError of the node; UsageError `chain.deployment`, `chain.operator-key`
 */
export async function openChain(context: Context): Promise<ChainSide> {
  const { config } = context;
  const { chainId } = config.chain;
  // Nonces, closings and verifications of one operator are one caller's at a time; on a local network all
  // tenants share its admin.
  const lock = await context.db.lock(`microtonne/operator/${context.local ? "local" : context.tenant}`);
  try {
    const { client, embedded } = await context.node();
    const [admin, , ...verifiers] = context.local ? devSigners(chainId).slice(0, 5) : [];
    const operator = await operatorOf(context);
    const outbox = outboxStore(context.db, context.tenant);
    const signers = [operator, ...verifiers, ...(admin ? [admin] : [])];
    let deployment: Deployment | null = null;
    const settle = async (): Promise<void> => {
      await settleOutbox({
        client,
        store: { ...outbox, markFailed: (key, failure) => onIntentFailed(context, key, failure) },
        signers,
        clock: context.clock,
        onFinal: async (entry) => {
          if (deployment) await onIntentFinal(context, client, deployment, entry);
        },
      });
    };
    deployment = await readDeployment(config.chain.deploymentFile);
    if (embedded && admin) {
      await ensureCurrency(client, operator);
      if (deployment)
        await outbox.enqueue(operatorParticipant(deployment.contracts.ParticipantRegistry, admin, operator));
      else deployment = await deployEmbedded({ context, client, outbox, settle, admin, operator, verifiers });
    }
    if (!deployment)
      throw new UsageError(
        "chain.deployment",
        `The deployment file ${config.chain.deploymentFile} is not there.`,
      );
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
      close: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

export async function readDeployment(path: string): Promise<Deployment | null> {
  try {
    return decodeDeployment(new Uint8Array(await readFile(path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/**
 * First use of a data folder: contracts, operator and verifiers go on the embedded chain, through the outbox
 * like every write.
 */
async function deployEmbedded(parts: {
  context: Context;
  client: ChainClient;
  outbox: OutboxStore;
  settle: () => Promise<void>;
  admin: Signer;
  operator: Signer;
  verifiers: readonly Signer[];
}): Promise<Deployment> {
  const { client, outbox, settle, admin, operator, verifiers } = parts;
  const planned = await planDeployment(client, outbox, admin.address, {
    admin: admin.address,
    verifierThreshold: EMBEDDED_THRESHOLD,
    challengeWindowSeconds: 0,
    guardianThreshold: EMBEDDED_GUARDIANS,
    objectionSeconds: 0,
    creditUri: "",
    disputes: {
      responseSeconds: 7 * 86_400,
      rulingSeconds: 30 * 86_400,
      doubleClaimBond: 0n,
      openGramBond: 0n,
    },
    cash: { name: "Settlement cash of a local network", symbol: "CASH" },
  });
  const registry = planned.contracts.ParticipantRegistry;
  const intents = [
    ...planned.intents,
    operatorParticipant(registry, admin, operator),
    ...verifiers.map((verifier) => localParticipant(registry, admin, verifier, "verifier", "guardian")),
    localParticipant(registry, admin, admin, "registrar", "regulator"),
    localParticipant(registry, admin, { address: planned.contracts.CarbonPoolFactory }, "pool-factory"),
    // It holds the bonds.
    localParticipant(registry, admin, { address: planned.contracts.BatchDisputes }, "custodian"),
  ];
  for (const intent of intents) await outbox.enqueue(intent);
  await settle();
  const deployment = await deploymentFrom(client, outbox, planned, { network: "embedded", commit: "local" });
  const path = parts.context.config.chain.deploymentFile;
  await writeFile(`${path}.new`, encodeDeployment(deployment));
  await rename(`${path}.new`, path);
  return deployment;
}

function operatorParticipant(registry: Address, admin: Signer, operator: Signer): Intent {
  return localParticipant(registry, admin, operator, "operator");
}

function localParticipant(
  registry: Address,
  admin: Signer,
  { address }: Pick<Signer, "address">,
  ...kinds: readonly ParticipantKind[]
): Intent {
  return appointParticipant(registry, admin.address, {
    account: address,
    kinds,
    country: "CN",
    expiry: null,
    identityHash: toHex(keccak(concatBytes(utf8("microtonne/embedded participant"), utf8(address)))),
  });
}

/**
 * The embedded chain's own currency is worth nothing, and each operator needs some. It is given between two
 * blocks, and until the next one the node proves another state than the last block's; so that one is made at
 * once.
 */
async function ensureCurrency(client: ChainClient, { address }: Signer): Promise<void> {
  if (BigInt((await client.request("eth_getBalance", [address, "latest"])) as string) > 0n) return;
  await client.request("anvil_setBalance", [address, "0xffffffffffffffffffff"]);
  await client.request("evm_mine", []);
}
