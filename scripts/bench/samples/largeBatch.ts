import { fromHex, toHex } from "../../../src/base/lib/bytes.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../src/base/types/quantities.ts";
import { GROUP_LEAVES, type ArchiveCommitment } from "../../../src/format/archive/archiveStream.ts";
import { LEAF_BYTES } from "../../../src/format/batch/leaf.ts";
import { batchIdOf, encodeManifest, type Manifest } from "../../../src/format/batch/manifest.ts";
import { methodologyIdOf } from "../../../src/format/batch/methodology.ts";
import { scenarioClass } from "../../../src/format/batch/classes/scenarioClasses.ts";
import { sampleBatch } from "../../generate/vectors/sampleBatch.ts";

const KEY_SPACE = 2n ** 48n;
const MASK = 2n ** 64n - 1n;

/** A batch of any size, right in everything that an archive shows, made without records. */
export interface LargeBatch {
  /** The leaves in order, in chunks of 4,096; the same at each call. */
  chunks(): Iterable<Uint8Array>;
  /** The manifest that fits what the leaves come to. */
  manifest(commitment: ArchiveCommitment): Manifest;
  /** Its bytes and the batch's id. */
  seal(commitment: ArchiveCommitment): { readonly bytes: Uint8Array; readonly batchId: BatchId };
}

/** `count` leaves, 1 to 2^32 - 1, whose keys are spread evenly as those of real batches are. */
export async function largeBatch(count: number): Promise<LargeBatch> {
  const sample = await sampleBatch();
  const methodologies = sample.manifest.methodologies.map((methodology) => ({
    id: fromHex(methodologyIdOf(methodology), 32),
    scenarioClass: scenarioClass(methodology.scenario).code,
  }));
  const { startDay, endDay } = sample.manifest.vintage;
  const manifest = (commitment: ArchiveCommitment): Manifest => ({
    ...sample.manifest,
    leafCount: commitment.count,
    totalMilligrams: commitment.total,
    root: toHex(commitment.root),
    leavesHash: toHex(commitment.leavesHash),
    subjectlessMilligrams: 0n as Milligrams,
  });

  function* chunks(): Iterable<Uint8Array> {
    for (let first = 0; first < count; first += GROUP_LEAVES) yield chunk(first);
  }

  function chunk(first: number): Uint8Array {
    const leaves = new Uint8Array(Math.min(GROUP_LEAVES, count - first) * LEAF_BYTES);
    fillFrom(leaves, first + 1);
    const view = new DataView(leaves.buffer);
    for (let at = 0, i = first; at < leaves.length; at += LEAF_BYTES, i++) {
      const { id, scenarioClass: code } = methodologies[
        i % methodologies.length
      ] as (typeof methodologies)[0];
      leaves[at] = 1;
      writeKey(view, at + 1, i);
      writeKey(view, at + 33, i + 1);
      leaves.set(id, at + 65);
      view.setBigUint64(at + 161, BigInt(1 + ((i * 7919) % 1_000_000)));
      view.setUint32(at + 169, startDay + (i % (endDay - startDay + 1)));
      view.setUint16(at + 173, code);
      view.setUint32(at + 175, i % sample.manifest.providers.length);
    }
    return leaves;
  }

  /** Ascending, and behind the last one ff…ff. */
  function writeKey(view: DataView, at: number, index: number): void {
    view.setBigUint64(at, ((BigInt(index) * KEY_SPACE) / BigInt(count)) << 16n);
    for (let i = 8; i < 32; i += 8) view.setBigUint64(at + i, (BigInt(index) * 0x9e3779b97f4a7c15n) & MASK);
    if (index === count) for (let i = 0; i < 32; i += 8) view.setBigUint64(at + i, MASK);
  }

  return {
    chunks,
    manifest,
    seal(commitment) {
      const bytes = encodeManifest(manifest(commitment));
      return { bytes, batchId: batchIdOf(bytes) };
    },
  };
}

/** Bytes that follow from a seed. */
function fillFrom(bytes: Uint8Array, seed: number): void {
  let state = seed >>> 0;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
}
