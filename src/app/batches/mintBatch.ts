import { allowKeyScheme } from "../../adapters/chain/intents/allowKeyScheme.ts";
import { commitBatch } from "../../adapters/chain/intents/commitBatch.ts";
import { publishMethodology } from "../../adapters/chain/intents/publishMethodology.ts";
import { mintIntent } from "../../adapters/chain/intents/mintIntent.ts";
import { readBatch, readBatchFormat, readRegistryTerms, readCommit } from "../../adapters/chain/readOnly.ts";
import { readFirms } from "../../adapters/chain/reads/readFirms.ts";
import { listBatches, type StoredBatch } from "../../adapters/storage/batches/batches.ts";
import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import { enqueueIntent } from "../../adapters/storage/outbox/outbox.ts";
import { listProjects } from "../../adapters/storage/projects/listProjects.ts";
import { stepProject } from "../../adapters/storage/projects/stepProject.ts";
import { setBatchState } from "../../adapters/storage/batches/setBatchState.ts";
import { StateError } from "../../base/errors/errors.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import { formatTonnes } from "../../base/lib/mass.ts";
import { tee } from "../../base/lib/tee.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { Address, BatchId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { batchStatementOf, keySchemeHash } from "../../format/onchain/batchStatement.ts";
import { methodologyIdOf } from "../../format/batch/methodology.ts";
import { categoryOf, decodeManifest, type Manifest } from "../../format/batch/manifest.ts";
import { orderQuorum, parseAttestation, type Attestation } from "../../stages/attest/attestation.ts";
import { checkStatement } from "../../stages/attest/checkStatement.ts";
import { statementDeadline } from "../../stages/attest/statementDeadline.ts";
import { committableStatement } from "../../stages/pool/committableStatement.ts";
import { checkCommitTurn } from "../../stages/pool/checkCommitTurn.ts";
import { decideBatchStep } from "../../stages/pool/decideBatchStep.ts";
import type { BatchState } from "../../stages/pool/ports.ts";
import { decideIssuedProjects } from "../../stages/projects/decideIssuedProjects.ts";
import { parseProject } from "../../stages/projects/parseProject.ts";
import type { Intent } from "../../stages/outbox/ports.ts";
import { attestBatch } from "../attest/attestBatch.ts";
import { operatorOf } from "../chain/operatorOf.ts";
import type { ChainSide, Context } from "../context.ts";
import { projectSteps } from "../projects/projectSteps.ts";
import { confidentialLeaves } from "./confidentialLeaves.ts";
import { openVerifier } from "../attest/openVerifier.ts";

export interface MintRequest {
  readonly batch: string;
  /** Texts of attestation files, or null: the local network's own verifiers recompute the batch. */
  readonly attestations: readonly string[] | null;
  readonly onProgress?: (done: number, total: number) => void;
}
export interface MintReport {
  readonly batchId: BatchId;
  readonly state: BatchState;
  readonly mintedMilligrams: string;
  readonly mintedTonnes: string;
  readonly attesters: readonly Address[];
  /** When the challenge window is over, ISO 8601; null where the batch is minted. */
  readonly mintableAt: string | null;
}

/**
 * Brings a sealed batch on chain: quorum, commit, mint. Each step is entered with its intent in one
 * transaction and advanced by what the chain says, so a mint that was cut off goes on from where the chain
 * is.
 * @throws CheckFailedError `attest.…`, `quorum.…`, `outbox.failed`; StateError `mint.order`,
 * `mint.attestations`, `batch.old-registry`, `batch.old-format`; InputError `statement.behaviour`;
 * UsageError `batch.unknown`
 */
export async function mintBatch(context: Context, request: MintRequest): Promise<MintReport> {
  const chain = await context.chain();
  let batch = await stepBackFromFailure(
    context,
    chain,
    await knownBatch(context.db, context.tenant, request.batch),
  );
  if (batch.state === "sealed") {
    checkCommitTurn(await listBatches(context.db, context.tenant), batch.batchId);
    await commit(context, chain, batch, request);
    batch = await knownBatch(context.db, context.tenant, batch.batchId);
  }
  if (batch.state === "committed" && (await windowEnd(chain, batch)) <= context.clock.now()) {
    await context.db.transaction(async (tx) => {
      await setBatchState(
        tx,
        context.tenant,
        batch.batchId,
        { kind: "begun", step: "mint" },
        decideBatchStep,
      );
      await enqueueIntent(
        tx,
        context.tenant,
        mintIntent(chain.deployment.contracts.BatchRegistry, chain.operator.address, batch.batchId),
      );
    });
    await chain.settle();
    batch = await knownBatch(context.db, context.tenant, batch.batchId);
  }
  if (batch.state === "minted") await issueProjects(context, batch);
  return report(chain, batch);
}

/** Writes down which projects of a batch that the chain shows as minted are issued. */
async function issueProjects(context: Context, { batchId, manifest }: StoredBatch): Promise<void> {
  const decoded = decodeManifest(manifest);
  if (categoryOf(decoded) !== "project" || !("projects" in decoded)) return;
  const { address: by } = await operatorOf(context);
  const known = await listProjects(context.db, context.tenant, parseProject);
  const ids = decoded.projects.map(({ id }) => id);
  for (const project of decideIssuedProjects(ids, known)) {
    const event = { what: "issue", by, at: context.clock.now(), batchId } as const;
    await stepProject(context.db, context.tenant, project, event, projectSteps);
  }
}

