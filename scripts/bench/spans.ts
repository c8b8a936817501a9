/** What the proof of a large retirement costs by spans: its size, the time to make and to check it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { folderReader } from "../../src/adapters/archive/folderReader.ts";
import { leavesBehind } from "../../src/app/proofs/leavesBehind.ts";
import { spanLeaves } from "../../src/app/proofs/spanLeaves.ts";
import { bigEndian, toHex } from "../../src/base/lib/bytes.ts";
import type { Milligrams } from "../../src/base/types/quantities.ts";
import { ArchiveStream } from "../../src/format/archive/archiveStream.ts";
import { Archive, type ArchiveSource } from "../../src/format/archive/readArchive.ts";
import { LAST_ACTIVITY_KEY, LEAF_BYTES } from "../../src/format/batch/leaf.ts";
import { batchIdOf, encodeManifest, type Manifest } from "../../src/format/batch/manifest.ts";
import type { Strike } from "../../src/format/batch/strikes.ts";
import { decodeProofFile, encodeProofFile, type ProofFile } from "../../src/format/proofs/proofFile.ts";
import { checkPart } from "../../src/verify/parts/checkPart.ts";
import { checkLine } from "../../src/verify/parts/retiredLines.ts";
import { verifyProof } from "../../src/verify/verifyProof.ts";
import { proofFiles } from "../generate/vectors/proofFileVectors.ts";
import { sampleBatch } from "../generate/vectors/sampleBatch.ts";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Makes a batch with its archive on disk, retires nearly all of it, and proves that by spans.

  npm run -s bench:spans
  npm run -s bench:spans -- --leaves 1000000 --strikes 100 --read

  --leaves N     leaves of the batch (1,000,000)
  --strikes N    leaves that are struck, in the second proof (100)
  --read         also check the first proof with the archive at hand, every leaf of it
`;
/** Proofs are made and checked so often; the middle one counts. */
const ROUNDS = 5;

const { values } = readOptions(HELP, {
  options: {
    leaves: { type: "string", default: "1000000" },
    strikes: { type: "string", default: "100" },
    read: { type: "boolean", default: false },
  },
});
const folder = await mkdtemp(join(tmpdir(), "microtonne-bench-spans-"));
try {
  await bench(Number(values.leaves), Number(values.strikes));
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Batch {
  readonly manifest: Manifest;
  /** Milligrams of each leaf. */
  readonly sizes: readonly bigint[];
}

async function bench(leaves: number, strikes: number): Promise<void> {
  const batch = await makeBatch(leaves);
  const { totalMilligrams: total, leafCount } = batch.manifest;
  process.stdout.write(`batch of ${String(leafCount)} leaves, ${total.toString()} mg, archive on disk\n`);
  await measure("all but 2 mg, no strikes", batch, [], {
    start: 1n as Milligrams,
    end: (total - 1n) as Milligrams,
  });
  // From the middle: what stands in for struck leaves is then elsewhere, in pieces.
  await measure(
    `the middle half, ${String(strikes)} strikes, made good`,
    batch,
    pickStrikes(batch, strikes),
    {
      start: (total / 4n) as Milligrams,
      end: ((total * 3n) / 4n) as Milligrams,
    },
  );
}

async function measure(
  name: string,
  { manifest }: Batch,
  strikes: readonly Strike[],
  positions: { readonly start: Milligrams; readonly end: Milligrams },
): Promise<void> {
  const [, sample] = (await proofFiles()) as [ProofFile, ProofFile];
  const batchId = batchIdOf(encodeManifest(manifest));
  const record = sample.retirement?.record;
  if (!record) throw new Error("The sample is no retirement.");
  const line = { batchId, ...positions };
  const covered = strikes.reduce((sum, { start, end }) => sum + end - start, 0n) as Milligrams;
  const files = new Set<string>();
  const source: ArchiveSource = {
    read: (path) => {
      files.add(path);
      return folderReader(folder).read(path);
    },
  };
  const make = async (): Promise<Uint8Array> => {
    const archive = new Archive(source, manifest);
    const { ends } = await leavesBehind(archive, { strikes, covered }, positions);
    const spans = await spanLeaves(archive, { strikes, covered }, positions, ends);
    return encodeProofFile({
      format: "microtonne-proof/2",
      kind: "retirement",
      chainId: manifest.chainId,
      parts: [{ batchId, manifest, spans, strikes }],
      retirement: { record: { ...record, lines: [line] } },
    });
  };
  const made = await middle(make);
  const check = async (): Promise<number> => {
    // In the mode `root` strikes are not held against the range, so that is done as with a chain.
    await verifyProof(made.result, { mode: "root", batches: [{ batchId }] });
    if (strikes.length === 0) return 1;
    const [part] = decodeProofFile(made.result).parts;
    return part ? (checkLine(line, checkPart(part, null), covered).backing?.leavesByTree ?? 0) : 0;
  };
  const checked = await middle(check);
  const spans = decodeProofFile(made.result).parts[0]?.spans?.length ?? 0;
  process.stdout.write(
    `${name}: ${String(spans)} spans, proof of ${String(made.result.length)} bytes, made in ` +
      `${made.ms.toFixed(1)} ms from ${String(files.size)} files of the archive, checked in ` +
      `${checked.ms.toFixed(1)} ms\n`,
  );
  if (values.read && strikes.length === 0) {
    const begun = performance.now();
    await verifyProof(made.result, { mode: "root", batches: [{ batchId }] }, null, () =>
      folderReader(folder),
    );
    const [seconds, megabytes] = [(performance.now() - begun) / 1000, process.memoryUsage().rss / 2 ** 20];
    process.stdout.write(
      `  with the archive at hand: ${seconds.toFixed(1)} s, resident ${megabytes.toFixed(0)} MiB\n`,
    );
  }
}

async function middle<T>(run: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const rounds: { ms: number; result: T }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const begun = performance.now();
    const result = await run();
    rounds.push({ result, ms: performance.now() - begun });
  }
  return rounds.toSorted((a, b) => a.ms - b.ms)[Math.floor(ROUNDS / 2)] as { ms: number; result: T };
}

