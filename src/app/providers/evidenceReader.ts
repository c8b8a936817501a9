import type { Database } from "../../adapters/storage/engine/database.ts";
import {
  findDigestBundles,
  findSignedFile,
  type SignedFile,
} from "../../adapters/storage/providers/signedFiles.ts";
import { StateError } from "../../base/errors/errors.ts";
import { toHex } from "../../base/lib/bytes.ts";
import { WORD_BYTES } from "../../base/lib/sizes.ts";
import type { TenantId } from "../../base/types/ids.ts";
import type { StoredEvidence } from "../../base/types/storedEvidence.ts";
import { digestLeaf, DIGESTS_PER_BUNDLE, nodeLevels, siblingsOf } from "../../format/signing/digestTree.ts";
import { encodeEvidence } from "../../format/signing/recordEvidence.ts";

/** Trees of bundles that are held, 16 KB each. */
const MAX_BUNDLES = 4096;
/** Bundles that are fetched at once, 8 KB each. */
const BUNDLES_AT_ONCE = 256;

type FileEvidence = Extract<StoredEvidence, { kind: "file" }>;
interface FileTree {
  readonly signed: SignedFile;
  /** Levels above the bundles. */
  readonly upper: readonly Uint8Array[];
}

/**
 * Makes the evidence that travels out of what is stored. Trees of files are made as they are asked for, and
 * kept for a while.
 */
export class EvidenceReader {
  readonly #db: Database;
  readonly #tenant: TenantId;
  readonly #files = new Map<string, FileTree>();
  /** By file and bundle; the oldest first. */
  readonly #bundles = new Map<string, readonly Uint8Array[]>();

  constructor(db: Database, tenant: TenantId) {
    this.#db = db;
    this.#tenant = tenant;
  }

  /**
   * Of each list the bytes of its evidence, empty where a record has none; an empty list where no record has
   * any.
   * @throws StateError `signature.file-unknown`
   */
  async encode(lists: readonly (readonly (StoredEvidence | null)[])[]): Promise<Uint8Array[][]> {
    const paths = await this.#paths(lists.flat().filter((one) => one?.kind === "file"));
    return lists.map((list) =>
      list.every((one) => one === null)
        ? []
        : list.map((one) => (one === null ? new Uint8Array() : this.#encodeOne(one, paths))),
    );
  }

  #encodeOne(evidence: StoredEvidence, paths: ReadonlyMap<FileEvidence, readonly Uint8Array[]>): Uint8Array {
    const { form = 1, publicKey, subjectDigest } = evidence;
    if (evidence.kind === "record")
      return encodeEvidence({
        form,
        kind: "record",
        publicKey,
        subjectDigest,
        signature: evidence.signature,
      });
    const { signed } = this.#files.get(toHex(evidence.file)) as FileTree;
    const { signature, signedAt, profileHash, saltHash, records } = signed;
    const path = paths.get(evidence) as readonly Uint8Array[];
    return encodeEvidence({
      form,
      kind: "file",
      publicKey,
      subjectDigest,
      signature,
      signedAt,
      profileHash,
      saltHash,
      count: records,
      index: evidence.index,
      path,
    });
  }

  /** The paths of all, file by file and bundle by bundle. */
  async #paths(wanted: readonly FileEvidence[]): Promise<Map<FileEvidence, Uint8Array[]>> {
    const paths = new Map<FileEvidence, Uint8Array[]>();
    for (const [name, ofFile] of groupBy(wanted, ({ file }) => toHex(file))) {
      const { file } = ofFile[0] as FileEvidence;
      const { upper } = await this.#tree(name, file);
      const byBundle = [...groupBy(ofFile, ({ index }) => Math.floor(index / DIGESTS_PER_BUNDLE))];
      for (let at = 0; at < byBundle.length; at += BUNDLES_AT_ONCE) {
        const group = byBundle.slice(at, at + BUNDLES_AT_ONCE);
        const trees = await this.#bundleTrees(
          name,
          file,
          group.map(([bundle]) => bundle),
        );
        for (const [bundle, ones] of group) {
          const above = siblingsOf(upper, bundle);
          for (const one of ones)
            paths.set(one, [
              ...siblingsOf(trees.get(bundle) ?? [], one.index % DIGESTS_PER_BUNDLE),
              ...above,
            ]);
        }
      }
    }
    return paths;
  }

  async #tree(name: string, file: Uint8Array): Promise<FileTree> {
    const known = this.#files.get(name);
    if (known) return known;
    const signed = await findSignedFile(this.#db, this.#tenant, file);
    if (!signed)
      throw new StateError(
        "signature.file-unknown",
        `The digests of the signed file ${name} are not in the database. Restore them.`,
      );
    const tree = { signed, upper: nodeLevels(signed.bundleRoots) };
    this.#files.set(name, tree);
    return tree;
  }

  async #bundleTrees(
    name: string,
    file: Uint8Array,
    bundles: readonly number[],
  ): Promise<Map<number, readonly Uint8Array[]>> {
    const found = new Map<number, readonly Uint8Array[]>();
    for (const bundle of bundles) {
      const kept = this.#bundles.get(`${name}/${String(bundle)}`);
      if (kept) found.set(bundle, kept);
    }
    const missing = bundles.filter((bundle) => !found.has(bundle));
    if (missing.length === 0) return found;
    for (const [bundle, digests] of await findDigestBundles(this.#db, this.#tenant, file, missing)) {
      const leaves = Array.from({ length: digests.length / WORD_BYTES }, (_, i) =>
        digestLeaf(digests.subarray(i * WORD_BYTES, (i + 1) * WORD_BYTES)),
      );
      const levels = nodeLevels(leaves);
      found.set(bundle, levels);
      this.#bundles.set(`${name}/${String(bundle)}`, levels);
      const [oldest] = this.#bundles.keys();
      if (this.#bundles.size > MAX_BUNDLES && oldest !== undefined) this.#bundles.delete(oldest);
    }
    return found;
  }
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
