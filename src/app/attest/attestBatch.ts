import type { ArchiveDraft, ArchiveFolder } from "../../adapters/archive/archiveFolder.ts";
import { yieldToEventLoop } from "../../base/lib/yieldToEventLoop.ts";
import { localDay } from "../../base/lib/time/zone.ts";
import { milligrams } from "../../base/lib/mass.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { ConfidentialLeaf } from "../../base/types/confidentialLeaf.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { BatchId, MethodologyId } from "../../base/types/ids.ts";
import type { ProviderKey } from "../../base/types/providerKey.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { MANIFEST_PATH } from "../../format/archive/archiveLayout.ts";
import { batchStatementOf, statementDigest, statementMessage } from "../../format/onchain/batchStatement.ts";
import type { ClassLists } from "../../format/batch/classes/classLists.ts";
import { encodeLeaves } from "../../format/batch/leaf.ts";
import { batchIdOf, categoryOf, decodeManifest, type Manifest } from "../../format/batch/manifest.ts";
import { methodologyIdOf } from "../../format/batch/methodology.ts";
import type { VerificationStatement } from "../../format/batch/verificationStatement.ts";
import { ArchiveStream } from "../../format/archive/archiveStream.ts";
import type { ActivityKeyService } from "../../stages/dedupe/ports.ts";
import type { Attestation } from "../../stages/attest/attestation.ts";
import { attestRefusal } from "../../stages/attest/attestRefusal.ts";
import { CapCheck, type CapCounts } from "../../stages/attest/capCheck.ts";
import { withdrawnRefusal } from "../../stages/attest/withdrawnRefusal.ts";
import { checkCreatedAt } from "../../stages/attest/checkCreatedAt.ts";
import { checkKeyScheme } from "../../stages/attest/checkKeyScheme.ts";
import { checkManifestTerms } from "../../stages/attest/checkManifestTerms.ts";
import { SignatureCheck, type SignatureCounts } from "../../stages/attest/signatureCheck.ts";
import {
  compareCommitment,
  recomputeLeaves,
  type VerifierMeans,
} from "../../stages/attest/recomputeBatch.ts";
import type { Signer } from "../../stages/outbox/ports.ts";
import type { BoundsBook } from "../../stages/plausibility/boundsBook.ts";
import { checkAct } from "../../stages/plausibility/checkAct.ts";
import type { MethodologyCatalogue } from "../../stages/quantify/catalogue.ts";
import { projectMonthRefusal, projectRefusalOf } from "../../stages/projects/projectMonthRefusal.ts";
import { isQuantified } from "../../stages/quantify/quantify.ts";
import { quantifyAttested } from "../../stages/quantify/quantifyAttested.ts";
import { refuseBesideKept } from "./refuseBesideKept.ts";

/** What a verifier brings along. It takes nothing of this from the operator. */
export interface Verifier {
  readonly signer: Signer;
  readonly keys: ActivityKeyService;
  readonly methodologies: MethodologyCatalogue;
  readonly plausibility: BoundsBook;
  /** The lists of scenario classes that it knows. */
  readonly classLists: ClassLists;
  readonly deployment: Deployment;
  readonly local: boolean;
  /** Copies of the batches that this verifier attested. */
  readonly kept: ArchiveFolder;
  /** By which the batch's time of closing is judged. */
  readonly now: UnixSeconds;
  /** Batches among the kept ones that are on chain. */
  readonly live: readonly BatchId[];
  /** When the chain took in a methodology's withdrawal; null of one that stands. */
  readonly withdrawnAt: (id: MethodologyId) => Promise<UnixSeconds | null>;
  /** The operator's last committed batch on chain. */
  readonly head: BatchId | null;
  /** The providers' keys that this verifier knows itself. */
  readonly signingKeys: readonly ProviderKey[];
}

type Withdrawals = ReadonlyMap<MethodologyId, UnixSeconds>;

export interface AttestRequest {
  readonly manifestBytes: Uint8Array;
  readonly leaves: AsyncIterable<readonly ConfidentialLeaf[]>;
  /** The verification body's statement, as the body itself gave it; none if left out. */
  readonly verification?: VerificationStatement | null;
  /** The last second in which the registry may take the signature. */
  readonly deadline: UnixSeconds;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told once, before the signature: how many records their providers had signed. */
  readonly onSignatures?: (counts: SignatureCounts) => void;
  /** Told once, before the signature: how many leaves have caps on days and years, which this batch keeps. */
  readonly onCaps?: (counts: CapCounts) => void;
}

/**
 * Recomputes a whole batch from its confidential records and signs its statement, or refuses with the reason.
 * A copy of the batch is kept, so that no key of it is attested again in another one, and everybody's year is
 * counted over all that are kept.
 * @throws CheckFailedError `attest.…` naming the field, the leaf or the rule
 */