/** Leaves like the vectors' first one, each with its own key and milligrams. */
async function makeBatch(count: number): Promise<Batch> {
  const { manifest, leaves } = await sampleBatch();
  const template = leaves[0] as Uint8Array;
  const keyOf = (index: number) => (index < count ? spread(index, count) : LAST_ACTIVITY_KEY);
  const sizes: bigint[] = [];
  const stream = new ArchiveStream({
    write: async (path, bytes) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    },
  });
  for (let index = 0; index < count; index++) {
    const leaf = new Uint8Array(LEAF_BYTES);
    leaf.set(template);
    leaf.set(keyOf(index), 1);
    leaf.set(keyOf(index + 1), 33);
    const size = 100_000n + ((BigInt(index) * 2_654_435_761n) % 900_000n);
    leaf.set(bigEndian(size, 8), 161);
    sizes.push(size);
    await stream.push(leaf);
  }
  const { root, total, leavesHash } = await stream.finish();
  return {
    sizes,
    manifest: {
      ...manifest,
      leafCount: count,
      totalMilligrams: total,
      root: toHex(root),
      leavesHash: toHex(leavesHash),
    },
  };
}

/** Keys as even as hashes are. */
function spread(index: number, count: number): Uint8Array {
  return bigEndian(((BigInt(index) + 1n) * 2n ** 255n) / BigInt(count), 32);
}

/** Leaves all over the batch, in no order. */
function pickStrikes({ sizes }: Batch, count: number): Strike[] {
  const chosen = new Set(Array.from({ length: count }, (_, i) => (i * 7_919 * 13 + 5) % sizes.length));
  const struck = new Map<number, Strike>();
  let start = 0n;
  for (const [index, size] of sizes.entries()) {
    if (chosen.has(index))
      struck.set(index, { index, start: start as Milligrams, end: (start + size) as Milligrams });
    start += size;
  }
  return [...chosen].map((index) => struck.get(index) as Strike);
}
