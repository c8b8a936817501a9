/** How fast a batch is closed: leaves made one by one, in bulk, and on the database as a whole. */
import { createHmac, hkdfSync } from "node:crypto";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { archiveFolder } from "../../src/adapters/archive/archiveFolder.ts";
import { saltKeyService } from "../../src/adapters/keys/saltKeyService.ts";
import { ROWS_AT_ONCE } from "../../src/app/batches/leafDrafts.ts";
import { systemRandomness } from "../../src/app/process/system.ts";
import { bigEndian, concatBytes, fromHex, toHex, utf8 } from "../../src/base/lib/bytes.ts";
import type { BatchId, ProviderId } from "../../src/base/types/ids.ts";
import { ArchiveStream } from "../../src/format/archive/archiveStream.ts";
import { encodeLeaf, encodeLeaves, LAST_ACTIVITY_KEY, LEAF_BYTES } from "../../src/format/batch/leaf.ts";
import { SHIPPED_CLASS_LISTS } from "../../src/format/batch/classes/classLists.ts";
import type { ActivityRecord } from "../../src/base/types/activityRecord.ts";
import type { LeafDraft } from "../../src/base/types/confidentialLeaf.ts";
import { groupLeaves } from "../../src/stages/pool/groupLeaves.ts";
import { linkLeaves } from "../../src/stages/pool/linkLeaves.ts";
import type { PooledReduction } from "../../src/stages/pool/ports.ts";
import { benchFolder } from "./benchFolder.ts";
import { barePermutations } from "./barePermutations.ts";
import { measure, type Rate } from "./measure.ts";
import { BENCH_TENANT, pooledRows } from "./samples/pooledRows.ts";
import { wholeClose } from "./wholeClose.ts";
import { runBench, sizeResult, speedOfParts } from "./sizeResults.ts";

const HELP = `Measures what closing does with its rows once the database has handed them over: group, derive
salt keys, salt, commit, hash records, link, encode, hash the tree and all leaves, write the archive and sync
it. Beside it the same with leaves that are made one by one, by noble and node:crypto; tree and archive are
ours there too. The limit is the kernel's bare permutation, of which a leaf takes 8.3. Below that a whole
close: a generated day is ingested into a fresh database and closed, on the embedded one and, under
with-postgres, on Postgres as well.

  npm run -s bench:close
  npm run -s with-postgres -- node scripts/bench/close.ts --sizes 100000
`;
/** Leaf, node, hash of all leaves, commitment, record (some 300 bytes with its salt). */
const PERMUTATIONS_A_LEAF = 2 + 1 + LEAF_BYTES / 136 + 1 + 3;
const LEAVES_BY_OTHERS = "leaves by noble and node:crypto";
const CLOSING = new Uint8Array(32).fill(7);
const SECRET = new Uint8Array(32).fill(3);
const PROVIDERS = new Map([["demo-metro" as ProviderId, 0]]);
const saltKeys = saltKeyService({ sealingSecret: SECRET, randomness: systemRandomness });

await runBench({
  name: "close",
  unit: "leaves",
  help: HELP,
  sizes: "10000,100000",
  rounds: "3",
  async run(size, rounds) {
    const rows = await pooledRows(size, ROWS_AT_ONCE, saltKeys);
    const { folder, remove } = benchFolder();
    try {
      const roots = new Set<string>();
      const [ours, others, bare] = (await measure(
        [
          { name: "ours", count: size, run: async () => roots.add(await inBulk(rows, folder)) },
          { name: LEAVES_BY_OTHERS, count: size, run: async () => roots.add(await oneByOne(rows, folder)) },
          barePermutations()[0],
        ],
        rounds,
      )) as [Rate, Rate, Rate];
      if (roots.size !== 1) throw new Error("The two ways lead to different roots.");
      const peers = [{ name: LEAVES_BY_OTHERS, leaves: size, theirs: others }];
      const limit = speedOfParts(bare, PERMUTATIONS_A_LEAF);
      return sizeResult(size, ours, peers, limit, await wholeClose(size, folder, rounds));
    } finally {
      remove();
    }
  },
});

