import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { deploymentFrom, planDeployment } from "../../adapters/chain/deploy.ts";
import { appointParticipant } from "../../adapters/chain/intents/appointParticipant.ts";
import { changeSettings } from "../../adapters/chain/intents/changeSetting.ts";
import { raiseCashLimit, setCashIssuer } from "../../adapters/chain/intents/setUpCash.ts";
import { giveOutRoles } from "../../adapters/chain/intents/giveOutRoles.ts";
import { readCodeHashes } from "../../adapters/chain/reads/readCodeHashes.ts";
import { settleOutbox } from "../../adapters/chain/settleOutbox.ts";
import { outboxStore } from "../../adapters/storage/outbox/outbox.ts";
import { replaceFile } from "../../base/lib/files/replaceFile.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { Address } from "../../base/types/ids.ts";
import { encodeDeployment } from "../../format/onchain/deployment.ts";
import { type AskedParticipant, participantTerms } from "../../stages/network/participantTerms.ts";
import type { Intent } from "../../stages/outbox/ports.ts";
import { hasLanded } from "../../stages/outbox/hasLanded.ts";
import { openSigner } from "../chain/openSigner.ts";
import type { Context } from "../context.ts";
import type { SignerSetting } from "../process/signerSettings.ts";
import { contractParticipants } from "./contractParticipants.ts";
import { setBits, type NetworkTerms } from "./parseTerms.ts";

/** A deployment, and where its file is. */
export interface DeployedNetwork {
  readonly file: string;
  readonly deployment: Deployment;
  /** Who sent it, and has no power left. */
  readonly deployer: Address;
}

/**
 * Creates all contracts by a network's terms, appoints the contracts that act as participants and whoever
 * the terms name, sets what no constructor takes, gives out the roles, gives up the deployer's own, and
 * writes `<network>.json`. Everything goes through the outbox of the data folder, so a run that was cut off
 * is finished by the next with the same folder, key and terms.
 * @param context with the network's node and chain id in its settings
 * @param to.commit of the contracts' sources, or "local"
 * @throws as `openSigner`, `planDeployment`, `participantTerms`, `settleOutbox`, `deploymentFrom`
 */
export async function deployNetwork(
  context: Context,
  terms: NetworkTerms,
  { key, out, commit }: { readonly key: SignerSetting; readonly out: string; readonly commit: string },
): Promise<DeployedNetwork> {
  const { client } = await context.node();
  const deployer = await openSigner(key);
  const outbox = outboxStore(context.db, context.tenant);
  // The deployer is admin until the roles are given out.
  const planned = await planDeployment(client, outbox, deployer.address, {
    ...terms,
    admin: deployer.address,
  });
  const { contracts } = planned;
  const appointed = [...contractParticipants(contracts, terms.country), ...appointedByTerms(terms)];
  const intents = [
    ...planned.intents,
    ...appointed.map((one) =>
      appointParticipant(contracts.ParticipantRegistry, deployer.address, participantTerms(one, [])),
    ),
    ...changeSettings(contracts, deployer.address, terms),
    ...cashIntents(contracts.SettlementCash, deployer.address, terms.cash),
    // Last: with its own role the deployer gives up everything above.
    ...giveOutRoles(contracts, deployer.address, terms),
  ];
  for (const intent of intents) await outbox.enqueue(intent);
  await settleOutbox({ client, store: outbox, signers: [deployer], clock: context.clock, hasLanded });
  const { network } = terms;
  const deployment: Deployment = {
    ...(await deploymentFrom(client, outbox, planned, { network, commit })),
    codeHashes: await readCodeHashes(client, planned.contracts),
  };
  await mkdir(out, { recursive: true });
  const file = join(out, `${network}.json`);
  await replaceFile(file, encodeDeployment(deployment));
  return { file, deployment, deployer: deployer.address };
}

/** Whose cash it is and how much may circulate, as far as the terms say it. */
export function cashIntents(
  cash: Address,
  deployer: Address,
  { issuerFirmId, limit }: NetworkTerms["cash"],
): Intent[] {
  return [
    ...(issuerFirmId === null ? [] : [setCashIssuer(cash, deployer, issuerFirmId)]),
    ...(limit === null || limit === 0n ? [] : [raiseCashLimit(cash, deployer, limit)]),
  ];
}

/** Whom the terms name, as they are to be appointed. */
export function appointedByTerms({ participants }: NetworkTerms): AskedParticipant[] {
  return participants
    .filter(({ kinds }) => kinds.length > 0)
    .map(({ account, kinds, country, firmId, until, verifierSets }) => ({
      account,
      kinds,
      country,
      firmId,
      expiry: until,
      verifierSets: setBits(verifierSets),
    }));
}
