import { settleOutbox } from "../../adapters/chain/settleOutbox.ts";
import { devSigners } from "../../adapters/chain/signers.ts";
import { outboxStore } from "../../adapters/storage/outbox/outbox.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { ChainSide, Context } from "../context.ts";
import { deployEmbedded } from "./deployEmbedded.ts";
import { ensureCurrency } from "./ensureCurrency.ts";
import { localParticipant } from "./localParticipant.ts";
import { hasLanded } from "../../stages/outbox/hasLanded.ts";
import { onIntentFailed } from "./onIntentFailed.ts";
import { onIntentFinal } from "./onIntentFinal.ts";
import { operatorOf } from "./operatorOf.ts";
import { registrarOf } from "./registrarOf.ts";
import { knownDeployment } from "./knownDeployment.ts";
import { readDeployment } from "./readDeployment.ts";

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
    const registrar = registrarOf(config, admin ?? null);
    // A registrar's own folder has no operator: what is signed there is signed by the registrar.
    const isRegistrarAlone = config.operatorKey === null && !context.local && registrar !== null;
    const operator = isRegistrarAlone ? registrar.signer : await operatorOf(context);
    const outbox = outboxStore(context.db, context.tenant);
    const signers = [
      operator,
      ...verifiers,
      ...(admin ? [admin] : []),
      ...(registrar ? [registrar.signer] : []),
    ];
    let deployment: Deployment | null = null;
    const settle = async (): Promise<void> => {
      await settleOutbox({
        client,
        store: { ...outbox, markFailed: (key, failure) => onIntentFailed(context, key, failure) },
        signers,
        clock: context.clock,
        hasLanded,
        onFinal: async (entry) => {
          if (deployment) await onIntentFinal(context, client, deployment, entry);
        },
      });
    };
    const found = await readDeployment(config.chain.deploymentFile);
    // Another chain's file is refused before anything is done by it.
    deployment = found && knownDeployment(found, config.chain);
    if (embedded && admin) {
      await ensureCurrency(client, operator);
      if (deployment)
        await outbox.enqueue(
          localParticipant(deployment.contracts.ParticipantRegistry, admin, operator, "operator"),
        );
      else deployment = await deployEmbedded({ context, client, outbox, settle, admin, operator, verifiers });
    }
    deployment = knownDeployment(deployment, config.chain);
    await settle();
    return {
      client,
      deployment,
      operator,
      verifiers,
      admin: admin ?? null,
      registrar,
      outbox,
      settle,
      close: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
