import { CONTRACT_ABIS } from "../../../adapters/chain/abis.generated.ts";
import type { Abi } from "../../../adapters/chain/abiValues.ts";
import { readCreations } from "../../../adapters/chain/reads/readCreations.ts";
import { readLogs } from "../../../adapters/chain/reads/readLogs.ts";
import { readBlock, type ReadClient } from "../../../adapters/chain/readOnly.ts";
import type { Deployment } from "../../../base/types/deployment.ts";
import type { NetworkTerms } from "../parseTerms.ts";
import { checkCode } from "./checkCode.ts";
import { checkCreations } from "./checkCreations.ts";
import { checkLinks } from "./checkLinks.ts";
import { checkParticipants } from "./checkParticipants.ts";
import { checkRoles } from "./checkRoles.ts";
import { checkSettings } from "./checkSettings.ts";
import { compared, noted, type Finding } from "./finding.ts";

/** What is read now, and how far it is; the total is in the same unit. */
export type VerificationProgress = (what: string, done: number, total: number) => void;

/** What the settings' checks read; events of batches and holders are not among them. */
const EVENTS = [
  ...CONTRACT_ABIS.AccessManager.flatMap((entry) => (entry.type === "event" ? [entry.name] : [])),
  "ParticipantSet",
  "SuccessorSet",
  "QuorumSet",
  "KeySchemeSet",
  "RegistryOperatorSet",
  "RulesPublished",
  "PoolCreated",
];
const EVENTS_ABI: Abi = Object.values(CONTRACT_ABIS)
  .flatMap((abi) => [...(abi as Abi)])
  .filter((entry) => entry.type === "event" && EVENTS.includes(entry.name));

/**
 * Compares a deployment with what these sources and its terms say it should be: how each contract was
 * created, its code, its links; and with terms every role, participant, setting and pause, with whoever had
 * a power since the first block. Reads only.
 * @param terms null: only what the sources alone say is compared
 * @throws UsageError `contracts.not-built`; UnavailableError of the node
 */
export async function verifyDeployment(
  client: ReadClient,
  deployment: Deployment,
  terms: NetworkTerms | null,
  onProgress: VerificationProgress = () => undefined,
): Promise<Finding[]> {
  const { contracts, block, blockHash } = deployment;
  const header = await readBlock(client, BigInt(block));
  const findings = [compared("creation", `block ${String(block)}`, blockHash, header?.hash ?? "missing")];
  const creations = await readCreations(client, deployment, (done, total) => {
    onProgress("contracts' creations", done, total);
  });
  findings.push(
    ...(await checkCreations(contracts, creations, terms)),
    ...(await checkCode(client, deployment)),
    ...(await checkLinks(client, contracts)),
  );
  if (terms === null)
    return [
      ...findings,
      noted("term", "roles, participants, terms and pauses", "not compared without terms"),
    ];
  findings.push(compared("term", "chain id of the terms", String(terms.chainId), String(client.chainId)));

  const isWhole = creations.size === Object.keys(contracts).length;
  const blocks = [...creations.values()].map((one) => one.block);
  const newest = await readBlock(client, "latest");
  const events = await readLogs(
    client,
    {
      contracts: Object.values(contracts),
      abi: EVENTS_ABI,
      names: EVENTS,
      // Where a creation is missing nobody knows when it began.
      fromBlock: isWhole ? Math.min(...blocks) : 0,
      toBlock: Number(newest?.number ?? block),
    },
    (done, total) => {
      onProgress("blocks' events", done, total);
    },
  );
  const shown = { client, contracts, terms, events };
  const deployer = creations.get("AccessManager")?.deployer ?? "";
  return [
    ...findings,
    ...(await checkSettings(shown)),
    ...(await checkRoles(shown, deployer)),
    ...(await checkParticipants(shown)),
  ];
}
