import { settleOutbox } from "../../adapters/chain/settleOutbox.ts";
import { checkContracts } from "../../adapters/chain/checkContracts.ts";
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
import { openSigner } from "./openSigner.ts";
import { operatorOf } from "./operatorOf.ts";
import { registrarOf } from "./registrarOf.ts";
import { knownDeployment } from "./knownDeployment.ts";
import { readDeployment } from "./readDeployment.ts";

/**
 * The chain as a tenant acts on it. On the embedded chain the first use deploys, and each tenant's operator
 * becomes a participant; then what an earlier run left in the outbox is settled.
 * @throws UnavailableError of the node; UsageError `chain.deployment`, `chain.operator-key`, or as
 * `checkContracts`, `openSigner`
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
    let deployment: Deployment | null = null;
    if (!embedded) {
      // Before any key is opened or anything is sent: another chain's file, or another file's chain.
      deployment = knownDeployment(await readDeployment(config.chain.deploymentFile), config.chain);
      await checkContracts(client, deployment);
    }
    const registrar = await registrarOf(config, admin ?? null);
    const { authority: authoritySetting, verifier: verifierSetting, holder: holderSetting } = config.signers;
    const authority = authoritySetting === null ? null : await openSigner(authoritySetting);
    // Of the settings' tenant: any other one retires what its own operator holds.
    const ownHolder =
      holderSetting !== null && context.tenant === config.tenant ? await openSigner(holderSetting) : null;
    // Folders of registrars, authorities, verifiers and holders have no operator: who signs there stands in
    // for it.
    const other =
      registrar?.signer ?? authority ?? ownHolder ?? (verifierSetting && (await openSigner(verifierSetting)));
    const isWithoutOperator = config.signers.operator === null && !context.local && other !== null;
    const operator = isWithoutOperator ? other : await operatorOf(context);
    const outbox = outboxStore(context.db, context.tenant);
    const signers = [
      operator,
      ...verifiers,
      ...(admin ? [admin] : []),
      ...(registrar ? [registrar.signer] : []),
      ...(authority ? [authority] : []),
      ...(ownHolder ? [ownHolder] : []),
    ];
    const settle = async (): Promise<void> => {
      await lock.renew();
      await settleOutbox({
        client,
        store: { ...outbox, markFailed: (key, failure) => onIntentFailed(context, key, failure) },
        signers,
        clock: context.clock,
        confirmLock: () => lock.confirm(),
        hasLanded,
        onFinal: async (entry) => {
          if (deployment) await onIntentFinal(context, client, deployment, entry);
        },
      });
    };
    if (embedded && admin) {
      const found = await readDeployment(config.chain.deploymentFile);
      deployment = found && knownDeployment(found, config.chain);
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
      holder: ownHolder ?? operator,
      verifiers,
      admin: admin ?? null,
      registrar,
      authority,
      outbox,
      settle,
      close: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