type Rows = readonly (readonly PooledReduction[])[];

/** As `closeBatch` does it. Returns the root. */
async function inBulk(rows: Rows, folder: string): Promise<string> {
  const draft = await archiveFolder(folder).draft("01");
  const archive = new ArchiveStream(draft);
  for await (const leaves of linkLeaves(salted(rows), PROVIDERS)) await archive.push(encodeLeaves(leaves));
  const { root } = await archive.finish();
  await draft.publish(toHex(systemRandomness.bytes(32)) as BatchId);
  return toHex(root);
}

async function* salted(rows: Rows): AsyncIterable<LeafDraft[]> {
  for await (const groups of groupLeaves(streamed(rows))) {
    const salts = await saltKeys.leafSalts({ tenant: BENCH_TENANT, closingId: CLOSING }, groups);
    yield groups.map((group, i) => ({ ...group, salt: salts[i] as Uint8Array }));
  }
}

async function* streamed(rows: Rows): AsyncIterable<readonly PooledReduction[]> {
  for (const chunk of rows) yield await Promise.resolve(chunk);
}

/** With other people's code up to the leaf's bytes. Returns the root. */
async function oneByOne(rows: Rows, folder: string): Promise<string> {
  const draft = await archiveFolder(folder).draft("02");
  const archive = new ArchiveStream(draft);
  const [keySecret, checkSecret] = ["key", "check"].map((purpose) =>
    Buffer.from(hkdfSync("sha256", SECRET, new Uint8Array(0), `microtonne/salt-key/2/${purpose}`, 32)),
  ) as [Buffer, Buffer];
  const tenant = concatBytes(bigEndian(BENCH_TENANT.length, 2), utf8(BENCH_TENANT), Uint8Array.of(1));
  const all = rows.flat();
  for (const [i, row] of all.entries()) {
    const [stored, subjectKey] = [row.storedSaltKey as Uint8Array, row.subjectKey as Uint8Array];
    const holder = concatBytes(stored.subarray(1, 33), tenant, subjectKey);
    const check = createHmac("sha256", checkSecret).update(holder).digest().subarray(0, 16);
    if (!check.equals(stored.subarray(33))) throw new Error("A salt key does not open.");
    const key = createHmac("sha256", keySecret).update(holder).digest();
    const salt = hmac(sha256, key, concatBytes(utf8("microtonne/leaf-salt/1"), CLOSING, row.activityKey));
    const leaf = encodeLeaf({
      activityKey: row.activityKey,
      nextActivityKey: all[i + 1]?.activityKey ?? LAST_ACTIVITY_KEY,
      methodologyId: toHex(fromHex(row.methodologyId)) as typeof row.methodologyId,
      holderCommitment: keccak_256(concatBytes(subjectKey, salt)),
      recordHash: keccak_256(concatBytes(salt, utf8(recordText(row.record)))),
      milligrams: row.milligrams,
      day: row.day,
      scenarioClass: SHIPPED_CLASS_LISTS.newest.codeOf(row.record.scenario) as number,
      providerIndex: 0,
    });
    await archive.push(leaf);
  }
  const { root } = await archive.finish();
  await draft.publish(toHex(systemRandomness.bytes(32)) as BatchId);
  return toHex(root);
}

/** The list of a leaf's one record, as `microtonne-record/2` has it: members in the order of their names. */
function recordText({ quantity, ...record }: ActivityRecord): string {
  const decimals = String(quantity).padStart(7, "0");
  const members = {
    evidence: "declared",
    consentText: null,
    asset: null,
    attributes: {},
    revision: 0,
    previousRevision: null,
    ...record,
    quantity: `${decimals.slice(0, -6)}.${decimals.slice(-6)}`.replace(/\.?0+$/, ""),
  };
  return JSON.stringify([
    Object.fromEntries(Object.entries(members).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  ]);
}
