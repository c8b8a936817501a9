import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { creditBalance, readBatch, readBlock, readWords } from "../../../src/adapters/chain/readOnly.ts";
import { bothSums, type DispositionSums } from "../../integration/storage/support/dispositionSums.ts";
import { readEvents } from "../../../src/adapters/storage/events/readEvents.ts";
import { describeBatches, type BatchDescription } from "../../../src/app/batches/describeBatch.ts";
import type { ChainSide, Context } from "../../../src/app/context.ts";
import { openArchive } from "../../../src/app/batches/openArchives.ts";
import { fromHex, toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import { toMilligramsDown } from "../../../src/base/lib/mass.ts";
import type { Address, Hex } from "../../../src/base/types/ids.ts";
import { bundleCount, bundlePath } from "../../../src/format/archive/archiveLayout.ts";
import { decodeLeaf, LEAF_BYTES } from "../../../src/format/batch/leaf.ts";
import { keccak } from "../../../src/format/keccak.ts";
import { decodeProofFile } from "../../../src/format/proofs/proofFile.ts";
import { rootSlot } from "../../../src/format/onchain/storageLayout.ts";
import { verifyArchive } from "../../../src/verify/verifyArchive.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import type { WalkedPath } from "./killedPath.ts";

/**
 * All that must be the same whatever was killed on the way: counts, sums and states, no ids, hashes and
 * times.
 */
export interface EndState {
  /** The first ingest of each file, in the order of their beginnings. */
  readonly ingests: readonly unknown[];
  /** Rows of each table that holds facts or asks for something. */
  readonly rows: Readonly<Record<string, number>>;
  readonly sums: { readonly rows: DispositionSums; readonly ledger: DispositionSums };
  readonly batches: readonly unknown[];
  /** SHA-256 over key, mass, day and methodology of every leaf. */
  readonly leaves: string;
  readonly outbox: readonly { readonly kind: string; readonly state: string; readonly intents: number }[];
  /**
   * What was told of the batch and its retirement, in order; how often a file is read to its end and told of
   * depends on the kills.
   */
  readonly events: readonly string[];
  readonly chain: unknown;
  readonly verdicts: Readonly<Record<string, boolean>>;
  /** Names in the folders of archives, the operator's and the verifiers', where ids stand as `<batch>`. */
  readonly folders: readonly string[];
}

/** Looks at a data folder after its last command: at the database, the archives and the chain itself. */
export async function endStateOf(context: Context, walked: WalkedPath): Promise<EndState> {
  const chain = await context.chain();
  const { db, tenant } = context;
  return {
    ingests: await firstIngests(context),
    rows: await rowCounts(context),
    sums: await bothSums(db, tenant),
    batches: (await describeBatches(context)).map(
      ({ batchId: _id, root: _root, archive: _archive, ...rest }) => rest,
    ),
    leaves: await leavesOf(walked.batch),
    outbox: await db.query(
      `SELECT kind, state, count(*)::integer AS intents FROM outbox WHERE tenant = $1 GROUP BY kind, state
       ORDER BY kind, state`,
      [tenant],
    ),
    events: await eventTypes(context),
    chain: await chainState(chain, walked),
    verdicts: await verdicts(chain, walked),
    folders: await archiveNames(context, walked),
  };
}

async function firstIngests({ db, tenant }: Context): Promise<unknown[]> {
  return db.query(
    `SELECT i.source_name, i.finished, sum(c.rows_read)::integer AS read, sum(c.accepted)::integer AS
     accepted,
       sum(c.rejected)::integer AS rejected, sum(c.rows_read - c.accepted - c.rejected)::integer AS
       duplicates,
       sum(c.milligrams)::text AS milligrams
     FROM ingests i JOIN ingest_chunks c ON c.tenant = i.tenant AND c.ingest = i.ingest
     WHERE i.tenant = $1 AND NOT EXISTS (
       SELECT 1 FROM ingests e JOIN ingest_chunks ec ON ec.tenant = e.tenant AND ec.ingest = e.ingest
       WHERE e.tenant = i.tenant AND e.source_name = i.source_name AND e.ingest < i.ingest)
     GROUP BY i.ingest, i.source_name, i.finished ORDER BY i.ingest`,
    [tenant],
  );
}

async function rowCounts({ db, tenant }: Context): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const [keys] = await db.query<{ records: number; activities: number }>(
    `SELECT (SELECT count(*) FROM records)::integer AS records,
       (SELECT count(DISTINCT activity_key) FROM reductions WHERE tenant = $1)::integer AS activities`,
    [tenant],
  );
  Object.assign(counts, keys);
  for (const table of ["reductions", "closings", "batches", "outbox", "retirements", "retirement_lines"]) {
    const [row] = await db.query<{ rows: number }>(
      `SELECT count(*)::integer AS rows FROM ${table} WHERE tenant = $1`,
      [tenant],
    );
    counts[table] = row?.rows ?? -1;
  }
  return counts;
}

/**
 * Without `retirement.revised`, which only a chain that lost blocks brings about. Each ingest that is
 * finished was told of once.
 */