/**
 * A step that the chain refused for good (a deadline that passed, a verifier that was struck off) is taken
 * again from its beginning.
 */
async function stepBackFromFailure(
  context: Context,
  { outbox }: ChainSide,
  batch: StoredBatch,
): Promise<StoredBatch> {
  const { db, tenant } = context;
  const step = batch.state === "committing" ? "commit" : batch.state === "minting" ? "mint" : null;
  if (!step || (await outbox.find(`${step}:${batch.batchId}`))?.state !== "failed") return batch;
  await setBatchState(db, tenant, batch.batchId, { kind: "failed", step }, decideBatchStep);
  return knownBatch(db, tenant, batch.batchId);
}

async function commit(
  context: Context,
  chain: ChainSide,
  batch: StoredBatch,
  request: MintRequest,
): Promise<void> {
  const { client, deployment, admin } = chain;
  const manifest = decodeManifest(batch.manifest);
  // Refused before anybody recomputes or signs; the deadline is known afterwards.
  const undated = committableStatement(
    await readBatchFormat(client, deployment.contracts),
    batchStatementOf(manifest, batch.batchId, 0 as UnixSeconds),
  );
  const { verifierThreshold } = await readRegistryTerms(client, deployment.contracts, manifest.region);
  const attestations = request.attestations
    ? request.attestations.map((text) => parseAttestation(text))
    : await embeddedQuorum(context, chain, batch, verifierThreshold, request.onProgress);
  checkStatement(manifest, batch.batchId, deployment, attestations);
  const verifiers = attestations.map(({ verifier }) => verifier);
  const firms = await readFirms(client, deployment.contracts, verifiers);
  const { deadline, signatures } = orderQuorum(attestations, batch.batchId, verifierThreshold, firms);

  const { BatchRegistry } = deployment.contracts;
  const statement = { ...undated, deadline: Number(deadline) as UnixSeconds };
  await context.db.transaction(async (tx) => {
    await setBatchState(
      tx,
      context.tenant,
      batch.batchId,
      { kind: "begun", step: "commit" },
      decideBatchStep,
    );
    for (const intent of admin ? localPreparations(deployment, admin.address, manifest) : [])
      await enqueueIntent(tx, context.tenant, intent);
    const methodologyIds = manifest.methodologies.map(methodologyIdOf);
    await enqueueIntent(
      tx,
      context.tenant,
      commitBatch(BatchRegistry, statement, methodologyIds, signatures),
    );
  });
  await chain.settle();
}

/**
 * What somebody else does on any other network: the batch's key scheme is allowed, its methodologies are
 * published.
 */
function localPreparations({ contracts }: Deployment, admin: Address, manifest: Manifest): Intent[] {
  return [
    allowKeyScheme(contracts.BatchRegistry, admin, keySchemeHash(manifest.keyScheme)),
    ...manifest.methodologies.map((methodology) =>
      publishMethodology(contracts.MethodologyRegistry, admin, methodology),
    ),
  ];
}

/**
 * As many of the local network's verifiers as a commit needs; each recomputes the batch for itself, from
 * records that are read once.
 */
async function embeddedQuorum(
  context: Context,
  chain: ChainSide,
  batch: StoredBatch,
  threshold: number,
  onProgress: MintRequest["onProgress"],
): Promise<Attestation[]> {
  if (chain.verifiers.length < threshold) {
    throw new StateError("mint.attestations", "This network has no verifiers of its own.", {
      remedy: { act: "hand-out-package", attestations: threshold },
    });
  }
  const deadline = statementDeadline(context.clock.now(), context.config.statementSeconds);
  const verifiers = await Promise.all(
    chain.verifiers.slice(0, threshold).map((signer) => openVerifier(context, chain, signer)),
  );
  const feeds = tee(confidentialLeaves(context, batch), threshold);
  const outcomes = await Promise.allSettled(
    verifiers.map((verifier, index) =>
      attestBatch(verifier, {
        manifestBytes: batch.manifest,
        leaves: feeds[index] as (typeof feeds)[number],
        deadline,
        ...(onProgress && index === 0 ? { onProgress } : {}),
      }),
    ),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

async function windowEnd(chain: ChainSide, batch: StoredBatch): Promise<number> {
  const { contracts } = chain.deployment;
  const onChain = await readBatch(chain.client, contracts, batch.batchId);
  if (!onChain)
    throw new StateError(
      "mint.not-committed",
      `The chain does not show batch ${batch.batchId}. Run the command again.`,
    );
  return onChain.committedAt + onChain.challengeWindowSeconds;
}

async function report(chain: ChainSide, batch: StoredBatch): Promise<MintReport> {
  const announced = await readCommit(
    chain.client,
    chain.deployment.contracts,
    batch.batchId,
    BigInt(chain.deployment.block),
  );
  const waiting = batch.state === "committed";
  return {
    batchId: batch.batchId,
    state: batch.state,
    mintedMilligrams: batch.mintedMilligrams.toString(),
    mintedTonnes: formatTonnes(batch.mintedMilligrams),
    attesters: announced?.attesters ?? [],
    mintableAt: waiting ? utcText(await windowEnd(chain, batch)) : null,
  };
}