export async function attestBatch(verifier: Verifier, request: AttestRequest): Promise<Attestation> {
  const manifest = decodeManifest(request.manifestBytes);
  const batchId = batchIdOf(request.manifestBytes);
  checkCreatedAt(manifest, verifier.now, await closedAt(verifier, manifest.previousBatchId));
  const withdrawals = await withdrawalsOf(verifier, manifest);
  checkManifestTerms(manifest, {
    ...verifier,
    withdrawnAt: (id) => withdrawals.get(id) ?? null,
    plausibility: verifier.plausibility.versionFor(
      manifest.region,
      localDay(manifest.vintage.timeZone, manifest.createdAt),
    ),
    verification: request.verification ?? null,
    knowsMethodology: (id) => verifier.methodologies.find(id) !== null,
  });
  checkKeyScheme(manifest, await verifier.keys.keyScheme(manifest.keyScheme.map(({ year }) => year)));

  const signatures = new SignatureCheck(manifest.tenant, verifier.signingKeys);
  const caps = new CapCheck(manifest.methodologies);
  const draft = await verifier.kept.draft(batchId.slice(2, 18));
  try {
    await keepRecomputed({ ...verifier, withdrawals }, request, manifest, draft, { signatures, caps });
    await draft.publish(batchId);
  } finally {
    draft.close();
  }
  await refuseBesideKept(verifier.kept, batchId, verifier.live);
  request.onSignatures?.(signatures.counts());
  request.onCaps?.(caps.counts());

  const statement = batchStatementOf(manifest, batchId, request.deadline);
  const { chainId, contracts } = verifier.deployment;
  const domain = [chainId, contracts.BatchRegistry] as const;
  return {
    format: "microtonne-attestation/1",
    batchId,
    deadline: String(request.deadline),
    digest: statementDigest(statement, ...domain),
    verifier: verifier.signer.address,
    signature: await verifier.signer.signKeccakOf(statementMessage(statement, ...domain)),
  };
}

/** When which of a manifest's methodologies were withdrawn. */
async function withdrawalsOf({ withdrawnAt }: Verifier, { methodologies }: Manifest): Promise<Withdrawals> {
  const found = new Map<MethodologyId, UnixSeconds>();
  for (const methodology of methodologies) {
    const id = methodologyIdOf(methodology);
    const at = await withdrawnAt(id);
    if (at !== null) found.set(id, at);
  }
  return found;
}

/** When a batch was closed whose copy is kept here; null where none is. */
async function closedAt({ kept, live }: Verifier, batchId: BatchId | null): Promise<UnixSeconds | null> {
  if (batchId === null || !live.includes(batchId)) return null;
  return decodeManifest(await kept.reader(batchId).read(MANIFEST_PATH)).createdAt;
}

/** What is held over all leaves of a batch. */
interface BatchChecks {
  readonly signatures: SignatureCheck;
  readonly caps: CapCheck;
}

/** Writes the whole batch as it comes out of the records, if it comes out as the manifest says. */
async function keepRecomputed(
  verifier: Verifier & { readonly withdrawals: Withdrawals },
  { manifestBytes, leaves, onProgress }: AttestRequest,
  manifest: Manifest,
  draft: ArchiveDraft,
  checks: BatchChecks,
): Promise<void> {
  const archive = new ArchiveStream(draft);
  let subjectless = 0n;
  let done = 0;
  for await (const chunk of recomputeLeaves(manifest, leaves, meansOf(verifier, manifest, checks))) {
    for (const { leaf, hasSubject } of chunk) if (!hasSubject) subjectless += leaf.milligrams;
    await archive.push(encodeLeaves(chunk.map(({ leaf }) => leaf)));
    await yieldToEventLoop();
    onProgress?.((done += chunk.length), manifest.leafCount);
  }
  const commitment = await archive.finish();
  compareCommitment(manifest, { ...commitment, subjectlessMilligrams: milligrams(subjectless) });
  await draft.write(MANIFEST_PATH, manifestBytes);
}

/** Each record of a project batch is a month of its project, within the crediting period. */
function checkProjectMonth(manifest: Manifest, record: ActivityRecord, timeZone: string): void {
  if (categoryOf(manifest) !== "project" || !("projects" in manifest)) return;
  const project = manifest.projects.find(({ id }) => id === record.provider);
  const refusal = project
    ? projectMonthRefusal(record, project.creditingPeriod, timeZone, manifest.createdAt)
    : projectRefusalOf("project.unknown", "provider");
  if (refusal)
    throw attestRefusal("project", `a record of ${record.provider} (${refusal.code}): ${refusal.sentence}`);
}

/** The manifest's methodologies are known to the catalogue by now, each by the hash of its content. */
function meansOf(
  {
    keys,
    plausibility,
    methodologies: catalogue,
    classLists,
    withdrawals,
  }: Verifier & { readonly withdrawals: Withdrawals },
  manifest: Manifest,
  { signatures, caps }: BatchChecks,
): VerifierMeans {
  const versions = manifest.methodologies.map((methodology) => {
    const id = methodologyIdOf(methodology);
    return { methodology, version: catalogue.find(id), withdrawnAt: withdrawals.get(id) ?? null };
  });
  return {
    quantify(record) {
      let reason = "no methodology of the manifest covers its scenario";
      for (const { methodology, version, withdrawnAt } of versions) {
        if (methodology.scenario !== record.scenario) continue;
        const changes = version === null ? [] : catalogue.changesDuring(record, version);
        const quantified = quantifyAttested(record, methodology, changes);
        if (isQuantified(quantified)) {
          if (withdrawnAt !== null && record.startedAt >= withdrawnAt)
            throw withdrawnRefusal(
              methodology,
              withdrawnAt,
              `a record of ${record.provider} starts after that`,
            );
          checkProjectMonth(manifest, record, methodology.timeZone);
          const { region, timeZone } = methodology;
          const implausible = checkAct(plausibility, record, region, timeZone, categoryOf(manifest));
          if (implausible)
            throw attestRefusal(
              "implausible",
              `a record of ${record.provider} can't be true (${implausible.code}): ${implausible.sentence}`,
            );
          return { methodology, ...quantified };
        }
        reason = quantified.sentence;
      }
      throw attestRefusal("record", `a record of ${record.provider} earns nothing: ${reason}`);
    },
    classCode(scenario) {
      const code = classLists.of(manifest)?.codeOf(scenario) ?? null;
      if (code !== null) return code;
      throw attestRefusal("scenario", `the batch's list of scenario classes does not have ${scenario}`);
    },
    activityKeys: (messages) => keys.activityKeys(messages),
    checkSignatures: (leaf, provider, index) => signatures.check(leaf, provider, index),
    caps,
  };
}