async function eventTypes({ db, tenant }: Context): Promise<string[]> {
  const events = await readEvents(db, tenant, { after: 0n, limit: 1_000 });
  const finished = events.flatMap((event) => (event.type === "ingest.finished" ? [event.data.ingestId] : []));
  const ingests = await db.query<{ ingest: bigint }>(
    "SELECT ingest FROM ingests WHERE tenant = $1 AND finished ORDER BY ingest",
    [tenant],
  );
  if (finished.toSorted(byNumber).join() !== ingests.map(({ ingest }) => ingest.toString()).join()) {
    throw new Error(`Ingests ${finished.join(", ")} were told of, not those that are finished.`);
  }
  return events
    .map(({ type }) => type)
    .filter((type) => type !== "ingest.finished" && type !== "retirement.revised");
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

async function leavesOf({ archive, leafCount }: BatchDescription): Promise<string> {
  const hash = createHash("sha256");
  for (let bundle = 0; bundle < bundleCount(leafCount); bundle++) {
    const bytes = await openArchive(archive).read(bundlePath(bundle));
    for (let at = 0; at < bytes.length; at += LEAF_BYTES) {
      const { activityKey, milligrams, day, methodologyId } = decodeLeaf(bytes.subarray(at, at + LEAF_BYTES));
      hash.update(`${toHex(activityKey)} ${milligrams.toString()} ${String(day)} ${methodologyId}\n`);
    }
  }
  return hash.digest("hex");
}

/**
 * What the contracts hold, how often they announced it, and how many transactions each account sent for it.
 */
async function chainState(
  { client, deployment, operator, admin }: ChainSide,
  { batch }: WalkedPath,
): Promise<unknown> {
  const { contracts } = deployment;
  const announced = async (address: Address, event: string): Promise<number> => {
    const filter = { address, fromBlock: "0x0", toBlock: "latest", topics: [toHex(keccak(utf8(event)))] };
    return ((await client.request("eth_getLogs", [filter])) as unknown[]).length;
  };
  const sent = async (account: Address): Promise<number> =>
    Number(await client.request("eth_getTransactionCount", [account, "latest"]));
  const newest = (await readBlock(client, "latest"))?.number ?? 0n;
  const onChain = await readBatch(client, contracts, batch.batchId);
  return {
    status: onChain?.status,
    minted: onChain?.minted,
    retired: onChain?.retired,
    rootIsOurs:
      (await readWords(client, contracts.BatchRegistry, [rootSlot(batch.root)], newest))[0] === batch.batchId,
    held: toMilligramsDown(await creditBalance(client, contracts, operator.address, batch.batchId)),
    commits: await announced(
      contracts.BatchRegistry,
      "BatchCommitted(uint256,address,bytes32,uint64,uint32,address[],bytes32)",
    ),
    mints: await announced(contracts.BatchRegistry, "BatchMinted(uint256,address,uint64)"),
    retirements: await announced(
      contracts.RetirementRegistry,
      "Retired(bytes32,address,address,(bytes32,address,bytes32,bytes32,uint8,uint16,bytes2,uint64," +
        "(uint256,uint64,uint64)[]))",
    ),
    sentByOperator: await sent(operator.address),
    sentByAdmin: admin && (await sent(admin.address)),
  };
}

/**
 * Verifiers throw where they refuse. The block hash that the proof is checked against is one that the node
 * still has in its chain.
 */
async function verdicts(
  { client, deployment }: ChainSide,
  { batch, proofFile }: WalkedPath,
): Promise<Record<string, boolean>> {
  const { chainId, contracts } = deployment;
  const rpc = { mode: "rpc", client, chainId, contracts } as const;
  const proof = new Uint8Array(await readFile(proofFile));
  const header = decodeProofFile(proof).block?.header ?? "0x";
  const found = (await client.request("eth_getBlockByHash", [toHex(keccak(fromHex(header))), false])) as {
    number: Hex;
  } | null;
  const block = found && (await readBlock(client, BigInt(found.number)));
  if (!block) throw new Error("The chain does not have the block that the proof is of.");
  return {
    archive: (await verifyArchive(openArchive(batch.archive), rpc)).ok,
    rpc: (await verifyProof(proof, rpc)).ok,
    block: (await verifyProof(proof, { mode: "block", blockHash: block.hash, chainId, contracts })).ok,
    root: (await verifyProof(proof, { mode: "root", batches: [{ batchId: batch.batchId }] })).ok,
  };
}

async function archiveNames({ config }: Context, { batch }: WalkedPath): Promise<string[]> {
  const places = [
    "archive",
    ...(await readdir(join(config.folder, "verifiers"))).map((name) => join("verifiers", name)),
  ];
  const names = places.map(async (place) =>
    (await readdir(join(config.folder, place))).map((name) => join(place, name)),
  );
  return (await Promise.all(names))
    .flat()
    .map((name) => name.replace(batch.batchId.slice(2), "<batch>"))
    .toSorted();
}
