import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import { knownRecord } from "../../adapters/storage/reductions/knownRecord.ts";
import { findPooledUnderActivityKey } from "../../adapters/storage/batches/streamPooled.ts";
import { knownClosing } from "../../adapters/storage/batches/knownClosing.ts";
import { StateError } from "../../base/errors/errors.ts";
import { toHex } from "../../base/lib/bytes.ts";
import type { ActivityKey, ProviderId } from "../../base/types/ids.ts";
import { decodeManifest } from "../../format/batch/manifest.ts";
import { encodeProofFile, type ActProof } from "../../format/proofs/proofFile.ts";
import { Archive } from "../../format/archive/readArchive.ts";
import type { StoredBatch } from "../../adapters/storage/batches/batches.ts";
import { isCommitted } from "../../stages/pool/isCommitted.ts";
import type { Context } from "../context.ts";
import { EvidenceReader } from "../providers/evidenceReader.ts";
import { proveOnChain } from "./proveOnChain.ts";
import { readChain } from "../chain/readChain.ts";

export interface ProveActRequest {
  readonly provider: ProviderId;
  /** The provider's own id of the record. */
  readonly recordId: string;
  /**
   * Put salt, records and their provider's signatures into the file: whoever has it then reads the act
   * itself.
   */
  readonly disclose: boolean;
}

/**
 * The proof file of one act: record → leaf → root, and → block where its batch is committed.
 * @throws UsageError `record.unknown`; StateError `record.not-in-batch`
 */
export async function proveAct(context: Context, request: ProveActRequest): Promise<Uint8Array> {
  const found = await knownRecord(context.db, context.tenant, request.provider, request.recordId);
  if (found.batchId === null)
    throw new StateError(
      "record.not-in-batch",
      `The record is ${found.disposition} and in no closed batch. Close a batch first.`,
    );
  return proveKey(context, found.batchId, found.activityKey, request.disclose);
}

/**
 * The proof file of the act under an activity key.
 * @throws UsageError `batch.unknown`; StateError `record.not-in-batch`
 */
export async function proveKey(
  context: Context,
  idOrPrefix: string,
  activityKey: ActivityKey,
  disclose: boolean,
): Promise<Uint8Array> {
  const batch = await knownBatch(context.db, context.tenant, idOrPrefix);
  const manifest = decodeManifest(batch.manifest);
  const archive = new Archive(context.archive.reader(batch.batchId), manifest);
  const leaf = await archive.leafOfActivityKey(activityKey);
  if (!leaf)
    throw new StateError(
      "record.not-in-batch",
      `The archive of batch ${batch.batchId} has no leaf for the key.`,
      {
        remedy: {
          act: "verify-archive",
          batchId: batch.batchId,
          path: context.archive.pathOf(batch.batchId),
        },
      },
    );
  const proof = await archive.inclusionProof(leaf.index);
  const act: ActProof = disclose
    ? { ...proof, disclosed: await disclosureOf(context, batch, activityKey) }
    : proof;
  const proven = isCommitted(batch.state)
    ? await proveOnChain(await readChain(context), [{ batchId: batch.batchId, manifest }], null)
    : null;
  const [onChain] = proven?.batches ?? [];
  return encodeProofFile({
    format: "microtonne-proof/1",
    kind: "act",
    chainId: manifest.chainId,
    parts: [
      {
        batchId: batch.batchId,
        manifest,
        acts: [act],
        strikes: onChain?.strikes ?? [],
        ...(onChain && { attesters: onChain.attesters }),
      },
    ],
    ...(proven ? { block: proven.block } : {}),
  });
}

async function disclosureOf(
  context: Context,
  batch: StoredBatch,
  activityKey: ActivityKey,
): Promise<NonNullable<ActProof["disclosed"]>> {
  const { closing } = await knownClosing(context.db, context.tenant, batch.closingId);
  const rows = await findPooledUnderActivityKey(context.db, context.tenant, batch.closingId, activityKey);
  const [first] = rows;
  const storedSaltKey = first?.storedSaltKey ?? null;
  if (first === undefined || storedSaltKey === null)
    throw new StateError(
      "record.erased",
      "The salt key behind this act was erased on request; what stands behind its leaf can no longer " +
        "be disclosed.",
    );
  const [salt] = await context.keys.salts.leafSalts(
    { tenant: context.tenant, closingId: closing.closingId },
    [{ storedSaltKey, subjectKey: first.subjectKey, provider: first.record.provider, activityKey }],
  );
  const [signatures = []] = await new EvidenceReader(context.db, context.tenant).encode([
    rows.map(({ evidence }) => evidence),
  ]);
  return {
    salt: salt as Uint8Array,
    records: rows.map(({ record }) => record),
    signatures: signatures.map((bytes) => toHex(bytes)),
  };
}
