import type { ChainClient } from "../../adapters/chain/client.ts";
import { deploymentFrom, planDeployment } from "../../adapters/chain/deploy.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import { encodeDeployment } from "../../format/onchain/deployment.ts";
import type { OutboxStore, Signer } from "../../stages/outbox/ports.ts";
import type { Context } from "../context.ts";
import { localParticipant } from "./localParticipant.ts";
import { SECONDS_PER_DAY } from "../../base/lib/time/units.ts";
import { replaceFile } from "../../base/lib/files/replaceFile.ts";

/** Verifiers that a commit on the embedded chain needs, of the three that it has. */
const EMBEDDED_THRESHOLD = 2;
/** Guardians of the embedded chain: as many as verifiers, by the same accounts. */
const EMBEDDED_GUARDIANS = 2;

/**
 * First use of a data folder: contracts, operator and verifiers go on the embedded chain, through the outbox
 * like every write.
 */
export async function deployEmbedded(parts: {
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
      responseSeconds: 7 * SECONDS_PER_DAY,
      rulingSeconds: 30 * SECONDS_PER_DAY,
      doubleClaimBond: 0n,
      openGramBond: 0n,
    },
    cash: { name: "Settlement cash of a local network", symbol: "CASH" },
  });
  const registry = planned.contracts.ParticipantRegistry;
  const intents = [
    ...planned.intents,
    localParticipant(registry, admin, operator, "operator"),
    ...verifiers.map((verifier) => localParticipant(registry, admin, verifier, "verifier", "guardian")),
    localParticipant(registry, admin, admin, "registrar", "regulator"),
    localParticipant(registry, admin, { address: planned.contracts.CarbonPoolFactory }, "pool-factory"),
    // It holds the bonds.
    localParticipant(registry, admin, { address: planned.contracts.BatchDisputes }, "escrow"),
  ];
  for (const intent of intents) await outbox.enqueue(intent);
  await settle();
  const deployment = await deploymentFrom(client, outbox, planned, { network: "embedded", commit: "local" });
  const path = parts.context.config.chain.deploymentFile;
  await replaceFile(path, encodeDeployment(deployment));
  return deployment;
}
