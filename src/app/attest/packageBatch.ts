import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { findBatch, type StoredBatch } from "../../adapters/storage/batches/batches.ts";
import { knownClosing } from "../../adapters/storage/batches/streamPooled.ts";
import { InputError } from "../../base/errors/errors.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import type { ConfidentialLeaf, LeafDraft } from "../../base/types/confidentialLeaf.ts";
import type { BatchId } from "../../base/types/ids.ts";
import { decodeLeafLine, encodeLeafLine } from "../../stages/attest/confidentialPackage.ts";
import type { Context } from "../context.ts";
import { unknownBatch } from "../batches/describeBatch.ts";
import { leafDrafts } from "../batches/leafDrafts.ts";
import { EvidenceReader } from "../providers/evidenceReader.ts";

/**
 * Writes the confidential package of a closed batch for an outside verifier; readable by its owner only.
 * @throws UsageError `batch.unknown`
 */
export async function packageBatch(
  context: Context,
  request: { batch: string; file: string },
): Promise<{ batchId: BatchId; leaves: number; file: string }> {
  const { batch, lines } = await batchPackage(context, request.batch);
  await pipeline(Readable.from(lines), createWriteStream(request.file, { mode: 0o600 }));
  return { batchId: batch.batchId, leaves: batch.leafCount, file: request.file };
}

/** The same as text, group by group. @throws UsageError `batch.unknown` */
export async function batchPackage(
  context: Context,
  idOrPrefix: string,
): Promise<{ batch: StoredBatch; lines: AsyncIterable<string> }> {
  const batch = await findBatch(context.db, context.tenant, idOrPrefix);
  if (!batch) throw unknownBatch(idOrPrefix);
  async function* lines(found: StoredBatch): AsyncIterable<string> {
    yield `${new TextDecoder().decode(found.manifest)}\n`;
    for await (const drafts of confidentialLeaves(context, found))
      yield drafts.map((draft) => `${encodeLeafLine(draft)}\n`).join("");
  }
  return { batch, lines: lines(batch) };
}

/** What stands behind the leaves of a sealed batch, in leaf order. */
export async function* confidentialLeaves(context: Context, batch: StoredBatch): AsyncIterable<LeafDraft[]> {
  const { closing } = await knownClosing(context.db, context.tenant, batch.closingId);
  const reader = new EvidenceReader(context.db, context.tenant);
  for await (const drafts of leafDrafts(context, closing)) {
    const signatures = await reader.encode(drafts.map(({ evidence }) => evidence));
    yield drafts.map((draft, index) => ({ ...draft, signatures: signatures[index] ?? [] }));
  }
}

/** Leaves of a package are read in groups of this many, so that keys are asked for in bulk. */
const GROUP = 5_000;

/**
 * A package as a verifier reads it. @throws InputError `package.empty`; while its leaves are read,
 * `package.malformed`
 */
export async function openPackage(
  path: string,
): Promise<{ manifestBytes: Uint8Array; leaves: AsyncIterable<ConfidentialLeaf[]> }> {
  const lines = createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new InputError("package.empty", `${path} is empty.`);
  async function* leaves(): AsyncIterable<ConfidentialLeaf[]> {
    let group: ConfidentialLeaf[] = [];
    let line = 1;
    for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
      group.push(decodeLeafLine(next.value, ++line));
      if (group.length === GROUP) {
        yield group;
        group = [];
      }
    }
    if (group.length > 0) yield group;
  }
  return { manifestBytes: utf8(first.value), leaves: leaves() };
}
